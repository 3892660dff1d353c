"""Consistency findings of a month, as far as the text fixes them: (code, entity id) pairs."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from fractions import Fraction
from pathlib import Path

from second.funds import Funds
from second.indicators import indicator_cells
from second.month import Month, on_or_before
from second.tree import Row
from second.world import World

Finding = tuple[str, str]
EXITED = ("exited", "exited_unstable")


def findings(home: Path, period: str, as_of: datetime) -> set[Finding]:
    """Every finding of a month as (code, id of the row or ``division/indicator`` concerned)."""
    world = World(home, period, as_of)
    month = Month(world, period)
    return {
        *_households(month),
        *_persons(month),
        *_money(month),
        *_loans(month),
        *_values(world, month),
    }


def _shared(rows: Iterable[Row], number: str, entity: str) -> Iterator[str]:
    """Ids of the rows whose id number another row carries too."""
    rows = list(rows)
    often = Counter(row[number] for row in rows)
    return (row[entity] for row in rows if often[row[number]] > 1)


def _households(month: Month) -> Iterator[Finding]:
    for code, h in month.households.items():
        kind = h["household_type"]
        if h["persons"] and len(h["persons"]) != h["member_count"]:
            yield "member_count_differs", code
        if kind in EXITED and h["exit_year"] is None:
            yield "exited_without_year", code
        if kind == "poor" and h["exit_standard"] is True:
            yield "poor_above_standard", code
        if kind in EXITED and h["exit_standard"] is False:
            yield "exited_below_standard", code
        line = month.standard("monitoring_line", h["village_code"])
        income = h["net_income_per_capita"]
        if kind == "general" and line is not None and income is not None and income < line:
            yield "general_below_line", code
        if on_or_before(h["risk_cleared_on"], month.end) and h["monitored_on"] is not None:
            days = (h["risk_cleared_on"] - h["monitored_on"]).days
            if 0 <= days <= 90:
                yield "cleared_within_90_days", code
    for code in _shared(month.households.values(), "head_id_number", "household_id"):
        yield "shared_household_id_number", code
    equal = Counter(
        (h["village_code"], h["net_income_per_capita"])
        for h in month.households.values()
        if h["net_income_per_capita"] is not None
    )
    for (village, _), households in equal.items():
        if households >= 10:
            yield "equal_incomes", village


def _persons(month: Month) -> Iterator[Finding]:
    covered = month.covered(("households",))
    for p in month.snapshot("persons"):
        if p["village_code"] in covered and p["household_id"] not in month.households:
            yield "person_without_household", p["person_id"]
    for code in _shared(month.snapshot("persons"), "id_number", "person_id"):
        yield "shared_person_id_number", code
    places: dict[str, set[str]] = {}
    for row in month.world.rows("team_attendance", month.period):
        places.setdefault(row["member_id"], set()).add(row["village_code"])
    for member, found in places.items():
        if len(found) > 1:
            yield "member_in_two_villages", member


def _total(rows: Iterable[Row]) -> Fraction:
    return sum((Fraction(row["amount"]) for row in rows), Fraction(0))


def _money(month: Month) -> Iterator[Finding]:
    funds = Funds(month)
    for a in month.journal("fund_allocations"):
        if a["allocation_id"] not in funds.allocations:
            yield "orphan_allocation", a["allocation_id"]
    counted = {p["payment_id"] for p in funds.payments}
    for p in month.journal("fund_payments"):
        if p["payment_id"] not in counted:
            yield "orphan_payment", p["payment_id"]
    for code, r in funds.receipts.items():
        allocated = _total(a for a in funds.allocations.values() if a["receipt_id"] == code)
        if allocated > r["amount"]:
            yield "allocated_above_receipt", code
    for code, a in funds.allocations.items():
        if _total(p for p in funds.payments if p["allocation_id"] == code) > a["amount"]:
            yield "paid_above_allocation", code
    for code, p in funds.projects.items():
        if p["accepted_on"] is not None and (p["finished_on"] is None or p["accepted_on"] < p["finished_on"]):
            yield "accepted_before_finish", code
        if not p["allocations"]:
            yield "project_without_allocation", code
        start = p["started_on"] or date.max
        early = _total(x for x in p["payments"] if x["paid_on"] < start)
        if early > _total(p["allocations"]) * Fraction(3, 10):
            yield "paid_before_start", code


def _loans(month: Month) -> Iterator[Finding]:
    for row in month.snapshot("loans"):
        h = month.households.get(row["household_id"])
        if h is not None and h["loan_eligible"] is False:
            yield "loan_to_ineligible", row["loan_id"]
        if row["due_on"] < month.end and row["balance"] > 0 and row["overdue"] == 0:
            yield "overdue_not_shown", row["loan_id"]


def _values(world: World, month: Month) -> Iterator[Finding]:
    """Numerators above denominators, and counts that moved by more than half in a month."""
    before = (month.end.replace(day=1) - timedelta(days=1)).strftime("%Y-%m")
    former = indicator_cells(world, before)
    for indicator, divisions in indicator_cells(world, month.period).items():
        for division, cell in divisions.items():
            entity = f"{division}/{indicator}"
            if cell.denominator and cell.numerator is not None and cell.numerator > cell.denominator:
                yield "numerator_above_denominator", entity
            old = former[indicator].get(division)
            count = cell.denominator is None and cell.value is not None
            if count and old and old.value and abs(cell.value - old.value) > old.value / 2:
                yield "count_jumped", entity
