"""白城市, the “hundred days” of 2020: September to December, and October 2019 to be held against."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from orchestration.catalogue.templates import Template
from orchestration.demo import baicheng_registers as registers
from orchestration.demo.affairs import CATEGORIES, SOURCES, following
from orchestration.demo.baicheng_people import (
    COUNTIES,
    PERIODS,
    TAOBEI,
    TAONAN,
    TONGYU,
    YEAR_AGO,
    ZHENLAI,
    make_baicheng,
    year_ago_row,
)  # fmt: skip
from orchestration.demo.desk import Desk, at
from orchestration.demo.funds import Project, month_end
from orchestration.demo.households import REGISTERED, Household, household_rows, person_rows
from orchestration.demo.places import Place, division_rows
from orchestration.demo.sheets import DemoFile

JILIN, BAICHENG = "220000000000", "220800000000"
CLEARED_BY = date(2020, 10, 31)
DONE = {  # task: (target, what is reached by December, the whole where it is a share)
    "disaster_household_above_line_rate": ("1", 412, 412), "benefit_contract_extended_rate": ("1", 2840, 2886),
    "pv_subsidy_idle_amount": ("0", 0, None), "credit_rating_coverage_rate": ("1", 2890, 2890),
    "consumption_cabinets": ("300", 306, None), "reserved_procurement_rate": ("1", 1180, 1240),
    "new_dibao_full_year_paid_rate": ("1", 655, 655), "household_survey_coverage_rate": ("1", 4460, 4460),
}  # fmt: skip
ZONES = dict(zip(COUNTIES, (3, 2, 2, 2, 1), strict=True))
"""商超扶贫专区 by December; two or three a county are asked for, 大安市 has one."""


def baicheng_files(seed: int, templates: Mapping[str, Template], places: Sequence[Place]) -> list[DemoFile]:
    """All files of 白城市 with their receipt times."""
    desk = Desk(templates, {place.code: place.name for place in places})
    population = make_baicheng(seed, places)
    registers.rate_for_loans(population)
    houses = [household for found in population.values() for household in found]
    desk.workbook(at(following(YEAR_AGO, 4), "09:00"), "divisions", division_rows(places), YEAR_AGO, JILIN)
    _year_ago(desk, houses)
    for months, period in enumerate(PERIODS):
        when = at(following(period, 4), "10:00")
        desk.text(when, "households", household_rows(houses, period, months), period, BAICHENG)
        desk.text(when, "persons", person_rows(houses, period), period, BAICHENG)
        desk.text(when, "villages", registers.village_rows(seed, places, period), period, BAICHENG)
        desk.text(when, "visits", registers.visit_rows(seed, population, period), period, BAICHENG)
        desk.text(when, "loans", registers.loan_rows(population, period), period, BAICHENG)
        desk.workbook(when, "rectifications", rectification_rows(seed, period), period, BAICHENG)
        late = at(following(period, 9), "16:00") if period == "2020-10" else when
        desk.workbook(late, "projects", project_rows(seed, period), period, BAICHENG)
        desk.workbook(when, "reported_statistics", statistic_rows(period), period, BAICHENG)
    desk.workbook(at(following(PERIODS[0], 4), "10:00"), "task_targets", target_rows(), PERIODS[0], BAICHENG)
    return desk.files


def _year_ago(desk: Desk, houses: Sequence[Household]) -> None:
    """October 2019: the registered households only, so that incomes and migrant work have a year before."""
    registered = [household for household in houses if household.row["household_type"] in REGISTERED]
    when = at(following(YEAR_AGO, 4), "10:00")
    desk.text(when, "households", [year_ago_row(household) for household in registered], YEAR_AGO, BAICHENG)
    desk.text(when, "persons", person_rows(registered, YEAR_AGO), YEAR_AGO, BAICHENG)


def rectification_rows(seed: int, period: str) -> list[dict[str, Any]]:
    """问题整改台账: found by the survey, closed on the Fridays of the weekly dispatch, in three counties all by then.

    洮北区 closes its last problem on that very day, 镇赉县 one on 1 November; two of 通榆县 stay open past their term.
    """
    rows, day = [], month_end(period)
    for county in COUNTIES:
        rng = Random(f"{seed}:baicheng:rectifications:{county}")
        for number in range(1, 13):
            closed: date | None = date(2020, 10, 2) + timedelta(weeks=rng.randint(0, 3))
            if number == 12:
                closed = {TAOBEI: CLEARED_BY, ZHENLAI: date(2020, 11, 1)}.get(county, closed)
            if county == TONGYU and number > 10:
                closed = None
            rows.append({
                "division_code": county, "issue_id": f"WT2020{county[:6]}{number:03d}", "source": rng.choice(SOURCES),
                "category": rng.choice(CATEGORIES), "found_on": date(2020, 9, 23) + timedelta(days=rng.randint(0, 7)),
                "unit": f"示例责任单位{number % 6 + 1:02d}", "due_on": CLEARED_BY - timedelta(days=number % 3),
                "closed_on": closed if closed and closed <= day else None,
            })  # fmt: skip
    return rows


def project_rows(seed: int, period: str) -> list[dict[str, Any]]:
    """项目库: six projects a county, all to be finished by December; 洮南市's last is not."""
    return [_project(seed, county, number).row_at(month_end(period)) for county in COUNTIES for number in range(1, 7)]


