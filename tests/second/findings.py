"""Findings of a month: what does not agree between rows, sheets and departments, and signs of made-up data."""

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from fractions import Fraction
from functools import cache

from second.calendar_math import month_of, shift
from second.funds import Funds
from second.indicators import indicator_cells
from second.logic import Known
from second.month import Month, on_or_before
from second.tree import Row
from second.world import SEEDS, World

Finding = tuple[str, ...]
"""Code, kind of thing, division, id of the thing, and what is said of it where that names figures."""
EXITED = ("exited", "exited_unstable")


def fct_finding(world: World, period: str) -> dict[tuple[str, str], Row]:
    """Every finding of a month."""
    month = Month(world, period)
    parts: tuple[Callable[[Month], Iterator[Finding]], ...] = (
        _households, _people, _money, _projects, _loans, _values, _departments, _signals,
    )  # fmt: skip
    return {
        (period, ":".join((code, kind, division, entity))): {
            "code": code, "entity_type": kind, "division_code": division, "entity_id": entity,
            **({"message": message[0]} if message else {}),
        }
        for part in parts
        for code, kind, division, entity, *message in part(month)
    }  # fmt: skip


def _shared(rows: Iterable[Row], number: str) -> Iterator[Row]:
    """Rows whose id number another row carries too."""
    rows = list(rows)
    often = Counter(row[number] for row in rows)
    return (row for row in rows if often[row[number]] > 1)


def _households(month: Month) -> Iterator[Finding]:
    copies = Counter(row["household_id"] for row in month.world.rows("households", month.period))
    for code, h in month.households.items():
        kind, income = h["household_type"], h["net_income_per_capita"]
        line = month.standard("monitoring_line", h["village_code"])
        cleared = on_or_before(h["risk_cleared_on"], month.end) and h["monitored_on"] is not None
        wrong: dict[str, bool] = {
            "household_size_differs": bool(h["persons"]) and len(h["persons"]) != h["member_count"],
            "key_in_two_places": copies[code] > 1,
            "exited_without_year": kind in EXITED and h["exit_year"] is None,
            "should_exit": kind == "poor" and h["exit_standard"] is True,
            "wrong_exit": kind in EXITED and h["exit_standard"] is False,
            "should_be_monitored": kind == "general" and None not in (line, income) and income < line,
            "quick_clear": cleared and 0 <= (h["risk_cleared_on"] - h["monitored_on"]).days <= 90,
        }
        size = f"家庭人口 {h['member_count']} 人,成员台账 {len(h['persons'])} 人"
        said = {"household_size_differs": f"户 {code} {size},请核对"}
        for name in (name for name, holds in wrong.items() if holds):
            yield name, "household", h["village_code"], code, *([said[name]] if name in said else [])
    for h in _shared(month.households.values(), "head_id_number"):
        yield "shared_id_number", "household", h["village_code"], h["household_id"]
    known = [h for h in month.households.values() if h["net_income_per_capita"] is not None]
    for (village, income), count in Counter((h["village_code"], h["net_income_per_capita"]) for h in known).items():
        if count >= 10:
            said = f"{count} 户人均纯收入同为 {float(income):.2f} 元,疑似算账式脱贫,请抽查原始凭据"
            yield "same_income", "village", village, f"{village}:{float(income):.2f}", said


def _people(month: Month) -> Iterator[Finding]:
    for p in month.snapshot("persons"):
        if p["household_id"] not in month.households:
            yield "person_without_household", "person", p["village_code"], p["person_id"]
    for p in _shared(month.snapshot("persons"), "id_number"):
        yield "shared_id_number", "person", p["village_code"], p["person_id"]
    places: dict[str, set[str]] = {}
    for row in month.world.rows("team_attendance", month.period):
        places.setdefault(row["member_id"], set()).add(row["village_code"])
    for row in month.snapshot("team_attendance"):
        if len(places[row["member_id"]]) > 1:
            yield "member_in_two_villages", "team_member", row["village_code"], row["member_id"]


def _total(rows: Iterable[Row]) -> Fraction:
    return sum((Fraction(row["amount"]) for row in rows), Fraction(0))


