-- One row per scheme, list, period and position.
select
    scheme,
    list,
    period,
    position,
    division_code,
    entity_id,
    value,
    reason
from {{ ref('int_lists') }}
