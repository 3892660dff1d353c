"""The invented registered households of 泌阳县 in December 2016, so many that 14,774 of their members leave poverty."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from random import Random
from typing import Any

from orchestration.demo.biyang_plan import EXITED_PERSONS, LOW_DIVIDEND, NO_DIVIDEND, PERIOD, support_unit
from orchestration.demo.households import Household, VillagePlan, make_village
from orchestration.demo.places import Place
from orchestration.demo.registers import INDUSTRIES, SEVEN

YEAR = 2016
FIRST_NUMBER = 100_000
REPAIRS = "housing_done"
FURTHER = ("environment", REPAIRS, "village_office")
"""The three items the county adds to the seven."""
UNMET_PLAN = 9
"""In so many poor villages that do not exit two households planned for 2016 stay poor."""
SAFE_HOUSE = {"housing_grade": "B", "housing_repair": "不需要"}
UNSAFE_HOUSE = {"housing_grade": "D", "housing_repair": "在建"}


def make_people(
    seed: int, villages: Sequence[Place], exiting: Sequence[Place], staying: Sequence[Place]
) -> dict[str, list[Household]]:
    """Village code -> registered households. ``exiting`` and ``staying`` are the poor villages."""
    numbers = {village.code: number for number, village in enumerate([*exiting, *staying])}
    exiting_codes = {village.code for village in exiting}
    population = {}
    for position, village in enumerate(villages):
        if village.code in exiting_codes:
            exited, poor = 60, 1
        elif village.code in numbers:
            exited, poor = 34, 14
        else:
            exited, poor = 9, 1
        plan = VillagePlan(village.code, general=0, exited=exited, poor=poor)
        unit = support_unit(numbers.get(village.code, position % len(numbers)))
        population[village.code] = make_village(seed, plan, YEAR, FIRST_NUMBER + 400 * position, unit, PERIOD)
    _leave_poverty(population, [village.code for village in (*exiting, *staying)])
    _stay_poor(population, [village.code for village in staying[:UNMET_PLAN]])
    _houses(population, exiting, staying)
    _dividends(population)
    return population


def _leave_poverty(population: Mapping[str, Sequence[Household]], first: Sequence[str]) -> None:
    """Households leave poverty in 2016, poor villages' first, until it is 14,774 persons; the others left in 2015."""
    order = [*first, *(code for code in population if code not in set(first))]
    left = EXITED_PERSONS
    for house in (house for code in order for house in population[code] if house.row["household_type"] == "脱贫户"):
        size = int(house.row["member_count"])
        year = YEAR if size <= left else YEAR - 1
        left -= size if year == YEAR else 0
        house.row |= {"identified_year": 2014, "planned_exit_year": year, "exit_year": year, "water_safe": True}
    if left:
        raise ValueError(f"泌阳县: households for {left} more persons are needed")


def _stay_poor(population: Mapping[str, Sequence[Household]], unmet: Sequence[str]) -> None:
    """Poor households are planned for 2017, but two in each of the villages named were planned for 2016."""
    for code, houses in population.items():
        poor = [house for house in houses if house.row["household_type"] == "未脱贫户"]
        for number, house in enumerate(poor):
            missed = code in unmet and number < 2
            house.row["planned_exit_year"] = YEAR if missed else YEAR + 1


def _houses(population: Mapping[str, Sequence[Household]], exiting: Sequence[Place], staying: Sequence[Place]) -> None:
    """Exited households live safely, and so do all of a poor village that reports its repairs as done."""
    undone = {village.code for village in staying if missing_item(staying, village) == REPAIRS}
    done = {village.code for village in (*exiting, *staying)} - undone
    for code, houses in population.items():
        for house in houses:
            if code in done or house.row["household_type"] == "脱贫户":
                house.row |= SAFE_HOUSE
        if code in undone:
            _first_poor(houses).row |= UNSAFE_HOUSE


def _first_poor(houses: Sequence[Household]) -> Household:
    return next(house for house in houses if house.row["household_type"] == "未脱贫户")


def _dividends(population: Mapping[str, Sequence[Household]]) -> None:
    """Every linked household gets 2,000 yuan or more, a fifth of them exactly that, but for two known cases."""
    for code, houses in population.items():
        linked = [house for house in houses if house.row.get("enterprise_linked")]
        for number, house in enumerate(linked):
            house.row["dividend"] = Decimal(2000 + 150 * (number % 5))
        if code == LOW_DIVIDEND:
            linked[0].row["dividend"] = Decimal("1999.99")
        if code == NO_DIVIDEND:
            linked[0].row["dividend"] = None


def missing_item(staying: Sequence[Place], village: Place) -> str:
    """The item of the ten that a poor village lacks, in turn from one to the next."""
    items = (*SEVEN, *FURTHER)
    return items[staying.index(village) % len(items)]


def village_rows(
    seed: int, villages: Sequence[Place], exiting: Sequence[Place], staying: Sequence[Place]
) -> list[dict[str, Any]]:
    """村情监测表: exiting villages have all ten items, the other poor ones each lack one, in turn; elsewhere the
    three further items are not asked."""
    rng = Random(f"{seed}:biyang villages")
    lacking = {village.code: missing_item(staying, village) for village in staying}
    poor = {village.code for village in exiting} | set(lacking)
    rows = []
    for position, village in enumerate(villages):
        asked = (*SEVEN, *FURTHER) if village.code in poor else SEVEN
        items: dict[str, Any] = dict.fromkeys(asked, True)
        if village.code in lacking:
            items[lacking[village.code]] = False
        elif village.code not in poor and position % 9 == 0:
            items[SEVEN[position % len(SEVEN)]] = False
        population = rng.randint(900, 1400) if village.code in poor else rng.randint(1200, 2600)
        rows.append({
            "village_code": village.code, "rural_households": population // 4, "rural_population": population, **items,
            "main_industry": rng.choice(INDUSTRIES), "collective_income": Decimal(rng.randint(4, 60) * 1000),
        })  # fmt: skip
    return rows
