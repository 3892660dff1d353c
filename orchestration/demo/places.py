"""The divisions the demo speaks of, read from ``seeds/reference``."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from orchestration.demo.sheets import Row

LUOSHAN, LINGSHAN, ZILU = "411521000000", "411521103000", "411521104000"
HENAN, GUIZHOU, BIJIE = "410000000000", "520000000000", "520500000000"
QIANXI, QIANXI_FORMER = "520581000000", "520522000000"

LEVEL_LABELS = {"province": "省", "prefecture": "市", "county": "县", "township": "乡", "village": "村"}
LINGSHAN_TYPES = {
    "411521103202": "贫困村", "411521103203": "贫困村", "411521103204": "贫困村",
    "411521103206": "贫困村", "411521103207": "深度贫困村", "411521103209": "贫困村",
}  # fmt: skip


@dataclass(frozen=True)
class Place:
    """One division of the reference file."""

    code: str
    name: str
    level: str
    parent_code: str

    @property
    def village_type(self) -> str:
        """An invented 村属性: that of 灵山镇 is set, elsewhere every third village counts as poor."""
        if self.code.startswith(LINGSHAN[:9]):
            return LINGSHAN_TYPES.get(self.code, "非贫困村")
        return "贫困村" if int(self.code[6:]) % 3 == 0 else "非贫困村"


def read_places(seeds: Path, name: str) -> list[Place]:
    """The divisions of ``seeds/reference/divisions-<name>.csv``, in the order of their codes."""
    path = seeds / "reference" / f"divisions-{name}.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        return [Place(**row) for row in csv.DictReader(lines)]


def villages_of(places: Sequence[Place], code: str) -> list[Place]:
    """The villages inside a division."""
    prefix = code.rstrip("0") if code.endswith("000000") else code[:9]
    return [place for place in places if place.level == "village" and place.code.startswith(prefix)]


def division_rows(
    places: Sequence[Place], exit_year: int | None = None, village_types: Mapping[str, str] | None = None
) -> list[Row]:
    """Rows of 行政区划表; poor villages get ``exit_year`` as their planned year of exit.

    ``village_types`` gives the 村属性 by code where the invented rule of ``Place`` is not wanted.
    """
    types = village_types or {}
    return [_division_row(place, types.get(place.code, place.village_type), exit_year) for place in places]


def _division_row(place: Place, village_type: str, exit_year: int | None) -> Row:
    row: dict[str, object] = {
        "division_code": place.code,
        "name": place.name,
        "level": LEVEL_LABELS[place.level],
        "parent_code": place.parent_code or None,
    }
    if place.level == "village":
        row["village_type"] = village_type
        row["planned_exit_year"] = exit_year if village_type != "非贫困村" else None
    if place.code == QIANXI:
        row |= {"predecessor_code": QIANXI_FORMER, "valid_from": date(2021, 5, 1)}
    return row


def former_qianxi() -> Row:
    """黔西县 as it was before it became 黔西市."""
    return {
        "division_code": QIANXI_FORMER, "name": "黔西县", "level": "县", "parent_code": BIJIE,
        "valid_to": date(2021, 4, 30),
    }  # fmt: skip
