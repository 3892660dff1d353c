-- One row per scheme, milestone, period and unit: the value that counts (after the checkpoint that of the checkpoint's own
-- month), the average it may exceed instead, and the state.
with due as (

    select
        scheme_periods.scheme,
        scheme_periods.period,
        scheme_periods.last_day,
        scheme_periods.division_code as scheme_division_code,
        milestones.milestone,
        milestones.title,
        milestones.indicator_code,
        milestones.level,
        milestones.operator,
        milestones.threshold,
        milestones.benchmark_level,
        milestones.clause_id,
        cast(left(scheme_periods.period, 4) || '-' || milestones.checkpoint_md as date) as checkpoint
    from {{ ref('int_scheme_periods') }} as scheme_periods
    inner join {{ source('catalogue', 'scheme_milestones') }} as milestones
        on scheme_periods.scheme = milestones.scheme

),

units as (

    select
        due.*,
        due.checkpoint <= due.last_day as is_due,
        least(due.period, {{ month_of('due.checkpoint') }}) as value_period,
        divisions.division_code
    from due
    inner join {{ ref('int_division_pairs') }} as pairs
        on due.period = pairs.period and due.scheme_division_code = pairs.ancestor_code
    inner join {{ ref('int_divisions') }} as divisions
        on due.period = divisions.period and pairs.division_code = divisions.division_code
        and due.level = divisions.level

),

measured as (

    select
        units.*,
        indicators.numerator,
        coalesce(indicators.denominator, 1) as denominator,
        indicators.value,
        benchmarks.value as benchmark
    from units
    left join {{ ref('int_indicators') }} as indicators
        on units.value_period = indicators.period
        and units.division_code = indicators.division_code
        and units.indicator_code = indicators.indicator_code
    left join (
        select pairs.period, pairs.division_code, pairs.ancestor_code, above.level
        from {{ ref('int_division_pairs') }} as pairs
        inner join {{ ref('int_divisions') }} as above
            on pairs.period = above.period and pairs.ancestor_code = above.division_code
    ) as enclosing
        on units.value_period = enclosing.period
        and units.division_code = enclosing.division_code
        and units.benchmark_level = enclosing.level
    left join {{ ref('int_benchmarks') }} as benchmarks
        on units.value_period = benchmarks.period
        and enclosing.ancestor_code = benchmarks.division_code
        and units.indicator_code = benchmarks.indicator_code

),

judged as (

    select
        *,
        {{ reaches('numerator', 'denominator', 'operator', 'threshold') }} as absolute_ok,
        value > benchmark as benchmark_ok
    from measured

)

select
    scheme,
    milestone,
    period,
    division_code,
    indicator_code,
    checkpoint,
    threshold,
    value,
    benchmark,
    case
        when not is_due or value is null then null
        when absolute_ok then 'absolute'
        when benchmark_ok then 'benchmark'
    end as branch,
    case
        when value is null then 'no_data'
        when not is_due then 'not_due'
        when absolute_ok or coalesce(benchmark_ok, false) then 'met'
        when benchmark_level is not null and benchmark is null then 'pending_benchmark'
        else 'missed'
    end as state,
    case
        when not is_due and value is not null
            then {{ exact_ratio(
                "greatest(case when operator in ('<', '<=') then value - threshold else threshold - value end, 0)",
                days_between('last_day', 'checkpoint')
            ) }}
    end as daily_pace,
    clause_id
from judged
