-- One row per record of people on a consequence, an appeal, a veto or a grade, newest standing before older ones.
-- `is_applied`: what it speaks of is in this edition and it is the newest on it.
select
    decisions.entry,
    decisions.kind,
    decisions.scheme,
    decisions.ranking,
    decisions.edition_period,
    decisions.division_code,
    decisions.unit,
    decisions.clause_id,
    decisions.object,
    decisions.action_kind,
    decisions.step,
    decisions.code,
    decisions.year as assessed_year,
    decisions.amount,
    decisions.score,
    decisions.person,
    decisions.reason,
    decisions.decided_at,
    decisions.is_newest and (decisions.kind <> 'step' or actions.decision_entry is not null) as is_applied
from {{ ref('stg_decisions') }} as decisions
left join {{ ref('int_actions') }} as actions on decisions.entry = actions.decision_entry
