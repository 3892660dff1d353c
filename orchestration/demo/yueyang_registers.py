"""岳阳县's monthly registers beside households and persons: 村情, 信贷, 驻村考勤."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from orchestration.demo.households import Household
from orchestration.demo.places import Place
from orchestration.demo.registers import SEVEN
from orchestration.demo.yueyang_people import ABOVE_HUNDRED, JUST_HUNDRED, village_of

LOANS_A_TOWNSHIP, LENT = 40, Decimal(50000)
OVERDUE = {"430621108": Decimal(20000), "430621104": Decimal(20200)}
"""Township -> overdue of 2,000,000 lent: 公田镇 exactly 1.00 %, 黄沙街镇 1.01 %."""
BAD = {"430621111": Decimal(20000), "430621109": Decimal(50000)}
"""Township -> balance of a loan in 次级: 张谷英镇 brings it to exactly 1.00 %, 毛田镇 above."""
PERIODS = ("2019-11", "2019-12", "2020-01")


def village_rows(seed: int, types: Mapping[str, str], month: int) -> list[dict[str, Any]]:
    """村情监测表 of every village."""
    return [_village_row(seed, code, month) for code in types]


def _village_row(seed: int, code: str, month: int) -> dict[str, Any]:
    rng = Random(f"{seed}:yueyang:village:{code}")
    households = rng.randint(300, 900)
    return {
        "village_code": code, "rural_households": households, "rural_population": households * 3,
        **dict.fromkeys(SEVEN, True), "broadband": rng.random() < 0.97, "environment": rng.random() < 0.9,
        "housing_done": True, "village_office": True,
        "main_industry": rng.choice(["油茶", "水稻", "茶叶", "生猪养殖", "蔬菜"]),
        "collective_income": Decimal(rng.randint(2500, 7000) * month),
    }  # fmt: skip


def loan_rows(population: Mapping[str, Sequence[Household]], period: str) -> list[dict[str, Any]]:
    """小额信贷台账: 2,000,000 yuan a township in loans of 50,000, the first two as ``BAD`` and ``OVERDUE`` say.

    ``OVERDUE`` is paid by January.
    """
    borrowers: dict[str, list[Household]] = {}
    for village, households in population.items():
        able = [h for h in households if any(p.row["labour"] == "普通劳动力" for p in h.persons)]
        borrowers.setdefault(village[:9], []).extend(able)
    return [
        _loan_row(township, number, household, balance, period)
        for township, households in borrowers.items()
        for number, (household, balance) in enumerate(zip(households[::7], _balances(township), strict=False))
    ]


def _balances(township: str) -> list[Decimal]:
    bad = BAD.get(township, LENT)
    rest = [LENT] * (LOANS_A_TOWNSHIP - 1)
    return [bad, *rest] if bad == LENT else [bad, *rest, LENT - bad]


def _loan_row(township: str, number: int, household: Household, balance: Decimal, period: str) -> dict[str, Any]:
    late = number == 1 and township in OVERDUE and period != PERIODS[2]
    bad = number == 0 and township in BAD
    due = date(2019, 10, 31) if late or bad else date(2020, 2, 10) if number == 2 else date(2021, 6, 30)
    return {
        "village_code": household.village_code, "loan_id": f"JJ{household.id}", "household_id": household.id,
        "lent_on": date(2018, 6, 30), "due_on": due, "amount": balance, "balance": balance,
        "overdue": balance if bad else OVERDUE[township] if late else Decimal(0),
        "classification": "次级" if bad else "关注" if late else "正常",
    }  # fmt: skip


def attendance_rows(places: Sequence[Place], types: Mapping[str, str], period: str) -> list[dict[str, Any]]:
    """驻村考勤表: three members in poor villages, two in the others, none where 100 persons are registered.

    The first poor village has two members only, 荣家湾镇's first other village one; there one was present for 19 days
    and one for 20.
    """
    poor = [code for code, kind in types.items() if kind == "贫困村"]
    others = [code for code, kind in types.items() if kind != "贫困村"]
    sizes = dict.fromkeys(poor, 3) | dict.fromkeys(others, 2)
    sizes |= {poor[0]: 2, others[0]: 1, village_of(places, *JUST_HUNDRED): 0, village_of(places, *ABOVE_HUNDRED): 2}
    rows = []
    for code, size in sizes.items():
        for number in range(1, size + 1):
            days = 20 + (number + int(code[9:])) % 6
            if code == poor[1]:
                days = (19, 20, 21)[number - 1]
            rows.append({
                "village_code": code, "member_id": f"DY{code[6:]}{number}",
                "member_name": f"队员示例{code[9:]}{number}", "unit": f"岳阳县示例单位{int(code[9:]) % 60 + 1:02d}",
                "post": ("队长", "队员", "队员")[number - 1], "days": days,
            })  # fmt: skip
    return rows
