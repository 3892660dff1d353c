-- One row per report, bulletin, meeting or ledger that is due again and again.
select
    scheme,
    cadence,
    title,
    sender,
    sender_level,
    recipients,
    recipient_count,
    every,
    times,
    due,
    clause_id
from {{ source('catalogue', 'scheme_cadences') }}
