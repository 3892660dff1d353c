-- One row per assessment scheme.
select
    scheme,
    title,
    division_code,
    valid_from,
    valid_to,
    source,
    issuer,
    document_no,
    note
from {{ source('catalogue', 'schemes') }}
