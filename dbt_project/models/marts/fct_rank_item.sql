-- One row per ranking, edition period, class, unit and item of its score.
select
    scheme,
    ranking,
    edition_period,
    class,
    division_code,
    item,
    title,
    value,
    numerator,
    denominator,
    unit,
    weight,
    contribution,
    numerator_unit,
    movable
from {{ ref('int_rank_items') }}
