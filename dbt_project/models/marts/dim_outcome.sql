-- One row per consequence that a scheme attaches to a missed target, a grade or a veto.
select
    outcomes.scheme,
    outcomes.trigger,
    outcomes.code,
    outcomes.clause_id,
    outcomes.object,
    outcomes.kind,
    outcomes.amount,
    outcomes.amount_to,
    outcomes.effect_years,
    outcomes.condition,
    consequences.title,
    objects.title as object_title
from {{ source('catalogue', 'scheme_outcomes') }} as outcomes
inner join {{ source('catalogue', 'consequences') }} as consequences on outcomes.kind = consequences.kind
inner join {{ source('catalogue', 'objects') }} as objects on outcomes.object = objects.object
