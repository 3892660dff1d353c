-- One row per project inside $prefix in $period, overdue ones first, up to 500.
select
    project.project_id,
    coalesce(project.name, project.project_id) as name,
    division.name as division_name,
    project.project_year,
    project.planned_amount,
    project.allocated,
    project.paid,
    project.progress,
    project.planned_progress,
    project.stage,
    project.overdue,
    project.planned_finish,
    project.finished_on,
    project.department,
    'missing' as project_state,
from marts.fct_project as project
left join marts.dim_division as division on division.division_code = project.division_code
where project.period = $period and starts_with(project.division_code, $prefix)
order by project.overdue desc nulls last, project.project_year desc, project.project_id
limit 500
