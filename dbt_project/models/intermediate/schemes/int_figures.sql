-- One row per scheme in force, published figure and month: the number beside what the scheme's own division says of it.
-- That is the indicator the figure names (its value, numerator or denominator), else what a department reports under the
-- figure's own code. A redacted number is unknown, not 0, and agrees with nothing; an approximate one agrees within its
-- tolerance, ends included.
with published as (

    select
        scheme_periods.scheme,
        figures.figure,
        scheme_periods.period,
        scheme_periods.division_code,
        figures.title,
        figures.value as published_value,
        figures.unit,
        figures.indicator_code,
        figures.part,
        coalesce(figures.tolerance, 0) as allowed,
        figures.clause_id
    from {{ ref('int_scheme_periods') }} as scheme_periods
    inner join {{ source('catalogue', 'scheme_figures') }} as figures on scheme_periods.scheme = figures.scheme

),

beside as (

    select
        published.*,
        case
            when published.indicator_code is null then reported.reported_value
            when indicators.value is null then null
            when published.part = 'numerator' then cast(indicators.numerator as decimal(38, 12))
            when published.part = 'denominator' then cast(indicators.denominator as decimal(38, 12))
            else indicators.value
        end as warehouse_value
    from published
    left join {{ ref('int_indicators') }} as indicators
        on published.period = indicators.period
        and published.division_code = indicators.division_code
        and published.indicator_code = indicators.indicator_code
    left join {{ ref('int_reported_values') }} as reported
        on published.period = reported.period
        and published.division_code = reported.division_code
        and published.figure = reported.indicator_code

),

held as (

    select
        *,
        cast(warehouse_value - published_value as decimal(38, 12)) as difference
    from beside

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
        when indicator_code is null and warehouse_value is null then 'not_comparable'
        when warehouse_value is null then 'missing'
        when abs(difference) <= allowed then 'agrees'
        else 'differs'
    end as state,
    clause_id
from held
