"""白城市's households of 2020: the three key groups come to 1,526, 2,206 and 4,755 persons, as the city wrote."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from orchestration.demo.households import REGISTERED, Household, income_parts
from orchestration.demo.persons import Person, invented_id_number
from orchestration.demo.places import Place
from orchestration.demo.roster import apportion, family_sizes, make_roster

TAOBEI, ZHENLAI, TONGYU, TAONAN, DAAN = (
    "220802000000", "220821000000", "220822000000", "220881000000", "220882000000",
)  # fmt: skip
COUNTIES = (TAOBEI, ZHENLAI, TONGYU, TAONAN, DAAN)
YEAR_AGO, PERIODS = "2019-10", ("2020-09", "2020-10", "2020-11", "2020-12")
PERSONS = {"未脱贫户": 1526, "脱贫不稳定户": 2206, "边缘易致贫户": 4755, "脱贫户": 1800}
FIRST_NUMBER = 100_000
MIGRANTS_MORE = {TAOBEI: 12, ZHENLAI: -30, TONGYU: 0, TAONAN: 9, DAAN: 15}
"""Migrant workers in 2020 against the year before: only 镇赉县 has fewer, 通榆县 exactly as many."""
BORDER_BIRTHDAYS = (date(1955, 12, 31), date(1954, 12, 31), date(1954, 12, 15), date(2002, 12, 31), date(2003, 1, 1))
"""Single members around 18 and 65: the first three may borrow in November, the first and the fourth in December."""

Population = dict[str, list[Household]]


def rural_villages(places: Sequence[Place], county: str) -> list[Place]:
    """The county's villages proper, without the communities of towns and farms."""
    return [p for p in places if p.level == "village" and p.code.startswith(county[:6]) and p.name.endswith("村")]


def border_village(places: Sequence[Place]) -> str:
    """洮北区's second village: five households of one person each, around the ages that may borrow."""
    return rural_villages(places, TAOBEI)[1].code


def make_baicheng(seed: int, places: Sequence[Place]) -> Population:
    """Village code -> households, in all villages proper."""
    border = border_village(places)
    villages = [v for county in COUNTIES for v in rural_villages(places, county) if v.code != border]
    sizes = {kind: _dealt(seed, kind, total, len(villages)) for kind, total in PERSONS.items()}
    population = {border: _border_households(seed, border, len(villages))}
    for number, village in enumerate(villages):
        groups = {kind: sizes[kind][number] for kind in PERSONS}
        population[village.code] = make_roster(
            seed, village.code, groups, 2020, FIRST_NUMBER + 100 * number, _unit(number), PERIODS[0], scale=2
        )
    _leave_poverty(seed, population)
    _migrants(population)
    _plant_cases(population)
    return population


def of_county(population: Mapping[str, Sequence[Household]], county: str, *kinds: str) -> Iterator[Household]:
    """The county's households of the types named, of every type where none is."""
    for village, households in population.items():
        if village.startswith(county[:6]):
            yield from (h for h in households if not kinds or h.row["household_type"] in kinds)


def _unit(number: int) -> str:
    return f"白城市示例单位{number % 40 + 1:02d}"


def _dealt(seed: int, kind: str, total: int, villages: int) -> list[list[int]]:
    """The group's households, by their sizes, dealt out evenly over the villages."""
    sizes = family_sizes(total, Random(f"{seed}:baicheng:{kind}"))
    dealt = []
    for count in apportion(len(sizes), [1] * villages):
        dealt.append(sizes[:count])
        sizes = sizes[count:]
    return dealt


def _border_households(seed: int, village: str, number: int) -> list[Household]:
    groups = {"脱贫户": [1] * len(BORDER_BIRTHDAYS)}
    households = make_roster(seed, village, groups, 2020, FIRST_NUMBER + 100 * number, _unit(0), PERIODS[0], scale=2)
    for household, born in zip(households, BORDER_BIRTHDAYS, strict=True):
        _reborn(household.persons[0], household, born)
    return households


def _reborn(person: Person, household: Household, born: date) -> None:
    number = int(str(household.row["phone"])[3:])
    person.row |= {
        "birth_date": born, "id_number": invented_id_number(number, born), "labour": "普通劳动力", "health": "健康",
        "schooling": "非在校生", "work_place": "未务工", "work_months": None, "organised_work": None,
    }  # fmt: skip
    household.row["head_id_number"] = person.row["id_number"]


def _leave_poverty(seed: int, population: Population) -> None:
    """The exit procedure of November and December; one household of 大安市 is still poor at the year's end."""
    rng = Random(f"{seed}:baicheng:leave")
    poor = [h for houses in population.values() for h in houses if h.row["household_type"] == "未脱贫户"]
    for number, household in enumerate(poor):
        members = int(household.row["member_count"])
        household.growth = Decimal(0)
        household.row |= income_parts(rng.randint(2500, 3150) * members, rng)  # below the line of 2019
        household.change(PERIODS[0], **income_parts(rng.randint(3300, 3900) * members, rng))  # and of 2020
        if household is poor[-1]:
            continue
        household.change(
            PERIODS[2 + number % 2], household_type="脱贫户", exit_year=2020,
            **income_parts(rng.randint(4300, 6500) * members, rng),
        )  # fmt: skip


def _migrants(population: Population) -> None:
    """More or fewer away than the year before, in villages where somebody was: others have no base to be held to."""
    for county, more in MIGRANTS_MORE.items():
        persons = [person for house in of_county(population, county, *REGISTERED) for person in house.persons]
        away = [p for p in persons if p.row["work_place"] in ("县内", "省内", "省外")]
        villages = {p.row["village_code"] for p in away}
        able = [p for p in persons if p.row["village_code"] in villages and p.row["labour"] == "普通劳动力"]
        idle = [p for p in able if p.row["work_place"] == "未务工"]
        for person in away[: max(0, -more)]:
            person.changes["2020-09"] = {"work_place": "未务工", "work_months": None, "organised_work": None}
        for person in idle[: max(0, more)]:
            person.changes["2020-09"] = {"work_place": "省内", "work_months": 3, "organised_work": True}


def _plant_cases(population: Population) -> None:
    """What keeps a county from one of the three guarantees on 31 October, and incomes that fell by a fifth."""
    unsafe = next(of_county(population, TAONAN, "脱贫不稳定户"))
    unsafe.row |= {"housing_grade": "D", "housing_repair": "在建"}
    unsafe.change("2020-11", housing_repair="已竣工")
    uninsured = next(of_county(population, TAONAN, "脱贫户")).persons[0]
    uninsured.row["medical_insured"] = False
    uninsured.changes["2020-12"] = {"medical_insured": True}
    pupil = next(
        person for house in of_county(population, DAAN, "脱贫户", "未脱贫户") for person in house.persons
        if person.row["schooling"] in ("小学", "初中")
    )  # fmt: skip
    pupil.row["schooling"] = "失学辍学"
    pupil.changes["2020-11"] = {"schooling": "初中"}
    dropped = [h for h in of_county(population, TAOBEI, "脱贫户") if len(h.persons) > 1][:3]
    for household, now in zip(dropped, (8000, 7000, 8100), strict=True):  # of 10,000 a year before
        household.growth = Decimal(0)
        household.row |= income_parts(10000 * int(household.row["member_count"]), Random("before"))
        household.change("2020-09", **income_parts(now * int(household.row["member_count"]), Random("after")))


def year_ago_row(household: Household) -> dict[str, Any]:
    """The household in October 2019, when nobody was monitored yet."""
    return household.row_at(YEAR_AGO, -11) | {"monitored_on": None, "risk_type": None}
