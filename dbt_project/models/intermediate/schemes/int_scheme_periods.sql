-- One row per scheme and month in which it is in force.
select
    schemes.scheme,
    schemes.division_code,
    schemes.valid_from,
    schemes.valid_to,
    periods.period,
    periods.previous_period,
    periods.period_month,
    periods.first_day,
    periods.last_day
from {{ source('catalogue', 'schemes') }} as schemes
inner join {{ ref('stg_periods') }} as periods
    on schemes.valid_from <= periods.last_day and schemes.valid_to >= periods.first_day
