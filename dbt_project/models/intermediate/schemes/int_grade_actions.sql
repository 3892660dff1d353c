-- One row per consequence of a grade or a veto for a division: how long it holds, and what it waits for. On one object and kind of
-- consequence the heaviest of the unit's year stands and absorbs the others; one that needs more than the grade is put to people.
with triggered as (

    select
        scheme,
        ranking,
        assessed_year,
        edition_period,
        division_code,
        'grade' as trigger,
        grade as code,
        grade_title as cause,
        score,
        rank
    from {{ ref('int_grades') }}
    where division_code is not null and grade is not null

    union all

    select
        scheme,
        veto,
        assessed_year,
        edition_period,
        division_code,
        'veto',
        veto,
        title,
        null,
        null
    from {{ ref('int_vetoes') }}
    where division_code is not null

),

named as (

    select
        triggered.*,
        outcomes.clause_id,
        outcomes.object,
        outcomes.kind,
        outcomes.amount,
        outcomes.amount_to,
        outcomes.effect_years,
        outcomes.condition,
        consequences.title,
        consequences.weight,
        consequences.consequence,
        objects.title as object_title
    from triggered
    inner join {{ source('catalogue', 'scheme_outcomes') }} as outcomes
        on triggered.scheme = outcomes.scheme
        and triggered.trigger = outcomes.trigger
        and triggered.code = outcomes.code
    inner join {{ source('catalogue', 'consequences') }} as consequences on outcomes.kind = consequences.kind
    inner join {{ source('catalogue', 'objects') }} as objects on outcomes.object = objects.object

),

weighed as (

    select
        *,
        first_value(clause_id) over heaviest_first as heaviest_clause_id,
        row_number() over heaviest_first as weight_place
    from named
    window heaviest_first as (
        partition by scheme, assessed_year, division_code, object, consequence, condition is not null
        order by weight desc, abs(coalesce(amount, 0)) desc, clause_id
    )

)

select
    scheme,
    ranking,
    edition_period,
    cast(null as string) as round_code,
    division_code,
    clause_id,
    trigger || '_' || code as trigger,
    object,
    kind,
    amount,
    amount_to,
    case when condition is null and weight_place > 1 then heaviest_clause_id end as absorbed_by,
    case
        when condition is not null then 'needs_review'
        when weight_place > 1 then 'absorbed'
        else 'proposed'
    end as state,
    cast(assessed_year as string) || '年度' || case trigger when 'veto' then '一票否决:' else '等次:' end || cause
    || coalesce(';须另具条件:' || condition, '') as reason,
    title,
    object_title,
    score,
    rank,
    cast(null as bigint) as rank_from_bottom,
    case
        when effect_years = 0 then cast(cast(assessed_year as string) || '-01-01' as date)
        when effect_years is not null then cast(cast(assessed_year + 1 as string) || '-01-01' as date)
    end as effect_from,
    case when effect_years is not null then cast(cast(assessed_year + effect_years as string) || '-12-31' as date) end
        as effect_until
from weighed
