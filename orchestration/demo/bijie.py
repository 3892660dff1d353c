"""毕节市, January to December 2022: money, projects, tasks and rectifications of its eight counties."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from orchestration.catalogue.templates import Template
from orchestration.demo import affairs
from orchestration.demo.affairs import following
from orchestration.demo.bijie_funds import CountyMoney, make_county
from orchestration.demo.bijie_people import file_people
from orchestration.demo.bijie_plan import COUNTIES, NAYONG, PERIODS, PROVINCE_AVERAGE
from orchestration.demo.desk import Desk, at
from orchestration.demo.places import (
    BIJIE,
    GUIZHOU,
    QIANXI,
    QIANXI_FORMER,
    Place,
    division_rows,
    former_qianxi,
)  # fmt: skip
from orchestration.demo.sheets import DemoFile

BY_COUNTY = "2022-06"
"""In this month each county files payments and projects itself."""
HEZHANG = "520527000000"
MONEY = ("fund_receipts", "fund_allocations", "fund_payments", "projects")


def bijie_files(seed: int, templates: Mapping[str, Template], places: Sequence[Place]) -> list[DemoFile]:
    """All files of 2022 with their receipt times."""
    desk = Desk(templates, {place.code: place.name for place in places})
    counties = _counties(seed, places)
    rows = [*division_rows(places), former_qianxi()]
    desk.workbook(at(date(2022, 2, 4), "10:00"), "divisions", rows, PERIODS[0], GUIZHOU)
    codes = [county.code for county in counties]
    for period in PERIODS:
        for template in MONEY:
            _money_file(desk, template, counties, period)
        _statistics(desk, period)
        when = at(following(period, 4), "10:00")
        desk.workbook(
            when, "rectifications", affairs.rectification_rows(seed, codes, period, 64, "示例责任单位"), period, BIJIE
        )
        if period.endswith(("03", "06", "09", "12")):
            desk.workbook(when, "assets", affairs.asset_rows(seed, codes, 2022, 96), period, BIJIE)
    file_people(desk, seed, places)
    desk.workbook(at(date(2022, 2, 4), "10:00"), "task_targets", affairs.bijie_target_rows(), PERIODS[0], BIJIE)
    return desk.files


def _counties(seed: int, places: Sequence[Place]) -> list[CountyMoney]:
    by_code = {place.code: place for place in places}
    return [
        make_county(seed, plan, by_code[plan.code], [p for p in places if p.parent_code == plan.code])
        for plan in COUNTIES
    ]


def _money_file(desk: Desk, template: str, counties: Sequence[CountyMoney], period: str) -> None:
    when = at(following(period, 4), "10:00")
    if period == BY_COUNTY and template in ("fund_payments", "projects"):
        for county in counties:
            late = at(following(period, 8), "17:30") if county.code == HEZHANG else at(following(period, 5), "09:30")
            desk.workbook(late, template, county.rows(template, period), period, county.code)
        return
    rows = [row for county in counties for row in county.rows(template, period)]
    if template == "fund_payments":
        _payments(desk, when, rows, period)
    else:
        desk.workbook(when, template, rows, period, BIJIE)


def _payments(desk: Desk, when: datetime, rows: list[dict[str, Any]], period: str) -> None:
    """January has a row under 黔西's former code, April an amount that 纳雍县 corrects itself, September is CSV."""
    if period == "2022-01":
        last = next(row for row in reversed(rows) if row["division_code"] == QIANXI)
        stale = dict(last, division_code=QIANXI_FORMER, payment_id="ZF520522-00001")
        desk.workbook(when, "fund_payments", [*rows, stale], period, BIJIE)
    elif period == "2022-04":
        own = [row for row in rows if row["division_code"] == NAYONG]
        wrong = [row | {"amount": row["amount"] / 10} if row is own[0] else row for row in rows]
        wrong = [row | {"amount": Decimal(row["amount"]).quantize(Decimal("0.01"))} for row in wrong]
        desk.workbook(when, "fund_payments", wrong, period, BIJIE)
        desk.workbook(at(following(period, 11), "15:00"), "fund_payments", own, period, NAYONG, suffix="_更正.xlsx")
    elif period == "2022-09":
        desk.text(when, "fund_payments", rows, period, BIJIE)
    else:
        desk.workbook(when, "fund_payments", rows, period, BIJIE)


def _statistics(desk: Desk, period: str) -> None:
    """The province's average comes before the prefecture's own file, which would otherwise be replaced by it; in
    July both are late, so that for some days the milestone of June waits for its benchmark."""
    day, own_day = (12, 14) if period == "2022-06" else (3, 4)
    average = PROVINCE_AVERAGE.get(period)
    if average is not None:
        rows = affairs.province_average_rows(average)
        desk.workbook(at(following(period, day), "10:00"), "reported_statistics", rows, period, GUIZHOU)
    rows = affairs.bijie_statistic_rows(period)
    desk.workbook(at(following(period, own_day), "10:00"), "reported_statistics", rows, period, BIJIE)
