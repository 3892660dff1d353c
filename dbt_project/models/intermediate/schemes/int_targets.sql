-- One row per scheme, target, period and unit: the value and the best band it reaches.
with units as (

    select
        scheme_periods.scheme,
        scheme_periods.period,
        divisions.division_code,
        targets.* {{ without(['scheme']) }}
    from {{ ref('int_scheme_periods') }} as scheme_periods
    inner join {{ source('catalogue', 'scheme_targets') }} as targets on scheme_periods.scheme = targets.scheme
    inner join {{ ref('int_division_pairs') }} as pairs
        on scheme_periods.period = pairs.period and scheme_periods.division_code = pairs.ancestor_code
    inner join {{ ref('int_divisions') }} as divisions
        on scheme_periods.period = divisions.period
        and pairs.division_code = divisions.division_code
        and targets.level = divisions.level
        and (targets.village_type is null or targets.village_type = divisions.village_type)

),

measured as (

    select
        units.*,
        indicators.numerator,
        coalesce(indicators.denominator, 1) as denominator,
        indicators.value,
        indicators.state as indicator_state
    from units
    left join {{ ref('int_indicators') }} as indicators
        on units.period = indicators.period
        and units.division_code = indicators.division_code
        and units.indicator_code = indicators.indicator_code

)

select
    scheme,
    target,
    period,
    division_code,
    indicator_code,
    value,
    floor_value as floor,
    target_value,
    stretch_value as stretch,
    case
        when value is null then null
        when {{ reaches('numerator', 'denominator', 'stretch_operator', 'stretch_value') }} then 'stretch'
        when {{ reaches('numerator', 'denominator', 'target_operator', 'target_value') }} then 'target'
        when {{ reaches('numerator', 'denominator', 'floor_operator', 'floor_value') }} then 'floor'
        else 'below'
    end as band,
    case
        when value is not null then 'value'
        when indicator_state = 'not_applicable' then 'not_applicable'
        else 'missing'
    end as state,
    strength,
    clause_id
from measured
