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
    tie_breaks.titles as tie_breaks,
    cast(coalesce(sizes.first_places, {{ p.shown_places }}) as integer) as first_places,
    cast(coalesce(sizes.last_places, {{ p.shown_places }}) as integer) as last_places
from {{ source('catalogue', 'scheme_rankings') }} as rankings
left join (
    select
        tie_breaks.scheme,
        tie_breaks.ranking,
        {{ joined_text('indicators.title', 'tie_breaks.position') }} as titles
    from {{ source('catalogue', 'scheme_tie_breaks') }} as tie_breaks
    inner join {{ source('catalogue', 'indicators') }} as indicators
        on tie_breaks.indicator_code = indicators.indicator_code
    group by tie_breaks.scheme, tie_breaks.ranking
) as tie_breaks
    on rankings.scheme = tie_breaks.scheme and rankings.ranking = tie_breaks.ranking
left join {{ ref('int_ranking_groups') }} as sizes
    on rankings.scheme = sizes.scheme and rankings.ranking = sizes.ranking
