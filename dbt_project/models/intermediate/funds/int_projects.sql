-- One row per period and project of the project library, with planned and real progress at the period's end. Money that no
-- ledger speaks of is NULL, not 0.
with dated as (

    select
        projects.*,
        periods.period_year,
        periods.last_day,
        coalesce(projects.started_on <= periods.last_day, false) as is_started,
        coalesce(projects.finished_on <= periods.last_day, false) as is_finished,
        coalesce(projects.accepted_on <= periods.last_day, false) as is_accepted
    from {{ ref('stg_projects') }} as projects
    inner join {{ ref('stg_periods') }} as periods on projects.period = periods.period

)

select
    dated.period,
    dated.period_year,
    dated.last_day,
    dated.project_id,
    dated.division_code,
    dated.name,
    dated.category,
    dated.funding_form,
    dated.project_year,
    dated.batch,
    dated.implementer,
    dated.department,
    dated.planned_amount,
    dated.planned_start,
    dated.planned_finish,
    dated.started_on,
    dated.finished_on,
    dated.accepted_on,
    dated.announced_on,
    dated.completion_announced_on,
    dated.work_relief,
    dated.wages_paid,
    dated.is_started,
    dated.is_finished,
    dated.is_accepted,
    case when dated.is_finished then 1 else dated.progress end as progress,
    case
        when dated.planned_start is null or dated.planned_finish is null then null
        when dated.last_day < dated.planned_start then 0
        when dated.last_day >= dated.planned_finish then 1
        else {{ exact_ratio(
            days_between('dated.planned_start', 'dated.last_day'),
            days_between('dated.planned_start', 'dated.planned_finish')
        ) }}
    end as planned_progress,
    dated.planned_finish < dated.last_day and not dated.is_finished as overdue,
    dated.project_year = dated.period_year as is_this_year,
    funds.project_id is not null as is_allocated,
    coalesce(funds.allocated, case when covers.has_allocations then 0 end) as allocated,
    coalesce(funds.paid, case when covers.has_payments then 0 end) as paid,
    coalesce(funds.has_east_west, false) as has_east_west,
    funds.all_documented,
    funds.start_due_on,
    dated.submission_id,
    dated.row_number
from dated
left join {{ ref('int_project_funds') }} as funds
    on dated.period = funds.period and dated.project_id = funds.project_id
left join {{ ref('int_fund_covers') }} as covers
    on dated.period = covers.period and dated.division_code = covers.division_code
