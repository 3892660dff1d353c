-- One row per ranking of a scheme.
select
    scheme,
    ranking,
    title,
    unit_level,
    population_code,
    frequency,
    indicator_code,
    decimals,
    clause_id
from {{ source('catalogue', 'scheme_rankings') }}
