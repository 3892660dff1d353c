-- One row per ranking, edition period, class and unit.
select
    scheme,
    ranking,
    edition_period,
    round_code,
    class,
    division_code,
    score,
    state,
    rank,
    rank_from_bottom,
    ranked_units,
    previous_rank,
    rank_change,
    gap_to_next,
    previous_score,
    score_numerator,
    score_denominator
from {{ ref('int_rankings') }}
