"""岳阳县, the consolidation of 2019: November and December, and the yearly assessment made known in January 2020."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from orchestration.catalogue.templates import Template
from orchestration.demo import yueyang_registers as registers
from orchestration.demo.affairs import following
from orchestration.demo.desk import Desk, at
from orchestration.demo.funds import Project, month_end
from orchestration.demo.households import household_rows, person_rows
from orchestration.demo.places import Place, division_rows
from orchestration.demo.sheets import DemoFile
from orchestration.demo.yueyang_people import DECEMBER, JANUARY, NOVEMBER, make_yueyang, village_types

HUNAN, YUEYANG = "430000000000", "430621000000"
SCORES = {  # 乡镇2019年度考核: two tie for the third place; the lake's office is not assessed
    "430621108": "96.20", "430621100": "94.75", "430621111": "92.50", "430621104": "92.50", "430621105": "91.10",
    "430621106": "90.40", "430621107": "89.85", "430621112": "89.20", "430621113": "88.60", "430621114": "87.30",
    "430621202": "86.90", "430621203": "85.15", "430621110": "83.40", "430621109": "79.80", "430621500": None,
}  # fmt: skip
DONE = {  # task: (target, due, by November, by December, the whole where it is a share)
    "poor_labour_trained": ("300", "2019-12-31", 285, 318, None),
    "poverty_workshops": ("10", "2019-12-31", 9, 10, None),
    "poverty_bases": ("10", "2019-12-31", 10, 11, None), "workshop_jobs": ("100", "2019-12-31", 96, 104, None),
    "public_posts": ("10", "2019-12-31", 10, 10, None), "new_labour_transfer": ("600", "2019-12-31", 540, 588, None),
    "school_leavers_trained": ("80", "2019-12-31", 80, 82, None),
    "relocated_employed_rate": ("1", "2019-12-31", 402, 416, 416),
    "exited_unsafe_houses": ("0", "2019-10-31", 0, 0, None), "hamlet_paved_rate": ("1", "2019-12-31", 1310, 1352, 1352),
    "village_bus_rate": ("1", "2020-12-31", 196, 198, 204),
    "voltage_qualified_rate": ("0.92", "2019-12-31", 9310, 9340, 10000),
    "power_reliability_rate": ("0.97", "2019-12-31", 9960, 9968, 10000),
    "transformer_capacity": ("1.4", "2019-12-31", 62500, 64400, 46000),
    "poor_village_broadband_rate": ("0.90", "2019-12-31", 44, 46, 46),
    "poor_village_cable_tv_rate": ("1", "2019-12-31", 45, 45, 46),
    "project_from_library_rate": ("1", "2019-12-31", 36, 36, 36),
    "resident_team_coverage": ("1", "2019-12-31", 199, 200, 200),
}  # fmt: skip


def yueyang_files(seed: int, templates: Mapping[str, Template], places: Sequence[Place]) -> list[DemoFile]:
    """All files of 岳阳县 with their receipt times."""
    desk = Desk(templates, {place.code: place.name for place in places})
    types, population = village_types(places), make_yueyang(seed, places)
    houses = [household for found in population.values() for household in found]
    first = at(following(NOVEMBER, 4), "09:00")
    desk.workbook(first, "divisions", division_rows(places, village_types=types), NOVEMBER, HUNAN)
    desk.workbook(at(following(NOVEMBER, 4), "10:00"), "task_targets", target_rows(), NOVEMBER, YUEYANG)
    for months, period in enumerate((NOVEMBER, DECEMBER)):
        when = at(following(period, 4), "10:00")
        desk.text(when, "households", household_rows(houses, period, months), period, YUEYANG)
        desk.text(when, "persons", person_rows(houses, period), period, YUEYANG)
        desk.workbook(when, "villages", registers.village_rows(seed, types, int(period[5:])), period, YUEYANG)
        desk.workbook(when, "projects", project_rows(seed, places, period), period, YUEYANG)
        desk.workbook(when, "reported_statistics", statistic_rows(period), period, YUEYANG)
    for period in (NOVEMBER, DECEMBER, JANUARY):
        when = at(following(period, 4), "10:00")
        desk.workbook(when, "loans", registers.loan_rows(population, period), period, YUEYANG)
        desk.workbook(when, "team_attendance", registers.attendance_rows(places, types, period), period, YUEYANG)
    desk.workbook(at(following(JANUARY, 4), "10:00"), "inspections", assessment_rows(seed), JANUARY, YUEYANG)
    return desk.files


def target_rows() -> list[dict[str, Any]]:
    """年度目标任务 of the county."""
    return [
        {"division_code": YUEYANG, "indicator_code": task, "target": Decimal(target),
         "due_on": date.fromisoformat(due), "unit": "县扶贫办"}
        for task, (target, due, *_) in DONE.items()
    ]  # fmt: skip


def statistic_rows(period: str) -> list[dict[str, Any]]:
    """部门填报指标: the tasks, and the 46 villages that no longer count as poor."""
    reached = [
        {"division_code": YUEYANG, "indicator_code": task, "unit": "县扶贫办",
         "numerator": Decimal(by_november if period == NOVEMBER else by_december),
         "denominator": None if whole is None else Decimal(whole)}
        for task, (_, _, by_november, by_december, whole) in DONE.items()
    ]  # fmt: skip
    exited = {"indicator_code": "exited_villages", "numerator": Decimal(46), "denominator": None}
    return [*reached, {"division_code": YUEYANG, "unit": "县扶贫办", **exited}]


def assessment_rows(seed: int) -> list[dict[str, Any]]:
    """考核抽查结果 of the year: the county's townships, one without a score."""
    rng = Random(f"{seed}:yueyang:assessment")
    rows = []
    for number, (township, score) in enumerate(sorted(SCORES.items())):
        sampled = rng.randint(60, 90)
        rows.append({
            "division_code": f"{township}000", "round_code": "2019", "inspector": "县级",
            "inspected_on": date(2020, 1, 6) + timedelta(days=number),
            "exited_sampled": sampled, "wrong_exits": int(number == 7), "unregistered_sampled": sampled + 20,
            "missed": int(number == 9), "responses": 50, "satisfied": 50 - rng.randint(0, 3),
            "score": Decimal(score) if score else None,
        })  # fmt: skip
    return rows


def project_rows(seed: int, places: Sequence[Place], period: str) -> list[dict[str, Any]]:
    """项目库: two projects a township, a fifth of them still under way in December."""
    townships = [place.code for place in places if place.level == "township"]
    return [_project(seed, township, number).row_at(month_end(period)) for township in townships for number in (1, 2)]


def _project(seed: int, township: str, number: int) -> Project:
    rng = Random(f"{seed}:yueyang:project:{township}:{number}")
    start = date(2019, rng.randint(3, 6), rng.randint(1, 28))
    planned = date(2019, rng.randint(10, 11), rng.randint(1, 28))
    finished = planned + timedelta(days=rng.randint(-12, 8) if rng.random() < 0.8 else 70)
    return Project(
        {
            "division_code": township, "project_id": f"XM2019{township[:9]}{number}", "name": f"示例项目{number}",
            "category": "产业发展" if number == 1 else "基础设施",
            "funding_form": "以奖代补" if number == 1 else "基础建设", "project_year": 2019, "batch": "第一批",
            "implementer": "示例实施单位", "department": "县扶贫办",
            "planned_amount": Decimal(rng.randint(10, 90) * 10000), "planned_start": start, "planned_finish": planned,
            "work_relief": False,
        },
        start, finished, finished + timedelta(days=12), start - timedelta(days=15),
    )  # fmt: skip
