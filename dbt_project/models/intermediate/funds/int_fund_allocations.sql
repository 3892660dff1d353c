-- One row per period and allocation known by then, with what it draws on. An orphan (no such receipt by then) counts
-- nowhere and is a finding.
select
    periods.period,
    allocations.allocation_id,
    allocations.receipt_id,
    allocations.project_id,
    allocations.division_code,
    allocations.allocated_on,
    allocations.amount,
    receipts.receipt_id is null as is_orphan,
    receipts.fund_year,
    receipts.source_level,
    receipts.fund_type,
    receipts.received_on,
    receipts.due_60_on,
    receipts.is_linkage,
    receipts.is_central_advance,
    receipts.is_central_linkage,
    receipts.is_east_west,
    receipts.is_this_year,
    allocations.submission_id,
    allocations.row_number
from {{ ref('stg_fund_allocations') }} as allocations
inner join {{ ref('stg_periods') }} as periods
    on {{ counts_at('allocations', 'periods') }}
left join {{ ref('int_fund_receipts') }} as receipts
    on periods.period = receipts.period and allocations.receipt_id = receipts.receipt_id
