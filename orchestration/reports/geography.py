"""The division tree of an edition: names, levels, who lies inside whom."""

from collections import defaultdict
from dataclasses import dataclass

from orchestration.reports import wording
from orchestration.reports.source import Edition


@dataclass(frozen=True)
class Division:
    """One node of the tree (12-digit code)."""

    code: str
    name: str
    level: str
    parent_code: str | None


class Geography:
    """Divisions by code; a code the tree does not know (a work unit, a code no longer in force) shows as itself."""

    def __init__(self, divisions: list[Division]) -> None:
        self._by_code = {division.code: division for division in divisions}
        self._children: dict[str, list[str]] = defaultdict(list)
        for division in sorted(divisions, key=lambda each: each.code):
            if division.parent_code is not None:
                self._children[division.parent_code].append(division.code)

    def knows(self, code: str) -> bool:
        return code in self._by_code

    def name(self, code: str | None) -> str:
        """Own name of a division; the code itself when unknown."""
        if code is None:
            return wording.DASH
        return self._by_code[code].name if code in self._by_code else code

    def full_name(self, code: str) -> str:
        """Name with that of the county for townships, of the township for villages: 罗山县灵山镇, 灵山镇某村."""
        division = self._by_code.get(code)
        if division is None:
            return code
        if division.level in ("township", "village") and division.parent_code in self._by_code:
            return f"{self.name(division.parent_code)}{division.name}"
        return division.name

    def level(self, code: str) -> str | None:
        return self._by_code[code].level if code in self._by_code else None

    def parent(self, code: str) -> str | None:
        return self._by_code[code].parent_code if code in self._by_code else None

    def children(self, code: str) -> list[str]:
        """Codes directly below, in code order."""
        return list(self._children.get(code, []))

    def path(self, code: str) -> list[str]:
        """The code and everything above it, upward."""
        result = [code]
        while (division := self._by_code.get(result[-1])) and division.parent_code in self._by_code:
            if division.parent_code in result:
                break
            result.append(division.parent_code)
        return result

    def contains(self, outer: str, inner: str) -> bool:
        """Whether ``inner`` is ``outer`` or lies inside it; by the digits where the tree does not know ``inner``."""
        if inner in self._by_code:
            return outer in self.path(inner)
        digits = wording.SIGNIFICANT_DIGITS.get(self.level(outer) or "", 12)
        return inner[:digits] == outer[:digits]


def load_geography(edition: Edition) -> Geography:
    """All divisions as of the edition's own period."""
    rows = edition.rows("select division_code, name, level, parent_code from marts.dim_division order by division_code")
    return Geography([Division(r["division_code"], r["name"], r["level"], r["parent_code"]) for r in rows])
