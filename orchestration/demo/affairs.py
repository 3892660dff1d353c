"""Rectifications, assets, yearly tasks and reported statistics of both places."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from orchestration.demo.funds import month_end
from orchestration.demo.places import BIJIE, GUIZHOU, LINGSHAN

SOURCES = ["国家考核", "省级考核", "巡视巡察", "审计", "督查暗访", "自查"]
CATEGORIES = ["档卡信息", "住房安全", "项目管理", "资金拨付", "帮扶措施", "资产管护"]
LINGSHAN_TASKS = {  # share of the yearly target reached by the end of June, growing to September
    "education_aid_coverage_rate": (312, 330), "medical_six_lines_coverage_rate": (266, 288),
    "industry_project_coverage_rate": (9, 13), "living_environment_coverage_rate": (1260, 1800),
    "cadre_training_coverage_rate": (118, 164),
}  # fmt: skip
# code: (target of the year, share of it reached by December, reporting unit)
BIJIE_TASKS = {
    "new_high_schools": (10, "1.0", "市教育局"), "new_kindergartens": (20, "0.95", "市教育局"),
    "new_compulsory_schools": (30, "1.0", "市教育局"), "area_vegetable": (350, "1.04", "市农业农村局"),
    "area_chili": (90, "1.01", "市农业农村局"), "area_mushroom": (13, "0.92", "市农业农村局"),
    "area_herb": (100, "1.0", "市农业农村局"), "area_fruit": (175, "1.02", "市农业农村局"),
    "area_tea": ("100.5", "1.0", "市农业农村局"), "pig_stock": (360, "1.01", "市农业农村局"),
    "pig_output": (400, "1.03", "市农业农村局"), "beef_stock": (120, "0.97", "市农业农村局"),
    "beef_output": (45, "1.0", "市农业农村局"), "sheep_stock": (90, "0.99", "市农业农村局"),
    "sheep_output": (65, "1.02", "市农业农村局"), "poultry_stock": (2750, "1.05", "市农业农村局"),
    "poultry_output": (3850, "1.0", "市农业农村局"), "demo_coops": (450, "1.0", "市农业农村局"),
    "demo_farms": (100, "1.1", "市农业农村局"), "new_leading_enterprises": (20, "1.2", "市农业农村局"),
    "ecommerce_firms": (20, "1.1", "市商务局"), "ecommerce_demo_firms": (10, "0.9", "市商务局"),
    "new_labor_transfer": (100000, "1.08", "市人社局"), "skill_training_persontimes": (60000, "1.15", "市人社局"),
    "urban_public_posts": (7000, "1.03", "市人社局"), "new_toilets": (40000, "0.98", "市农业农村局"),
    "env_remediation_villages": (80, "1.0", "市生态环境局"), "base_stations_4g": (129, "1.0", "市通管办"),
    "base_stations_5g": (3500, "1.12", "市通管办"), "culture_shows": (120, "1.05", "市文广局"),
}  # fmt: skip
# code: (target, what it counts in all, how much of that by December, reporting unit)
BIJIE_RATES = {
    "student_aid_in_term_rate": ("1", 286000, 286000, "市教育局"),
    "waste_harmless_rate": ("0.95", 52000, 49700, "市住建局"),
    "waste_collection_coverage": ("1", 3716, 3716, "市住建局"),
    "hamlet30_collection_coverage": ("0.65", 9800, 6520, "市住建局"),
    "pilot_collection_coverage": ("1", 40, 40, "市住建局"),
    "village_sewage_coverage": ("0.16", 3716, 598, "市生态环境局"),
    "civilized_village_share": ("0.75", 3980, 2950, "市文明办"),
    "house_cd_enrolled_rate": ("1", 1240, 1240, "市住建局"),
}  # fmt: skip


def rectification_rows(seed: int, codes: Sequence[str], period: str, count: int, unit: str) -> list[dict[str, Any]]:
    """问题整改台账: of ``count`` problems over the year those found by the period's end; a tenth is never closed."""
    year, day = int(period[:4]), month_end(period)
    rng = Random(f"{seed}:rectifications:{codes[0]}:{year}")
    rows = []
    for number in range(1, count + 1):
        found = date(year, 1, 5) + timedelta(days=rng.randint(0, 260))
        closed = found + timedelta(days=rng.randint(12, 75)) if rng.random() < 0.9 else None
        rows.append({
            "division_code": codes[number % len(codes)], "issue_id": f"WT{year}{codes[0][:9]}{number:03d}",
            "source": rng.choice(SOURCES), "category": rng.choice(CATEGORIES), "found_on": found,
            "unit": f"{unit}{number % 5 + 1:02d}", "due_on": found + timedelta(days=rng.choice([30, 45, 60])),
            "closed_on": closed if closed and closed <= day else None,
        })  # fmt: skip
    return [row for row in rows if row["found_on"] <= day]


