-- One row per allocation of $receipt_id up to $period, with the project it went to.
select
    allocation.allocation_id,
    allocation.allocated_on,
    allocation.amount,
    allocation.paid,
    allocation.project_id,
    coalesce(project.name, allocation.project_id) as project_name,
    division.name as division_name,
    project.category,
    project.batch,
    project.department,
    project.implementer,
    project.planned_amount,
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
    'missing' as project_state,
from marts.fct_fund_allocation as allocation
left join marts.fct_project as project
    on project.project_id = allocation.project_id and project.period = allocation.period
left join marts.dim_division as division on division.division_code = coalesce(project.division_code, allocation.division_code)
where allocation.period = $period and allocation.receipt_id = $receipt_id
order by allocation.allocated_on, allocation.allocation_id