def _project(seed: int, county: str, number: int) -> Project:
    rng = Random(f"{seed}:baicheng:project:{county}:{number}")
    start = date(2020, rng.randint(4, 6), rng.randint(1, 28))
    planned = date(2020, rng.randint(9, 11), rng.randint(1, 28))
    finished = planned + timedelta(days=rng.randint(-10, 20))
    if county == TAONAN and number == 6:
        finished = date(2021, 3, 31)
    return Project(
        {
            "division_code": county, "project_id": f"XM2020{county[:6]}{number:02d}",
            "name": f"示例项目{number:02d}", "category": "产业发展" if number % 3 else "基础设施",
            "funding_form": "产业发展" if number % 3 else "基础建设", "project_year": 2020, "batch": "第一批",
            "implementer": "示例实施单位", "department": "县农业农村局",
            "planned_amount": Decimal(rng.randint(20, 160) * 10000),
            "planned_start": start, "planned_finish": planned, "work_relief": False,
        },
        start, finished, finished + timedelta(days=9), start - timedelta(days=15),
    )  # fmt: skip


def target_rows() -> list[dict[str, Any]]:
    """年度目标任务: the city's, and two zones for each county."""
    city = [_target(BAICHENG, task, target) for task, (target, _, _) in DONE.items()]
    return city + [_target(county, "consumption_zones", "2") for county in COUNTIES]


def _target(code: str, task: str, target: str) -> dict[str, Any]:
    due = CLEARED_BY if task == "household_survey_coverage_rate" else date(2020, 12, 31)
    return {
        "division_code": code, "indicator_code": task, "target": Decimal(target), "due_on": due, "unit": "市扶贫办",
    }  # fmt: skip


def statistic_rows(period: str) -> list[dict[str, Any]]:
    """部门填报指标: a quarter of the way each month, whole in December."""
    quarter = PERIODS.index(period) + 1
    city = [
        {"division_code": BAICHENG, "indicator_code": task, "numerator": Decimal(reached * quarter // 4),
         "denominator": None if whole is None else Decimal(whole), "unit": "市扶贫办"}
        for task, (_, reached, whole) in DONE.items()
    ]  # fmt: skip
    return city + [
        {"division_code": county, "indicator_code": "consumption_zones", "numerator": Decimal(zones * quarter // 4),
         "denominator": None, "unit": "县扶贫办"}
        for county, zones in ZONES.items()
    ]  # fmt: skip
