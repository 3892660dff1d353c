-- One row per unit and ranking of $period: what an appeal can be about.
select
    fact.scheme,
    fact.ranking,
    ranking.title as ranking_title,
    fact.division_code,
    coalesce(division.name, fact.division_code) as name,
    fact.class,
    fact.score,
    fact.rank,
    fact.state,
    fact.round_code,
from marts.fct_ranking as fact
inner join marts.dim_ranking as ranking on ranking.scheme = fact.scheme and ranking.ranking = fact.ranking
left join marts.dim_division as division using (division_code)
where fact.edition_period = $period
order by fact.scheme, fact.ranking, fact.rank nulls last, fact.division_code
