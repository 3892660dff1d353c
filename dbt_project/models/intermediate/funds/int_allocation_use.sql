-- One row per period and allocation that counts: how much of it is paid; NULL where no payment ledger speaks of it.
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
    coalesce(paid.paid, case when covers.has_payments then 0 end) as paid
from {{ ref('int_fund_allocations') }} as allocations
left join paid on allocations.period = paid.period and allocations.allocation_id = paid.allocation_id
left join {{ ref('int_fund_covers') }} as covers
    on allocations.period = covers.period and allocations.division_code = covers.division_code
where not allocations.is_orphan
