-- One row per period and division that others lie below.
select distinct
    period,
    ancestor_code as division_code
from {{ ref('int_division_pairs') }}
where ancestor_code <> division_code
