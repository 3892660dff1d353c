-- One row per consequence of a missed target, for the unit that missed it. On one object and kind of consequence the
-- heaviest of the unit's month stands and absorbs the others. The target's code stands where a ranking's would.
with triggered as (

    select
        targets.scheme,
        targets.target,
        targets.period,
        targets.division_code,
        case indicators.unit when '%' then round(targets.value * 100, 2) else round(targets.value, 2) end as shown_value,
        case indicators.unit when '%' then round(targets.target_value * 100, 2) else round(targets.target_value, 2) end
            as shown_target,
        case indicators.unit when '%' then '%' else '' end as shown_unit,
        outcomes.clause_id,
        outcomes.object,
        outcomes.kind,
        outcomes.amount,
        consequences.title,
        consequences.weight,
        consequences.consequence,
        objects.title as object_title
    from {{ ref('int_targets') }} as targets
    inner join {{ source('catalogue', 'scheme_outcomes') }} as outcomes
        on targets.scheme = outcomes.scheme
        and targets.target = outcomes.code
        and outcomes.trigger = 'target_missed'
    inner join {{ source('catalogue', 'indicators') }} as indicators
        on targets.indicator_code = indicators.indicator_code
    inner join {{ source('catalogue', 'consequences') }} as consequences on outcomes.kind = consequences.kind
    inner join {{ source('catalogue', 'objects') }} as objects on outcomes.object = objects.object
    where targets.band in ('floor', 'below')

),

weighed as (

    select
        *,
        first_value(clause_id) over heaviest_first as heaviest_clause_id,
        row_number() over heaviest_first as weight_place
    from triggered
    window heaviest_first as (
        partition by scheme, period, division_code, object, consequence
        order by weight desc, abs(coalesce(amount, 0)) desc, clause_id
    )

)

select
    scheme,
    target as ranking,
    period as edition_period,
    cast(null as string) as round_code,
    division_code,
    clause_id,
    'target_missed' as trigger,
    object,
    kind,
    amount,
    case when weight_place > 1 then heaviest_clause_id end as absorbed_by,
    case when weight_place > 1 then 'absorbed' else 'proposed' end as state,
    '目标未达:实为' || cast(cast(shown_value as decimal(38, 2)) as string) || shown_unit
    || ',目标' || cast(cast(shown_target as decimal(38, 2)) as string) || shown_unit as reason,
    title,
    object_title,
    cast(null as decimal(38, 2)) as score,
    cast(null as bigint) as rank,
    cast(null as bigint) as rank_from_bottom
from weighed
