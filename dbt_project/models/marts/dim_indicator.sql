-- One row per indicator of the catalogue.
select
    indicator_code,
    title,
    unit,
    better,
    grain,
    numerator,
    denominator,
    numerator_zh,
    denominator_zh,
    documents,
    note
from {{ source('catalogue', 'indicators') }}
