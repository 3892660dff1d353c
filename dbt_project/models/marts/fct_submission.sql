{{ config(meta={'months': 'whole'}) }}
-- One row per submission received by the edition's time.
select
    submission_id,
    sha256,
    file_name,
    template,
    scope_code,
    period,
    received_at,
    outcome,
    rows_read,
    rows_accepted,
    rows_rejected,
    rows_warned,
    reason
from {{ ref('stg_submissions') }}
