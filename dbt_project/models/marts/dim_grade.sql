-- One row per grade of a scheme's yearly assessment, best first.
select
    scheme,
    grade,
    title,
    position,
    objects,
    cut,
    share,
    needs_veto,
    clause_id
from {{ source('catalogue', 'scheme_grades') }}
