-- One row per proposed consequence: a proposal until it is decided.
select
    scheme,
    ranking,
    edition_period,
    round_code,
    division_code,
    clause_id,
    trigger,
    object,
    kind,
    amount,
    absorbed_by,
    state,
    reason,
    title,
    object_title,
    score,
    rank,
    rank_from_bottom
from {{ ref('int_actions') }}
