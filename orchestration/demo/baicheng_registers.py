"""白城市's monthly registers of 2020 beside households and persons: 村情, 走访, 信贷."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from orchestration.demo.baicheng_people import COUNTIES, DAAN, TAOBEI, TAONAN, TONGYU, ZHENLAI, of_county
from orchestration.demo.funds import month_end
from orchestration.demo.households import REGISTERED, Household
from orchestration.demo.places import Place
from orchestration.demo.registers import SEVEN

Population = Mapping[str, Sequence[Household]]
PV_SHARE = {TAOBEI: "0.86", ZHENLAI: "0.83", TONGYU: "0.80", TAONAN: "0.78", DAAN: "0.81"}
"""Of the photovoltaic income spent on posts: 通榆县 exactly 80 %, 洮南市 less."""
LENDING = {TAOBEI: 52, ZHENLAI: 44, TONGYU: 40, TAONAN: 38, DAAN: 50}
"""户贷率 at the year's end, percent: 通榆县 exactly 40 %, 大安市 exactly 50 %, 洮南市 below."""
MARGINAL_LENDING = 30
NOT_VISITED = {(TONGYU, "2020-11"): 4}
"""County and month -> monitored households nobody called on."""
ABLE = ("普通劳动力", "技能劳动力", "弱劳动力或半劳动力")
LAST = "2020-12"


def village_rows(seed: int, places: Sequence[Place], period: str) -> list[dict[str, Any]]:
    """村情监测表 of every village; poor villages have a photovoltaic plant."""
    villages = [place for place in places if place.level == "village"]
    poor = {c: [v for v in villages if v.code.startswith(c[:6]) and v.village_type != "非贫困村"] for c in COUNTIES}
    shares = {v.code: share for county in COUNTIES for v, share in _shares(county, poor[county])}
    return [_village_row(seed, village, shares.get(village.code), int(period[5:])) for village in villages]


def _shares(county: str, villages: Sequence[Place]) -> list[tuple[Place, Decimal]]:
    """Each village's share: pairs lie two points above and below the county's, so that the county keeps its own."""
    even, base = len(villages) // 2 * 2, Decimal(PV_SHARE[county])
    offsets = [Decimal("0.02"), Decimal("-0.02")] * (even // 2) + [Decimal(0)] * (len(villages) - even)
    return [(village, base + offset) for village, offset in zip(villages, offsets, strict=True)]


def _village_row(seed: int, village: Place, share: Decimal | None, month: int) -> dict[str, Any]:
    rng = Random(f"{seed}:baicheng:village:{village.code}")
    households = rng.randint(220, 640)
    pv = Decimal(4000 * month) if share is not None else None
    return {
        "village_code": village.code, "rural_households": households, "rural_population": households * 3,
        **dict.fromkeys(SEVEN, True), "environment": rng.random() < 0.95, "housing_done": True,
        "village_office": True, "main_industry": rng.choice(["玉米", "杂粮杂豆", "肉羊养殖", "水稻", "庭院经济"]),
        "collective_income": Decimal(rng.randint(3000, 9000) * month),
        "pv_income": pv, "pv_wage": pv * share if pv is not None and share is not None else None,
    }  # fmt: skip


def visit_rows(seed: int, population: Population, period: str) -> list[dict[str, Any]]:
    """入户走访记录: every monitored household once a month, but for ``NOT_VISITED``."""
    rng = Random(f"{seed}:baicheng:visits:{period}")
    year, month = int(period[:4]), int(period[5:])
    rows: list[dict[str, Any]] = []
    for county in COUNTIES:
        monitored = list(of_county(population, county, "脱贫不稳定户", "边缘易致贫户"))
        for household in monitored[NOT_VISITED.get((county, period), 0) :]:
            role = rng.choices(["驻村工作队", "村两委", "帮扶责任人"], [50, 30, 20])[0]
            rows.append({
                "village_code": household.village_code, "visit_id": f"ZFBC{year}{month:02d}{len(rows) + 1:05d}",
                "household_id": household.id, "visited_on": date(year, month, rng.randint(1, 28)),
                "visitor_role": role, "visitor": f"走访示例{rng.randint(1, 99):02d}",
                "problem_found": rng.random() < 0.04,
            })  # fmt: skip
    return rows


def may_borrow(household: Household, day: date) -> bool:
    """评级授信, and a member of 18 to 65 years (both included) able to work."""
    return bool(household.row["credit_rated"]) and any(
        p.row["labour"] in ABLE and 18 <= _age(p.row["birth_date"], day) <= 65 for p in household.persons
    )


def _age(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def rate_for_loans(population: Population) -> None:
    """Leaves a few households unrated, so that the shares of ``LENDING`` come out to the percent in December."""
    for county, percent in LENDING.items():
        able = _able(population, county, LAST, REGISTERED)
        for household in able[len(able) - len(able) % _parts(percent) :]:
            household.row["credit_rated"] = False


def _parts(percent: int) -> int:
    return next(parts for parts in (2, 5, 10, 25, 50, 100) if percent * parts % 100 == 0)


def _able(population: Population, county: str, period: str, kinds: Sequence[str]) -> list[Household]:
    return [h for h in of_county(population, county, *kinds) if may_borrow(h, month_end(period))]


def loan_rows(population: Population, period: str) -> list[dict[str, Any]]:
    """小额信贷台账: registered borrowers as ``LENDING`` has it, and three in ten of the marginal households."""
    rows = []
    for county, percent in LENDING.items():
        able = _able(population, county, period, REGISTERED)
        marginal = _able(population, county, period, ("边缘易致贫户",))
        lending = [*able[: len(able) * percent // 100], *marginal[: len(marginal) * MARGINAL_LENDING // 100]]
        rows += [_loan_row(household, number) for number, household in enumerate(lending)]
    return rows


def _loan_row(household: Household, number: int) -> dict[str, Any]:
    """Every thirtieth loan falls due on 20 January; every ninetieth has been past due since August."""
    amount = Decimal((2, 3, 5)[number % 3] * 10000)
    due = date(2021, 1, 20) if number % 30 == 7 else date(2020, 8, 31) if number % 90 == 11 else date(2022, 3, 20)
    past = due < date(2020, 9, 1)
    return {
        "village_code": household.village_code, "loan_id": f"JJ{household.id}", "household_id": household.id,
        "lent_on": due.replace(year=due.year - 3, day=20), "due_on": due, "amount": amount, "balance": amount,
        "overdue": amount if past else Decimal(0), "classification": "关注" if past else "正常",
    }  # fmt: skip
