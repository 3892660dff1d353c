"""The standards numbers are held against, by division, first year and class."""

import csv
from fractions import Fraction
from functools import cache

from second.tree import Tree
from second.world import SEEDS


@cache
def _rows() -> tuple[dict[str, str], ...]:
    with (SEEDS / "reference" / "standards.csv").open(encoding="utf-8-sig", newline="") as file:
        return tuple(csv.DictReader(file))


def standard(tree: Tree, name: str, code: str, year: int, kind: str = "") -> Fraction | None:
    """The latest row up to ``year`` of the nearest division upward that has one; None where none has."""
    for division in [*tree.reach(code), ""]:
        fitting = [
            row
            for row in _rows()
            if row["standard"] == name
            and (row["division_code"] or "") == division
            and (row["class"] or "") == kind
            and int(row["from_year"]) <= year
        ]
        if fitting:
            return Fraction(max(fitting, key=lambda row: int(row["from_year"]))["value"])
    return None
