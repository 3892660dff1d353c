-- One row per ranking of units of $level inside $prefix whose results became known in $period.
select
    ranking.scheme || '/' || ranking.ranking as code,
    ranking.title,
    ranking.first_places,
    ranking.last_places,
from marts.dim_ranking as ranking
inner join (
    select distinct scheme, ranking
    from marts.fct_ranking
    where edition_period = $period and division_code between $prefix and $prefix || 'x'
) as known
    on known.scheme = ranking.scheme and known.ranking = ranking.ranking
where ranking.unit_level = $level
order by code
