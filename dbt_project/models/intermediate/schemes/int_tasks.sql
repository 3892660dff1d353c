-- One row per scheme, yearly task, period and division with a target: what is achieved of it.
with targets as (

    select
        scheme_periods.scheme,
        tasks.task,
        scheme_periods.period,
        scheme_periods.last_day,
        targets.division_code,
        sum(targets.target) as target,
        max(targets.due_on) as due_on,
        min(targets.unit) as unit,
        tasks.clause_id
    from {{ ref('int_scheme_periods') }} as scheme_periods
    inner join {{ source('catalogue', 'scheme_tasks') }} as tasks on scheme_periods.scheme = tasks.scheme
    inner join {{ ref('stg_task_targets') }} as targets
        on scheme_periods.period = targets.period and tasks.task = targets.indicator_code
    inner join {{ ref('int_division_pairs') }} as pairs
        on scheme_periods.period = pairs.period
        and targets.division_code = pairs.division_code
        and scheme_periods.division_code = pairs.ancestor_code
    group by
        scheme_periods.scheme, tasks.task, scheme_periods.period, scheme_periods.last_day, targets.division_code,
        tasks.clause_id

),

reported as (

    select
        period,
        division_code,
        indicator_code,
        reported_value as achieved
    from {{ ref('int_reported_values') }}

)

select
    targets.scheme,
    targets.task,
    targets.period,
    targets.division_code,
    reported.achieved,
    cast(targets.target as decimal(24, 6)) as target,
    case
        when reported.achieved is not null then {{ exact_ratio('cast(reported.achieved as decimal(30, 10))', 'targets.target') }}
    end as rate,
    targets.due_on,
    case
        when reported.achieved is null and targets.due_on > targets.last_day then 'not_due'
        when reported.achieved is null then 'missing'
        when targets.target = 0 then 'not_applicable'
        else 'value'
    end as state,
    targets.unit,
    targets.clause_id
from targets
left join reported
    on targets.period = reported.period
    and targets.division_code = reported.division_code
    and targets.task = reported.indicator_code
