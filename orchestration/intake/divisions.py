"""The division tree as intake knows it: which codes exist on a day, and what lies inside what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise

import polars as pl

from orchestration.intake.lake import lake_file
from orchestration.intake.ledger import Submission
from orchestration.settings import Settings

LEVELS = ("province", "prefecture", "county", "township", "village")
LEVEL_DIGITS = {"province": 2, "prefecture": 4, "county": 6, "township": 9, "village": 12}

_COLUMNS = {
    "division_code": pl.String(),
    "name": pl.String(),
    "level": pl.String(),
    "parent_code": pl.String(),
    "valid_from": pl.Date(),
    "valid_to": pl.Date(),
}


def code_level(code: str) -> str:
    """The level of a 12-digit code by its significant digits."""
    return next(level for level, digits in LEVEL_DIGITS.items() if not code[digits:].strip("0"))


def code_prefix(code: str) -> str:
    """The significant digits of a code, at the length of its level."""
    return code[: LEVEL_DIGITS[code_level(code)]]


def levels_of(codes: pl.Expr) -> pl.Expr:
    """``code_level`` for a column."""
    expression: pl.Expr = pl.lit("village")
    for level in reversed(LEVELS[:-1]):
        zeros = "0" * (12 - LEVEL_DIGITS[level])
        expression = pl.when(codes.str.ends_with(zeros)).then(pl.lit(level)).otherwise(expression)
    return expression


def prefix_at(codes: pl.Expr, level: str) -> pl.Expr:
    """The code of the division of ``level`` that a code lies in by its digits."""
    digits = LEVEL_DIGITS[level]
    return codes.str.slice(0, digits) + pl.lit("0" * (12 - digits))


def common_prefix(codes: Sequence[str]) -> str | None:
    """The deepest division that covers all codes by their digits."""
    for level in reversed(LEVELS):
        digits = LEVEL_DIGITS[level]
        padded = {code[:digits].ljust(12, "0") for code in codes}
        if len(padded) == 1 and min(len(code_prefix(c)) for c in codes) >= digits:
            return padded.pop()
    return None


@dataclass(frozen=True)
class DivisionTree:
    """Divisions that exist on a day: division_code, name, level, parent_code (resolved)."""

    divisions: pl.DataFrame

    @cached_property
    def parents(self) -> dict[str, str | None]:
        return dict(self.divisions.select("division_code", "parent_code").iter_rows())

    @cached_property
    def names(self) -> dict[str, str]:
        return dict(self.divisions.select("division_code", "name").iter_rows())

    def __contains__(self, code: str) -> bool:
        return code in self.parents

    def ancestors(self, code: str) -> list[str]:
        """The division itself and those above it, deepest first; empty when it is not known."""
        found: list[str] = []
        current: str | None = code
        while current is not None and current in self.parents and current not in found:
            found.append(current)
            current = self.parents[current]
        return found

    def inside(self, scope: str) -> pl.Series:
        """Codes of ``scope`` and of all divisions below it."""
        found = [self.divisions.filter(pl.col("division_code") == scope)["division_code"]]
        for _ in LEVELS:
            below = self.divisions.filter(pl.col("parent_code").is_in(found[-1].to_list()))["division_code"]
            if below.is_empty():
                break
            found.append(below)
        return pl.concat(found).unique()

    def deepest_cover(self, codes: Sequence[str]) -> str | None:
        """The deepest division that covers all known ones of ``codes``, or None."""
        paths = [path for path in map(self.ancestors, codes) if path]
        if not paths:
            return None
        common = set(paths[0]).intersection(*paths[1:])
        return next((code for code in paths[0] if code in common), None)

    def overlap(self, one: str, other: str) -> bool:
        """Whether one of two scopes lies inside the other; by their digits where one is not known."""
        if one in self and other in self:
            return one in self.ancestors(other) or other in self.ancestors(one)
        return prefix_overlap(one, other)


def prefix_overlap(one: str, other: str) -> bool:
    """Whether one of two codes lies inside the other by their digits."""
    return one.startswith(code_prefix(other)) or other.startswith(code_prefix(one))


class Divisions:
    """Trees by period, from the divisions submissions taken in so far; computed when asked for."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._trees: dict[tuple[date, tuple[int, ...]], DivisionTree] = {}

    def tree(self, submissions: Sequence[Submission], period: str, last_day: date) -> DivisionTree:
        """The divisions in force for ``period`` that exist on its last day."""
        relevant = [s for s in submissions if s.template == "divisions" and s.in_effect and str(s.period) <= period]
        key = (last_day, tuple(s.submission_id for s in relevant))
        if key not in self._trees:
            self._trees[key] = build_tree(rows_in_force(self._settings, relevant), last_day)
        return self._trees[key]


def rows_in_force(settings: Settings, submissions: Sequence[Submission]) -> pl.DataFrame:
    """Rows of divisions submissions that no newer one covers.

    Newer is by period, then receipt, then intake. A submission speaks for all codes inside its scope.
    """
    ordered = sorted(submissions, key=lambda s: (str(s.period), s.order))
    frames = [
        pl.read_parquet(lake_file(settings, s), columns=list(_COLUMNS)).with_columns(position=pl.lit(i, pl.Int64))
        for i, s in enumerate(ordered)
        if s.rows_accepted
    ]
    if not frames:
        return pl.DataFrame(schema=_COLUMNS)
    # later positions overwrite: the newest submission of each scope
    newest = {code_prefix(str(s.scope_code)).ljust(12, "0"): i for i, s in enumerate(ordered)}
    covering = [
        prefix_at(pl.col("division_code"), level).replace_strict(newest, default=None, return_dtype=pl.Int64)
        for level in LEVELS
    ]
    rows = pl.concat(frames)
    return rows.filter(pl.col("position") >= pl.max_horizontal(covering)).select(*_COLUMNS)


def build_tree(rows: pl.DataFrame, day: date) -> DivisionTree:
    """The tree on a day: rows valid then, a blank parent taken from the code where that is known."""
    valid = rows.filter(
        (pl.col("valid_from").is_null() | (pl.col("valid_from") <= day))
        & (pl.col("valid_to").is_null() | (pl.col("valid_to") >= day))
    ).unique("division_code", keep="last", maintain_order=True)
    above = pl.lit(None, pl.String)
    for upper, lower in pairwise(LEVELS):
        above = pl.when(pl.col("level") == lower).then(prefix_at(pl.col("division_code"), upper)).otherwise(above)
    level_of = valid.select(above_code="division_code", above_level="level")
    divisions = (
        valid.with_columns(above_code=above)
        .join(level_of, on="above_code", how="left")
        .with_columns(
            parent_code=pl.when(
                pl.col("parent_code").is_null() & (pl.col("above_level") == _level_above(pl.col("level")))
            )
            .then("above_code")
            .otherwise("parent_code")
        )
        .select("division_code", "name", "level", "parent_code")
    )
    return DivisionTree(divisions)


def _level_above(level: pl.Expr) -> pl.Expr:
    return level.replace_strict({lower: upper for upper, lower in pairwise(LEVELS)}, default=None)
