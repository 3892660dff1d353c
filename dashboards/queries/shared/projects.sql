-- One row per project in $period, with the name of its place.
select
    project.* replace (coalesce(project.name, project.project_id) as name),
    division.name as division_name,
    'missing' as project_state,
from marts.fct_project as project
left join marts.dim_division as division using (division_code)
where project.period = $period
