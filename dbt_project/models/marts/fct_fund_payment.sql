-- One row per period and payment that counts, a refund negative.
select
    period,
    payment_id,
    allocation_id,
    receipt_id,
    project_id,
    division_code,
    paid_on,
    payment_type,
    amount,
    documented
from {{ ref('int_fund_payments') }}
where not is_orphan
