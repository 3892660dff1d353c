-- One row per scheme with grades, assessed year and unit (a division, or a support unit by its name).
select
    scheme,
    assessed_year,
    coalesce(division_code, unit) as unit_code,
    ranking,
    edition_period,
    division_code,
    unit,
    score,
    rank,
    grade,
    grade_title,
    state,
    reason,
    clause_id
from {{ ref('int_grades') }}
