"""宝塔区, December 2016 (money and projects) and December 2017 (everything): each clause kept once and missed once."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from orchestration.catalogue.templates import Template
from orchestration.demo.baota_funds import make_money
from orchestration.demo.baota_people import make_people, village_rows
from orchestration.demo.baota_plan import (
    BAOTA,
    CHECKED,
    FIRST,
    LAST,
    OTHERS,
    SATISFIED,
    SHORT_OF_STAFF,
    poor_villages,
    support_unit,
    unit_number,
)
from orchestration.demo.desk import Desk, at
from orchestration.demo.funds import rows_of
from orchestration.demo.households import household_rows, person_rows
from orchestration.demo.places import Place
from orchestration.demo.sheets import DemoFile
from orchestration.demo.small_rows import Quantity, own_tree_rows, statistic_rows, target_rows

FILED = {FIRST: at(date(2017, 1, 5), "09:30"), LAST: at(date(2018, 1, 4), "15:00")}
DUE = date(2017, 12, 31)
DISTRICT_TARGETS = {"labour_household_industry_rate": "1", "illness_household_plan_rate": "1"}
DISTRICT_DONE: dict[str, Quantity] = {
    "labour_household_industry_rate": ("985", "1000", "区农业局"),
    "illness_household_plan_rate": ("412", "412", "区卫计局"),
}
TOWNSHIP_TARGETS = {"township_deputies": "1", "township_dedicated_staff": "3"}


def baota_files(seed: int, templates: Mapping[str, Template], places: Sequence[Place]) -> list[DemoFile]:
    """All files of both months with their receipt times."""
    desk = Desk(templates, {place.code: place.name for place in places})
    townships = [place for place in places if place.level == "township"]
    poor = poor_villages(places)
    divisions = own_tree_rows(places, BAOTA, {village.code: "贫困村" for village in poor}, 2017)
    desk.workbook(FILED[FIRST], "divisions", divisions, FIRST, BAOTA)
    money = make_money(seed, townships)
    for period in (FIRST, LAST):
        journals = {
            "fund_receipts": money.receipts, "fund_allocations": money.allocations, "fund_payments": money.payments,
        }  # fmt: skip
        for template, rows in journals.items():
            desk.workbook(FILED[period], template, rows_of(period, rows), period, BAOTA)
        desk.workbook(FILED[period], "projects", money.project_rows(period), period, BAOTA)
    people = make_people(seed, places, poor)
    houses = [household for found in people.values() for household in found]
    december: dict[str, list[dict[str, Any]]] = {
        "households": household_rows(houses, LAST, 0),
        "persons": person_rows(houses, LAST),
        "villages": village_rows(seed, places),
        "inspections": [*_checked(townships), *_asked(poor)],
        "support_units": _support_rows(poor),
        "task_targets": _targets(townships),
        "reported_statistics": _statistics(townships),
    }
    for template, content in december.items():
        desk.workbook(FILED[LAST], template, content, LAST, BAOTA)
    return desk.files


def _support_rows(poor: Sequence[Place]) -> list[dict[str, Any]]:
    return [
        {"village_code": village.code, "unit": support_unit(number), "leader": f"区级领导示例{unit_number(number) + 1}",
         "since": date(2016, 4, 1)}
        for number, village in enumerate(poor)
    ]  # fmt: skip


def _inspected(place: Place) -> dict[str, Any]:
    return {
        "division_code": place.code, "round_code": LAST, "inspector": "县级", "inspected_on": date(2017, 12, 12),
    }  # fmt: skip


def _checked(townships: Sequence[Place]) -> list[dict[str, Any]]:
    """交叉抽查 of every township: households identified rightly, fields that agree."""
    names = ("households_sampled", "identified_correctly", "fields_checked", "fields_matched")
    return [
        _inspected(place) | dict(zip(names, CHECKED.get(place.code, OTHERS), strict=True)) for place in townships
    ]  # fmt: skip


def _asked(poor: Sequence[Place]) -> list[dict[str, Any]]:
    """Forty people asked in each poor village."""
    return [
        _inspected(village) | {"responses": 40, "satisfied": SATISFIED[unit_number(number)]}
        for number, village in enumerate(poor)
    ]  # fmt: skip


def _targets(townships: Sequence[Place]) -> list[dict[str, Any]]:
    rows = target_rows(BAOTA, DISTRICT_TARGETS, DUE, "区脱贫攻坚办公室")
    for township in townships:
        rows += target_rows(township.code, TOWNSHIP_TARGETS, DUE, township.name)
    return rows


def _statistics(townships: Sequence[Place]) -> list[dict[str, Any]]:
    """Every township has its deputy and three officers, but 冯庄乡 only two."""
    rows = statistic_rows(BAOTA, DISTRICT_DONE)
    for township in townships:
        officers = "2" if township.code == SHORT_OF_STAFF else "3"
        staff = {"township_deputies": "1", "township_dedicated_staff": officers}
        rows += statistic_rows(township.code, {post: (count, None, "区委组织部") for post, count in staff.items()})
    return rows
