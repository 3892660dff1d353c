"""定期事项: when each is due, who owes it, who has it, and who is to be chased."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from orchestration.catalogue.templates import load_templates
from second.calendar_math import last_day, month_of, shift
from second.documents import IN_FORCE, in_force
from second.indicators_villages import fct_reporting
from second.milestones import units
from second.month import Month
from second.records import deliveries
from second.tree import Row
from second.world import SEEDS, World

FIRST_DAY = {"lingshan-2018": date(2018, 7, 7), "baicheng-2020": date(2020, 9, 22)}
DUE_DAY = 5


@dataclass(frozen=True)
class Cadence:
    """A report that is due again and again; ``to`` names who is to have it, once each."""

    scheme: str
    code: str
    every: str
    level: str | None = None
    named: tuple[str, ...] = ()
    to: tuple[str, ...] = ("",)
    clause: str = ""
    once_on: date | None = None
    times: int = 1


COUNTIES = "各县(自治县、市、区)"
OFFICE = "市委乡村振兴领导小组办公室"
CADENCES = (
    Cadence(
        "lingshan-2018", "supervision_bulletin", "half_month", named=("镇脱贫攻坚督查巡查组",),
        to=("各村(街)", "各部门"), clause="LS2018-26",
    ),
    Cadence(
        "lingshan-2018", "stage_summary", "once", "village", to=("镇脱贫攻坚指挥部办公室",), clause="LS2018-29",
        once_on=date(2018, 12, 31),
    ),
    Cadence("bijie-2022", "monthly_dispatch", "month", named=(OFFICE,), to=(COUNTIES,), clause="BJ2022-53"),
    Cadence("bijie-2022", "quarterly_bulletin", "quarter", named=(OFFICE,), to=(COUNTIES,), clause="BJ2022-53"),
    Cadence("bijie-2022", "fund_inspection", "quarter", named=(OFFICE,), to=(COUNTIES,), clause="BJ2022-52"),
    Cadence("bijie-2022", "designated_aid_summary", "month", named=(OFFICE,), clause="BJ2022-34"),
    Cadence("yueyang-2019", "sector_meeting", "quarter", named=("各行业扶贫牵头单位",), clause="YY2019-27"),
    Cadence("yueyang-2019", "unit_study", "two_months", "support_unit", clause="YY2019-28"),
    Cadence("yueyang-2019", "township_study", "month", "township", clause="YY2019-29"),
    Cadence("baicheng-2020", "job_ledger", "two_weeks", "county", to=("市人社局", "市扶贫办"), clause="BC2020-10"),
    Cadence(
        "baicheng-2020", "rectification_dispatch", "week", "county", named=("市扶贫办",), clause="BC2020-26",
    ),
    Cadence(
        "baicheng-2020", "campaign_dispatch", "week", named=("市扶贫办",), to=("各县(市、区)和各部门",),
        clause="BC2020-27",
    ),
    Cadence(
        "baicheng-2020", "two_summaries", "once", "county", named=("市扶贫办",), clause="BC2020-28",
        once_on=date(2020, 10, 20), times=2,
    ),
)  # fmt: skip


def validity(scheme: str) -> tuple[date, date]:
    """The first and the last day of a document."""
    _, first, last, _ = IN_FORCE[scheme]
    return FIRST_DAY.get(scheme, date(int(first[:4]), int(first[5:]), 1)), last_day(last)


def occurrences(cadence: Cadence) -> list[tuple[str, date, date]]:
    """(name, opens, due) of every time a report is due while its document is in force."""
    first, last = validity(cadence.scheme)
    if cadence.once_on is not None:
        name = f"{cadence.once_on}"
        names = [name] if cadence.times == 1 else [f"{name}#{n + 1}" for n in range(cadence.times)]
        return [(each, first, cadence.once_on) for each in names]
    found = []
    for opens, due, name in _intervals(cadence.every, first, last):
        if first <= due <= last:
            found.append((name, max(opens, first), due))
    return found


def _intervals(every: str, first: date, last: date) -> Iterator[tuple[date, date, str]]:
    """(opens, due, name) by the calendar: weeks end on Friday's dispatch, fortnights run from the first day."""
    if every in ("week", "two_weeks"):
        day = first - timedelta(days=first.weekday()) if every == "week" else first
        while day <= last:
            if every == "week":
                friday = day + timedelta(days=4)
                yield day, friday, f"{friday:%Y-%m}-W{(friday.day + 6) // 7}"
            else:
                end = day + timedelta(days=13)
                yield day, end, f"{end}"
            day += timedelta(days=7 if every == "week" else 14)
        return
    months = {"half_month": 1, "month": 1, "two_months": 2, "quarter": 3}[every]
    period = f"{first:%Y}-01"
    while period <= f"{last:%Y-%m}":
        opens, end = last_day(period).replace(day=1), last_day(shift(period, months - 1))
        if every == "half_month":
            yield opens, opens.replace(day=15), f"{opens.replace(day=15)}"
            yield opens.replace(day=16), end, f"{end}"
        elif every == "quarter":
            yield opens, end, f"{end:%Y}-Q{end.month // 3}"
        else:
            yield opens, end, period if every == "month" else f"{period}~{end:%m}"
        period = shift(period, months)


