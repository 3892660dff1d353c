-- One row per place and milestone of a unit inside $prefix in $period, to hold one edition against another.
select
    fact.division_code,
    coalesce(division.name, fact.division_code) as name,
    coalesce(ranking.title, fact.ranking) || case when fact.class = 'all' then '' else '(' || fact.class || ')' end as title,
    'rank' as part,
    coalesce('第' || fact.rank || '名', fact.state) as standing,
    fact.rank,
    fact.previous_rank,
    fact.rank_change,
from marts.fct_ranking as fact
left join marts.dim_division as division using (division_code)
left join marts.dim_ranking as ranking on ranking.scheme = fact.scheme and ranking.ranking = fact.ranking
where fact.edition_period = $period and fact.division_code between $prefix and $prefix || 'x'

union all by name

select
    fact.division_code,
    coalesce(division.name, fact.division_code) as name,
    milestone.title || strftime(fact.checkpoint, '(%-m月%-d日)') as title,
    'milestone' as part,
    fact.state as standing,
from marts.fct_milestone as fact
left join marts.dim_division as division using (division_code)
inner join marts.dim_milestone as milestone
    on milestone.scheme = fact.scheme and milestone.milestone = fact.milestone
where fact.period = $period and fact.division_code between $prefix and $prefix || 'x'
order by division_code, part, title