def _money(month: Month) -> Iterator[Finding]:
    funds = Funds(month)
    covered = month.covered(("projects",))
    for a in month.journal("fund_allocations"):
        if a["allocation_id"] not in funds.allocations:
            yield "orphan_allocation", "allocation", a["division_code"], a["allocation_id"]
    counted = {p["payment_id"] for p in funds.payments}
    for p in month.journal("fund_payments"):
        if p["payment_id"] not in counted:
            yield "orphan_payment", "payment", p["division_code"], p["payment_id"]
    for code, r in funds.receipts.items():
        drawn = _total(a for a in funds.allocations.values() if a["receipt_id"] == code)
        if drawn > r["amount"]:
            said = f"指标 {code} 已安排 {float(drawn):.2f} 元,超过下达 {r['amount']:.2f} 元"
            yield "allocated_above_receipt", "receipt", r["division_code"], code, said
    for code, a in funds.allocations.items():
        spent = _total(p for p in funds.payments if p["allocation_id"] == code)
        if spent > a["amount"]:
            said = f"安排 {code} 已支付 {float(spent):.2f} 元,超过安排 {a['amount']:.2f} 元"
            yield "paid_above_allocation", "allocation", a["division_code"], code, said
        unknown = a["project_id"] not in funds.projects and a["receipt"]["fund_year"] == month.year
        if unknown and a["division_code"] in covered:
            yield "allocation_to_unknown_project", "allocation", a["division_code"], code
    filed: dict[str, list[Row]] = {}
    for period in sorted({str(s.period) for s in month.world.usable if s.template == "fund_payments"}):
        if period <= month.period:
            for row in month.world.rows("fund_payments", period):
                filed.setdefault(row["payment_id"], []).append(row)
    for p in month.journal("fund_payments"):
        rows = filed[p["payment_id"]]
        if len(rows) > 1 and any(row["_month"] == month.period for row in rows):
            yield "key_in_two_places", "payment", p["division_code"], p["payment_id"]


def _projects(month: Month) -> Iterator[Finding]:
    funds = Funds(month)
    for code, p in funds.projects.items():
        paid, allocated = _total(p["payments"]), _total(p["allocations"])
        started = on_or_before(p["started_on"], month.end)
        accepted, finished = p["accepted_on"], p["finished_on"]
        wrong = {
            "paid_ahead_of_progress": not started and paid > 0 and paid > allocated * Fraction(3, 10),
            "accepted_before_finished": accepted is not None and (finished is None or accepted < finished),
            "project_not_allocated": not p["allocations"] and funds.spoken("fund_allocations", p["division_code"], []),
        }
        said = {
            "paid_ahead_of_progress": f"项目 {code} 未开工,已支付 {float(paid):.2f} 元,超过安排的三成,疑似超进度拨付"
        }
        for name in (name for name, holds in wrong.items() if holds):
            yield name, "project", p["division_code"], code, *([said[name]] if name in said else [])


def _loans(month: Month) -> Iterator[Finding]:
    covered = month.covered(("households",))
    for row in month.snapshot("loans"):
        village, code = row["village_code"], row["household_id"]
        h = month.households.get(code)
        if h is not None and h["loan_eligible"] is False and row["balance"] > 0:
            yield "ineligible_loan", "household", village, code
        if row["due_on"] < month.end and row["balance"] > 0 and row["overdue"] == 0:
            yield "overdue_not_reported", "household", village, code
        if h is None and village in covered:
            yield "loan_without_household", "household", village, code


@cache
def _catalogue() -> dict[str, tuple[str, bool]]:
    """Unit of each indicator, and whether its numerator may exceed its denominator."""
    with (SEEDS / "indicators" / "indicators.csv").open(encoding="utf-8-sig", newline="") as lines:
        return {row["indicator_code"]: (row["unit"], bool(row["may_exceed"])) for row in csv.DictReader(lines)}


def _values(month: Month) -> Iterator[Finding]:
    """Numerators above denominators, and a village's counts that moved by more than half in a month."""
    former = indicator_cells(month.world, shift(month.period, -1))
    for indicator, divisions in indicator_cells(month.world, month.period).items():
        unit, may_exceed = _catalogue()[indicator]
        for division, cell in divisions.items():
            level = month.tree.level(division)
            ratio = None not in (cell.numerator, cell.denominator) and unit == "%" and not may_exceed
            if ratio and cell.numerator > cell.denominator and level in ("village", "township", "county"):
                yield "numerator_above_denominator", "indicator", division, indicator
            before = former[indicator].get(division)
            counted = level == "village" and unit in ("人", "户") and cell.value is not None
            old = before.value if before else None
            if counted and old and old > 0 and abs(cell.value - old) * 2 > old:
                yield "count_jump", "indicator", division, indicator


