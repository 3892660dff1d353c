"""What will follow next month if nothing changes, what a score is made of, and who is under monitoring for what."""

from fractions import Fraction

from second.actions import groups, lagged
from second.cadences import due_in, validity
from second.calendar_math import last_day, month_of, round_half_up, shift
from second.details import LISTS, Table
from second.documents import IN_FORCE, in_force
from second.indicators import indicator_cells
from second.indicators_villages import INSPECTION
from second.milestones import fct_milestone
from second.month import Month, on_or_before
from second.rankings import fct_ranking, month_standing
from second.world import World

Key = tuple[str, str, str, str, str]
RATE = "linkage_expenditure_rate"
LIST_CLAUSE = {"yueyang-2019": "YY2019-22", "baicheng-2020": "BC2020-15"}


def _goes_on(scheme: str, period: str) -> bool:
    """In force in a month and in the next."""
    return in_force(scheme, period) and month_of(validity(scheme)[1]) >= shift(period, 1)


def fct_warning(world: World, period: str) -> Table:
    """Interviews one month ahead, nodes and loans of the next month, reports due in it."""
    return {**_interviews(world, period), **_nodes(world, period), **_loans(world, period), **_reports(world, period)}


def _months_running(world: World, period: str, unit: str) -> int:
    """Months in a row up to this one in which a county lagged among the last three."""
    running = 0
    while in_force("bijie-2022", period):
        place = month_standing(world, period).get(unit)
        if place is None or "bottom" not in groups(place) or not lagged(world, period, unit):
            break
        running, period = running + 1, shift(period, -1)
    return running


def _interviews(world: World, period: str) -> Table:
    found: Table = {}
    if not _goes_on("bijie-2022", period):
        return found
    needed = round_half_up(Fraction((last_day(period).month % 12 + 1) * 100, 12), 2)
    for unit, place in month_standing(world, period).items():
        running = _months_running(world, period, unit)
        if running >= 2:
            cell = indicator_cells(world, period)[RATE][unit]
            found[(period, "bijie-2022", "interview", "monthly-expenditure", unit)] = {
                "due_on": last_day(shift(period, 1)),
                "value": place.score,
                "needed": needed,
                "amount_needed": round_half_up(max(Fraction(0), needed * cell.denominator / 100 - cell.numerator), 2),
                "clause_id": "BJ2022-54",
                "message": f"连续{running}个月滞后且列后3名,下月仍如此将{'再次' if running >= 3 else ''}触发约谈",
            }
    return found


def _nodes(world: World, period: str) -> Table:
    return {
        (period, scheme, "milestone", code, unit): {
            "due_on": row["checkpoint"], "value": row["value"], "needed": row["threshold"], "amount_needed": None,
            "clause_id": row["clause_id"],
        }
        for (scheme, code, _, unit), row in fct_milestone(world, period).items()
        if month_of(row["checkpoint"]) == shift(period, 1)
        and (row["state"] == "no_data" or (row["daily_pace"] or 0) > 0)
    }  # fmt: skip


def _loans(world: World, period: str) -> Table:
    found: Table = {}
    owing: dict[Key, set[str]] = {}
    month = Month(world, period)
    for scheme in (scheme for scheme, name in LISTS if name == "loans_due" and _goes_on(scheme, period)):
        for row in month.snapshot("loans"):
            village = row["village_code"]
            inside = world.code(IN_FORCE[scheme][0]) in month.tree.chain(village)
            if inside and row["balance"] > 0 and month_of(row["due_on"]) == shift(period, 1):
                key = (period, scheme, "loans_due", "loans_due", village)
                owing.setdefault(key, set()).add(row["household_id"])
                known = found.setdefault(key, {
                    "due_on": row["due_on"], "value": Fraction(0), "needed": 0, "clause_id": LIST_CLAUSE[scheme],
                })  # fmt: skip
                known["value"] += Fraction(row["balance"])
                known["due_on"] = min(known["due_on"], row["due_on"])
    for key, row in found.items():
        row["message"] = f"{len(owing[key])}户贷款下月到期,余额{float(row['value']):.2f}元"
    return found


def _reports(world: World, period: str) -> Table:
    found: Table = {}
    for (_, scheme, cadence, _, sender), row in due_in(world, period, shift(period, 1)).items():
        if row["delivered_on"] is None:
            known = found.setdefault((period, scheme, "cadence", cadence, sender), {
                "division_code": row["division_code"], "due_on": row["due_on"], "value": 0, "needed": 0,
                "clause_id": row["clause_id"],
            })  # fmt: skip
            known["due_on"] = min(known["due_on"], row["due_on"])
            known["value"] += row["recipients_delivered"]
            known["needed"] += row["recipients_expected"]
    return found


def fct_rank_item(world: World, period: str) -> Table:
    """Of an indicator its halves; of a round its score and, beside it, the month's sampled rates of the unit."""
    found: Table = {}
    cells = indicator_cells(world, period)
    for key, row in fct_ranking(world, period).items():
        if row["state"] == "not_assessed":
            continue
        unit, plain = key[4], {"weight": None, "contribution": None, "movable": False}
        cell = cells[RATE].get(unit) if row["round_code"] is None else None
        halves = {"numerator": cell.numerator, "denominator": cell.denominator} if cell else {}
        if row["score"] is not None:
            own = {"value": row["score"], "weight": 100, "contribution": row["score"], "movable": False}
            found[(*key, "score")] = {**own, "numerator": None, "denominator": None, **halves}
        for half, value in halves.items():
            found[(*key, half)] = {**plain, "value": value, "movable": half == "numerator"}
        for indicator in INSPECTION if row["round_code"] else ():
            cell = cells[indicator].get(unit)
            if cell is not None and cell.value is not None:
                sample = {"value": cell.value, "numerator": cell.numerator, "denominator": cell.denominator}
                found[(*key, indicator)] = {**plain, **sample}
    return found


def fct_monitored(month: Month) -> Table:
    """Households taken in by the month's end, by place above the village, type and risk."""
    found: Table = {}
    for h in month.households.values():
        if not on_or_before(h["monitored_on"], month.end):
            continue
        for above in month.tree.chain(h["village_code"]):
            level = month.tree.level(above)
            if level == "village":
                continue
            kind, risk = h["household_type"], h["risk_type"] or "not_stated"
            row = found.setdefault((month.period, above, kind, risk), {
                "level": level, "taken_in": 0, "monitored": 0, "monitored_members": 0, "cleared": 0,
            })  # fmt: skip
            row["taken_in"] += 1
            row["monitored"] += h["monitored"]
            row["monitored_members"] += h["monitored"] * h["member_count"]
            row["cleared"] += on_or_before(h["risk_cleared_on"], month.end)
    return found
