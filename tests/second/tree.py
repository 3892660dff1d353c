"""The division tree of one month, with predecessors merged into their successor."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

LEVELS = ("province", "prefecture", "county", "township", "village")
DIGITS = (2, 4, 6, 9, 12)

Row = dict[str, Any]


def prefix_ancestors(code: str) -> list[str]:
    """The codes above a 12-digit code by its significant digits, nearest first."""
    above = [code[:digits].ljust(12, "0") for digits in reversed(DIGITS)]
    return [ancestor for ancestor in dict.fromkeys(above) if ancestor != code]


def valid_on(row: Mapping[str, Any], day: date) -> bool:
    """Whether a division exists on a day; both ends count, a blank end is open."""
    return (row["valid_from"] is None or row["valid_from"] <= day) and (
        row["valid_to"] is None or row["valid_to"] >= day
    )


def successors(rows: list[Row], day: date) -> dict[str, str]:
    """Old code -> the one code that replaced it by ``day``, through chains of changes; what goes on is not replaced."""
    named: dict[str, set[str]] = {}
    living = {row["division_code"] for row in rows if valid_on(row, day)}
    for row in rows:
        old = row["predecessor_code"]
        begun = row["valid_from"] is None or row["valid_from"] <= day
        if old is not None and old not in living and begun:
            named.setdefault(old, set()).add(row["division_code"])
    single = {old: next(iter(new)) for old, new in named.items() if len(new) == 1}
    final: dict[str, str] = {}
    for old in single:
        code, seen = old, {old}
        while code in single and single[code] not in seen:
            code = single[code]
            seen.add(code)
        final[old] = code
    return final


@dataclass
class Tree:
    """Divisions of a month by code; ``parent_code`` is resolved and None at a root."""

    nodes: dict[str, Row]
    children: dict[str, list[str]] = field(default_factory=dict)

    def chain(self, code: str) -> list[str]:
        """The division itself and everything above it in the tree, nearest first."""
        found: list[str] = []
        current: str | None = code
        while current is not None and current in self.nodes and current not in found:
            found.append(current)
            current = self.nodes[current]["parent_code"]
        return found

    def reach(self, code: str) -> list[str]:
        """Like ``chain``, and on beyond the root by the digits of the code."""
        chain = self.chain(code) or [code]
        return chain + [above for above in prefix_ancestors(chain[-1]) if above not in chain]

    def subtree(self, code: str) -> Iterator[str]:
        yield code
        for child in self.children.get(code, []):
            yield from self.subtree(child)

    def level(self, code: str) -> str:
        return str(self.nodes[code]["level"])

    @cached_property
    def villages(self) -> dict[str, list[str]]:
        """Division -> the villages at or below it."""
        below: dict[str, list[str]] = {code: [] for code in self.nodes}
        for code, row in self.nodes.items():
            if row["level"] == "village":
                for above in self.chain(code):
                    below[above].append(code)
        return below


def build_tree(rows: list[Row], day: date, canonical: Mapping[str, str]) -> Tree:
    """The tree valid on ``day`` from division rows in force."""
    valid = [row for row in rows if valid_on(row, day)]
    nodes: dict[str, Row] = {}
    # A successor's own row wins over the row of the code it replaced.
    for row in sorted(valid, key=lambda r: (r["division_code"] in canonical, r["division_code"])):
        code = canonical.get(row["division_code"], row["division_code"])
        if code not in nodes:
            parent = row["parent_code"]
            nodes[code] = {**row, "division_code": code, "parent_code": canonical.get(parent, parent)}
    for code, row in nodes.items():
        if row["parent_code"] is None:
            above = prefix_ancestors(code)
            nearest = canonical.get(above[0], above[0]) if above else None
            row["parent_code"] = nearest if nearest in nodes else None
        elif row["parent_code"] not in nodes or row["parent_code"] == code:
            row["parent_code"] = None
    children: dict[str, list[str]] = {}
    for code, row in nodes.items():
        if row["parent_code"] is not None:
            children.setdefault(row["parent_code"], []).append(code)
    return Tree(nodes, children)
