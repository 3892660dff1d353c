-- One row per period and receipt: how much of it is allocated, allocated within the days allowed, and paid. What no ledger
-- speaks of is NULL, not 0.
with allocated as (

    select
        period,
        receipt_id,
        sum(amount) as allocated,
        sum(amount) filter (where allocated_on <= due_60_on) as allocated_within_60
    from {{ ref('int_fund_allocations') }}
    where not is_orphan
    group by period, receipt_id

),

paid as (

    select
        period,
        receipt_id,
        sum(amount) as paid
    from {{ ref('int_fund_payments') }}
    where not is_orphan
    group by period, receipt_id

)

select
    receipts.*,
    coalesce(allocated.allocated, case when covers.has_allocations then 0 end) as allocated,
    case
        when allocated.receipt_id is not null or covers.has_allocations then coalesce(allocated.allocated_within_60, 0)
    end as allocated_within_60,
    coalesce(paid.paid, case when covers.has_payments then 0 end) as paid
from {{ ref('int_fund_receipts') }} as receipts
left join allocated on receipts.period = allocated.period and receipts.receipt_id = allocated.receipt_id
left join paid on receipts.period = paid.period and receipts.receipt_id = paid.receipt_id
left join {{ ref('int_fund_covers') }} as covers
    on receipts.period = covers.period and receipts.division_code = covers.division_code
