-- One row per veto of a scheme.
select
    scheme,
    veto,
    title,
    condition,
    clause_id
from {{ source('catalogue', 'scheme_vetoes') }}
