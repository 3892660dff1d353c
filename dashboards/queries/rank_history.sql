-- One row per period of a unit's places: the ranking itself, or for rounds all rounds of the scheme at that level.
select
    fact.edition_period as period,
    ranking.title,
    fact.state,
    fact.rank,
    fact.ranked_units,
    fact.score,
from marts.fct_ranking as fact
inner join marts.dim_ranking as ranking on ranking.scheme = fact.scheme and ranking.ranking = fact.ranking
inner join marts.dim_ranking as chosen on chosen.scheme = $scheme and chosen.ranking = $ranking
where fact.scheme = $scheme
    and fact.division_code = $division
    and fact.class = $class
    and (
        fact.ranking = $ranking
        or (
            chosen.frequency = 'round'
            and ranking.frequency = 'round'
            and ranking.unit_level = chosen.unit_level
            and ranking.population_code is not distinct from chosen.population_code
        )
    )
order by fact.edition_period, fact.ranking
