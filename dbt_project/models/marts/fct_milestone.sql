-- One row per scheme, milestone, period and unit.
select
    scheme,
    milestone,
    period,
    division_code,
    indicator_code,
    checkpoint,
    threshold,
    value,
    benchmark,
    branch,
    state,
    daily_pace,
    clause_id
from {{ ref('int_milestones') }}
