-- One row per period, division and each of its ancestors (itself included), under the codes of the edition's period.
select distinct
    period,
    division_code,
    ancestor_code
from {{ ref('int_division_ancestors') }}
