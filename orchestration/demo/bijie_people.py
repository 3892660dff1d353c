"""Two townships of 毕节市 in 2022 that hand in their household registers, as a sample of the eight counties."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from random import Random

from orchestration.demo import registers
from orchestration.demo.affairs import following
from orchestration.demo.desk import Desk, at
from orchestration.demo.households import (
    Household,
    VillagePlan,
    household_rows,
    income_parts,
    make_village,
    person_rows,
)  # fmt: skip
from orchestration.demo.places import Place, villages_of

PERIODS = ("2022-06", "2022-09", "2022-12")
TOWNSHIPS = ("520525102000", "520581100000")
PLAN = VillagePlan("", general=14, exited=9, poor=0, unstable=1, marginal=1, income_scale=2)


def file_people(desk: Desk, seed: int, places: Sequence[Place]) -> None:
    """Households, persons, villages and visits of both townships at the end of three quarters."""
    for number, code in enumerate(TOWNSHIPS):
        villages = villages_of(places, code)
        population = _make_people(seed, villages, 40000 + 10000 * number)
        for period in PERIODS:
            _file(desk, seed, code, villages, population, period)


def _make_people(seed: int, villages: Sequence[Place], first_number: int) -> dict[str, list[Household]]:
    population = {}
    for number, village in enumerate(villages):
        plan = replace(PLAN, village_code=village.code, sudden=1 if number % 5 == 0 else 0)
        unit = f"毕节市示例单位{number % 9 + 1:02d}"
        population[village.code] = make_village(
            seed, plan, 2022, first_number + 200 * number, unit, first_month=PERIODS[0]
        )
    _plant_cases(list(population.values()))
    return population


def _plant_cases(villages: Sequence[Sequence[Household]]) -> None:
    """A general household below 6,700 yuan that nobody monitors, and a risk cleared after 45 days."""
    below = next(h for h in villages[0] if h.row["household_type"] == "一般户")
    below.row |= income_parts(5900 * int(below.row["member_count"]), Random("below the line"))
    below.growth = Decimal(0)
    cleared = next(h for h in villages[1] if h.row["household_type"] == "边缘易致贫户")
    cleared.row["monitored_on"] = date(2022, 5, 6)
    cleared.change("2022-06", risk_cleared_on=date(2022, 6, 20))


def _file(
    desk: Desk,
    seed: int,
    code: str,
    villages: Sequence[Place],
    population: Mapping[str, Sequence[Household]],
    period: str,
) -> None:
    houses = [household for found in population.values() for household in found]
    when, months = at(following(period, 4), "10:00"), int(period[5:]) - 6
    rows = {
        "households": household_rows(houses, period, months),
        "persons": person_rows(houses, period),
        "villages": registers.village_rows(seed, villages, population, period),
        "visits": registers.visit_rows(seed, population, period, 0.95),
    }
    for template, content in rows.items():
        desk.workbook(when, template, content, period, code)
