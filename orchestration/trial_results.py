"""What a scheme comes to in one month, read from a built warehouse, and how two such results differ."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
from pydantic import BaseModel, ConfigDict, Field

STATES_BY_WEIGHT = ("proposed", "needs_review", "pending_announcement", "insufficient_units", "absorbed")
"""States the schemes give a measure; where one person meets one measure several times, the first of them counts."""

ACTIONS = """
select a.division_code, coalesce(d.name, a.division_code) as name, a.ranking, a.clause_id, a.object, a.object_title,
    a.kind, a.title, if(list_contains($computed, a.state), a.state, 'proposed') as state, a.proposed_amount as amount
from marts.fct_action as a
left join marts.dim_division as d on a.division_code = d.division_code
where a.edition_period = $period and list_contains($schemes, a.scheme)
order by all
"""
"""What the schemes propose: what people decided on it since is no part of a trial."""

RANKS = """
select r.ranking, r.class, r.division_code, coalesce(d.name, r.division_code), r.rank, r.state
from marts.fct_ranking as r
left join marts.dim_division as d on r.division_code = d.division_code
where r.edition_period = $period and list_contains($schemes, r.scheme)
order by all
"""

TIES = """
select count(*), coalesce(sum(units), 0)::bigint
from (
    select count(*) as units
    from marts.fct_ranking
    where edition_period = $period and list_contains($schemes, scheme) and rank is not null
    group by scheme, ranking, class, rank
    having count(*) > 1
)
"""

STATES = """
with titles as (
    select 'milestone' as element, milestone as code, string_agg(distinct title, '、' order by title) as title
    from marts.dim_milestone where list_contains($schemes, scheme) group by milestone
    union all
    select 'target', target, string_agg(distinct title, '、' order by title)
    from marts.dim_target where list_contains($schemes, scheme) group by target
),
judged as (
    select 'milestone' as element, milestone as code, state
    from marts.fct_milestone where period = $period and list_contains($schemes, scheme)
    union all
    select 'target', target, case when state = 'value' then band else state end
    from marts.fct_target where period = $period and list_contains($schemes, scheme)
)
select element, code, titles.title, judged.state, count(*)
from judged left join titles using (element, code)
group by all
order by all
"""


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Action(Part):
    """One consequence of one clause for one unit. Amount in yuan, a deduction negative; None where none is stated."""

    division_code: str
    name: str
    ranking: str
    clause_id: str
    object: str
    object_title: str
    kind: str
    title: str
    state: str
    amount: Decimal | None


class Outcome(Part):
    """What one side comes to. Units are counted once each; sums are of proposed actions only, in yuan.

    ties        ranks held by more than one unit; ``tied_units`` is how many units hold them
    unpriced    proposed rewards and deductions whose sum the document does not state: they are in no total
    """

    actions: tuple[Action, ...]
    rewarded: int
    penalised: int
    interviewed: int
    ties: int
    tied_units: int
    rewards: Decimal
    deductions: Decimal
    unpriced: int


class ActionChange(Part):
    """A measure for one object of one unit; a state is None where that side has no such measure."""

    division_code: str
    name: str
    object_title: str
    title: str
    base_state: str | None
    base_amount: Decimal | None
    draft_state: str | None
    draft_amount: Decimal | None


class RankChange(Part):
    """A unit whose place differs in a ranking that both sides have; None: no rank."""

    ranking: str
    class_: str = Field(serialization_alias="class")
    division_code: str
    name: str
    base_rank: int | None
    base_state: str | None
    draft_rank: int | None
    draft_state: str | None


class StateChange(Part):
    """How many units of one milestone or target are in one state (a target's band), before and after."""

    element: str
    code: str
    title: str | None
    state: str
    base_units: int
    draft_units: int


class Trial(Part):
    """A draft scheme tried on one month, beside the schemes in force it is held against.

    valid_from, valid_to  the days the draft was taken to be in force; ``assumed`` where these are not its own
    against               codes of the schemes compared with; empty: nothing in force, and no changes
    """

    scheme: str
    title: str
    period: str
    as_of: datetime
    valid_from: date
    valid_to: date
    assumed: bool
    against: tuple[str, ...]
    draft: Outcome
    base: Outcome | None
    action_changes: tuple[ActionChange, ...]
    rank_changes: tuple[RankChange, ...]
    state_changes: tuple[StateChange, ...]


RankKey = tuple[str, str, str]
StateKey = tuple[str, str, str]


class Reading(Part):
    """One side as read: its outcome, places by (ranking, class, unit), unit counts by (element, code, state)."""

    outcome: Outcome
    ranks: dict[RankKey, tuple[str, int | None, str]]
    states: dict[StateKey, tuple[str | None, int]]


def read_results(database: Path, period: str, schemes: Sequence[str], favourable: Collection[str]) -> Reading:
    """The results of ``schemes`` in ``period``, taken together.

    favourable  kinds of measure that do somebody good (reward, commendation …)
    """
    parameters = {"period": period, "schemes": list(schemes)}
    with duckdb.connect(str(database), read_only=True) as connection:
        found = connection.execute(ACTIONS, {**parameters, "computed": list(STATES_BY_WEIGHT)})
        columns = [column[0] for column in found.description]
        actions = tuple(Action(**dict(zip(columns, row, strict=True))) for row in found.fetchall())
        ranks = connection.execute(RANKS, parameters).fetchall()
        ((ties, tied_units),) = connection.execute(TIES, parameters).fetchall()
        states = connection.execute(STATES, parameters).fetchall()
    return Reading(
        outcome=_outcome(actions, ties, tied_units, favourable),
        ranks={(ranking, class_, unit): (name, rank, state) for ranking, class_, unit, name, rank, state in ranks},
        states={(element, code, state): (title, units) for element, code, title, state, units in states},
    )


def _outcome(actions: tuple[Action, ...], ties: int, tied_units: int, favourable: Collection[str]) -> Outcome:
    proposed = [action for action in actions if action.state == "proposed"]
    sums = [action.amount for action in proposed if action.amount is not None]
    hard = [a for a in proposed if a.kind not in favourable and a.kind != "interview"]
    return Outcome(
        actions=actions,
        rewarded=_units([a for a in proposed if a.kind in favourable]),
        penalised=_units(hard),
        interviewed=_units([a for a in proposed if a.kind == "interview"]),
        ties=ties,
        tied_units=tied_units,
        rewards=sum((amount for amount in sums if amount > 0), Decimal(0)),
        deductions=sum((amount for amount in sums if amount < 0), Decimal(0)),
        unpriced=sum(a.amount is None and a.kind in ("reward", "deduction") for a in proposed),
    )


def _units(actions: Sequence[Action]) -> int:
    return len({action.division_code for action in actions})


def action_changes(base: Sequence[Action], draft: Sequence[Action]) -> tuple[ActionChange, ...]:
    """Measures that come, go, or change their state or sum, by unit, object and kind of measure."""
    before, after = _measures(base), _measures(draft)
    changes = []
    for key in sorted(before.keys() | after.keys()):
        old, new = before.get(key, []), after.get(key, [])
        if _standing(old) != _standing(new):
            first = (new or old)[0]
            (base_state, base_amount), (draft_state, draft_amount) = _standing(old), _standing(new)
            changes.append(
                ActionChange(
                    **first.model_dump(include={"division_code", "name", "object_title", "title"}),
                    base_state=base_state,
                    base_amount=base_amount,
                    draft_state=draft_state,
                    draft_amount=draft_amount,
                )
            )
    return tuple(changes)


def _measures(actions: Sequence[Action]) -> Mapping[tuple[str, str, str], list[Action]]:
    measures: dict[tuple[str, str, str], list[Action]] = {}
    for action in actions:
        measures.setdefault((action.division_code, action.object, action.kind), []).append(action)
    return measures


def _standing(actions: Sequence[Action]) -> tuple[str | None, Decimal | None]:
    """The state that counts among several, and the proposed money in all."""
    if not actions:
        return None, None
    state = min((action.state for action in actions), key=STATES_BY_WEIGHT.index)
    sums = [action.amount for action in actions if action.state == "proposed" and action.amount is not None]
    return state, sum(sums, Decimal(0)) if sums else None


def rank_changes(base: Reading, draft: Reading) -> tuple[RankChange, ...]:
    """Units placed otherwise, in the rankings (and classes) that both sides have."""
    both = {key[:2] for key in base.ranks} & {key[:2] for key in draft.ranks}
    changes = []
    for key in sorted(key for key in base.ranks.keys() | draft.ranks.keys() if key[:2] in both):
        name, base_rank, base_state = base.ranks.get(key, (None, None, None))
        new_name, draft_rank, draft_state = draft.ranks.get(key, (name, None, None))
        if (base_rank, base_state) != (draft_rank, draft_state):
            changes.append(
                RankChange(
                    ranking=key[0],
                    class_=key[1],
                    division_code=key[2],
                    name=new_name or name or key[2],
                    base_rank=base_rank,
                    base_state=base_state,
                    draft_rank=draft_rank,
                    draft_state=draft_state,
                )
            )
    return tuple(changes)


def state_changes(base: Reading, draft: Reading) -> tuple[StateChange, ...]:
    """States of milestones and targets in which the number of units differs."""
    changes = []
    for key in sorted(base.states.keys() | draft.states.keys()):
        base_title, base_units = base.states.get(key, (None, 0))
        draft_title, draft_units = draft.states.get(key, (None, 0))
        if base_units != draft_units:
            changes.append(
                StateChange(
                    element=key[0],
                    code=key[1],
                    title=draft_title or base_title,
                    state=key[2],
                    base_units=base_units,
                    draft_units=draft_units,
                )
            )
    return tuple(changes)
