-- One row per target of a scheme, unit level and village class.
select
    scheme,
    target,
    title,
    indicator_code,
    level,
    village_type,
    strength,
    target_operator as operator,
    floor_operator,
    stretch_operator,
    floor_value as floor,
    target_value,
    stretch_value as stretch,
    clause_id
from {{ source('catalogue', 'scheme_targets') }}