def senders(world: World, period: str, cadence: Cadence) -> list[tuple[str, str, str | None]]:
    """(sender, its name, its division) who owe a report in a month."""
    division = world.code(IN_FORCE[cadence.scheme][0])
    tree = world.tree(period)
    if division not in tree.nodes:
        return []
    found: list[tuple[str, str, str | None]] = [(name, name, None) for name in cadence.named]
    if cadence.level == "support_unit":
        rows = world.snapshot("support_units", period)
        inside = {row["unit"] for row in rows if division in tree.chain(row["village_code"])}
        found += [(unit, unit, None) for unit in sorted(inside)]
    elif cadence.level:
        for code in units(world, period, division, cadence.level):
            found.append((code, tree.nodes[code]["name"], code))
    return found


def delivered_on(world: World) -> dict[tuple[str, str, str, str, str], date]:
    """When each report reached each recipient; of several records the last speaks, an empty one withdraws."""
    found: dict[tuple[str, str, str, str, str], date] = {}
    for record in deliveries(world):
        sender = world.code(record["sender"])
        key = (record["scheme"], record["cadence"], record["occurrence"], sender, record["recipient"])
        found.pop(key, None)
        if record["delivered_at"] is not None:
            found[key] = date.fromisoformat(record["delivered_at"][:10])
    return found


def fct_cadence(world: World, period: str) -> dict[tuple[str, str, str, str, str], Row]:
    """Every report due in the month, by sender."""
    return due_in(world, period, period)


def due_in(world: World, period: str, due_month: str) -> dict[tuple[str, str, str, str, str], Row]:
    """Reports due in a month, by the senders there are in ``period``."""
    got = delivered_on(world)
    today = world.as_of.date()
    found: dict[tuple[str, str, str, str, str], Row] = {}
    for cadence in CADENCES:
        for name, opens, due in occurrences(cadence):
            if month_of(due) != due_month:
                continue
            for sender, title, division in senders(world, period, cadence):
                days = {to: got.get((cadence.scheme, cadence.code, name, sender, to)) for to in cadence.to}
                have = [day for day in days.values() if day is not None]
                whole = max(have) if len(have) == len(days) else None
                found[(period, cadence.scheme, cadence.code, name, sender)] = {
                    "sender_name": title,
                    "division_code": division,
                    "opens_on": opens,
                    "due_on": due,
                    "recipients_expected": len(days),
                    "recipients_delivered": len(have),
                    "recipients_missing": _joined(to for to, day in days.items() if day is None),
                    "delivered_on": whole,
                    **_judged(whole, bool(have), due, today),
                    "clause_id": cadence.clause,
                }  # fmt: skip
    return found


