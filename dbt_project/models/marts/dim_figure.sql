-- One row per published number of a scheme, kept for reconciliation; a redacted one is NULL, not 0.
select
    scheme,
    figure,
    title,
    value,
    unit,
    state,
    tolerance,
    indicator_code,
    part,
    clause_id
from {{ source('catalogue', 'scheme_figures') }}
