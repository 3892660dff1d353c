"""Households whose members come to a published number exactly, shared out over villages."""

from collections.abc import Mapping, Sequence
from random import Random

from orchestration.demo.households import Household, VillagePlan, make_village

PLAN_FIELDS = {
    "未脱贫户": "poor", "脱贫户": "exited", "脱贫不稳定户": "unstable", "边缘易致贫户": "marginal",
}  # fmt: skip
"""户类型 -> the count of ``VillagePlan``, in the order of ``VillagePlan.types``."""
Groups = Mapping[str, Sequence[int]]
"""户类型 -> members of each household of the village."""


def apportion(total: int, weights: Sequence[int]) -> list[int]:
    """``total`` in whole shares that follow the weights and add up to it."""
    shares, given, seen = [], 0, 0
    for weight in weights:
        seen += weight
        shares.append(total * seen // sum(weights) - given)
        given += shares[-1]
    return shares


def family_sizes(total: int, rng: Random) -> list[int]:
    """Households of one to five members, ``total`` members together."""
    sizes: list[int] = []
    left = total
    while left > 0:
        sizes.append(min(left, rng.choices([1, 2, 3, 4, 5], [8, 22, 32, 26, 12])[0]))
        left -= sizes[-1]
    return sizes


def make_roster(
    seed: int, village_code: str, groups: Groups, year: int, first_number: int, unit: str, first_month: str, scale: int
) -> list[Household]:
    """The households of one village, without the flaws that ``make_village`` scatters: those are planted by name."""
    counts = {field: len(groups.get(kind, ())) for kind, field in PLAN_FIELDS.items()}
    sizes = tuple(size for kind in PLAN_FIELDS for size in groups.get(kind, ()))
    plan = VillagePlan(village_code, general=0, income_scale=scale, sizes=sizes, **counts)
    households = make_village(seed, plan, year, first_number, unit, first_month)
    for household in households:
        _settle(household)
    return households


def _settle(household: Household) -> None:
    household.changes.clear()
    household.row |= {
        "water_safe": True, "housing_grade": "A", "housing_repair": "不需要", "file_complete": True,
        "credit_rated": True,
    }  # fmt: skip
    for person in household.persons:
        person.row["medical_insured"] = True
