-- One row per period, county, leader (包村领导) and indicator the leader's villages are held to.
select
    period,
    county_code,
    supporter as leader,
    villages,
    indicator_code,
    numerator,
    denominator,
    value,
    rank,
    ranked_units
from {{ ref('int_support_units') }}
where supporter_kind = 'leader'
