-- One row per period, village and template: is a report there, and was one there by the due day?
-- `villages` is reported by a village's own row; the division tree, support units and yearly targets by their reach.
with due as (

    select
        period,
        {{ add_days(month_end('period'), var('due_day')) }} as due_on
    from {{ ref('stg_periods') }}

),

expected as (

    select
        villages.period,
        villages.division_code,
        templates.template,
        due.due_on
    from {{ ref('int_divisions') }} as villages
    inner join due on villages.period = due.period
    cross join {{ source('catalogue', 'templates') }} as templates
    where villages.level = 'village'

),

received as (

    select
        ancestors.period,
        ancestors.division_code,
        submissions.template,
        min(submissions.received_at) as first_received_at
    from {{ ref('stg_submissions') }} as submissions
    inner join {{ ref('stg_periods') }} as periods
        on case submissions.reach
            when 'newest' then submissions.period <= periods.period
            when 'year'
                then submissions.period <= periods.period and left(submissions.period, 4) = left(periods.period, 4)
            else submissions.period = periods.period
        end
    inner join {{ ref('int_division_ancestors') }} as ancestors
        on periods.period = ancestors.period and submissions.scope_code = ancestors.ancestor_raw_code
    where submissions.is_in_warehouse and submissions.cover <> 'own_row'
    group by ancestors.period, ancestors.division_code, submissions.template

    union all

    select
        lake.period,
        ancestors.division_code,
        'villages',
        min(submissions.received_at)
    from {{ source('raw', 'villages') }} as lake
    inner join {{ ref('stg_submissions') }} as submissions on lake.submission_id = submissions.submission_id
    inner join {{ ref('int_division_ancestors') }} as ancestors
        on lake.period = ancestors.period
        and lake.village_code = ancestors.raw_code
        and ancestors.raw_code = ancestors.ancestor_raw_code
    where submissions.is_in_warehouse
    group by lake.period, ancestors.division_code

),

village_rows as (

    select distinct period, village_code
    from {{ ref('stg_villages') }}

)

select
    expected.period,
    expected.division_code,
    expected.template,
    case
        when expected.template = 'villages' then village_rows.village_code is not null
        else received.first_received_at is not null
    end as is_covered,
    coalesce(cast(received.first_received_at as date) <= expected.due_on, false) as is_on_time
from expected
left join received
    on expected.period = received.period
    and expected.division_code = received.division_code
    and expected.template = received.template
left join village_rows
    on expected.period = village_rows.period
    and expected.division_code = village_rows.village_code
