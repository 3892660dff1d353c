-- One row per period, division and indicator.
with indicators as (

    select
        period,
        division_code,
        level,
        indicator_code,
        numerator,
        denominator,
        value,
        coverage,
        state
    from {{ ref('int_indicators') }}

    union all

    select
        period,
        division_code,
        level,
        indicator_code,
        cast(null as decimal(38, 10)),
        cast(null as decimal(38, 10)),
        cast(null as decimal(38, 12)),
        cast(0 as decimal(38, 12)),
        'missing'
    from {{ ref('int_indicator_gaps') }}

),

-- the months some month looks back to
looked_back_to as (

    select previous_period as period
    from {{ ref('stg_periods') }}

    union distinct

    select year_ago_period
    from {{ ref('stg_periods') }}

),

known as (

    select
        measured.period,
        measured.division_code,
        measured.indicator_code,
        measured.value
    from {{ ref('int_indicators') }} as measured
    inner join looked_back_to on measured.period = looked_back_to.period
    where measured.value is not null

)

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
from indicators
inner join {{ ref('stg_periods') }} as periods on indicators.period = periods.period
left join known as previous
    on periods.previous_period = previous.period
    and indicators.division_code = previous.division_code
    and indicators.indicator_code = previous.indicator_code
left join known as year_ago
    on periods.year_ago_period = year_ago.period
    and indicators.division_code = year_ago.division_code
    and indicators.indicator_code = year_ago.indicator_code
