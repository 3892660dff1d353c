-- One row per clause of a scheme.
select
    clause_id,
    scheme,
    kind,
    element,
    quote,
    source,
    state,
    title
from {{ source('catalogue', 'scheme_clauses') }}
