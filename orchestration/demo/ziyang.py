"""紫阳县, December 2021: its assets in three classes, and the numbers of the speech as departments report them."""

from collections.abc import Mapping, Sequence
from datetime import date

from orchestration.catalogue.templates import Template
from orchestration.demo.desk import Desk, at
from orchestration.demo.places import Place
from orchestration.demo.sheets import DemoFile
from orchestration.demo.small_assets import AssetPlan, asset_rows
from orchestration.demo.small_rows import Quantity, own_tree_rows, statistic_rows

ZIYANG, PERIOD = "610924000000", "2021-12"
FILED = at(date(2022, 1, 4), "11:00")
ASSETS = AssetPlan(
    {"经营性": 60, "公益性": 40, "到户类": 20}, first_year=2014, last_year=2020,
    keeperless=3, half_distributed=12, untitled=6, idle=2,
)  # fmt: skip
"""Kept 117 of 120 (97.5 %), distributed 1,080,000 of 1,200,000 yuan (90 %)."""
STATISTICS: dict[str, Quantity] = {
    "rural_income_2015": ("8051", None, "县统计局"),
    "rural_income_2020": ("10861", None, "县统计局"),
    "villages_with_clinic": ("176", None, "县卫健局"),
    "temporary_party_branches": ("176", None, "县委组织部"),
    "exited_poor_villages": ("133", None, "县乡村振兴局"),
    "first_secretaries": ("133", None, "县委组织部"),
    "villages_with_collective": ("133", None, "县农业农村局"),
}


def ziyang_files(seed: int, templates: Mapping[str, Template], places: Sequence[Place]) -> list[DemoFile]:
    """The files of December 2021; nothing in them is drawn, so the seed changes nothing."""
    desk = Desk(templates, {place.code: place.name for place in places})
    villages = [place for place in places if place.level == "village" and place.name.endswith("村")]
    desk.workbook(FILED, "divisions", own_tree_rows(places, ZIYANG), PERIOD, ZIYANG)
    desk.workbook(FILED, "assets", asset_rows(ASSETS, "ZC610924", villages), PERIOD, ZIYANG)
    desk.workbook(FILED, "reported_statistics", statistic_rows(ZIYANG, STATISTICS), PERIOD, ZIYANG)
    return desk.files
