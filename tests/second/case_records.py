"""What people of a random county put on record: steps on consequences, appeals, vetoes, grades, and deliveries."""

from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import polars as pl

from orchestration.intake.lake import PROBLEM_SCHEMA
from orchestration.records.journal import append_checked
from second.actions import RULES
from second.cadences import CADENCES, occurrences
from second.calendar_math import last_day, shift
from second.case_tree import Flavour
from second.cases import due_moment
from second.documents import IN_FORCE
from second.outcomes import GRADES, MISSED, UNIT_RANKINGS, VETOES, Outcome

Row = dict[str, Any]
EMPTY: Row = dict.fromkeys((
    "kind", "scheme", "ranking", "edition_period", "division_code", "unit", "clause_id", "object", "action_kind",
    "step", "code", "year", "amount", "score",
))  # fmt: skip
STEPS = (("verified",), ("verified", "confirmed"), ("verified", "changed", "carried_out"), ("verified", "waived"),
         ("verified", "confirmed", "reopened"), ("verified", "confirmed", "reopened", "verified"))  # fmt: skip
UNITS = ("示例单位甲", "示例单位乙")
GRADE_CODES = {"yueyang-2019": ("good", "fairly_good", "average", "poor"), "biyang-2016": ("well_done",)}
VETO_CODES = {"yueyang-2019": "major_failure", "biyang-2016": "task_failed"}


def _schemes(flavour: Flavour) -> list[str]:
    """Documents of a county's divisions."""
    return [s for s, (division, *_) in IN_FORCE.items() if division in {code for code, _, _ in flavour.tree}
            or any(code.startswith(division.rstrip("0")) for code, _, _ in flavour.tree)]  # fmt: skip


def _matters(rng: Random, flavour: Flavour, scheme: str) -> list[tuple[Row, tuple[str, ...]]]:
    """Records without a moment: what each is about, and the steps that follow each other on it."""
    found: list[tuple[Row, tuple[str, ...]]] = []
    months = list(flavour.editions)

    def step(ranking: str, unit: str, clause: str, target: str, kind: str) -> None:
        row = {"kind": "step", "ranking": ranking, "division_code": unit, "clause_id": clause, "object": target,
               "action_kind": kind}  # fmt: skip
        found.append((row, rng.choice(STEPS)))

    if scheme == "lingshan-2018":
        for code, rules in RULES.items():
            for unit in flavour.villages[:5]:
                for rule in rng.sample(rules, 3):
                    step(f"round-{code}", unit, rule.clause, rule.target, rule.kind)
        for unit in rng.sample(flavour.villages, 6):
            row = {"kind": "appeal", "ranking": f"round-{rng.choice(list(RULES))}", "division_code": unit,
                   "score": rng.choice(["91.23", "99.5", "60.005"])}  # fmt: skip
            found.append((row, ("lodged", rng.choice(["upheld", "upheld", "dismissed"]))))
            if rng.random() < 0.5:  # and once more, with another score
                found.append(({**row, "score": "77.77"}, ("lodged", "upheld")))
    if scheme == "baota-2017":
        for (_, target), rules in MISSED.items():
            for unit in rng.sample(flavour.townships, 2):
                rule = rng.choice(rules)
                step(target, unit, rule.clause, rule.target, rule.kind)
    if scheme in GRADE_CODES:
        year = int(str(flavour.yearly))
        for who in [*flavour.townships, *UNITS]:
            named = {"unit": who} if who in UNITS else {"division_code": who}
            ranking = UNIT_RANKINGS[(scheme, year)] if who in UNITS else f"townships-{year}"
            if rng.random() < 0.6:
                code = rng.choice(GRADE_CODES[scheme])
                row = {"kind": "grade", "code": code, "year": year, **named}
                found.append((row, rng.choice([("graded",), ("graded",), ("graded", "withdrawn")])))
                for rule in GRADES.get((scheme, code), ()):
                    if who not in UNITS and rng.random() < 0.3:
                        step(ranking, who, rule.clause, rule.target, rule.kind)
            if rng.random() < 0.4:
                row = {"kind": "veto", "code": VETO_CODES[scheme], "year": year, **named}
                found.append((row, rng.choice([("found",), ("found",), ("found", "lifted")])))
                rules: tuple[Outcome, ...] = VETOES.get((scheme, VETO_CODES[scheme]), ())
                for rule in rules:
                    if who not in UNITS and rng.random() < 0.3:
                        step(VETO_CODES[scheme], who, rule.clause, rule.target, rule.kind)
    return [({**row, "edition_period": rng.choice(months), "scheme": scheme}, steps) for row, steps in found]


