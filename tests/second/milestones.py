"""Milestones, targets and tasks of the documents: who has reached what."""

from collections.abc import Iterator
from fractions import Fraction

from second.calendar_math import last_day, month_of
from second.documents import IN_FORCE, TASKS, Band, Milestone, in_force, milestones, targets
from second.indicators import indicator_cells
from second.tree import Row, prefix_ancestors
from second.world import World


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
    """Every node of the year of the documents in force."""
    return {
        (node.scheme, node.code, period, unit): milestone_state(world, period, node, unit)
        for node in milestones()
        if in_force(node.scheme, period) and f"{node.checkpoint:%Y}" == period[:4]
        for level in node.levels
        for unit in units(world, period, IN_FORCE[node.scheme][0], level)
    }


def _band(value: Fraction | None, floor: Band | None, target: Band | None, stretch: Band | None) -> str | None:
    """The best band a value reaches."""
    if value is None:
        return None
    bands = {"stretch": stretch, "target": target, "floor": floor}
    return next((name for name, band in bands.items() if band is not None and band.met(value)), "below")


def fct_target(world: World, period: str) -> dict[tuple[str, str, str, str], Row]:
    """Every target of the documents in force, for the units it is set for."""
    found: dict[tuple[str, str, str, str], Row] = {}
    tree = world.tree(period)
    for aim in targets():
        if not in_force(aim.scheme, period):
            continue
        for level in aim.levels:
            for unit in units(world, period, IN_FORCE[aim.scheme][0], level):
                if None not in aim.kinds and tree.nodes[unit]["village_type"] not in aim.kinds:
                    continue
                cell = indicator_cells(world, period)[aim.indicator].get(unit)
                value = cell.value if cell else None
                gone = "not_applicable" if cell and cell.state == "not_applicable" else "missing"
                found[(aim.scheme, aim.indicator, period, unit)] = {
                    "indicator_code": aim.indicator,
                    "value": value,
                    "floor": aim.floor.line if aim.floor else None,
                    "target_value": aim.target.line if aim.target else None,
                    "stretch": aim.stretch.line if aim.stretch else None,
                    "band": _band(value, aim.floor, aim.target, aim.stretch),
                    "state": gone if value is None else "value",
                    "clause_id": aim.clause,
                }
    return found


def fct_task(world: World, period: str) -> dict[tuple[str, str, str, str], Row]:
    """Every task set for the year inside its document's division, with its progress."""
    achieved: dict[tuple[str, str], Fraction | None] = {}
    for row in world.snapshot("reported_statistics", period):
        done: Fraction | None = Fraction(row["numerator"])
        if row["denominator"] is not None:
            done = Fraction(row["numerator"]) / Fraction(row["denominator"]) if row["denominator"] else None
        achieved[(row["division_code"], row["indicator_code"])] = done
    found: dict[tuple[str, str, str, str], Row] = {}
    tree = world.tree(period)
    for row in world.snapshot("task_targets", period):
        scheme, clause = TASKS[row["indicator_code"]]
        unit = row["division_code"]
        if not in_force(scheme, period) or world.code(IN_FORCE[scheme][0]) not in tree.chain(unit):
            continue
        done = achieved.get((unit, row["indicator_code"]))
        target, due = Fraction(row["target"]), row["due_on"]
        if done is None:
            state = "not_due" if due > last_day(period) else "missing"
        else:
            state = "value" if target else "not_applicable"
        found[(scheme, row["indicator_code"], period, unit)] = {
            "achieved": done,
            "target": target,
            "rate": done / target if done is not None and target != 0 else None,
            "due_on": due,
            "state": state,
            "clause_id": clause,
        }
    return found
