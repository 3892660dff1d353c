"""Rows that several places of the demo hand in alike: their own part of the division tree, tasks and statistics."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from orchestration.demo.places import LEVEL_LABELS, Place

Quantity = tuple[str, str | None, str]
"""Numerator, denominator (None for a plain quantity) and the unit that reports it."""


def own_tree_rows(
    places: Sequence[Place], county: str, village_types: Mapping[str, str] | None = None, exit_year: int | None = None
) -> list[dict[str, Any]]:
    """行政区划表 of one county as it hands it in itself: the county is the top, and 省 and 市 are not its to report.

    village_types  villages that are not 非贫困村; ``exit_year`` is their planned year of exit
    """
    types = village_types or {}
    return [_row(place, county, types, exit_year) for place in places if place.code.startswith(county[:6])]


def _row(place: Place, county: str, types: Mapping[str, str], exit_year: int | None) -> dict[str, Any]:
    row: dict[str, Any] = {
        "division_code": place.code,
        "name": place.name,
        "level": LEVEL_LABELS[place.level],
        "parent_code": None if place.code == county else place.parent_code,
    }
    if place.level == "village":
        row["village_type"] = types.get(place.code, "非贫困村")
        row["planned_exit_year"] = exit_year if place.code in types else None
    return row


def target_rows(division: str, targets: Mapping[str, str], due_on: date, unit: str) -> list[dict[str, Any]]:
    """年度目标任务 of one division: indicator code -> target."""
    return [
        {"division_code": division, "indicator_code": code, "target": Decimal(target), "due_on": due_on, "unit": unit}
        for code, target in targets.items()
    ]


def statistic_rows(division: str, quantities: Mapping[str, Quantity]) -> list[dict[str, Any]]:
    """部门填报指标 of one division: indicator code -> what is reported of it."""
    return [
        {"division_code": division, "indicator_code": code, "numerator": Decimal(numerator), "unit": unit,
         "denominator": None if denominator is None else Decimal(denominator)}
        for code, (numerator, denominator, unit) in quantities.items()
    ]  # fmt: skip
