-- One row per action of $period with the clause it rests on and the decision in force. A unit whose place is not
-- announced yet stands once: which consequence it will be is not known.
with actions as (
    select
        *,
        state = 'pending_announcement' as is_pending,
        row_number() over (partition by scheme, ranking, division_code, state order by clause_id, object, kind) as place,
    from marts.fct_action
    where edition_period = $period
)

select
    fact.scheme,
    scheme.title as scheme_title,
    fact.ranking,
    coalesce(ranking.title, target.title) as ranking_title,
    division.name,
    fact.division_code,
    fact.score,
    fact.rank,
    fact.rank_from_bottom,
    fact.object,
    case when fact.is_pending then '待定' else fact.object_title end as object_title,
    fact.kind,
    case when fact.is_pending then '待定' else fact.title end as action_title,
    case when not fact.is_pending then fact.amount end as amount,
    case when not fact.is_pending then fact.proposed_amount end as proposed_amount,
    fact.effect_from,
    fact.effect_until,
    fact.state,
    fact.kind || ':' || fact.state as kind_state,
    fact.reason,
    fact.absorbed_by,
    coalesce(absorber.title, fact.absorbed_by) as absorber_title,
    fact.clause_id,
    case when not fact.is_pending then clause.title end as clause_title,
    case when not fact.is_pending then clause.quote end as quote,
    clause.source,
    decision.person,
    decision.decided_at,
    decision.reason as decision_reason,
from actions as fact
left join marts.dim_scheme as scheme on scheme.scheme = fact.scheme
left join marts.dim_ranking as ranking on ranking.scheme = fact.scheme and ranking.ranking = fact.ranking
left join (select distinct on (scheme, target) scheme, target, title from marts.dim_target) as target
    on target.scheme = fact.scheme and target.target = fact.ranking
left join marts.dim_division as division on division.division_code = fact.division_code
left join marts.dim_scheme_clause as clause on clause.clause_id = fact.clause_id
left join marts.dim_scheme_clause as absorber on absorber.clause_id = fact.absorbed_by
left join marts.fct_decision as decision on decision.entry = fact.decision_entry
where not fact.is_pending or fact.place = 1
order by fact.scheme, fact.ranking, fact.rank nulls last, fact.division_code, fact.object, fact.kind
