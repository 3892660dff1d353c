-- One row per allocation of $receipt_id up to $period, with the project it went to.
with

allocated as (
    select *
    from marts.fct_fund_allocation
    where period = $period and receipt_id = $receipt_id
),

projects as (
    select *
    from marts.fct_project
    where period = $period and project_id in (select project_id from allocated)
),

named as (
    select division_code, name
    from marts.dim_division
    where division_code in (
        select division_code from allocated
        union all
        select division_code from projects
    )
)

select
    allocation.allocation_id,
    allocation.allocated_on,
    allocation.amount,
    allocation.paid,
    allocation.project_id,
    coalesce(projects.name, allocation.project_id) as project_name,
    projects.* exclude (project_id, name, allocated, paid, period, division_code),
    coalesce(place.name, named.name) as division_name,
    'missing' as project_state,
from allocated as allocation
left join projects on projects.project_id = allocation.project_id
left join named as place on place.division_code = projects.division_code
left join named on named.division_code = allocation.division_code
order by allocation.allocated_on, allocation.allocation_id
