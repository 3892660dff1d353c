-- One row per list of a scheme.
select
    scheme,
    list,
    title,
    clause_id
from {{ source('catalogue', 'scheme_lists') }}
