-- One row per period and payment known by then (a refund is negative), with the allocation and receipt it is made from.
-- An orphan (no such allocation by then, or its allocation an orphan) counts nowhere and is a finding.
select
    periods.period,
    payments.payment_id,
    payments.allocation_id,
    payments.division_code,
    payments.paid_on,
    payments.payment_type,
    payments.amount,
    payments.documented,
    allocations.allocation_id is null as is_orphan,
    allocations.receipt_id,
    allocations.project_id,
    allocations.fund_year,
    allocations.source_level,
    allocations.fund_type,
    allocations.is_linkage,
    allocations.is_east_west,
    allocations.is_this_year,
    periods.period_year,
    payments.submission_id,
    payments.row_number
from {{ ref('stg_fund_payments') }} as payments
inner join {{ ref('stg_periods') }} as periods
    on {{ counts_at('payments', 'periods') }}
left join {{ ref('int_fund_allocations') }} as allocations
    on periods.period = allocations.period
    and payments.allocation_id = allocations.allocation_id
    and not allocations.is_orphan