def _joined(names: Iterable[str]) -> str | None:
    return "、".join(sorted(name for name in names if name)) or None


def _judged(whole: date | None, some: bool, due: date, today: date) -> Row:
    """In time, late, or how long it has been owed."""
    if whole is not None:
        return {"state": "on_time" if whole <= due else "late", "days_late": max((whole - due).days, 0)}
    if due >= today:
        return {"state": "not_due", "days_late": None}
    return {"state": "partly" if some else "missing", "days_late": (today - due).days}


def _silent(world: World, scheme: str, period: str) -> set[tuple[str, str]]:
    """(template, division) of which nothing came for a month whose due day is past."""
    due = last_day(period) + timedelta(days=DUE_DAY)
    if not in_force(scheme, period) or due >= world.as_of.date():
        return set()
    division, _, _, templates = IN_FORCE[scheme]
    tree = world.tree(period)
    reported = fct_reporting(Month(world, period))
    return {
        (template, code)
        for template in templates
        for code, villages in tree.villages.items()
        if villages and world.code(division) in tree.chain(code)
        and not reported[(period, code, template)]["villages_covered"]
    }  # fmt: skip


def _silence(template: str, villages: int, end: date, running: int) -> str:
    title = load_templates(SEEDS)[template].title
    often = f",已连续{running}个月" if running > 1 else ""
    return f"{villages}个村未报{title},应于{end + timedelta(days=DUE_DAY)}前报送{often}"


def fct_chase(world: World, period: str) -> dict[tuple[str, str, str, str, str], Row]:
    """What is still owed: the highest division that is silent on a template; reports nobody or not all have."""
    found: dict[tuple[str, str, str, str, str], Row] = {}
    months = [month for month in world.months if month <= period]
    tree = world.tree(period)
    for scheme in IN_FORCE:
        silent = {month: _silent(world, scheme, month) for month in months}
        for template, code in silent[period]:
            if any((template, above) in silent[period] for above in tree.chain(code)[1:]):
                continue
            run = [period]
            while shift(run[-1], -1) in silent and (template, code) in silent[shift(run[-1], -1)]:
                run.append(shift(run[-1], -1))
            found[(period, scheme, "template", template, code)] = {
                "sender_name": tree.nodes[code]["name"],
                "division_code": code,
                "items_owed": len(tree.villages[code]),
                "since": last_day(run[-1]) + timedelta(days=DUE_DAY),
                "months_running": len(run),
                "clause_id": None,
                "details": _silence(template, len(tree.villages[code]), last_day(period), len(run)),
            }
    return {**found, **_reports_owed(world, period, months)}


def _reports_owed(world: World, period: str, months: list[str]) -> dict[tuple[str, str, str, str, str], Row]:
    """Reports owed up to the month, while their document is in force or in the month they were due."""
    due: dict[tuple[str, str, str], list[tuple[date, bool, Row]]] = {}
    for month in months:
        for (_, scheme, cadence, _, sender), row in fct_cadence(world, month).items():
            if row["state"] != "not_due" and period <= max(month_of(validity(scheme)[1]), month):
                owed = row["state"] in ("missing", "partly")
                due.setdefault((scheme, cadence, sender), []).append((row["due_on"], owed, row))
    found: dict[tuple[str, str, str, str, str], Row] = {}
    for (scheme, cadence, sender), rows in due.items():
        owed = [(day, row) for day, missing, row in rows if missing]
        met = max((day for day, missing, _ in rows if not missing), default=None)
        if owed:
            found[(period, scheme, "cadence", cadence, sender)] = {
                "sender_name": owed[0][1]["sender_name"],
                "division_code": owed[0][1]["division_code"],
                "items_owed": len(owed),
                "since": min(day for day, _ in owed),
                "months_running": len({month_of(day) for day, _ in owed if met is None or day >= met}),
                "clause_id": owed[0][1]["clause_id"],
            }
    return found
