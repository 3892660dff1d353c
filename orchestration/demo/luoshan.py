"""罗山县, June to September 2018: what 灵山镇, 子路镇 and the county handed in, with the mishaps of every month."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from orchestration.catalogue.templates import Template
from orchestration.demo import affairs, inspections, registers
from orchestration.demo.affairs import following
from orchestration.demo.desk import Desk, at
from orchestration.demo.households import Household, household_rows, person_rows
from orchestration.demo.luoshan_funds import PERIODS, LuoshanMoney, make_money
from orchestration.demo.places import HENAN, LINGSHAN, LUOSHAN, ZILU, Place, division_rows, villages_of
from orchestration.demo.population import make_lingshan, make_zilu
from orchestration.demo.sheets import DemoFile, Row

GAOZHAI = "411521103209"
HEADER_GROUPS = (
    ("年内收入(元)", "wage_income", "business_expense"), ("两不愁三保障", "food_secure", "relocated"),
    ("产业", "orchard_mu", "dividend"), ("监测帮扶", "risk_type", "risk_cleared_on"),
)  # fmt: skip
JUNE, JULY, AUGUST, SEPTEMBER = PERIODS


def luoshan_files(seed: int, templates: Mapping[str, Template], places: Sequence[Place]) -> list[DemoFile]:
    """All files of 2018 with their receipt times."""
    desk = Desk(templates, {place.code: place.name for place in places})
    desk.text(
        at(following(JUNE, 4), "10:00"),
        "divisions",
        division_rows(places, 2018),
        JUNE,
        HENAN,
        encoding="gb18030",
        code="41",
    )
    own = villages_of(places, LINGSHAN)
    population, money = make_lingshan(seed, own), make_money(seed, own)
    for months, period in enumerate(PERIODS):
        _lingshan_month(desk, seed, own, population, money, period, months)
        _rounds(desk, seed, places, period)
    neighbours = villages_of(places, ZILU)
    neighbour_houses = make_zilu(seed, neighbours)
    for months, period in enumerate(PERIODS):
        _zilu_month(desk, seed, neighbours, neighbour_houses, period, months)
    stray = "姓名,单位,签名\r\n签到示例01,灵山镇,\r\n".encode()  # a file that is no submission at all
    desk.put(DemoFile(at(following(SEPTEMBER, 4), "10:00"), "会议签到表.csv", stray))
    return desk.files


def _all(population: Mapping[str, Sequence[Household]]) -> list[Household]:
    return [household for houses in population.values() for household in houses]


def _lingshan_month(
    desk: Desk, seed: int, villages: Sequence[Place], population: Mapping[str, Sequence[Household]],
    money: LuoshanMoney, period: str, months: int,
) -> None:  # fmt: skip
    when, houses = at(following(period, 4), "10:00"), _all(population)
    codes = [village.code for village in villages]
    _households(desk, when, household_rows(houses, period, months), period)
    persons = person_rows(houses, period)
    if period == AUGUST:
        desk.text(when, "persons", persons, period, LINGSHAN, encoding="gb18030")
    else:
        desk.workbook(when, "persons", persons, period, LINGSHAN)
    _villages(desk, when, registers.village_rows(seed, villages, population, period), period)
    _visits(desk, when, registers.visit_rows(seed, population, period, 0.88 + 0.03 * months), period)
    _attendance(desk, when, registers.attendance_rows(seed, villages, period), period)
    _loans(desk, when, registers.loan_rows(seed, population, period), period)
    _projects(desk, when, money.project_rows(period), period)
    simple: dict[str, Sequence[Row]] = {
        "fund_receipts": money.receipt_rows(period),  # August and September: a nil return
        "fund_allocations": money.allocation_rows(period),
        "fund_payments": money.payment_rows(period),
        "rectifications": affairs.rectification_rows(seed, [LINGSHAN, *codes], period, 24, "灵山镇示例站所"),
        "triple_checks": registers.triple_rows(seed, population, period),
        "reported_statistics": affairs.lingshan_statistic_rows(period),
    }
    if period == JUNE:
        simple |= {"support_units": registers.support_rows(villages), "task_targets": affairs.lingshan_target_rows()}
    for template, rows in simple.items():
        desk.workbook(when, template, rows, period, LINGSHAN)
    columns = ("备注",) if period == JULY else ()
    desk.workbook(when, "assets", affairs.asset_rows(seed, codes, 2018, 32), period, LINGSHAN, unknown_columns=columns)


def _households(desk: Desk, when: datetime, rows: list[dict[str, Any]], period: str) -> None:
    """June comes with six bad rows, July under two header rows, August is followed by 高寨村's own file."""
    if period == JUNE:
        rows = spoil_households(rows)
    groups = HEADER_GROUPS if period == JULY else ()
    desk.workbook(when, "households", rows, period, LINGSHAN, groups=groups)
    if period == AUGUST:
        own = [dict(row) for row in rows if row["village_code"] == GAOZHAI]
        own[0]["phone"] = "10000009999"
        desk.workbook(at(following(period, 5), "16:30"), "households", own, period, GAOZHAI)


