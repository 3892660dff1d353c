"""岳阳县's registered households of 2019: 22,998 persons out of poverty, 4,139 who are to leave it this year."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from random import Random

from orchestration.demo.households import Household, income_parts
from orchestration.demo.places import Place
from orchestration.demo.roster import apportion, family_sizes, make_roster

NOVEMBER, DECEMBER, JANUARY = "2019-11", "2019-12", "2020-01"
EXITED, PLANNED_EXITS, POOR_VILLAGES = 22998, 4139, 46
FIRST_NUMBER = 200_000
JUST_HUNDRED, ABOVE_HUNDRED = ("430621108", -1), ("430621108", -2)
"""公田镇's last two villages, neither poor: 100 registered persons, and 101."""
STILL_UNSAFE = "430621109"
"""毛田镇 has one house left unrepaired after 30 November."""
STILL_POOR = "430621110"
"""月田镇 has one household that did not leave poverty in 2019."""
REIMBURSED = {"430621108": Decimal("0.90"), "430621109": Decimal("0.895")}
"""Township -> share of hospital costs reimbursed: 公田镇 exactly 90 %, 毛田镇 below; elsewhere 92 %."""

Population = dict[str, list[Household]]


def village_types(places: Sequence[Place]) -> dict[str, str]:
    """村属性 of every village: 46 are poor, spread over the county."""
    villages = [place.code for place in places if place.level == "village"]
    spared = {village_of(places, *JUST_HUNDRED), village_of(places, *ABOVE_HUNDRED)}
    step = len(villages) // POOR_VILLAGES
    poor = [code for code in villages[::step] if code not in spared][:POOR_VILLAGES]
    return {code: "贫困村" if code in poor else "非贫困村" for code in villages}


def village_of(places: Sequence[Place], township: str, index: int) -> str:
    return [p.code for p in places if p.level == "village" and p.code.startswith(township)][index]


def of_township(population: Mapping[str, Sequence[Household]], township: str) -> Iterator[Household]:
    for village, households in population.items():
        if village.startswith(township):
            yield from households


def make_yueyang(seed: int, places: Sequence[Place]) -> Population:
    """Village code -> registered households of all villages."""
    types = village_types(places)
    persons = _persons(places, types)
    population = {}
    for number, code in enumerate(types):
        rng = Random(f"{seed}:yueyang:{code}")
        exited, poor = persons[code]
        groups = {"脱贫户": family_sizes(exited, rng), "未脱贫户": family_sizes(poor, rng)}
        unit = f"岳阳县示例单位{number % 60 + 1:02d}"
        population[code] = make_roster(seed, code, groups, 2019, FIRST_NUMBER + 400 * number, unit, NOVEMBER, scale=1)
    for code, households in population.items():
        _incomes(Random(f"{seed}:yueyang:income:{code}"), households)
        _hospital(households, REIMBURSED.get(code[:9], Decimal("0.92")))
    _leave_poverty(population)
    _unsafe(population)
    return population


def _persons(places: Sequence[Place], types: Mapping[str, str]) -> dict[str, tuple[int, int]]:
    """Village -> persons out of poverty, and still in it; a poor village counts twice."""
    fixed = {village_of(places, *JUST_HUNDRED): (85, 15), village_of(places, *ABOVE_HUNDRED): (86, 15)}
    others = [code for code in types if code not in fixed]
    weights = [(4 if types[code] == "贫困村" else 2) + number % 2 for number, code in enumerate(others)]
    exited = apportion(EXITED - sum(out for out, _ in fixed.values()), weights)
    poor = apportion(PLANNED_EXITS - sum(left for _, left in fixed.values()), weights)
    return dict(zip(others, zip(exited, poor, strict=True), strict=True)) | fixed


def _incomes(rng: Random, households: Sequence[Household]) -> None:
    """The poor are below 3,218 yuan a head until they leave poverty; no income moves within the three months."""
    for household in households:
        household.growth = Decimal(0)
        if household.row["household_type"] == "未脱贫户":
            household.row |= income_parts(rng.randint(2500, 3200) * int(household.row["member_count"]), rng)


def _hospital(households: Sequence[Household], share: Decimal) -> None:
    for person in (person for household in households for person in household.persons):
        if person.row.get("hospital_cost") is not None:
            cost = person.row["hospital_cost"] // 1000 * 1000
            person.row |= {"hospital_cost": cost, "hospital_reimbursed": cost * share}


def _leave_poverty(population: Population) -> None:
    """In December all leave poverty who were planned to, but for one household of 月田镇."""
    staying = next(h for h in of_township(population, STILL_POOR) if h.row["household_type"] == "未脱贫户")
    for household in (h for households in population.values() for h in households):
        if household.row["household_type"] == "未脱贫户" and household is not staying:
            net = Random(household.id).randint(3600, 5200) * int(household.row["member_count"])
            household.change(DECEMBER, household_type="脱贫户", exit_year=2019, **income_parts(net, Random(net)))


def _unsafe(population: Population) -> None:
    unsafe = next(of_township(population, STILL_UNSAFE))
    unsafe.row |= {"housing_grade": "C", "housing_repair": "在建"}
    unsafe.change(DECEMBER, housing_repair="已竣工")
