-- One row per scheme in force, published figure and month: the number beside the value of the scheme's own division.
-- A redacted number is unknown, not 0, and agrees with nothing; an approximate one agrees within its tolerance, ends included.
with held as (

    select
        scheme_periods.scheme,
        figures.figure,
        scheme_periods.period,
        scheme_periods.division_code,
        figures.title,
        figures.value as published_value,
        figures.unit,
        figures.indicator_code,
        coalesce(figures.tolerance, 0) as allowed,
        indicators.value as warehouse_value,
        cast(indicators.value - figures.value as decimal(38, 12)) as difference,
        figures.clause_id
    from {{ ref('int_scheme_periods') }} as scheme_periods
    inner join {{ source('catalogue', 'scheme_figures') }} as figures on scheme_periods.scheme = figures.scheme
    left join {{ ref('int_indicators') }} as indicators
        on scheme_periods.period = indicators.period
        and scheme_periods.division_code = indicators.division_code
        and figures.indicator_code = indicators.indicator_code

)

select
    scheme,
    figure,
    period,
    division_code,
    title,
    published_value,
    unit,
    indicator_code,
    warehouse_value,
    difference,
    case
        when published_value is null then 'redacted'
        when indicator_code is null then 'not_comparable'
        when warehouse_value is null then 'missing'
        when abs(difference) <= allowed then 'agrees'
        else 'differs'
    end as state,
    clause_id
from held
