"""The invented registered households of 宝塔区 in December 2017: all in order, but for the planted cases."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from orchestration.demo.baota_plan import (
    ARCHIVE,
    CLINIC_UNKNOWN,
    HELPER,
    INDUSTRY,
    LAST,
    TRAINING,
    WITHOUT_BROADBAND,
    support_unit,
    unit_number,
    villages_in,
)
from orchestration.demo.households import Household, VillagePlan, income_parts, make_village
from orchestration.demo.places import Place
from orchestration.demo.registers import INDUSTRIES, SEVEN

YEAR = 2017
FIRST_NUMBER = 300_000
LABOUR = ("普通劳动力", "技能劳动力", "弱劳动力或半劳动力")
IN_ORDER: dict[str, Any] = {
    "food_secure": True, "clothing_secure": True, "water_safe": True, "housing_grade": "B", "housing_repair": "不需要",
    "file_complete": True, "measure_count": 2,
}  # fmt: skip
NO_INDUSTRY: dict[str, Any] = {
    "orchard_mu": Decimal(0), "sows": 0, "pigs": 0, "chickens": 0, "greenhouses": 0, "arch_sheds": 0,
}  # fmt: skip
UNMEASURED, UNMET, UNWATERED = (2, 5), (3, 6), 4
"""Support units, from 0, in whose first village a monitored household has no measure, a planned exit is not made,
and an exited household has no safe water."""


def make_people(seed: int, places: Sequence[Place], poor: Sequence[Place]) -> dict[str, list[Household]]:
    """Village code -> registered households: six in a poor village, three in another; none in a 社区."""
    numbers = {village.code: number for number, village in enumerate(poor)}
    villages = [place for place in places if place.level == "village" and place.name.endswith("村")]
    population = {}
    for position, village in enumerate(villages):
        number = numbers.get(village.code)
        plan = (
            VillagePlan(village.code, general=0, exited=3, poor=0) if number is None
            else VillagePlan(village.code, general=0, exited=4, poor=1, unstable=1)
        )  # fmt: skip
        unit = support_unit(position if number is None else number)
        population[village.code] = make_village(seed, plan, YEAR, FIRST_NUMBER + 30 * position, unit, LAST)
        for household in population[village.code]:
            _put_in_order(household)
    for number, village in enumerate(poor):
        _plan_exits(number, population[village.code])
    _plant_industry(places, population)
    _plant_misses(places, population)
    return population


def _put_in_order(household: Household) -> None:
    row = household.row
    row |= IN_ORDER | NO_INDUSTRY | {"greenhouses": 1, "identified_year": 2014}
    row["helper_name"] = row.get("helper_name") or "帮扶示例00"
    household.growth = Decimal(0)
    if row["household_type"] == "未脱贫户":
        row |= {"planned_exit_year": YEAR + 1, **income_parts(2600 * int(row["member_count"]), Random(household.id))}
    else:
        row |= {"planned_exit_year": 2016, "exit_year": 2016}
    for person in household.persons:
        person.row["medical_insured"] = True
        person.row["schooling"] = person.row["schooling"] or "非在校生"
        if person.row["labour"] in LABOUR:
            person.row["trained"] = True


def _plan_exits(number: int, houses: Sequence[Household]) -> None:
    """Two households leave poverty in 2017 as planned; what a unit's first village lacks, its unit is ranked by."""
    unit, first = unit_number(number), number < 8
    exited = [house for house in houses if house.row["household_type"] == "脱贫户"]
    for house in exited[:2]:
        house.row |= {"planned_exit_year": YEAR, "exit_year": YEAR}
    for house in houses:
        if house.row["household_type"] == "脱贫不稳定户":
            house.row |= {"monitored_on": date(YEAR, 6, 12), "risk_cleared_on": None}
            house.row["measure_count"] = 0 if first and unit in UNMEASURED else 2
        elif house.row["household_type"] == "未脱贫户" and first and unit in UNMET:
            house.row["planned_exit_year"] = YEAR
    if first and unit == UNWATERED:
        exited[3].row["water_safe"] = False


def _plant_industry(places: Sequence[Place], population: Mapping[str, Sequence[Household]]) -> None:
    """One household for each of the six standards met exactly; next village the same just missed, one unknown."""
    villages = villages_in(places, INDUSTRY)
    for village in villages:
        for house in population[village.code]:
            house.persons[0].row |= {"labour": "普通劳动力", "trained": True}
    for house, standard in zip(population[villages[0].code], range(6), strict=True):
        house.row |= NO_INDUSTRY | _standards(int(house.row["member_count"]))[standard]
    for house in population[villages[1].code]:
        house.row |= _just_below(int(house.row["member_count"]))
    population[villages[1].code][0].row["arch_sheds"] = None


def _standards(members: int) -> tuple[dict[str, Any], ...]:
    """The six standards of a household, each met to the unit."""
    return (
        {"orchard_mu": Decimal(2 * members)}, {"sows": 2}, {"pigs": 3 * members}, {"chickens": 200},
        {"greenhouses": 1}, {"arch_sheds": 2},
    )  # fmt: skip


def _just_below(members: int) -> dict[str, Any]:
    return {
        "orchard_mu": 2 * members - Decimal("0.1"), "sows": 1, "pigs": 3 * members - 1, "chickens": 199,
        "greenhouses": 0, "arch_sheds": 1,
    }  # fmt: skip


def _plant_misses(places: Sequence[Place], population: Mapping[str, Sequence[Household]]) -> None:
    """In the first village of each of three townships: a file incomplete and one unknown, no helper, no training."""
    archive, helper, training = (
        population[villages_in(places, code)[0].code] for code in (ARCHIVE, HELPER, TRAINING)
    )  # fmt: skip
    archive[0].row["file_complete"], archive[1].row["file_complete"] = False, None
    helper[0].row["helper_name"] = None
    training[0].persons[0].row |= {"labour": "普通劳动力", "trained": False}


def village_rows(seed: int, places: Sequence[Place]) -> list[dict[str, Any]]:
    """村情监测表: the seven items are there everywhere but in two poor villages."""
    rng = Random(f"{seed}:baota villages")
    missing = {
        villages_in(places, WITHOUT_BROADBAND)[1].code: {"broadband": False},
        villages_in(places, CLINIC_UNKNOWN)[1].code: {"clinic": None},
    }
    rows = []
    for village in (place for place in places if place.level == "village"):
        people = rng.randint(600, 1900)
        rows.append({
            "village_code": village.code, "rural_households": people // 3, "rural_population": people,
            **dict.fromkeys(SEVEN, True), **missing.get(village.code, {}), "main_industry": rng.choice(INDUSTRIES),
            "collective_income": Decimal(rng.randint(3, 50) * 1000),
        })  # fmt: skip
    return rows
