-- One row per period, division and indicator: numerator, denominator, exact value, coverage and state. A division none of
-- whose villages is covered is `missing` (NULL); a covered one without rows adds 0.
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
        case when long.covered > 0 then coalesce(long.numerator, 0) end as numerator,
        case
            when long.covered > 0 and indicators.denominator_measure is not null then coalesce(long.denominator, 0)
        end as denominator,
        long.covered,
        greatest(long.villages, 1) as villages
    from long
    inner join {{ source('catalogue', 'indicators') }} as indicators on long.indicator_code = indicators.indicator_code

    union all

    select
        period,
        division_code,
        'composite_incidence',
        true,
        case when covered > 0 then numerator end,
        case when covered > 0 then coalesce(denominator, 0) end,
        covered,
        greatest(villages, 1)
    from {{ ref('int_composite_incidence') }}

),

valued as (

    select
        counted.*,
        case
            when is_ratio then {{ exact_ratio('numerator', 'denominator') }}
            else cast(numerator as decimal(38, 12))
        end as value,
        {{ exact_ratio('covered', 'villages') }} as coverage
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
        when valued.covered = 0 then 'missing'
        when valued.is_ratio and (valued.denominator = 0 or valued.numerator is null) then 'not_applicable'
        when valued.covered < valued.villages then 'partial'
        else 'value'
    end as state
from valued
inner join {{ ref('int_divisions') }} as divisions
    on valued.period = divisions.period and valued.division_code = divisions.division_code
where divisions.is_shown or valued.value is not null
