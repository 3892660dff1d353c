-- One row per period, county, support unit and indicator its villages are held to.
select
    period,
    county_code,
    supporter as unit,
    villages,
    indicator_code,
    numerator,
    denominator,
    value,
    rank,
    ranked_units
from {{ ref('int_support_units') }}
where supporter_kind = 'unit'
