-- One row per scheme, target, period and unit.
select
    scheme,
    target,
    period,
    division_code,
    indicator_code,
    value,
    floor,
    target_value,
    stretch,
    band,
    state,
    strength,
    clause_id
from {{ ref('int_targets') }}
