"""The invented people of 灵山镇 and 子路镇 in 2018, with the cases an office looks for planted among them."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from random import Random

from orchestration.demo.households import Household, VillagePlan, income_parts, make_village
from orchestration.demo.places import Place
from orchestration.intake.id_numbers import check_digit

YEAR, FIRST_MONTH = 2018, "2018-06"
# code: general, exited, poor, unstable, marginal, sudden (June 2018)
LINGSHAN_PLAN = {
    "411521103001": (153, 6, 1, 0, 0, 0), "411521103002": (143, 6, 1, 0, 0, 0), "411521103003": (160, 8, 1, 0, 1, 0),
    "411521103200": (132, 15, 2, 0, 1, 0), "411521103201": (120, 16, 2, 1, 1, 0), "411521103202": (95, 30, 4, 0, 1, 0),
    "411521103203": (94, 28, 3, 1, 1, 1), "411521103204": (96, 29, 5, 1, 1, 0), "411521103205": (122, 15, 2, 0, 0, 1),
    "411521103206": (92, 26, 4, 1, 1, 1), "411521103207": (79, 30, 7, 2, 0, 0), "411521103208": (119, 14, 1, 0, 1, 0),
    "411521103209": (90, 27, 5, 0, 0, 0),
}  # fmt: skip
LEFT_POVERTY = {"2018-08": 8, "2018-09": 14}
"""How many poor households left poverty in the month."""


def support_unit(village: Place) -> str:
    """The invented unit that supports a village."""
    return f"罗山县示例单位{int(village.code[9:]) % 20 + 1:02d}"


def make_lingshan(seed: int, villages: Sequence[Place]) -> dict[str, list[Household]]:
    """Village code -> households of 灵山镇's 13 villages."""
    population = {
        village.code: make_village(
            seed, VillagePlan(village.code, *LINGSHAN_PLAN[village.code]), YEAR, 1000 * number,
            support_unit(village), FIRST_MONTH,
        )
        for number, village in enumerate(villages, start=1)
    }  # fmt: skip
    _leave_poverty(seed, population)
    _plant_cases(population)
    return population


def make_zilu(seed: int, villages: Sequence[Place]) -> dict[str, list[Household]]:
    """Village code -> households of 子路镇: a dozen a village, so that a second township is complete."""
    return {
        village.code: make_village(
            seed, VillagePlan(village.code, 9, 3, int(village.code) % 2), YEAR, 30000 + 100 * number,
            support_unit(village), FIRST_MONTH,
        )
        for number, village in enumerate(villages)
    }  # fmt: skip


def _leave_poverty(seed: int, population: dict[str, list[Household]]) -> None:
    """Poor households of 2018 leave poverty month by month, with an income above 3,600 yuan a head."""
    rng = Random(f"{seed}:leave")
    # the first poor household of a village stays poor to the end: special cases hang on it
    poor = [h for houses in population.values() for h in houses if h.row["household_type"] == "未脱贫户"][::-1]
    leaving = [h for h in poor if not h.id.endswith("0001")]
    for period, count in LEFT_POVERTY.items():
        for household in leaving[:count]:
            net = rng.randint(3700, 4600) * int(household.row["member_count"])
            household.change(period, household_type="脱贫户", exit_year=YEAR, **income_parts(net, rng))
            household.change(period, housing_repair="已竣工", water_safe=True)
        leaving = leaving[count:]


def _first(population: dict[str, list[Household]], village: str, kind: str, index: int = 0) -> Household:
    return [h for h in population[f"411521103{village}"] if h.row["household_type"] == kind][index]


def _set_net_income(household: Household, per_head: int, seed: str) -> None:
    household.row |= income_parts(per_head * int(household.row["member_count"]), Random(seed))
    household.growth = Decimal(0)


def _plant_cases(population: dict[str, list[Household]]) -> None:
    """One of each case that a cross-check or an indicator must find; see the tests for the list."""
    for village in ("204", "207"):  # unsafe until September: the milestone of 15 August is missed here
        house = _first(population, village, "未脱贫户")
        house.row |= {"housing_grade": "D", "housing_repair": "在建"}
        house.changes = {"2018-09": {"housing_repair": "已竣工"}}
    rich = _first(population, "209", "未脱贫户")  # 应退未退: poor, yet above every exit standard
    rich.row |= {"housing_grade": "A", "housing_repair": "不需要", "water_safe": True, "enterprise_linked": True}
    _set_net_income(rich, 7300, "rich")
    for member in rich.persons:
        member.row |= {"medical_insured": True}
        member.row["schooling"] = member.row["schooling"] or "小学"
    for index in (0, 1):  # 疑似错退: exited, yet below 3,600 yuan
        _set_net_income(_first(population, "201", "脱贫户", index), 3150 + 40 * index, "poor again")
    _first(population, "200", "脱贫户").row["exit_year"] = None
    cleared = _first(population, "203", "突发严重困难户")  # 快进快出: cleared after 71 days
    cleared.row["monitored_on"] = date(2018, 5, 10)
    cleared.change("2018-07", risk_cleared_on=date(2018, 7, 20))
    _first(population, "206", "脱贫不稳定户").change("2018-09", risk_cleared_on=date(2018, 9, 12))
    _same_income(population)
    _shared_and_wrong_id_numbers(population)
    _first(population, "202", "一般户", 3).persons.pop()  # one member fewer than 家庭人口 says
    _school_dropout(population)


def _same_income(population: dict[str, list[Household]]) -> None:
    """算账式脱贫: ten households of 张楼村 with the same members and the same income to the cent."""
    houses = [h for h in population["411521103206"] if h.row["household_type"] == "脱贫户"]
    parts = income_parts(3 * 4012, Random("same income"))
    for house in [h for h in houses if len(h.persons) >= 3][:10]:
        house.persons = house.persons[:3]
        house.row |= {"member_count": 3, **parts}
        house.growth = Decimal(0)


def _shared_and_wrong_id_numbers(population: dict[str, list[Household]]) -> None:
    one, other = _first(population, "001", "一般户", 5), _first(population, "002", "一般户", 9)
    same_number = one.row["head_id_number"]
    other.row["head_id_number"] = same_number
    other.persons[0].row |= {"id_number": same_number, "birth_date": one.persons[0].row["birth_date"]}
    wrong = _first(population, "003", "一般户", 2).persons[0].row
    first_17 = str(wrong["id_number"])[:17]
    wrong["id_number"] = first_17 + ("0" if check_digit(first_17) != "0" else "1")


def _school_dropout(population: dict[str, list[Household]]) -> None:
    """One pupil of a registered household out of school until September."""
    pupils = [
        person for house in population["411521103203"] if house.row["household_type"] == "脱贫户"
        for person in house.persons if person.row["schooling"] in ("小学", "初中")
    ]  # fmt: skip
    pupils[0].row["schooling"] = "失学辍学"
    pupils[0].changes = {"2018-09": {"schooling": "初中"}}
