-- One row per period and receipt known by then.
{% set p = parameters() %}
select
    periods.period,
    periods.period_year,
    periods.last_day,
    receipts.receipt_id,
    receipts.division_code,
    receipts.document_no,
    receipts.fund_year,
    receipts.source_level,
    receipts.fund_type,
    receipts.advance,
    receipts.issued_on,
    receipts.received_on,
    receipts.amount,
    {{ add_days('receipts.issued_on', p.prompt_allocation_days) }} as due_60_on,
    receipts.source_level in ('central', 'province') as is_from_above,
    receipts.source_level in ('central', 'province') and receipts.fund_type in ('linkage', 'special_relief')
        as is_linkage,
    receipts.source_level = 'central' and receipts.advance as is_central_advance,
    receipts.source_level = 'central' and receipts.fund_type = 'linkage' as is_central_linkage,
    receipts.fund_type = 'east_west' as is_east_west,
    receipts.fund_year = periods.period_year as is_this_year,
    receipts.submission_id,
    receipts.row_number
from {{ ref('stg_fund_receipts') }} as receipts
inner join {{ ref('stg_periods') }} as periods
    on {{ counts_at('receipts', 'periods') }}
