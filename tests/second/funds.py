"""Receipts, allocations, payments and projects: what counts by a day, and the rates over it."""

from datetime import timedelta
from fractions import Fraction
from functools import cached_property

from second.calendar_math import add_working_days
from second.logic import Known, every
from second.measure import Measure
from second.month import Month, on_or_before
from second.tree import Row

R, A, P, J = "fund_receipts", "fund_allocations", "fund_payments", "projects"


class Funds:
    """The three journals of a month joined; orphans are left out."""

    def __init__(self, month: Month) -> None:
        self.month = month
        self.receipts = {row["receipt_id"]: row for row in month.journal(R)}
        self.allocations = {
            row["allocation_id"]: {**row, "receipt": self.receipts[row["receipt_id"]]}
            for row in month.journal(A)
            if row["receipt_id"] in self.receipts
        }
        self.payments = [
            {**row, "allocation": self.allocations[row["allocation_id"]]}
            for row in month.journal(P)
            if row["allocation_id"] in self.allocations
        ]

    def spoken(self, template: str, division: str, rows: list[Row]) -> bool:
        """Whether a ledger speaks of a division's money: it has rows of it, or covers something in the division."""
        tree = self.month.tree
        return bool(rows) or any(division in tree.chain(code) for code in self.month.covered((template,)))

    def total(self, template: str, division: str, rows: list[Row]) -> Fraction | None:
        """The rows' sum; None, not 0, where no ledger speaks of it."""
        return _sum(rows) if self.spoken(template, division, rows) else None

    @cached_property
    def projects(self) -> dict[str, Row]:
        """The project library, each with its allocations and payments."""
        found = {row["project_id"]: {**row, "allocations": [], "payments": []} for row in self.month.snapshot(J)}
        for row in self.allocations.values():
            if row["project_id"] in found:
                found[row["project_id"]]["allocations"].append(row)
        for row in self.payments:
            if row["allocation"]["project_id"] in found:
                found[row["allocation"]["project_id"]]["payments"].append(row)
        return found

    def of_year(self) -> list[Row]:
        return [p for p in self.projects.values() if p["project_year"] == self.month.year]


def _sum(rows: list[Row]) -> Fraction:
    return sum((Fraction(row["amount"]) for row in rows), Fraction(0))


def _told(project: Row, rows: list[Row], spoken_for: set[str]) -> Fraction | None:
    """A project's money, None where it has no row and no ledger covers its division or one inside it."""
    return _sum(rows) if rows or project["division_code"] in spoken_for else None


def receipt_rates(funds: Funds) -> dict[str, Measure]:
    """Rates over the receipts of this year or earlier ones, each row at its own division."""
    month = funds.month
    year = month.year

    def this_year(r: Row) -> bool:
        return r["fund_year"] == year

    def linkage(r: Row) -> bool:
        return (
            this_year(r)
            and r["source_level"] in ("central", "province")
            and r["fund_type"] in ("linkage", "special_relief")
        )

    chosen = {
        "allocation_rate": (this_year, A),
        "advance_allocation_rate": (
            lambda r: this_year(r) and r["source_level"] == "central" and r["advance"],
            A,
        ),
        "linkage_allocation_rate": (linkage, A),
        "expenditure_rate": (this_year, P),
        "linkage_expenditure_rate": (linkage, P),
        "industry_share": (
            lambda r: this_year(r) and r["source_level"] == "central" and r["fund_type"] == "linkage",
            J,
        ),
        "east_west_allocation_rate": (lambda r: this_year(r) and r["fund_type"] == "east_west", A),
    }
    found: dict[str, Measure] = {}
    for name, (of, upto) in chosen.items():
        needs = {A: (R, A), P: (R, A, P), J: (R, A, J)}[upto]
        measure = Measure(needs)
        for r in filter(of, funds.receipts.values()):
            measure.add(r["division_code"], 0, Fraction(r["amount"]))
        if upto == P:
            for p in funds.payments:
                if of(p["allocation"]["receipt"]):
                    measure.add(p["division_code"], Fraction(p["amount"]))
        else:
            for a in funds.allocations.values():
                project = funds.projects.get(a["project_id"])
                counts = upto == A or (project is not None and project["category"] == "industry")
                if of(a["receipt"]) and counts:
                    measure.add(a["division_code"], Fraction(a["amount"]))
        found[name] = measure
    issued = Measure((R,), ratio=False)
    for r in filter(this_year, funds.receipts.values()):
        issued.add(r["division_code"], Fraction(r["amount"]))
    found["issued_amount"] = issued
    return {**found, **leftovers(funds), "prompt_allocation_rate": prompt(funds)}


