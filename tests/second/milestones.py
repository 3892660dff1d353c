"""Milestones, targets and tasks of lingshan-2018 and bijie-2022, written out by hand."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from second.calendar_math import last_day, month_of
from second.indicators import indicator_cells
from second.tree import Row, prefix_ancestors
from second.world import World


@dataclass(frozen=True)
class Milestone:
    """Value against a threshold on a day; ``benchmark`` names the level whose average also does."""

    scheme: str
    division: str
    unit_level: str
    indicator: str
    checkpoint: date
    threshold: Fraction
    clause: str
    at_most: bool = False
    benchmark: str | None = None

    @property
    def code(self) -> str:
        return f"{self.indicator}@{self.checkpoint:%m-%d}"

    def absolute(self, value: Fraction) -> bool:
        return value <= self.threshold if self.at_most else value >= self.threshold


def _bijie(indicator: str, day: date, threshold: str, clause: str, benchmark: str | None = None) -> Milestone:
    return Milestone(
        "bijie-2022", "520500000000", "county", indicator, day, Fraction(threshold), clause,
        benchmark=benchmark,
    )  # fmt: skip


MILESTONES = (
    Milestone(
        "lingshan-2018", "411521103000", "village", "unsafe_houses", date(2018, 8, 15), Fraction(0),
        "LS2018-07", at_most=True,
    ),
    _bijie("east_west_allocation_rate", date(2022, 3, 31), "1", "BJ2022-30"),
    _bijie("east_west_start_rate", date(2022, 5, 31), "1", "BJ2022-31"),
    _bijie("east_west_completion_rate", date(2022, 11, 30), "1", "BJ2022-32"),
    _bijie("advance_allocation_rate", date(2022, 3, 31), "1", "BJ2022-46"),
    _bijie("linkage_allocation_rate", date(2022, 6, 30), "1", "BJ2022-47"),
    _bijie("start_rate", date(2022, 6, 30), "1", "BJ2022-48"),
    _bijie("linkage_expenditure_rate", date(2022, 6, 30), "0.50", "BJ2022-49", "province"),
    _bijie("linkage_expenditure_rate", date(2022, 9, 30), "0.75", "BJ2022-50", "province"),
    _bijie("linkage_expenditure_rate", date(2022, 12, 31), "0.95", "BJ2022-51", "province"),
)  # fmt: skip

IN_FORCE = {"lingshan-2018": ("2018-07", "2018-12"), "bijie-2022": ("2022-01", "2022-12")}


def units(world: World, period: str, division: str, level: str) -> Iterator[str]:
    """Divisions of a level below a division in the month's tree."""
    tree = world.tree(period)
    root = world.code(division)
    for code in tree.nodes:
        if tree.level(code) == level and root in tree.chain(code):
            yield code


def indicator_value(world: World, period: str, indicator: str, division: str) -> Fraction | None:
    found = indicator_cells(world, period)[indicator].get(division)
    return found.value if found else None


def benchmark(world: World, period: str, milestone: Milestone, unit: str) -> Fraction | None:
    """The average of the enclosing division: as reported, else from a complete warehouse."""
    tree = world.tree(period)
    above = [code for code in tree.chain(unit) if tree.level(code) == milestone.benchmark]
    if not above:
        return None
    division = above[0]
    for row in world.snapshot("reported_statistics", period):
        if row["division_code"] == division and row["indicator_code"] == milestone.indicator:
            if row["denominator"] is None:
                return Fraction(row["numerator"])
            if row["denominator"] != 0:
                return Fraction(row["numerator"]) / Fraction(row["denominator"])
    whole = {division, *map(world.code, prefix_ancestors(division))}
    divisions = world.submissions("divisions", lambda p: p <= period)
    if any(world.code(str(s.scope)) in whole for s in divisions):
        found = indicator_cells(world, period)[milestone.indicator].get(division)
        if found and found.coverage == 1:
            return found.value
    return None