def _departments(month: Month) -> Iterator[Finding]:
    """Two departments' ledgers on one thing."""
    unsafe: Counter[str] = Counter()
    registered: Counter[str] = Counter()
    for h in month.households.values():
        unsafe[h["village_code"]] += h["housing_ok"] is False and (h["registered"] or h["monitored"])
        registered[h["village_code"]] += h["member_count"] * h["registered"]
    for v in month.snapshot("villages"):
        code = v["village_code"]
        if v["housing_done"] and unsafe[code]:
            said = f"村情监测表报危房改造已完成,农户台账仍有 {unsafe[code]} 户住房未达标"
            yield "unsafe_house_in_finished_village", "village", code, code, said
        if registered[code] > v["rural_population"]:
            said = f"建档立卡人口 {registered[code]} 人,超过乡村人口 {v['rural_population']} 人"
            yield "registered_above_population", "village", code, code, said
    behind = {(row["village_code"], row["unit"]) for row in month.snapshot("support_units")}
    there = {(row["village_code"], row["unit"]) for row in month.snapshot("team_attendance")}
    units_known, teams_known = month.covered(("support_units",)), month.covered(("team_attendance",))
    for row in month.snapshot("team_attendance"):
        if row["village_code"] in units_known and (row["village_code"], row["unit"]) not in behind:
            yield "team_unit_not_supporting", "team_member", row["village_code"], row["member_id"]
    for village, unit in behind - there:
        if village in teams_known:
            yield "support_unit_without_team", "support_unit", village, unit


def _signals(month: Month) -> Iterator[Finding]:
    """Where to look first: incomes just above the line, ending in 0 or 5, copied; money paid at the month's end."""
    before = Month(month.world, shift(month.period, -1)).households
    villages: dict[str, list[tuple[Fraction, Known, Known]]] = {}
    for code, h in month.households.items():
        income = h["net_income_per_capita"]
        if h["registered"] and income is not None:
            line = month.standard("income_line", h["village_code"])
            heaped = None if line is None else line <= income < line * Fraction(102, 100)
            old = before.get(code)
            same = None if old is None or old["net_income"] is None else old["net_income"] == h["net_income"]
            villages.setdefault(h["village_code"], []).append((income, heaped, same))
    for village, known in villages.items():
        held = [same for _, _, same in known if same is not None]
        count, heap = len(known), sum(bool(heaped) for _, heaped, _ in known)
        fives = sum(int(income // 1) % 5 == 0 for income, _, _ in known)
        if count >= 10 and heap * 2 >= count:
            said = f"{count} 户建档立卡户中 {heap} 户人均纯收入刚刚越过收入标准,请抽查收入凭据"
            yield "heaped_on_income_line", "village", village, village, said
        if len(held) >= 10 and all(held):
            said = f"{len(held)} 户的收入与上月逐户相同,疑似照抄上月台账"
            yield "sheet_copied", "village", village, village, said
        if count >= 10 and fives * 10 >= 6 * count:
            said = f"{count} 户中 {fives} 户人均纯收入尾数为 0 或 5,疑似估填"
            yield "digit_preference", "village", village, village, said
    paid: dict[str, list[Row]] = {}
    for p in month.journal("fund_payments"):
        fresh = month_of(p["paid_on"]) == month.period and p["_month"] <= month.period
        if p["amount"] > 0 and fresh:
            paid.setdefault(p["division_code"], []).append(p)
    for division, rows in paid.items():
        late = _total(row for row in rows if _days_left(row["paid_on"], month) < 3)
        if len(rows) >= 5 and late * 10 >= 8 * _total(rows):
            said = f"当月 {len(rows)} 笔支付中,金额的 {int(late * 100 / _total(rows))}% 集中在月末 3 日"
            yield "month_end_payments", "division", division, division, said


def _days_left(day: date, month: Month) -> int:
    return (month.end - day).days
