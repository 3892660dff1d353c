-- One row per period, division and indicator.
select
    indicators.period,
    indicators.division_code,
    indicators.level,
    indicators.indicator_code,
    indicators.numerator,
    indicators.denominator,
    indicators.value,
    indicators.coverage,
    indicators.state,
    previous.value as previous_value,
    year_ago.value as year_ago_value
from {{ ref('int_indicators') }} as indicators
inner join {{ ref('stg_periods') }} as periods on indicators.period = periods.period
left join {{ ref('int_indicators') }} as previous
    on periods.previous_period = previous.period
    and indicators.division_code = previous.division_code
    and indicators.indicator_code = previous.indicator_code
left join {{ ref('int_indicators') }} as year_ago
    on periods.year_ago_period = year_ago.period
    and indicators.division_code = year_ago.division_code
    and indicators.indicator_code = year_ago.indicator_code
