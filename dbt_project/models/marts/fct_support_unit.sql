-- One row per period, county, support unit and indicator its villages are held to.
select
    period,
    county_code,
    unit,
    villages,
    indicator_code,
    numerator,
    denominator,
    value,
    rank,
    ranked_units
from {{ ref('int_support_units') }}
