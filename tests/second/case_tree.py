"""The trees of the random counties, and small draws that values of their rows come from."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from second.calendar_math import last_day

Row = dict[str, Any]
D = Decimal


@dataclass(frozen=True)
class Flavour:
    """A small tree of divisions and the months it reports."""

    roots: tuple[str, ...]
    tree: tuple[tuple[str, str, str | None], ...]  # code, level, village type
    renamed: tuple[tuple[str, str], ...]  # old code, new code (from the change day on)
    change_day: date
    periods: tuple[str, ...]
    editions: tuple[str, ...]
    tasks: tuple[str, ...] = ("area_vegetable", "new_toilets")
    yearly: str | None = None  # a round of the year in which townships are ranked
    ended: tuple[tuple[str, date], ...] = ()  # villages of which one learns in the end that they were no more
    begun: tuple[tuple[str, str, date], ...] = ()  # villages parted from another: code, the other, first day

    def at(self, level: str) -> tuple[str, ...]:
        return tuple(code for code, its_level, _ in self.tree if its_level == level)

    @property
    def counties(self) -> tuple[str, ...]:
        return self.at("county")

    @property
    def townships(self) -> tuple[str, ...]:
        return self.at("township")

    @property
    def villages(self) -> tuple[str, ...]:
        return self.at("village")

    @property
    def wide(self) -> tuple[str, ...]:
        return (*self.at("prefecture"), *self.at("prefecture"), self.counties[0])

    def code_at(self, code: str, period: str) -> str:
        """A division's code in a month; one that did not exist yet reports with its county."""
        if last_day(period) >= self.change_day:
            return code
        old_of = {new: old for old, new in self.renamed}
        county = code[:6].ljust(12, "0")
        return old_of.get(code, old_of.get(county, code))


def _villages(township: str, kinds: str) -> tuple[tuple[str, str, str | None], ...]:
    names = {"p": "poor", "d": "deeply_poor", "n": "non_poor"}
    return tuple((f"{township}{200 + n}", "village", names[k]) for n, k in enumerate(kinds, start=1))


LUOSHAN = Flavour(
    roots=("410000000000",),
    tree=(
        ("410000000000", "province", None),
        ("411500000000", "prefecture", None),
        ("411521000000", "county", None),
        ("411522000000", "county", None),
        ("411521103000", "township", None),
        ("411521104000", "township", None),
        *_villages("411521103", "pdnnp"),
        *_villages("411521104", "pnnd"),
        ("411522101000", "township", None),
        *_villages("411522101", "p"),
    ),
    renamed=(),
    change_day=date(2018, 1, 1),
    periods=("2017-07", "2017-09", "2018-06", "2018-07", "2018-08", "2018-09"),
    editions=("2018-07", "2018-08", "2018-09"),
    ended=(("411521104204", date(2018, 8, 20)),),
)
BIJIE = Flavour(
    roots=("520000000000",),
    tree=(
        ("520000000000", "province", None),
        ("520500000000", "prefecture", None),
        ("520581000000", "county", None),
        *((f"5205{n}000000", "county", None) for n in ("02", "23", "24", "25")),
        ("520581101000", "township", None),
        ("520581102000", "township", None),
        ("520502101000", "township", None),
        *_villages("520581101", "ppn"),
        *_villages("520581102", "dn"),
        *_villages("520502101", "pnp"),
    ),
    renamed=(
        ("520522000000", "520581000000"),
        ("520522101000", "520581101000"),
        ("520522102000", "520581102000"),
        *((f"52052210120{n}", f"52058110120{n}") for n in (1, 2, 3)),
        *((f"52052210220{n}", f"52058110220{n}") for n in (1, 2)),
    ),
    change_day=date(2021, 5, 1),
    periods=("2021-04", "2021-06", "2022-03", "2022-04", "2022-05", "2022-06", "2022-07"),
    editions=("2022-04", "2022-06", "2022-07"),
    ended=(("520502101203", date(2022, 5, 15)),),
)


def _county(
    prefix: str, kinds: tuple[str, ...], periods: tuple[str, ...], editions: tuple[str, ...], **more: Any
) -> Flavour:
    """A county with a township for each word of village kinds, and the levels above it."""
    townships = [(f"{prefix}{100 + n}", words) for n, words in enumerate(kinds, start=1)]
    return Flavour(
        roots=(f"{prefix[:2]}0000000000",),
        tree=(
            (f"{prefix[:2]}0000000000", "province", None),
            (f"{prefix[:4]}00000000", "prefecture", None),
            (f"{prefix}000000", "county", None),
            *((f"{town}000", "township", None) for town, _ in townships),
            *(village for town, words in townships for village in _villages(town, words)),
        ),
        renamed=(),
        change_day=date(2010, 1, 1),
        periods=periods,
        editions=editions,
        **more,
    )  # fmt: skip


