-- One row per indicator of the catalogue.
select
    indicator_code,
    title,
    unit,
    better,
    grain,
    numerator,
    denominator,
    documents,
    note
from {{ source('catalogue', 'indicators') }}
