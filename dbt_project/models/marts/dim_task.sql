-- One row per yearly task of a scheme.
select
    scheme,
    task,
    title,
    quantity,
    unit,
    clause_id
from {{ source('catalogue', 'scheme_tasks') }}
