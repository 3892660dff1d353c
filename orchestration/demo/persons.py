"""Invented persons. Nobody here exists: names end in 示例 and id numbers use area codes that were never issued."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from orchestration.intake.id_numbers import check_digit

SURNAMES = "张王李赵陈刘杨黄周吴徐孙胡朱高林何郭马罗"


@dataclass
class Person:
    """One member of a household: a row of 家庭成员台账, and what changes in it from which month."""

    row: dict[str, Any]
    changes: dict[str, dict[str, Any]] = field(default_factory=dict)

    def row_at(self, period: str) -> dict[str, Any]:
        return at_period(self.row, self.changes, period)


def at_period(row: dict[str, Any], changes: dict[str, dict[str, Any]], period: str) -> dict[str, Any]:
    """The row with every change up to and including ``period``."""
    result = dict(row)
    for since in sorted(changes):
        if since <= period:
            result |= changes[since]
    return result


def invented_id_number(number: int, born: date) -> str:
    """A well-formed id number of nobody: area codes 99xxxx do not exist. Unique per ``number`` below 10 million."""
    first_17 = f"99{number // 1000:04d}{born:%Y%m%d}{number % 1000:03d}"
    return first_17 + check_digit(first_17)


def _born(rng: Random, age: int, year: int) -> date:
    return date(year - age, rng.randint(1, 12), rng.randint(1, 28))


def _family(rng: Random, size: int) -> list[tuple[str, int]]:
    """Relationship and age of each member, head first."""
    head = rng.randint(38, 74)
    if size == 1:
        return [("户主", rng.randint(52, 80))]
    family = [("户主", head), ("配偶", max(24, head - rng.randint(-2, 5)))]
    if head >= 55:
        rest = [("子女", head - rng.randint(23, 30)), ("子女", head - rng.randint(24, 31)),
                ("孙子女", rng.randint(2, 15)), ("孙子女", rng.randint(2, 15))]  # fmt: skip
    else:
        rest = [("子女", rng.randint(6, min(24, head - 22))), ("子女", rng.randint(3, min(20, head - 22))),
                ("父母", head + rng.randint(22, 28)), ("父母", head + rng.randint(22, 28))]  # fmt: skip
    return (family + rest)[:size]


def _schooling(rng: Random, age: int) -> str:
    stages = [(2, "非在校生"), (5, "学前教育"), (11, "小学"), (14, "初中")]
    for last_age, stage in stages:
        if age <= last_age:
            return stage
    if age <= 17:
        return "高中" if rng.random() < 0.65 else "中职"
    if age <= 21 and rng.random() < 0.5:
        return "本科及以上" if rng.random() < 0.5 else "高职"
    return "非在校生"


def _labour(rng: Random, age: int, health: str) -> str:
    if age < 16 or age > 72:
        return "无劳动力"
    if health in ("大病", "残疾") and rng.random() < 0.6:
        return "丧失劳动力"
    if age > 60:
        return "弱劳动力或半劳动力" if rng.random() < 0.6 else "无劳动力"
    return rng.choices(["普通劳动力", "技能劳动力", "弱劳动力或半劳动力"], [82, 12, 6])[0]


def _work(rng: Random, age: int, labour: str, schooling: str, share_working: float) -> dict[str, Any]:
    able = labour in ("普通劳动力", "技能劳动力", "弱劳动力或半劳动力") and age <= 66 and schooling == "非在校生"
    if not able:
        return {"work_place": "未务工" if age >= 16 else None}
    if rng.random() > share_working:
        return {"work_place": "未务工", "public_job": rng.random() < 0.12, "trained": rng.random() < 0.3}
    place = rng.choices(["乡内", "县内", "省内", "省外"], [14, 22, 18, 46])[0]
    organised = None if rng.random() < 0.03 else rng.random() < 0.74
    return {
        "work_place": place, "work_months": rng.randint(3, 11), "organised_work": organised,
        "public_job": place == "乡内" and rng.random() < 0.3, "trained": rng.random() < 0.5,
    }  # fmt: skip


def make_family(
    rng: Random, village_code: str, household_id: str, size: int, first_number: int, year: int, registered: bool
) -> list[Person]:
    """The persons of one household. ``first_number`` must leave room for ``size`` consecutive numbers."""
    surname = rng.choice(SURNAMES)
    persons = []
    for position, (relationship, age) in enumerate(_family(rng, size)):
        number = first_number + position
        born = _born(rng, age, year)
        weights = [78, 13, 3, 6] if registered else [90, 6, 1, 3]
        health = "健康" if age < 16 else rng.choices(["健康", "长期慢性病", "大病", "残疾"], weights)[0]
        schooling = _schooling(rng, age)
        labour = _labour(rng, age, health)
        gender = rng.choice("男女") if relationship not in ("户主", "配偶") else "男" if position == 0 else "女"
        row: dict[str, Any] = {
            "village_code": village_code, "household_id": household_id,
            "person_id": f"{household_id}{position + 1:02d}",
            "name": f"{surname}示例{number:05d}", "id_number": invented_id_number(number, born), "birth_date": born,
            "gender": gender, "relationship": relationship, "health": health, "labour": labour,
            "schooling": None if rng.random() < 0.004 else schooling,
            "medical_insured": None if rng.random() < 0.006 else rng.random() < 0.997,
            "safety_net": _safety_net(rng, labour, registered),
            "family_doctor": rng.random() < 0.93 if health == "长期慢性病" else None,
            **_work(rng, age, labour, schooling, 0.84 if registered else 0.72),
        }  # fmt: skip
        if health == "大病" and rng.random() < 0.8:
            cost = Decimal(rng.randint(8000, 90000))
            row |= {
                "hospital_cost": cost,
                "hospital_reimbursed": (cost * rng.randint(86, 95) / 100).quantize(Decimal("0.01")),
            }
        persons.append(Person(row))
    return persons


def _safety_net(rng: Random, labour: str, registered: bool) -> str:
    if not registered or labour not in ("无劳动力", "丧失劳动力"):
        return "无"
    return rng.choices(["无", "低保", "特困供养"], [35, 58, 7])[0]
