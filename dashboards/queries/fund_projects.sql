-- One row per allocation of $receipt_id up to $period, with the project it went to.
with projects as (
    {{projects}}
)

select
    allocation.allocation_id,
    allocation.allocated_on,
    allocation.amount,
    allocation.paid,
    allocation.project_id,
    coalesce(projects.name, allocation.project_id) as project_name,
    projects.* exclude (project_id, name, allocated, paid, period, division_code, division_name, project_state),
    coalesce(projects.division_name, division.name) as division_name,
    'missing' as project_state,
from marts.fct_fund_allocation as allocation
left join projects on projects.project_id = allocation.project_id
left join marts.dim_division as division on division.division_code = allocation.division_code
where allocation.period = $period and allocation.receipt_id = $receipt_id
order by allocation.allocated_on, allocation.allocation_id