def asset_rows(seed: int, codes: Sequence[str], year: int, count: int) -> list[dict[str, Any]]:
    """扶贫资产台账: what former years' money made; a few idle, untitled or without a keeper."""
    rng = Random(f"{seed}:assets:{codes[0]}")
    rows = []
    for number in range(1, count + 1):
        kind = rng.choices(["经营性", "公益性", "到户类"], [50, 40, 10])[0]
        income = Decimal(rng.randint(5, 60) * 1000) if kind == "经营性" else None
        rows.append({
            "division_code": codes[number % len(codes)], "asset_id": f"ZC{codes[0][:9]}{number:04d}",
            "name": f"{ {'经营性': '光伏电站', '公益性': '村组道路', '到户类': '到户种畜'}[kind] }{number:03d}",
            "category": kind, "formed_year": rng.randint(2014, year - 1),
            "original_value": Decimal(rng.randint(5, 90) * 10000),
            "titled": rng.random() < 0.93, "keeper": f"管护示例单位{number % 7 + 1}" if rng.random() < 0.94 else None,
            "annual_income": income, "distributed": income * rng.randint(6, 10) / 10 if income else None,
            "status": rng.choices(["正常", "闲置", "损毁"], [94, 4, 2])[0],
        })  # fmt: skip
    return rows


def lingshan_target_rows() -> list[dict[str, Any]]:
    return [
        {"division_code": LINGSHAN, "indicator_code": code, "target": Decimal(1), "due_on": date(2018, 12, 31),
         "unit": "镇脱贫攻坚指挥部办公室"}
        for code in LINGSHAN_TASKS
    ]  # fmt: skip


def lingshan_statistic_rows(period: str) -> list[dict[str, Any]]:
    """Coverage counts of 灵山镇, a third of the gap closing each month after June."""
    month = int(period[5:])
    return [
        {"division_code": LINGSHAN, "indicator_code": code,
         "numerator": Decimal(done + (whole - done) * (month - 6) // 3),
         "denominator": Decimal(whole), "unit": "镇脱贫攻坚指挥部办公室"}
        for code, (done, whole) in LINGSHAN_TASKS.items()
    ]  # fmt: skip


def bijie_target_rows() -> list[dict[str, Any]]:
    wanted = [(code, target, unit) for code, (target, _, unit) in BIJIE_TASKS.items()]
    wanted += [(code, target, unit) for code, (target, _, _, unit) in BIJIE_RATES.items()]
    return [
        {"division_code": BIJIE, "indicator_code": code, "target": Decimal(target), "due_on": date(2022, 12, 31),
         "unit": unit}
        for code, target, unit in wanted
    ]  # fmt: skip


def bijie_statistic_rows(period: str) -> list[dict[str, Any]]:
    """Progress of the yearly tasks: quantities in even steps from January, rates from half of December's share."""
    month = int(period[5:])
    quantities = [
        {"division_code": BIJIE, "indicator_code": code, "unit": unit, "denominator": None,
         "numerator": (Decimal(target) * Decimal(reached) * month / 12).quantize(Decimal("0.1"))}
        for code, (target, reached, unit) in BIJIE_TASKS.items()
    ]  # fmt: skip
    rates = [
        {"division_code": BIJIE, "indicator_code": code, "unit": unit, "denominator": Decimal(whole),
         "numerator": Decimal(done * (12 + month) // 24)}
        for code, (_, whole, done, unit) in BIJIE_RATES.items()
    ]  # fmt: skip
    return quantities + rates


def province_average_rows(percent: str) -> list[dict[str, Any]]:
    """全省平均 of 衔接资金支出进度 as reported by the province: paid and issued, in yuan."""
    issued = Decimal(20_000_000_000)
    return [{
        "division_code": GUIZHOU, "indicator_code": "linkage_expenditure_rate",
        "numerator": issued * Decimal(percent) / 100, "denominator": issued, "unit": "省乡村振兴局",
    }]  # fmt: skip


def following(period: str, day: int) -> date:
    """A day of the month after the period; its last day where the month is shorter."""
    year, month = divmod(int(period[:4]) * 12 + int(period[5:]), 12)
    return date(year, month + 1, min(day, monthrange(year, month + 1)[1]))