def leftovers(funds: Funds) -> dict[str, Measure]:
    """Money of former years not yet paid, and documented payments of this year's."""
    year = funds.month.year
    surplus, recall = Measure((R, A, P)), Measure((R, A, P), ratio=False)
    documented = Measure((R, A, P))
    for r in funds.receipts.values():
        amount = Fraction(r["amount"])
        if r["fund_year"] == year - 1:
            surplus.add(r["division_code"], amount, amount)
        elif r["fund_year"] < year - 1:
            recall.add(r["division_code"], amount)
    for p in funds.payments:
        fund_year, amount = p["allocation"]["receipt"]["fund_year"], Fraction(p["amount"])
        if fund_year == year - 1:
            surplus.add(p["division_code"], -amount)
        elif fund_year < year - 1:
            recall.add(p["division_code"], -amount)
        elif fund_year == year and p["documented"] is not None:
            documented.add(p["division_code"], amount * p["documented"], amount)
    return {"surplus_rate": surplus, "recallable_amount": recall, "documented_rate": documented}


def prompt(funds: Funds) -> Measure:
    """60日内安排率: per receipt, at most its amount, at the receipt's division."""
    measure = Measure((R, A))
    for r in funds.receipts.values():
        due = r["issued_on"] + timedelta(days=60)
        asked = r["fund_year"] == funds.month.year and r["source_level"] in ("central", "province")
        if asked and due <= funds.month.end:
            within = [
                a for a in funds.allocations.values() if a["receipt_id"] == r["receipt_id"] and a["allocated_on"] <= due
            ]
            amount = Fraction(r["amount"])
            measure.add(r["division_code"], min(_sum(within), amount), amount)
    return measure


def progress(project: Row, month: Month) -> Fraction | None:
    """形象进度; 1 once finished."""
    if on_or_before(project["finished_on"], month.end):
        return Fraction(1)
    return None if project["progress"] is None else Fraction(project["progress"])


def planned_progress(project: Row, month: Month) -> Fraction | None:
    """0 before the planned start, 1 from the planned finish on, linear in days between."""
    start, finish = project["planned_start"], project["planned_finish"]
    if start is None or finish is None:
        return None
    if month.end < start:
        return Fraction(0)
    if month.end >= finish:
        return Fraction(1)
    return Fraction((month.end - start).days, (finish - start).days)


def overdue(project: Row, month: Month) -> Known:
    """Planned to be finished before the month's end, and not; unknown without a planned date."""
    if on_or_before(project["finished_on"], month.end):
        return False
    planned = project["planned_finish"]
    return None if planned is None else planned < month.end


def project_rates(funds: Funds) -> dict[str, Measure]:
    month, end = funds.month, funds.month.end
    start, paid = Measure((J, R, A)), Measure((J, R, A, P))
    completion, acceptance, variance, announced = (Measure((J,)) for _ in range(4))
    late = Measure((J,), ratio=False)
    relief = Measure((J, R, A))
    for p in funds.of_year():
        code = p["division_code"]
        finished = on_or_before(p["finished_on"], end)
        accepted = on_or_before(p["accepted_on"], end)
        completion.tally(code, finished)
        late.add(code, int(overdue(p, month) is True))
        if finished:
            acceptance.tally(code, accepted)
        if p["allocations"]:
            start.tally(code, on_or_before(p["started_on"], end))
        if accepted:
            for a in p["allocations"]:
                paid.add(a["division_code"], 0, Fraction(a["amount"]))
            for payment in p["payments"]:
                paid.add(payment["division_code"], Fraction(payment["amount"]))
        real, planned = progress(p, month), planned_progress(p, month)
        if real is not None and planned is not None:
            amount = Fraction(p["planned_amount"])
            variance.add(code, amount * (real - planned), amount)
        told = on_or_before(p["announced_on"], end) and (
            not accepted or on_or_before(p["completion_announced_on"], end)
        )
        announced.tally(code, told)
        if p["work_relief"] is True and p["wages_paid"] is not None:
            relief.add(code, Fraction(p["wages_paid"]))
            for a in p["allocations"]:
                relief.add(a["division_code"], 0, Fraction(a["amount"]))
    return {
        "start_rate": start,
        "completion_rate": completion,
        "acceptance_rate": acceptance,
        "accepted_paid_rate": paid,
        "overdue_projects": late,
        "schedule_variance": variance,
        "announcement_rate": announced,
        "work_relief_share": relief,
        **east_west_projects(funds),
    }


