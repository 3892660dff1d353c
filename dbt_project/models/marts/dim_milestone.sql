-- One row per milestone of a scheme.
select distinct
    scheme,
    milestone,
    title,
    indicator_code,
    checkpoint_md,
    operator,
    threshold,
    benchmark_level,
    clause_id
from {{ source('catalogue', 'scheme_milestones') }}