def decisions(rng: Random, flavour: Flavour) -> list[Row]:
    """Records in the order they were made, from the first edition's month to some months after the last."""
    start = datetime.combine(last_day(flavour.editions[0]), datetime.min.time())
    found = []
    for scheme in _schemes(flavour):
        for row, steps in _matters(rng, flavour, scheme):
            moment = rng.choice([start + timedelta(hours=rng.randrange(24 * 90))] * 5 + [due_moment(flavour)])
            for step in steps:
                amount = (
                    "1234.50" if step in ("changed", "carried_out") and row.get("action_kind") == "reward" else None
                )
                score = row.get("score") if step == "upheld" else None
                signed = {"person": "示例人", "reason": "示例理由", "edition_id": f"{row['edition_period']}_0001"}
                found.append({
                    **EMPTY, **row, "step": step, "amount": amount, "score": score, **signed,
                    "decided_at": moment.isoformat(timespec="microseconds"),
                })  # fmt: skip
                moment += timedelta(hours=rng.randrange(1, 400))
    return sorted(found, key=lambda row: row["decided_at"])


def deliveries(rng: Random, flavour: Flavour) -> list[Row]:
    """Who handed what to whom: in time, on the day, late, in part, taken back."""
    found = []
    last = shift(flavour.editions[-1], 1)
    for scheme in _schemes(flavour):
        for cadence in (each for each in CADENCES if each.scheme == scheme):
            senders = list(cadence.named)
            senders += UNITS if cadence.level == "support_unit" else flavour.at(cadence.level) if cadence.level else ()
            for name, _, due in occurrences(cadence):
                for sender in senders:
                    for to in cadence.to:
                        if f"{due:%Y-%m}" > last or rng.random() < 0.4:
                            continue
                        moment = datetime.combine(due, datetime.min.time()) + timedelta(
                            hours=rng.choice([-60, 9, 23, 24, 400])
                        )
                        recorded = moment + timedelta(hours=rng.choice([0, 1, 100]))
                        if rng.random() < 0.2 and recorded < due_moment(flavour):
                            recorded = due_moment(flavour)
                        row = {
                            "scheme": scheme, "cadence": cadence.code, "occurrence": name, "sender": sender,
                            "recipient": to, "delivered_at": moment.isoformat(), "person": "示例人",
                            "evidence": None, "recorded_at": recorded.isoformat(),
                        }  # fmt: skip
                        found.append(row)
                        if rng.random() < 0.1:
                            later = (moment + timedelta(hours=300)).isoformat()
                            found.append({**row, "delivered_at": None, "recorded_at": later})
    return sorted(found, key=lambda row: row["recorded_at"])


def _problems(last: int) -> pl.DataFrame:
    """Cells of the first and the last submission that were refused, one for two reasons, and one only doubted."""
    rows = [
        (1, 9, "name", "error", "required_blank", None, "示例:必填"),
        (2, 4, "amount", "error", "not_readable", "示例", "示例:不能识别"),
        (2, 4, "amount", "error", "out_of_range", "示例", "示例:超出范围"),
        (last, 3, "name", "error", "required_blank", None, "示例:必填"),
        (2, 5, "amount", "warning", "many_decimals", "1.234", "示例:两位以上小数"),
    ]
    return pl.DataFrame(rows, schema=PROBLEM_SCHEMA, orient="row")


def write_records(rng: Random, flavour: Flavour, home: Path) -> None:
    """Both journals of a home, and some cells that were refused there."""
    append_checked(home / "decisions.jsonl", lambda _: decisions(rng, flavour))
    append_checked(home / "deliveries.jsonl", lambda _: deliveries(rng, flavour))
    last = len((home / "ledger.jsonl").read_text(encoding="utf-8").splitlines())
    _problems(last).write_parquet(home / "lake" / "_problems" / "invented.parquet")