YUEYANG = _county(
    "430621", ("pn", "dnnnn", "p", "n"), ("2018-09", "2019-08", "2019-09", "2019-11", "2019-12"),
    ("2019-09", "2019-11", "2019-12"),
    tasks=("public_posts", "poverty_bases"), yearly="2019",
    # one village became two
    ended=(("430621102203", date(2019, 9, 15)),),
    begun=(
        ("430621102204", "430621102203", date(2019, 9, 16)), ("430621102205", "430621102203", date(2019, 9, 16)),
    ),
)  # fmt: skip
BAICHENG = _county(
    "220881", ("pn", "dpn"), ("2019-10", "2020-09", "2020-10", "2020-11", "2020-12"), ("2020-10", "2020-11", "2020-12"),
    tasks=("consumption_cabinets", "consumption_zones"),
)  # fmt: skip
BAOTA = _county(
    "610602", ("pn", "dpn", "n"), ("2016-06", "2017-01", "2017-05", "2017-06"), ("2017-01", "2017-06"),
    tasks=("township_deputies", "labour_household_industry_rate"),
    begun=(("610602102203", "610602102202", date(2017, 1, 1)),),
)  # fmt: skip
BIYANG = _county(
    "411726", ("pd", "pn", "p"), ("2014-10", "2015-12", "2016-11", "2016-12"), ("2016-11", "2016-12"),
    tasks=("identification_review_coverage", "household_program_income_gain"), yearly="2016",
)  # fmt: skip
FLAVOURS = (LUOSHAN, BIJIE, YUEYANG, BAICHENG, BAOTA, BIYANG)


def _parent(code: str) -> str:
    for digits in (9, 6, 4, 2):
        above = code[:digits].ljust(12, "0")
        if above != code:
            return above
    return ""


def division_rows(flavour: Flavour, root: str) -> list[Row]:
    """行政区划表; a renamed division appears under both codes, each with its days."""
    begun = {code: {"predecessor_code": other, "valid_from": day} for code, other, day in flavour.begun}
    old_of = {new: old for old, new in flavour.renamed}
    parents = dict(flavour.renamed)
    rows = []
    for code, level, kind in flavour.tree:
        row = {
            "division_code": code, "name": f"示例{code}", "level": level, "village_type": kind,
            "parent_code": None if code == root else _parent(code),
        }  # fmt: skip
        if code in old_of:
            old = old_of[code]
            before = flavour.change_day - timedelta(days=1)
            rows.append({**row, "predecessor_code": old, "valid_from": flavour.change_day})
            parent = _parent(old)
            rows.append({**row, "division_code": old, "parent_code": parent, "valid_to": before})
            assert parent in parents or level == "county"
        else:
            rows.append({**row, **begun.get(code, {})})
    return rows


def codes_in(flavour: Flavour, scope: str, period: str, level: str | None) -> list[str]:
    """Divisions inside a scope, under the codes of the period."""
    found = []
    unborn = {code for code, _, day in flavour.begun if last_day(period) < day}
    old_of = {new: old for old, new in flavour.renamed}
    stem = scope.rstrip("0")
    stem = scope[: next(n for n in (2, 4, 6, 9, 12) if n >= len(stem))]
    for code, its_level, _ in flavour.tree:
        if code.startswith(stem) and level in (None, its_level) and code not in unborn:
            ended = last_day(period) < flavour.change_day
            if not ended:
                found.append(code)
            elif code in old_of:
                found.append(old_of[code])
            elif not any(code.startswith(new[:6]) for _, new in flavour.renamed):
                found.append(code)
    return found


def maybe(rng: Random, value: Any, blank: float = 0.15) -> Any:
    return None if rng.random() < blank else value


def flag(rng: Random, yes: float = 0.7) -> bool | None:
    return maybe(rng, rng.random() < yes, 0.1)


def money(rng: Random, *edges: int) -> Decimal:
    return rng.choice([D(edge) for edge in edges] + [D(rng.randrange(0, 900000)) / 100])


def near(rng: Random, period: str) -> date:
    """A day at or around the end of a month, rarely far from it."""
    return last_day(period) + timedelta(days=rng.choice([-400, -90, -60, -31, -15, -1, 0, 0, 1, 20]))


def id_number(prefix: str, birth: date, serial: int) -> str:
    body = f"{prefix[:6]}{birth:%Y%m%d}{serial % 1000:03d}"
    weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11]