def spoil_households(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Six general households with one error each: the row is handed back, the rest is taken in."""
    spoilt = [dict(row) for row in rows]
    general = [row for row in spoilt if row["household_type"] == "一般户"]
    general[20]["head_id_number"] = int(str(general[20]["head_id_number"])[:15] + "000")  # a spreadsheet's number
    general[21]["head_name"] = None
    general[22]["member_count"] = 0
    general[23]["wage_income"] = "约三千"
    general[24]["village_code"] = "411521103999"
    general[25]["housing_grade"] = "好"
    return spoilt


def _villages(desk: Desk, when: datetime, rows: list[dict[str, Any]], period: str) -> None:
    """July's first version has a collective income with a zero too many; the correction comes a day later."""
    if period == JULY:
        wrong = [
            row | {"collective_income": row["collective_income"] * 10} if row["village_code"].endswith("207") else row
            for row in rows
        ]
        desk.workbook(when, "villages", wrong, period, LINGSHAN)
        desk.workbook(at(following(period, 5), "16:30"), "villages", rows, period, LINGSHAN, suffix="_更正.xlsx")
    else:
        desk.workbook(when, "villages", rows, period, LINGSHAN)


def _visits(desk: Desk, when: datetime, rows: list[dict[str, Any]], period: str) -> None:
    """July as tabbed text; August first damaged on its way; September under a name that says nothing."""
    if period == JULY:
        desk.text(when, "visits", rows, period, LINGSHAN, delimiter="\t")
    elif period == AUGUST:
        whole = desk.workbook(at(following(period, 5), "16:30"), "visits", rows, period, LINGSHAN)
        desk.put(DemoFile(when, whole.name, whole.data[: len(whole.data) * 3 // 5]))
    elif period == SEPTEMBER:
        desk.workbook(when, "visits", rows, period, LINGSHAN, name="9月份走访情况汇总(终稿).xlsx")
    else:
        desk.workbook(when, "visits", rows, period, LINGSHAN)


def _attendance(desk: Desk, when: datetime, rows: list[dict[str, Any]], period: str) -> None:
    """July is sent twice unchanged; in August 高寨村's own file claims a member of 董桥村's team."""
    sent = desk.workbook(when, "team_attendance", rows, period, LINGSHAN)
    if period == JULY:
        desk.put(DemoFile(at(following(period, 5), "16:30"), sent.name, sent.data))
    if period == AUGUST:
        own = [dict(row) for row in rows if row["village_code"] == GAOZHAI]
        claimed = next(row for row in rows if row["village_code"] == "411521103208")
        desk.workbook(
            at(following(period, 5), "16:30"),
            "team_attendance",
            [*own, dict(claimed, village_code=GAOZHAI)],
            period,
            GAOZHAI,
        )


def _loans(desk: Desk, when: datetime, rows: list[dict[str, Any]], period: str) -> None:
    """July's first version has three rows in ten without a loan class and is refused; the next day's is right."""
    if period == JULY:
        bad = [row | {"classification": "良好"} if number % 10 < 3 else row for number, row in enumerate(rows)]
        desk.workbook(when, "loans", bad, period, LINGSHAN)
        when = at(following(period, 5), "16:30")
    desk.workbook(when, "loans", rows, period, LINGSHAN)


def _projects(desk: Desk, when: datetime, rows: list[dict[str, Any]], period: str) -> None:
    """July's amounts are in 万元; August's file comes four days late."""
    unit = frozenset({"planned_amount"}) if period == JULY else frozenset()
    received = at(following(period, 9), "17:05") if period == AUGUST else when
    desk.workbook(received, "projects", rows, period, LINGSHAN, in_ten_thousand=unit)


def _rounds(desk: Desk, seed: int, places: Sequence[Place], period: str) -> None:
    when = at(following(period, 4), "10:00")
    if period == JULY:
        desk.workbook(when, "inspections", inspections.july_rows(seed, places), period, LUOSHAN)
    if period == AUGUST:
        desk.workbook(when, "inspections", inspections.august_rows(seed, places), period, LUOSHAN)
        corrected = inspections.august_rows(seed, places, corrected=True)
        desk.workbook(
            at(following(period, 12), "10:30"), "inspections", corrected, period, LUOSHAN, suffix="_更正.xlsx"
        )
    if period == SEPTEMBER:
        desk.workbook(when, "inspections", inspections.september_rows(seed), period, LINGSHAN)


def _zilu_month(
    desk: Desk, seed: int, villages: Sequence[Place], population: Mapping[str, Sequence[Household]],
    period: str, months: int,
) -> None:  # fmt: skip
    """子路镇 hands in the village registers, in August a day late."""
    when, houses = at(following(period, 6 if period == AUGUST else 5), "16:30"), _all(population)
    rows: dict[str, Sequence[Row]] = {
        "households": household_rows(houses, period, months),
        "persons": person_rows(houses, period),
        "villages": registers.village_rows(seed, villages, population, period),
        "visits": registers.visit_rows(seed, population, period, 0.8),
        "team_attendance": registers.attendance_rows(seed, villages, period),
        "triple_checks": registers.triple_rows(seed, population, period),
    }
    if period == JUNE:
        rows["support_units"] = registers.support_rows(villages)
    for template, content in rows.items():
        desk.workbook(when, template, content, period, ZILU)
