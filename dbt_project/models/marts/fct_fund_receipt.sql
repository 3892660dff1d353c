-- One row per period and receipt known by then: how far it is allocated and paid, and its 60-day clock.
select
    period,
    receipt_id,
    document_no,
    division_code,
    fund_year,
    source_level,
    fund_type,
    advance,
    issued_on,
    amount,
    allocated,
    allocated_within_60,
    paid,
    due_60_on,
    case
        when allocated_within_60 is null then 'no_data'
        when allocated_within_60 >= amount then 'met'
        when due_60_on <= last_day then 'missed'
        else 'running'
    end as sixty_day_state,
    is_linkage
from {{ ref('int_receipt_use') }}
