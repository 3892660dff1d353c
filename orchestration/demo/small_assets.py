"""资产台账 of the places whose documents ask for it: the three classes, with the misses each clause looks for."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from orchestration.demo.places import Place

WHAT = {"经营性": "产业大棚", "公益性": "通组公路", "到户类": "到户种畜"}
YEARLY_INCOME = Decimal(20_000)
"""年度收益 of every operating asset."""


@dataclass(frozen=True)
class AssetPlan:
    """How many assets of each class, from which years, and how many of the operating ones lack what."""

    counts: dict[str, int]
    first_year: int
    last_year: int
    keeperless: int = 0
    half_distributed: int = 0
    """Operating assets of whose income only half is distributed."""
    untitled: int = 0
    idle: int = 0


def asset_rows(plan: AssetPlan, prefix: str, villages: Sequence[Place]) -> list[dict[str, Any]]:
    """扶贫资产台账: the classes one after the other, spread over the villages in turn."""
    rows: list[dict[str, Any]] = []
    for category, count in plan.counts.items():
        for position in range(count):
            number = len(rows) + 1
            rows.append(_row(plan, category, position, f"{prefix}{number:04d}", villages[number % len(villages)]))
    return rows


def _row(plan: AssetPlan, category: str, position: int, asset_id: str, village: Place) -> dict[str, Any]:
    earns = category == "经营性"
    shared = YEARLY_INCOME / 2 if position < plan.half_distributed else YEARLY_INCOME
    return {
        "division_code": village.code, "asset_id": asset_id, "name": f"{village.name}{WHAT[category]}",
        "category": category, "formed_year": plan.first_year + position % (plan.last_year - plan.first_year + 1),
        "original_value": Decimal(100_000 if category == "到户类" else 250_000),
        "titled": not (earns and position < plan.untitled),
        "keeper": None if earns and position < plan.keeperless else f"{village.name}村民委员会",
        "annual_income": YEARLY_INCOME if earns else None, "distributed": shared if earns else None,
        "status": "闲置" if earns and position < plan.idle else "正常",
    }  # fmt: skip
