-- One row per item of a scheme's checklist.
select
    scheme,
    checklist,
    title,
    position,
    item,
    clause_id
from {{ source('catalogue', 'scheme_checklists') }}
