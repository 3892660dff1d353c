-- One row per project inside $prefix in $period: overdue ones first, then those furthest behind their plan.
select
    project.project_id,
    coalesce(project.name, project.project_id) as name,
    division.name as division_name,
    project.division_code,
    project.category,
    project.project_year,
    project.batch,
    project.department,
    project.implementer,
    project.planned_amount,
    project.allocated,
    project.paid,
    project.progress,
    project.planned_progress,
    project.variance,
    project.stage,
    project.overdue,
    project.planned_start,
    project.planned_finish,
    project.started_on,
    project.finished_on,
    project.accepted_on,
    project.stage = 'accepted' and project.paid < project.allocated as awaits_payment,
    case when project.stage = 'accepted' then project.allocated - project.paid end as unpaid,
    last_day(strptime($period || '-01', '%Y-%m-%d')::date) as as_of_day,
    case when project.overdue then date_diff('day', project.planned_finish, as_of_day) end as days_overdue,
    'missing' as project_state,
from marts.fct_project as project
left join marts.dim_division as division using (division_code)
where project.period = $period
    and starts_with(project.division_code, $prefix)
    and ($year is null or project.project_year = $year)
    and ($category is null or project.category = $category)
    and ($stage is null or project.stage = $stage or ($stage = 'overdue' and project.overdue))
order by
    not coalesce(project.overdue, false), days_overdue desc nulls last, project.variance nulls last,
    project.planned_finish nulls last, project.project_id
limit 10000
