"""Invented households of a village: types, incomes, guarantees, and what changes from month to month."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from typing import Any

from orchestration.demo.persons import Person, at_period, make_family

CENT = Decimal("0.01")
REGISTERED = ("未脱贫户", "脱贫户", "脱贫不稳定户")
CAUSES = ["因病", "因残", "因学", "缺劳力", "缺技术", "缺资金", "自身发展动力不足"]
INCOME_PER_HEAD = {  # yuan a year in 2018, the range incomes are drawn from
    "一般户": (8200, 16500), "未脱贫户": (2350, 3480), "脱贫户": (3900, 9200), "脱贫不稳定户": (3620, 4300),
    "边缘易致贫户": (3500, 4400), "突发严重困难户": (3000, 4200),
}  # fmt: skip


@dataclass(frozen=True)
class VillagePlan:
    """How many households of each type a village has."""

    village_code: str
    general: int
    exited: int
    poor: int
    unstable: int = 0
    marginal: int = 0
    sudden: int = 0
    income_scale: int = 1
    """Factor on the incomes of 2018."""
    sizes: tuple[int, ...] = ()
    """Members of each household in the order of ``types``; drawn where empty."""

    def types(self) -> list[str]:
        return (
            ["未脱贫户"] * self.poor + ["脱贫户"] * self.exited + ["脱贫不稳定户"] * self.unstable
            + ["边缘易致贫户"] * self.marginal + ["突发严重困难户"] * self.sudden + ["一般户"] * self.general
        )  # fmt: skip


@dataclass
class Household:
    """One household: its row of 农户台账 in the first month, its persons, and its changes by month."""

    row: dict[str, Any]
    persons: list[Person]
    growth: Decimal
    """Growth of the income components per month, a ratio."""
    changes: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return str(self.row["household_id"])

    @property
    def village_code(self) -> str:
        return str(self.row["village_code"])

    def row_at(self, period: str, months: int) -> dict[str, Any]:
        """The row in ``period``, ``months`` after the first month."""
        factor = 1 + self.growth * months
        row = {
            name: _cents(value * factor) if name.endswith("_income") and value is not None else value
            for name, value in self.row.items()
        }
        return at_period(row, self.changes, period)

    def change(self, period: str, **values: Any) -> None:
        self.changes.setdefault(period, {}).update(values)


def _cents(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP)


def income_parts(net: int, rng: Random) -> dict[str, Decimal]:
    """Five components whose balance is ``net`` yuan to the cent."""
    business = Decimal(net * rng.randint(15, 35) // 100)
    expense = Decimal(int(business) * rng.randint(25, 40) // 100)
    transfer = Decimal(net * rng.randint(8, 22) // 100)
    rent = Decimal(net * rng.randint(0, 4) // 100)
    return {
        "wage_income": net - business + expense - transfer - rent, "business_income": business,
        "property_income": rent, "transfer_income": transfer, "business_expense": expense,
    }  # fmt: skip


def make_village(
    seed: int, plan: VillagePlan, year: int, first_number: int, support_unit: str, first_month: str
) -> list[Household]:
    """All households of a village, registered ones first. Person numbers start at ``first_number``."""
    rng = Random(f"{seed}:households:{plan.village_code}")
    households, number = [], first_number
    for position, household_type in enumerate(plan.types(), start=1):
        household = _make_household(rng, plan, position, household_type, year, number, support_unit, first_month)
        households.append(household)
        number += len(household.persons)
    return households


def _make_household(
    rng: Random, plan: VillagePlan, position: int, kind: str, year: int, number: int, unit: str, first_month: str
) -> Household:
    registered = kind in REGISTERED
    size = plan.sizes[position - 1] if plan.sizes else _drawn_size(rng, registered)
    household_id = f"{plan.village_code}{position:04d}"
    persons = make_family(rng, plan.village_code, household_id, size, number, year, registered)
    head = persons[0].row
    row: dict[str, Any] = {
        "village_code": plan.village_code, "household_id": household_id, "head_name": head["name"],
        "head_id_number": head["id_number"], "phone": f"100{number:08d}", "household_type": kind, "member_count": size,
        **income_parts(rng.randint(*INCOME_PER_HEAD[kind]) * size * plan.income_scale, rng),
        "food_secure": True, "clothing_secure": True,
        "water_safe": None if rng.random() < 0.01 else rng.random() < 0.992,
        "housing_grade": rng.choice("AB"), "housing_repair": "不需要", "relocated": False,
    }  # fmt: skip
    if kind != "一般户":
        row |= _support(rng, kind, year, unit, number)
    if kind in ("脱贫不稳定户", "边缘易致贫户", "突发严重困难户"):
        row |= {"risk_type": rng.choice(CAUSES[:3]), "monitored_on": date(year, rng.randint(1, 5), rng.randint(1, 28))}
    household = Household(row, persons, Decimal(rng.randint(0, 14)) / 1000)
    if registered:
        _housing(rng, household, first_month)
    return household


def _drawn_size(rng: Random, registered: bool) -> int:
    return rng.choices([1, 2, 3, 4, 5], [18, 28, 28, 17, 9] if registered else [4, 18, 28, 30, 20])[0]


def _support(rng: Random, kind: str, year: int, unit: str, number: int) -> dict[str, Any]:
    """What only supported households have: years, causes, industry, links, files and helpers."""
    identified = rng.choice([2014, 2014, 2015, 2016])
    years: dict[str, Any] = {}
    if kind in REGISTERED:
        years["identified_year"] = identified
    if kind == "未脱贫户":
        years["planned_exit_year"] = year
    elif kind in REGISTERED:
        last = min(year - 1, 2020)
        exit_year = rng.randint(min(identified + 1, last), last)
        years |= {"planned_exit_year": exit_year, "exit_year": exit_year}
    linked = rng.random() < 0.78
    return years | {
        "poverty_cause": rng.choice(CAUSES), "orchard_mu": Decimal(rng.randint(0, 90)) / 10,
        "sows": rng.choice([0, 0, 1, 2]), "pigs": rng.choice([0, 0, 3, 8, 12]),
        "chickens": rng.choice([0, 20, 60, 220]),
        "greenhouses": rng.choice([0, 0, 0, 1]), "arch_sheds": rng.choice([0, 0, 2]) if rng.random() > 0.04 else None,
        "enterprise_linked": linked, "dividend": Decimal(rng.randint(1500, 3200)) if linked else None,
        "credit_rated": rng.random() < 0.66, "file_complete": None if rng.random() < 0.02 else rng.random() < 0.96,
        "support_unit": unit, "helper_name": f"帮扶示例{number % 97:02d}" if rng.random() > 0.02 else None,
        "measure_count": rng.randint(1, 4) if rng.random() > 0.08 else 0,
    }  # fmt: skip


def _housing(rng: Random, household: Household, first_month: str) -> None:
    """One registered house in seven was unsafe; half of those are repaired within two months of the first."""
    draw = rng.random()
    if draw < 0.01:
        household.row["housing_grade"] = None
    elif draw < 0.08:
        household.row |= {"housing_grade": rng.choice("CD"), "housing_repair": "已竣工"}
    elif draw < 0.16:
        household.row |= {"housing_grade": rng.choice("CD"), "housing_repair": rng.choice(["在建", "未开工"])}
        year, month = int(first_month[:4]), int(first_month[5:])
        household.change(f"{year}-{month + rng.randint(1, 2):02d}", housing_repair="已竣工")


def household_rows(households: Sequence[Household], period: str, months: int) -> list[dict[str, Any]]:
    return [household.row_at(period, months) for household in households]


def person_rows(households: Sequence[Household], period: str) -> list[dict[str, Any]]:
    return [person.row_at(period) for household in households for person in household.persons]
