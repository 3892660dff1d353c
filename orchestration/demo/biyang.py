"""泌阳县, December 2016: the year's exits, the third party's assessment, support units and money."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from orchestration.catalogue.templates import Template
from orchestration.demo.biyang_funds import make_money
from orchestration.demo.biyang_people import make_people, village_rows
from orchestration.demo.biyang_plan import (
    BIYANG,
    EXITED_VILLAGES,
    PERIOD,
    SCORES,
    YANGJIAJI,
    poor_villages,
    support_unit,
)
from orchestration.demo.desk import Desk, at
from orchestration.demo.households import household_rows, person_rows
from orchestration.demo.places import Place
from orchestration.demo.sheets import DemoFile
from orchestration.demo.small_rows import Quantity, own_tree_rows, statistic_rows, target_rows

FILED = at(date(2017, 1, 4), "10:00")
AGAIN = at(date(2018, 7, 5), "16:30")
OTHER_SAMPLED = 25
TARGETS = {
    "identification_review_coverage": "354", "microcredit_share_annual_income": "3000",
    "household_program_income_gain": "500", "post_insurance_reimburse_rate": "0.9",
}  # fmt: skip
STATISTICS: dict[str, Quantity] = {
    "identification_review_coverage": ("354", None, "县扶贫办"),
    "microcredit_share_annual_income": ("1647000", "540", "县金融办"),  # 3,050 yuan for each of 540 households
    "household_program_income_gain": ("1300000", "2420", "县畜牧局"),  # 537 yuan, but for a household, not a person
    "post_insurance_reimburse_rate": ("0.9", None, "县人社局"),
    "assessed_townships": ("22", None, "县扶贫办"),
    "assessed_key_villages": ("68", None, "县扶贫办"),
    "assessed_other_villages": ("25", None, "县扶贫办"),
    "insurance_premium_subsidy": ("150", None, "县卫计委"),
    "supplementary_insurance_subsidy": ("90", None, "县人社局"),
    "education_grant_from": ("400", None, "县教体局"),
    "education_grant_to": ("5000", None, "县教体局"),
}


def biyang_files(seed: int, templates: Mapping[str, Template], places: Sequence[Place]) -> list[DemoFile]:
    """The files of December 2016, and in 2018 the county's own divisions once more."""
    desk = Desk(templates, {place.code: place.name for place in places})
    townships = [place for place in places if place.level == "township"]
    villages = [place for place in places if place.level == "village"]
    poor = poor_villages(places)
    exiting, staying = poor[:EXITED_VILLAGES], poor[EXITED_VILLAGES:]
    people = make_people(seed, villages, exiting, staying)
    houses = [household for found in people.values() for household in found]
    money = make_money(seed, townships, poor)
    divisions = own_tree_rows(places, BIYANG, {village.code: "贫困村" for village in poor}, 2016)
    desk.workbook(FILED, "divisions", divisions, PERIOD, BIYANG)
    # the province's file of June 2018 knows 罗山县 alone; without a newer one 泌阳县 would be gone from then on
    desk.workbook(AGAIN, "divisions", divisions, "2018-06", BIYANG)
    desk.text(FILED, "households", household_rows(houses, PERIOD, 0), PERIOD, BIYANG)
    rows: dict[str, list[dict[str, Any]]] = {
        "villages": village_rows(seed, villages, exiting, staying),
        "projects": money.projects,
        "fund_receipts": money.receipts,
        "fund_allocations": money.allocations,
        "fund_payments": money.payments,
        "inspections": _inspection_rows(townships, villages, poor),
        "support_units": _support_rows(poor),
        "task_targets": target_rows(BIYANG, TARGETS, date(2016, 12, 31), "县脱贫攻坚领导小组办公室"),
        "reported_statistics": statistic_rows(BIYANG, STATISTICS),
    }
    for template, content in rows.items():
        desk.workbook(FILED, template, content, PERIOD, BIYANG)
    own = [household for household in houses if household.village_code.startswith(YANGJIAJI[:9])]
    desk.workbook(FILED, "persons", person_rows(own, PERIOD), PERIOD, YANGJIAJI)
    return desk.files


def _support_rows(poor: Sequence[Place]) -> list[dict[str, Any]]:
    """68 county units, one behind each of the 68 poor villages."""
    return [
        {"village_code": village.code, "unit": support_unit(number), "leader": f"领导示例{number + 1:02d}",
         "since": date(2016, 3, 1)}
        for number, village in enumerate(poor)
    ]  # fmt: skip


def _inspection_rows(
    townships: Sequence[Place], villages: Sequence[Place], poor: Sequence[Place]
) -> list[dict[str, Any]]:
    """Round 2016 of the third party: a score for each township, samples in 68 key and 25 other villages."""
    scored = [_inspected(place) | {"score": Decimal(score)} for place, score in zip(townships, SCORES, strict=True)]
    key = {village.code for village in poor}
    others = [village for village in villages if village.code not in key][:: len(villages) // OTHER_SAMPLED]
    sampled = [*poor, *others[:OTHER_SAMPLED]]
    return scored + [_inspected(place) | _sample(number) for number, place in enumerate(sampled)]


def _inspected(place: Place) -> dict[str, Any]:
    return {
        "division_code": place.code, "round_code": "2016", "inspector": "第三方", "inspected_on": date(2016, 12, 20),
    }  # fmt: skip


def _sample(number: int) -> dict[str, Any]:
    """One wrongly exited person in the first village, one missed in the second; satisfaction 38 to 40 of 40."""
    return {
        "exited_sampled": 40, "wrong_exits": int(number == 0), "unregistered_sampled": 60, "missed": int(number == 1),
        "responses": 40, "satisfied": 40 - number % 3, "households_sampled": 20, "identified_correctly": 20,
        "fields_checked": 200, "fields_matched": 200 - number % 4,
    }  # fmt: skip
