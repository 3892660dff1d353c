-- One row per period, division and indicator that somebody inside the division is covered for: numerator, denominator,
-- exact value, coverage and state; a covered one without rows adds 0. The others, most of a tree's in most months, are in
-- int_indicator_gaps.
{% set indicators = catalogue_indicators() %}
{% set codes = indicators | map(attribute='code') | list %}
with long as (

    {{ unpivot_indicators(ref('int_indicator_sums'), ['period', 'division_code', 'villages'], codes) }}

),

counted as (

    select
        long.period,
        long.division_code,
        long.indicator_code,
        indicators.denominator_measure is not null as is_ratio,
        coalesce(long.numerator, 0) as numerator,
        case when indicators.denominator_measure is not null then coalesce(long.denominator, 0) end as denominator,
        long.covered,
        greatest(long.villages, 1) as villages
    from long
    inner join {{ source('catalogue', 'indicators') }} as indicators on long.indicator_code = indicators.indicator_code
    where long.covered > 0

    union all

    select
        period,
        division_code,
        'composite_incidence',
        true,
        numerator,
        coalesce(denominator, 0),
        covered,
        greatest(villages, 1)
    from {{ ref('int_composite_incidence') }}
    where covered > 0

),

valued as (

    select
        counted.*,
        case
            when is_ratio then {{ exact_ratio('numerator', 'denominator') }}
            else cast(numerator as decimal(38, 12))
        end as value,
        {{ exact_share('covered', 'villages') }} as coverage
    from counted

)

select
    valued.period,
    valued.division_code,
    divisions.level,
    valued.indicator_code,
    valued.numerator,
    valued.denominator,
    valued.value,
    valued.coverage,
    case
        when valued.is_ratio and (valued.denominator = 0 or valued.numerator is null) then 'not_applicable'
        when valued.covered < valued.villages then 'partial'
        else 'value'
    end as state
from valued
inner join {{ ref('int_divisions') }} as divisions
    on valued.period = divisions.period and valued.division_code = divisions.division_code
where divisions.is_shown or valued.value is not null
