-- One row per proposed consequence of a place in a ranking or of a missed target: a proposal until it is decided.
with actions as (

    select * from {{ ref('int_actions') }}

    union all by name

    select * from {{ ref('int_target_actions') }}

)

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
from actions
