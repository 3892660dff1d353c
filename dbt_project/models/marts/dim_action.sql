-- One row per consequence that a scheme attaches to a place in a ranking.
select
    actions.scheme,
    actions.ranking,
    actions.clause_id,
    actions.trigger,
    actions.n,
    actions.periods,
    actions.object,
    actions.kind,
    actions.amount,
    consequences.title,
    objects.title as object_title
from {{ source('catalogue', 'scheme_actions') }} as actions
inner join {{ source('catalogue', 'consequences') }} as consequences on actions.kind = consequences.kind
inner join {{ source('catalogue', 'objects') }} as objects on actions.object = objects.object
