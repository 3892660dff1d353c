-- One row per period, scheme, kind, code and debtor that still owes it.
select
    period,
    scheme,
    kind,
    code,
    title,
    sender,
    sender_name,
    division_code,
    department,
    items_owed,
    since,
    months_running,
    details,
    clause_id
from {{ ref('int_chase') }}
