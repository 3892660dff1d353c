-- One row per period and allocation that counts: how much of it is paid.
with paid as (

    select
        period,
        allocation_id,
        sum(amount) as paid
    from {{ ref('int_fund_payments') }}
    where not is_orphan
    group by period, allocation_id

)

select
    allocations.period,
    allocations.allocation_id,
    allocations.receipt_id,
    allocations.project_id,
    allocations.division_code,
    allocations.allocated_on,
    allocations.amount,
    coalesce(paid.paid, 0) as paid
from {{ ref('int_fund_allocations') }} as allocations
left join paid on allocations.period = paid.period and allocations.allocation_id = paid.allocation_id
where not allocations.is_orphan
