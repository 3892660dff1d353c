"""Grades, vetoes and missed targets, what follows from them, and what people decided on any consequence."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from second.actions import WEIGHT, Key, bijie, lingshan
from second.documents import in_force
from second.milestones import fct_target
from second.rankings import ROUNDS, counts_from, round_rows, round_standing
from second.records import Record, decisions, newest_of, standing
from second.tree import Row
from second.world import World

PERSONAL = {**WEIGHT, "admonition": 2.5}
"""诫勉谈话 weighs more than 约谈 and less than 组织处理."""


@dataclass(frozen=True)
class Outcome:
    """One consequence of a grade, a veto or a missed target."""

    clause: str
    target: str
    kind: str
    amount: int | None = None
    amount_to: int | None = None
    years: int | None = None  # how many years after the assessed one it still holds
    condition: bool = False


def _both(clause: str, kind: str, years: int | None = None) -> tuple[Outcome, ...]:
    return tuple(Outcome(clause, leaders, kind, years=years) for leaders in ("unit_leaders", "deputy_leaders"))


GRADES = {
    ("yueyang-2019", "good"): (
        Outcome("YY2019-31", "work_funds", "reward", 20000, 100000),
        *_both("YY2019-31", "priority"),
    ),
    ("yueyang-2019", "poor"): (
        *_both("YY2019-32", "honours_barred", 0),
        *_both("YY2019-32", "interview"),
        Outcome("YY2019-32", "unit_leaders", "rectification_order"),
        Outcome("YY2019-32", "unit_leaders", "organisational_measure", condition=True),
    ),
    ("biyang-2016", "well_done"): (
        Outcome("BY2016-13", "work_funds", "reward"),
        Outcome("BY2016-13", "unit_leaders", "merit_citation"),
    ),
}
VETOES = {
    ("biyang-2016", "task_failed"): (
        *_both("BY2016-14", "admonition"),
        *_both("BY2016-14", "honours_barred", 0),
        *_both("BY2016-14", "promotion_barred", 1),
    ),
}
VETO_CLAUSE = {"biyang-2016": "BY2016-14", "yueyang-2019": "YY2019-30"}
MISSED = {
    ("baota-2017", "identification_accuracy"): (
        *(
            Outcome("BT2017-02", person, "interview")
            for person in ("supervising_leaders", "township_leaders", "deputy_leaders")
        ),
    ),
    ("baota-2017", "data_accuracy"): (
        Outcome("BT2017-04", "poverty_office_leaders", "interview"),
        Outcome("BT2017-04", "township_leaders", "organisational_measure"),
    ),
}
# A document that names one grade only names praise: a veto leaves the unit without a grade.
LOWEST = {"yueyang-2019": "poor", "biyang-2016": None}
REWARDS = {"reward", "commendation", "merit_citation", "priority"}
HONOURS = {"commendation", "merit_citation", "priority"}
UNIT_RANKINGS = {
    ("yueyang-2019", 2019): "units-2019",
    ("yueyang-2019", 2020): "units-2020",
    ("biyang-2016", 2016): "support-units-2016",
}

Blank: Row = {"round_code": None, "score": None, "rank": None, "rank_from_bottom": None}


def _unit(record: Record) -> str:
    return str(record["division_code"] or record["unit"])


def vetoes(world: World) -> dict[tuple[str, int, str], list[Record]]:
    """Vetoes that stand, by scheme, year and unit."""
    found: dict[tuple[str, int, str], list[Record]] = {}
    for record in newest_of(world, "veto", "found"):
        found.setdefault((record["scheme"], record["year"], _unit(record)), []).append(record)
    return found


def fct_grade(world: World, period: str) -> dict[tuple[str, int, str], Row]:
    """Units ranked in a year, graded or vetoed: a veto gives the lowest grade, else people decide."""
    found: dict[tuple[str, int, str], Row] = {}
    for a_round in ROUNDS:
        if a_round.scheme in LOWEST:
            months = {counts_from(row) for row in round_rows(world, period, a_round)}
            if months:
                newest = max(months)
                for unit, place in round_standing(world, newest, a_round).items():
                    found[(a_round.scheme, int(a_round.code), unit)] = {
                        "ranking": a_round.ranking, "edition_period": newest, "division_code": unit, "unit": None,
                        "score": place.score, "rank": place.rank, "grade": None,
                        "state": "not_assessed" if place.rank is None else "pending",
                    }  # fmt: skip
    graded = {(r["scheme"], r["year"], _unit(r)): r for r in newest_of(world, "grade", "graded")}
    vetoed = vetoes(world)
    for key in graded.keys() | vetoed.keys():
        people = [graded[key]] if key in graded else []
        unit = (people + vetoed.get(key, []))[0]["unit"]
        known = found.setdefault(key, {
            "ranking": UNIT_RANKINGS.get(key[:2]) if unit else f"townships-{key[1]}",
            "division_code": None if unit else key[2], "unit": unit, "score": None, "rank": None,
        })  # fmt: skip
        if people:
            known |= {"grade": people[0]["code"], "state": "decided", "edition_period": people[0]["edition_period"]}
        if key in vetoed:
            months = [record["edition_period"] for record in vetoed[key]]
            known |= {"grade": LOWEST[key[0]], "state": "veto"}
            if not people:
                known["edition_period"] = max(months)
    return found


def _named(
    where: tuple[str, str, str, str], trigger: str, rules: tuple[Outcome, ...], place: Row, year: int | None = None
) -> dict[Key, Row]:
    """The consequences for one unit; on one object and for one person the heaviest absorbs the lighter."""
    found: dict[Key, Row] = {}
    for rule in rules:
        found[(*where, rule.clause, rule.target, rule.kind)] = {
            **Blank, **place, "trigger": trigger, "amount": rule.amount, "amount_to": rule.amount_to,
            "proposed_amount": rule.amount, "absorbed_by": None,
            "state": "needs_review" if rule.condition else "proposed",
            "effect_from": None if rule.years is None else date((year or 0) + (rule.years > 0), 1, 1),
            "effect_until": None if rule.years is None else date((year or 0) + rule.years, 12, 31),
        }  # fmt: skip
    return found


def _lighter(rows: dict[Key, Row]) -> None:
    """Marks personal consequences that a heavier one for the same person takes in."""
    people: dict[str, list[Key]] = {}
    for key, row in rows.items():
        if key[6] in PERSONAL and row["state"] == "proposed":
            people.setdefault(key[5], []).append(key)
    for keys in people.values():
        heaviest = min(keys, key=lambda key: (-PERSONAL[key[6]], key[4]))
        for key in keys:
            if key != heaviest:
                rows[key] |= {"state": "absorbed", "absorbed_by": heaviest[4]}


def missed_targets(world: World, period: str) -> dict[Key, Row]:
    """Consequences of a target missed in the month."""
    found: dict[Key, Row] = {}
    units: dict[str, dict[Key, Row]] = {}
    for (scheme, target, month, unit), row in fct_target(world, period).items():
        if row["band"] in ("below", "floor") and (scheme, target) in MISSED:
            named = _named((scheme, target, month, unit), "target_missed", MISSED[(scheme, target)], {})
            units.setdefault(unit, {}).update(named)
    for rows in units.values():
        _lighter(rows)
        found |= rows
    return found


def graded(world: World, period: str, month: str | None) -> dict[Key, Row]:
    """Consequences of grades and vetoes of divisions; those of one edition month where ``month`` is given."""
    found: dict[Key, Row] = {}
    units: dict[tuple[str, int, str], dict[Key, Row]] = {}
    for (scheme, year, unit), row in fct_grade(world, period).items():
        rules = GRADES.get((scheme, row["grade"]), ())
        if row["division_code"] is not None and row["grade"] is not None:
            place = {"score": row["score"], "rank": row["rank"]}
            named = _named(
                (scheme, row["ranking"], row["edition_period"], unit), f"grade_{row['grade']}", rules, place, year
            )
            units.setdefault((scheme, year, unit), {}).update(named)
    for (scheme, year, unit), records in vetoes(world).items():
        for record in records:
            if record["division_code"] is not None:
                rules = VETOES.get((scheme, record["code"]), ())
                named = _named(
                    (scheme, record["code"], record["edition_period"], unit), f"veto_{record['code']}", rules, {}, year
                )
                units.setdefault((scheme, year, unit), {}).update(named)
    for rows in units.values():
        _lighter(rows)
        found |= {key: row for key, row in rows.items() if month in (None, key[2])}
    return found


def _barred(world: World, period: str, rows: dict[Key, Row]) -> None:
    """A veto takes every reward of its year; a bar on honours takes honours while it holds."""
    vetoed = vetoes(world)
    bars = [
        (key, row) for key, row in graded(world, period, None).items()
        if key[6] == "honours_barred" and row["state"] == "proposed"
    ]  # fmt: skip
    for key, row in rows.items():
        if key[6] not in REWARDS or row["state"] != "proposed":
            continue
        year = int(key[2][:4])
        clause = VETO_CLAUSE[key[0]] if (key[0], year, key[3]) in vetoed else None
        for bar, held in bars:
            mine = (bar[0], bar[3]) == (key[0], key[3]) and key[6] in HONOURS
            if clause is None and mine and held["effect_from"].year <= year <= held["effect_until"].year:
                clause = bar[4]
        if clause is not None:
            row |= {"state": "absorbed", "absorbed_by": clause}


def fct_action(world: World, period: str) -> dict[Key, Row]:
    """Every consequence whose edition month is ``period``, with what people decided on it."""
    places = {**lingshan(world, period), **bijie(world, period)}
    found = {key: {**row, "proposed_amount": row["amount"]} for key, row in places.items()}
    if in_force("baota-2017", period):
        found |= missed_targets(world, period)
    found |= graded(world, period, period)
    _barred(world, period, found)
    for key, row in found.items():
        scheme, ranking, month, unit, clause, target, kind = key
        step = standing(world).get(("step", scheme, unit, None, ranking, month, clause, target, kind))
        row["decision_entry"] = None
        if step is not None and step["step"] != "reopened":
            row["decision_entry"] = step["entry"]
            if step["amount"] is not None:
                row["amount"] = Fraction(step["amount"])
            if row["absorbed_by"] is None:
                row["state"] = step["step"]
    return found


def fct_decision(world: World, period: str) -> dict[tuple[int], Row]:
    """Every record made by then; applied where it is the newest on its matter and what it speaks of is there."""
    newest = {record["entry"] for record in standing(world).values()}
    actions = fct_action(world, period)
    columns = (
        "kind", "scheme", "ranking", "edition_period", "division_code", "unit", "clause_id", "object", "action_kind",
        "step", "code", "amount", "score", "person", "reason", "decided_at",
    )  # fmt: skip
    found: dict[tuple[int], Row] = {}
    for record in decisions(world):
        row = {column: record[column] for column in columns}
        if record["kind"] != "step":
            row["is_applied"] = record["entry"] in newest
        elif record["entry"] not in newest or record["step"] == "reopened":
            row["is_applied"] = False
        elif record["edition_period"] == period:
            row["is_applied"] = any(found["decision_entry"] == record["entry"] for found in actions.values())
        found[(record["entry"],)] = row
    return found
