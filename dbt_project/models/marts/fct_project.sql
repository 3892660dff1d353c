-- One row per period and project.
select
    period,
    project_id,
    division_code,
    category,
    project_year,
    planned_amount,
    cast(progress as decimal(38, 12)) as progress,
    planned_progress,
    cast(progress as decimal(38, 12)) - planned_progress as variance,
    case
        when is_accepted then 'accepted'
        when is_finished then 'finished'
        when is_started then 'in_progress'
        else 'not_started'
    end as stage,
    overdue,
    allocated,
    paid,
    name,
    funding_form,
    batch,
    department,
    implementer,
    planned_start,
    planned_finish,
    started_on,
    finished_on,
    accepted_on
from {{ ref('int_projects') }}
