-- One row per record on a consequence, an appeal, a veto or a grade, made by the edition's time. Nothing is ever taken back: a
-- later record on the same matter stands before it (`is_newest`).
with records as (

    select
        *,
        coalesce(ranking, '') || '/' || coalesce(clause_id, '') || '/' || coalesce(object, '') || '/'
        || coalesce(action_kind, '') || '/' || coalesce(code, '') as matter
    from {{ source('catalogue', 'decisions') }}
    where decided_at <= cast('{{ var("as_of") }}' as timestamp)

)

select
    entry,
    kind,
    scheme,
    ranking,
    edition_period,
    division_code,
    unit,
    clause_id,
    object,
    action_kind,
    step,
    code,
    year,
    amount,
    score,
    person,
    reason,
    decided_at,
    row_number() over (
        partition by
            kind, scheme, case when kind in ('step', 'appeal') then edition_period end, year, division_code, unit,
            case when kind <> 'grade' then matter end
        order by entry desc
    ) = 1 as is_newest
from records
