-- One row per period and allocation that counts.
select
    period,
    allocation_id,
    receipt_id,
    project_id,
    division_code,
    allocated_on,
    amount,
    paid
from {{ ref('int_allocation_use') }}
