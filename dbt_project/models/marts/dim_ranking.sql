-- One row per ranking of a scheme.
{% set p = parameters() %}
select
    rankings.scheme,
    rankings.ranking,
    rankings.title,
    rankings.unit_level,
    rankings.population_code,
    rankings.frequency,
    rankings.indicator_code,
    rankings.decimals,
    rankings.clause_id,
    cast(coalesce(sizes.first_places, {{ p.shown_places }}) as integer) as first_places,
    cast(coalesce(sizes.last_places, {{ p.shown_places }}) as integer) as last_places
from {{ source('catalogue', 'scheme_rankings') }} as rankings
left join {{ ref('int_ranking_groups') }} as sizes
    on rankings.scheme = sizes.scheme and rankings.ranking = sizes.ranking
