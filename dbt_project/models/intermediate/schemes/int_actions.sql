-- One row per consequence, whatever it comes from: a place in a ranking, a missed target, a grade or a veto. A unit with a veto gets
-- no reward in the year, one barred from honours none while the bar holds; what people decided stands over what was proposed.
with triggered as (

    {{ union_by_name([ref('int_ranking_actions'), ref('int_target_actions'), ref('int_grade_actions')]) }}

),

bars as (

    select
        scheme,
        division_code,
        cast(null as string) as kind,
        cast(cast(assessed_year as string) || '-01-01' as date) as bars_from,
        cast(cast(assessed_year as string) || '-12-31' as date) as bars_until,
        clause_id,
        '一票否决:' || title as cause
    from {{ ref('int_vetoes') }}
    where division_code is not null

    union all

    select
        scheme,
        division_code,
        kind,
        effect_from,
        effect_until,
        clause_id,
        title || '至' || cast(effect_until as string)
    from {{ ref('int_grade_actions') }}
    where effect_until is not null and state = 'proposed'

),

barred as (

    select
        triggered.scheme,
        triggered.ranking,
        triggered.edition_period,
        triggered.division_code,
        triggered.clause_id,
        triggered.object,
        triggered.kind,
        bars.clause_id as bar_clause_id,
        bars.cause,
        row_number() over (
            partition by
                triggered.scheme, triggered.ranking, triggered.edition_period, triggered.division_code,
                triggered.clause_id, triggered.object, triggered.kind
            order by bars.kind nulls first, bars.clause_id
        ) as place
    from triggered
    inner join {{ source('catalogue', 'consequences') }} as consequences
        on triggered.kind = consequences.kind and consequences.is_reward
    inner join bars
        on triggered.scheme = bars.scheme
        and triggered.division_code = bars.division_code
        and (bars.kind is null or bars.kind = consequences.barred_by)
        and {{ month_end('triggered.edition_period') }} >= bars.bars_from
        and cast(triggered.edition_period || '-01' as date) <= bars.bars_until
    where triggered.state = 'proposed'

),

decided as (

    select *
    from {{ ref('stg_decisions') }}
    where kind = 'step' and is_newest and step <> 'reopened'

)

select
    triggered.scheme,
    triggered.ranking,
    triggered.edition_period,
    triggered.round_code,
    triggered.division_code,
    triggered.clause_id,
    triggered.trigger,
    triggered.object,
    triggered.kind,
    coalesce(decided.amount, triggered.amount) as amount,
    triggered.amount_to,
    triggered.amount as proposed_amount,
    coalesce(triggered.absorbed_by, barred.bar_clause_id) as absorbed_by,
    case
        when triggered.absorbed_by is not null or barred.place is not null then 'absorbed'
        else coalesce(decided.step, triggered.state)
    end as state,
    triggered.reason || coalesce(';' || barred.cause, '') as reason,
    triggered.title,
    triggered.object_title,
    triggered.score,
    triggered.rank,
    triggered.rank_from_bottom,
    triggered.effect_from,
    triggered.effect_until,
    decided.entry as decision_entry
from triggered
left join barred
    on triggered.scheme = barred.scheme
    and triggered.ranking = barred.ranking
    and triggered.edition_period = barred.edition_period
    and triggered.division_code = barred.division_code
    and triggered.clause_id = barred.clause_id
    and triggered.object = barred.object
    and triggered.kind = barred.kind
    and barred.place = 1
left join decided
    on triggered.scheme = decided.scheme
    and triggered.ranking = decided.ranking
    and triggered.edition_period = decided.edition_period
    and triggered.division_code = decided.division_code
    and triggered.clause_id = decided.clause_id
    and triggered.object = decided.object
    and triggered.kind = decided.action_kind
