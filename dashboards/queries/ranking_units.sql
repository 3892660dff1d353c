-- One row per unit of a ranking in one period and class: ranked units first, then those without a rank.
select
    fact.division_code,
    division.name,
    fact.score,
    fact.state,
    fact.rank,
    fact.rank_from_bottom,
    fact.ranked_units,
    fact.previous_rank,
    fact.rank_change,
    fact.gap_to_next,
    fact.previous_score,
    case
        when fact.rank is null then null
        when count(*) over (partition by fact.rank) > 1 then '第' || fact.rank || '名(并列)'
        else '第' || fact.rank || '名'
    end as place,
from marts.fct_ranking as fact
left join marts.dim_division as division using (division_code)
where fact.scheme = $scheme
    and fact.ranking = $ranking
    and fact.edition_period = $period
    and fact.class = $class
order by fact.rank nulls last, fact.division_code
