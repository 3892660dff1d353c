-- One row per named stage of a scheme.
select
    scheme,
    stage,
    title,
    starts_on,
    ends_on,
    clause_id
from {{ source('catalogue', 'scheme_stages') }}