def milestone_state(world: World, period: str, milestone: Milestone, unit: str) -> Row:
    """One row of fct_milestone, for a unit in a month."""
    due_in = month_of(milestone.checkpoint)
    due = milestone.checkpoint <= last_day(period)
    value = indicator_value(world, due_in if due else period, milestone.indicator, unit)
    row: Row = {
        "indicator_code": milestone.indicator,
        "checkpoint": milestone.checkpoint,
        "threshold": milestone.threshold,
        "value": value,
        "branch": None,
        "clause_id": milestone.clause,
        "daily_pace": None,
    }
    if value is None:
        return {**row, "state": "no_data"}
    if not due:
        days = (milestone.checkpoint - last_day(period)).days
        missing = value - milestone.threshold if milestone.at_most else milestone.threshold - value
        return {**row, "state": "not_due", "daily_pace": max(missing, Fraction(0)) / days}
    average = benchmark(world, due_in, milestone, unit) if milestone.benchmark else None
    row["benchmark"] = average
    if milestone.absolute(value):
        return {**row, "state": "met", "branch": "absolute"}
    if milestone.benchmark is None:
        return {**row, "state": "missed"}
    if average is None:
        return {**row, "state": "pending_benchmark"}
    if value > average:
        return {**row, "state": "met", "branch": "benchmark"}
    return {**row, "state": "missed"}


def fct_milestone(world: World, period: str) -> dict[tuple[str, str, str, str], Row]:
    return {
        (milestone.scheme, milestone.code, period, unit): milestone_state(world, period, milestone, unit)
        for milestone in MILESTONES
        if IN_FORCE[milestone.scheme][0] <= period <= IN_FORCE[milestone.scheme][1]
        for unit in units(world, period, milestone.division, milestone.unit_level)
    }


# 灵山镇's two bands: indicator -> what satisfies the floor and what the target.
BANDS = {
    "poverty_incidence": (lambda v: v < Fraction(2, 100), lambda v: v < Fraction(1, 100)),
    "wrong_exit_rate": (lambda v: v < Fraction(2, 100), lambda v: v == 0),
    "missed_rate": (lambda v: v < Fraction(2, 100), lambda v: v == 0),
    "satisfaction_rate": (lambda v: v > Fraction(90, 100), lambda v: v == 1),
}


def fct_target(world: World, period: str) -> dict[tuple[str, str, str, str], Row]:
    """Bands of the four targets of 三率一度 in 灵山镇 and its villages."""
    scheme, town = "lingshan-2018", "411521103000"
    if not IN_FORCE[scheme][0] <= period <= IN_FORCE[scheme][1]:
        return {}
    found: dict[tuple[str, str, str, str], Row] = {}
    for level in ("township", "village"):
        for unit in units(world, period, town, level):
            for indicator, (floor, target) in BANDS.items():
                value = indicator_value(world, period, indicator, unit)
                band = None
                if value is not None:
                    band = "target" if target(value) else "floor" if floor(value) else "below"
                found[(scheme, indicator, period, unit)] = {"value": value, "band": band}
    return found


def fct_task(world: World, period: str) -> dict[tuple[str, str, str], Row]:
    """Every task set for the year with its progress; keys are (indicator code, month, division)."""
    achieved: dict[tuple[str, str], Fraction | None] = {}
    for row in world.snapshot("reported_statistics", period):
        done: Fraction | None = Fraction(row["numerator"])
        if row["denominator"] is not None:
            done = Fraction(row["numerator"]) / Fraction(row["denominator"]) if row["denominator"] else None
        achieved[(row["division_code"], row["indicator_code"])] = done
    found: dict[tuple[str, str, str], Row] = {}
    for row in world.snapshot("task_targets", period):
        done = achieved.get((row["division_code"], row["indicator_code"]))
        target = Fraction(row["target"])
        found[(row["indicator_code"], period, row["division_code"])] = {
            "achieved": done,
            "target": target,
            "rate": done / target if done is not None and target != 0 else None,
            "due_on": row["due_on"],
        }
    return found
