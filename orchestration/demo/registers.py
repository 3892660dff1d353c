"""The smaller village registers of 2018: 村情, 走访, 考勤, 信贷, 机表卡, 包村单位."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from orchestration.demo.households import Household
from orchestration.demo.places import Place
from orchestration.demo.population import support_unit

Population = Mapping[str, Sequence[Household]]
SEVEN = ("road", "drinking_water", "power", "culture_centre", "clinic", "broadband", "broadcast")
INDUSTRIES = ["茶叶", "板栗", "油茶", "稻虾共作", "食用菌", "肉牛养殖"]
SUPPORTED = ("未脱贫户", "脱贫户", "脱贫不稳定户", "边缘易致贫户", "突发严重困难户")


def month_of(period: str) -> int:
    return int(period[5:])


def village_rows(seed: int, villages: Sequence[Place], population: Population, period: str) -> list[dict[str, Any]]:
    """村情监测表. Gaps close from June to September; one village keeps an unknown main industry."""
    return [
        _village_row(seed, number, village, population[village.code], period) for number, village in enumerate(villages)
    ]


def _village_row(seed: int, number: int, village: Place, houses: Sequence[Household], period: str) -> dict[str, Any]:
    rng = Random(f"{seed}:village:{village.code}")
    month = month_of(period)
    poor = village.village_type != "非贫困村"
    yearly = rng.randint(33000, 62000) if poor else rng.randint(21000, 48000)
    gaps = {name: rng.choice([0, 0, 0, 0, 0, 0, 7, 8, 9]) for name in (*SEVEN, "environment", "village_office")}
    pv = Decimal(yearly * month // 30) if poor else None
    row: dict[str, Any] = {
        "village_code": village.code,
        "rural_households": len(houses),
        "rural_population": sum(int(house.row["member_count"]) for house in houses),
        **{name: month >= since for name, since in gaps.items()},
        "housing_done": month >= 8,
        "main_industry": rng.choice(INDUSTRIES),
        "collective_income": Decimal(yearly * month // 12 + 9000),
        "pv_income": pv,
        "pv_wage": pv * rng.randint(74, 92) / 100 if pv else None,
    }
    if village.code == "411521103207":
        row |= {
            "clinic": month >= 9,
            "broadband": None if month < 8 else True,
            "collective_income": Decimal(2450 * month),
        }
    if village.code == "411521103001":
        row["main_industry"] = "无"
    if village.code == "411521103002":
        row["main_industry"] = None
    return row


def visit_rows(seed: int, population: Population, period: str, share: float) -> list[dict[str, Any]]:
    """入户走访记录 of one month: about ``share`` of the supported households are visited."""
    rng = Random(f"{seed}:visits:{period}")
    year, month = int(period[:4]), month_of(period)
    rows: list[dict[str, Any]] = []
    for village, houses in population.items():
        for house in houses:
            if house.row["household_type"] in SUPPORTED and rng.random() < share:
                role = rng.choices(["帮扶责任人", "驻村工作队", "村两委"], [70, 20, 10])[0]
                rows.append({
                    "village_code": village,
                    "visit_id": f"ZF{period.replace('-', '')}{len(rows) + 1:04d}{village[6:9]}",
                    "household_id": house.id, "visited_on": date(year, month, rng.randint(1, 28)), "visitor_role": role,
                    "visitor": house.row.get("helper_name") or "走访示例", "problem_found": rng.random() < 0.07,
                })  # fmt: skip
    return rows


def attendance_rows(seed: int, villages: Sequence[Place], period: str) -> list[dict[str, Any]]:
    """驻村考勤表: three members in poor villages, two elsewhere; one member is entered in two villages."""
    rng = Random(f"{seed}:attendance:{period}")
    rows = []
    for village in villages:
        posts = ["第一书记", "队长", "队员"] if village.village_type != "非贫困村" else ["队长", "队员"]
        for number, post in enumerate(posts, start=1):
            days = rng.randint(20, 26) if rng.random() < 0.9 else rng.randint(11, 19)
            rows.append({
                "village_code": village.code, "member_id": f"DY{village.code[6:]}{number}",
                "member_name": f"队员示例{village.code[9:]}{number}", "unit": support_unit(village), "post": post,
                "days": days,
            })  # fmt: skip
    return rows


def loan_rows(seed: int, population: Population, period: str) -> list[dict[str, Any]]:
    """小额信贷台账: loans of 50,000 yuan at most, some past due, one to a household that is not eligible."""
    rng = Random(f"{seed}:loans")
    month = month_of(period)
    rows = []
    for village, houses in population.items():
        able = [h for h in houses if h.row["household_type"] in ("脱贫户", "未脱贫户") and h.row.get("credit_rated")]
        for house in able[: max(1, len(able) * 2 // 5)]:
            rows.append(_loan_row(rng, village, house, len(rows) + 1, month))
    rows.append(_loan_row(rng, village, houses[-1], len(rows) + 1, month))
    rows[3] |= {"due_on": date(2018, 5, 20), "overdue": Decimal(0), "classification": "关注"}
    rows[7] |= {"due_on": date(2018, 6, 20), "overdue": rows[7]["balance"], "classification": "次级"}
    return rows


def _loan_row(rng: Random, village: str, house: Household, number: int, month: int) -> dict[str, Any]:
    lent = date(2017, rng.randint(3, 12), rng.randint(1, 28))
    amount = Decimal(rng.choice([20000, 30000, 50000]))
    repaid = rng.choice([0, 0, 0, 5000]) if month < 8 else rng.choice([0, 5000, 10000])
    return {
        "village_code": village, "loan_id": f"JJ2017{number:05d}{village[6:9]}", "household_id": house.id,
        "lent_on": lent,
        "due_on": lent.replace(year=lent.year + rng.choice([2, 3])), "amount": amount, "balance": amount - repaid,
        "overdue": Decimal(0), "classification": "正常",
    }  # fmt: skip


def triple_rows(seed: int, population: Population, period: str) -> list[dict[str, Any]]:
    """机表卡对照表: five households a village, five items each; the match improves month by month."""
    rng = Random(f"{seed}:triple:{period}")
    error = {6: 0.09, 7: 0.05, 8: 0.025, 9: 0.008}.get(month_of(period), 0.05)
    rows = []
    for village, houses in population.items():
        for house in [h for h in houses if h.row["household_type"] in SUPPORTED][:5]:
            for item, value in _checked_items(house):
                wrong = rng.random() < error
                rows.append({
                    "village_code": village, "household_id": house.id, "field": item, "system_value": value,
                    "form_value": f"{value}.0" if value.isdigit() and rng.random() < 0.1 else value,
                    "card_value": None if wrong and rng.random() < 0.4 else f"{value}(旧)" if wrong else value,
                })  # fmt: skip
    return rows


def _checked_items(house: Household) -> list[tuple[str, str]]:
    row = house.row
    return [
        ("家庭人口", str(row["member_count"])), ("户类型", str(row["household_type"])),
        ("致贫原因", str(row.get("poverty_cause", ""))), ("识别年度", str(row.get("identified_year") or 2018)),
        ("帮扶单位", str(row.get("support_unit", ""))),
    ]  # fmt: skip


def support_rows(villages: Sequence[Place]) -> list[dict[str, Any]]:
    """包村单位表: one unit a village, a second one in the deeply poor village."""
    rows = [
        {"village_code": v.code, "unit": support_unit(v), "leader": f"领导示例{v.code[9:]}", "since": date(2017, 3, 1)}
        for v in villages
    ]
    extra = [dict(row, unit="罗山县示例企业01", leader=None) for row in rows if row["village_code"] == "411521103207"]
    return rows + extra