def east_west_projects(funds: Funds) -> dict[str, Measure]:
    end = funds.month.end
    start, prompt_start = Measure((J, R, A)), Measure((J, R, A))
    completion = Measure((J, R, A, P))
    for p in funds.of_year():
        receipts = [a["receipt"] for a in p["allocations"] if a["receipt"]["fund_type"] == "east_west"]
        if not receipts:
            continue
        code = p["division_code"]
        start.tally(code, on_or_before(p["started_on"], end))
        documented = every(payment["documented"] for payment in p["payments"])
        completion.tally(code, every([on_or_before(p["finished_on"], end), documented]))
        arrived = [r["received_on"] for r in receipts if r["received_on"] is not None]
        if arrived:
            due = add_working_days(min(arrived), 30)
            if due <= end:
                prompt_start.tally(code, on_or_before(p["started_on"], due))
    return {
        "east_west_start_rate": start,
        "east_west_completion_rate": completion,
        "east_west_prompt_start_rate": prompt_start,
    }


def measures(month: Month) -> dict[str, Measure]:
    """All indicators of funds and projects."""
    funds = Funds(month)
    return {**receipt_rates(funds), **project_rates(funds)}


def stage(project: Row, month: Month) -> str:
    for field, name in (
        ("accepted_on", "accepted"),
        ("finished_on", "finished"),
        ("started_on", "in_progress"),
    ):
        if on_or_before(project[field], month.end):
            return name
    return "not_started"


PASSED_ON = (
    "division_code", "category", "project_year", "planned_amount", "name", "planned_start", "planned_finish",
    "started_on", "finished_on", "accepted_on",
)  # fmt: skip


def fct_project(month: Month) -> dict[tuple[str, str], Row]:
    """Every project of the month's library; money no ledger speaks of is None."""
    funds = Funds(month)
    speaks = {
        template: {above for code in month.covered([template]) for above in month.tree.chain(code)}
        for template in ("fund_allocations", "fund_payments")
    }
    found = {}
    for code, p in funds.projects.items():
        real, planned = progress(p, month), planned_progress(p, month)
        found[(month.period, code)] = {
            **{name: p[name] for name in PASSED_ON},
            "progress": real,
            "planned_progress": planned,
            "variance": None if real is None or planned is None else real - planned,
            "stage": stage(p, month),
            "overdue": overdue(p, month),
            "allocated": _told(p, p["allocations"], speaks["fund_allocations"]),
            "paid": _told(p, p["payments"], speaks["fund_payments"]),
        }
    return found


def fct_fund(month: Month) -> dict[tuple[str, str, int, str, str], Row]:
    """Issued, allocated and paid money by division, year, level and type, rolled up the tree."""
    funds = Funds(month)
    columns = ("issued", "allocated", "paid", "documented")
    found: dict[tuple[str, str, int, str, str], Row] = {}

    def add(row: Row, receipt: Row, column: str) -> None:
        for code in month.tree.chain(row["division_code"]):
            key = (month.period, code, receipt["fund_year"], receipt["source_level"], receipt["fund_type"])
            entry = found.setdefault(key, {name: Fraction(0) for name in columns})
            entry[column] += Fraction(row["amount"])

    for r in funds.receipts.values():
        add(r, r, "issued")
    for a in funds.allocations.values():
        add(a, a["receipt"], "allocated")
    for p in funds.payments:
        add(p, p["allocation"]["receipt"], "paid")
        if p["documented"] is True:
            add(p, p["allocation"]["receipt"], "documented")
    spoken = {
        template: {above for code in month.covered((template,)) for above in month.tree.chain(code)}
        for template in (A, P)
    }
    for key, entry in found.items():
        entry["level"] = month.tree.level(key[1])
        entry["surplus"] = entry["issued"] - entry["paid"]
        silent = ["allocated"] if key[1] not in spoken[A] else []
        silent += ["paid", "documented", "surplus"] if key[1] not in spoken[P] else []
        entry |= dict.fromkeys(silent)
    return found
