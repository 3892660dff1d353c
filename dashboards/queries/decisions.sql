-- One row per record about $period that this edition knows, newest first.
select
    fact.entry,
    fact.kind,
    fact.scheme,
    fact.ranking,
    coalesce(division.name, fact.unit, fact.division_code) as name,
    fact.clause_id,
    fact.object,
    fact.action_kind,
    fact.step,
    fact.amount,
    fact.score,
    fact.person,
    fact.reason,
    fact.decided_at,
    fact.is_applied,
from marts.fct_decision as fact
left join marts.dim_division as division using (division_code)
where fact.edition_period = $period
order by fact.entry desc
