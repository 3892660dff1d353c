-- One row per period, scheme, cadence, occurrence due in it, and sender.
select
    period,
    scheme,
    cadence,
    occurrence,
    sender,
    sender_name,
    division_code,
    opens_on,
    due_on,
    recipients_expected,
    recipients_delivered,
    recipients_missing,
    delivered_on,
    state,
    days_late,
    clause_id
from {{ ref('int_cadences') }}
where not is_ahead
