"""The places of the short documents: 柘城县 and 龙山县 in 2021, 石门村, 袁湖村 and 沅河镇 in 2022."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from orchestration.catalogue.templates import Template
from orchestration.demo.desk import Desk, at
from orchestration.demo.households import Household, VillagePlan, household_rows, make_village, person_rows
from orchestration.demo.places import Place
from orchestration.demo.sheets import DemoFile
from orchestration.demo.small_assets import AssetPlan, asset_rows
from orchestration.demo.small_rows import Quantity, own_tree_rows, statistic_rows, target_rows

ZHECHENG, LONGSHAN, YUANHE = "411424000000", "433130000000", "431281107000"
SHIMEN, YUANHU = "422822101216", "340422120206"
HALF_YEAR, YEAR_END = "2022-06", "2022-12"
FILED = {
    "2021-12": at(date(2022, 1, 4), "14:30"), HALF_YEAR: at(date(2022, 7, 4), "14:30"),
    YEAR_END: at(date(2023, 1, 4), "14:30"),
}  # fmt: skip
SAFE: dict[str, Any] = {
    "food_secure": True, "clothing_secure": True, "water_safe": True, "housing_grade": "B", "housing_repair": "不需要",
}  # fmt: skip
UNSAFE_IN, UNSIGNED_IN = "砖桥村", "李集村"
"""柘城县: a house of grade D not yet begun, and a chronic patient without a family doctor."""
SHIMEN_DONE = {  # task: (target, done by December 2022)
    "courtyard_remediation": ("240", "252"), "dry_toilet_remediation": ("120", "120"), "waste_bins": ("80", "76"),
    "orchard_upgrade_mu": ("580", "580"), "homestay_conversion": ("100", "64"),
    "group_3_parking_area": ("3000", "3000"), "office_parking_area": ("500", "500"), "link_road_km": ("5", "4.2"),
}  # fmt: skip
MISSED_VISIT = "01"
"""The household of 袁湖村 with two visits in the second half-year, five in all."""


def small_files(seed: int, templates: Mapping[str, Template], places: Sequence[Place]) -> list[DemoFile]:
    """All files of the five places with their receipt times."""
    desk = Desk(templates, {place.code: place.name for place in places})
    _zhecheng(desk, seed, places)
    _longshan(desk, places)
    _shimen(desk, places)
    _yuanhu(desk, seed, places)
    _yuanhe(desk, seed, places)
    return desk.files


def _divisions(desk: Desk, places: Sequence[Place], county: str, period: str) -> None:
    desk.workbook(FILED[period], "divisions", own_tree_rows(places, county), period, county)


def _villages(places: Sequence[Place], division: str) -> list[Place]:
    inside = division.rstrip("0") if division.endswith("000000") else division[:9]
    return [p for p in places if p.level == "village" and p.code.startswith(inside) and p.name.endswith("村")]


def _people(
    seed: int, villages: Sequence[Place], plan: VillagePlan, year: int, first_number: int, unit: str
) -> list[Household]:
    houses: list[Household] = []
    for position, village in enumerate(villages):
        own = replace(plan, village_code=village.code)
        houses += make_village(seed, own, year, first_number + 60 * position, unit, f"{year}-12")
    for house in houses:
        house.row |= SAFE
        for person in house.persons:
            if person.row["health"] == "长期慢性病":
                person.row["family_doctor"] = True
    return houses


def _zhecheng(desk: Desk, seed: int, places: Sequence[Place]) -> None:
    """Households, persons and assets of 陈青集镇, and how the severely ill are treated."""
    period, when = "2021-12", FILED["2021-12"]
    villages = _villages(places, ZHECHENG)
    plan = VillagePlan("", general=1, exited=4, poor=0, unstable=1, income_scale=2)
    houses = _people(seed, villages, plan, 2021, 500_000, "柘城县示例单位")
    by_village = {village.name: [h for h in houses if h.village_code == village.code] for village in villages}
    by_village[UNSAFE_IN][0].row |= {"housing_grade": "D", "housing_repair": "未开工"}
    by_village[UNSIGNED_IN][0].persons[0].row |= {"health": "长期慢性病", "family_doctor": False}
    assets = AssetPlan({"经营性": 12, "公益性": 12, "到户类": 6}, 2013, 2020, keeperless=1, untitled=2)
    _divisions(desk, places, ZHECHENG, period)
    rows: dict[str, list[dict[str, Any]]] = {
        "households": household_rows(houses, period, 0),
        "persons": person_rows(houses, period),
        "assets": asset_rows(assets, "ZC411424", villages),
        "task_targets": target_rows(ZHECHENG, {"severe_illness_treated_rate": "1"}, date(2021, 12, 31), "县卫健委"),
        "reported_statistics": statistic_rows(ZHECHENG, {"severe_illness_treated_rate": ("56", "57", "县卫健委")}),
    }
    for template, content in rows.items():
        desk.workbook(when, template, content, period, ZHECHENG)


def _longshan(desk: Desk, places: Sequence[Place]) -> None:
    """The asset ledger of 洗车河镇, the one thing 五权 and 四清单 can be counted by."""
    period = "2021-12"
    assets = AssetPlan(
        {"经营性": 20, "公益性": 20, "到户类": 10}, 2013, 2020, keeperless=2, half_distributed=5, untitled=4, idle=1
    )
    _divisions(desk, places, LONGSHAN, period)
    rows = asset_rows(assets, "ZC433130", _villages(places, LONGSHAN))
    desk.workbook(FILED[period], "assets", rows, period, LONGSHAN)


def _shimen(desk: Desk, places: Sequence[Place]) -> None:
    """The eight works of 石门村 at their due date."""
    when = FILED[YEAR_END]
    targets = {task: target for task, (target, _) in SHIMEN_DONE.items()}
    done: dict[str, Quantity] = {task: (reached, None, "石门村") for task, (_, reached) in SHIMEN_DONE.items()}
    _divisions(desk, places, f"{SHIMEN[:6]}000000", YEAR_END)
    desk.workbook(when, "task_targets", target_rows(SHIMEN, targets, date(2022, 12, 31), "石门村"), YEAR_END, SHIMEN)
    desk.workbook(when, "reported_statistics", statistic_rows(SHIMEN, done), YEAR_END, SHIMEN)


def _yuanhu(desk: Desk, seed: int, places: Sequence[Place]) -> None:
    """袁湖村's households are visited every two months; by the year's end one has been missed once."""
    village = next(place for place in places if place.code == YUANHU)
    plan = VillagePlan("", general=0, exited=11, poor=0, unstable=1, income_scale=2)
    houses = _people(seed, [village], plan, 2022, 510_000, "袁湖村示例帮扶单位")
    _divisions(desk, places, f"{YUANHU[:6]}000000", HALF_YEAR)
    for period in (HALF_YEAR, YEAR_END):
        desk.workbook(FILED[period], "households", household_rows(houses, period, 0), period, YUANHU)
        desk.workbook(FILED[period], "visits", _visit_rows(houses, period), period, YUANHU)
    area = statistic_rows(YUANHU, {"cattle_barn_area": ("3000", None, "县农业农村局")})
    desk.workbook(FILED[YEAR_END], "reported_statistics", area, YEAR_END, YUANHU)


def _visit_rows(houses: Sequence[Household], period: str) -> list[dict[str, Any]]:
    """The visits of one half-year, one every two months, all in the file of its last month."""
    last = int(period[5:])
    return [
        {"village_code": YUANHU, "visit_id": f"ZF{house.id}{month:02d}", "household_id": house.id,
         "visited_on": date(2022, month, 10 + number), "visitor_role": "帮扶责任人",
         "visitor": house.row.get("helper_name") or "帮扶示例00", "problem_found": False}
        for month in range(last - 4, last + 1, 2)
        for number, house in enumerate(houses, start=1)
        if not (month == 12 and house.id.endswith(MISSED_VISIT))
    ]  # fmt: skip


def _yuanhe(desk: Desk, seed: int, places: Sequence[Place]) -> None:
    """沅河镇's document sets no number; its households by class are what 分层分类帮扶 can be seen by."""
    villages = _villages(places, YUANHE)
    plan = VillagePlan("", general=0, exited=4, poor=0, unstable=1, marginal=1, sudden=1, income_scale=2)
    houses = _people(seed, villages, plan, 2022, 520_000, "沅河镇示例单位")
    _divisions(desk, places, f"{YUANHE[:6]}000000", YEAR_END)
    desk.workbook(FILED[YEAR_END], "households", household_rows(houses, YEAR_END, 0), YEAR_END, YUANHE)
