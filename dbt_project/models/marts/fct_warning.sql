-- One row per period, scheme, kind, thing and unit that next month will hold something for.
select
    period,
    scheme,
    kind,
    what,
    unit,
    division_code,
    due_on,
    value,
    needed,
    amount_needed,
    clause_id,
    message
from {{ ref('int_warnings') }}
