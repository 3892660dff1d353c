"""What changed between two editions: values, ranks and actions."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import duckdb

from orchestration.release.editions import database_path, find_edition
from orchestration.settings import Settings

KEYS: dict[str, tuple[str, ...]] = {
    "fct_indicator": ("period", "division_code", "indicator_code"),
    "fct_ranking": ("scheme", "ranking", "edition_period", "class", "division_code"),
    "fct_action": ("scheme", "ranking", "edition_period", "division_code", "clause_id", "object", "kind"),
}
COMPARED: dict[str, tuple[str, ...]] = {
    "fct_indicator": ("value", "state", "numerator", "denominator", "coverage"),
    "fct_ranking": ("score", "state", "rank", "rank_from_bottom"),
    "fct_action": ("amount", "state", "absorbed_by"),
}


@dataclass(frozen=True)
class Change:
    """One row that differs. ``before`` or ``after`` is None where only the other edition has the row."""

    key: dict[str, Any]
    before: dict[str, Any] | None
    after: dict[str, Any] | None


@dataclass(frozen=True)
class Changes:
    """How many rows differ, and the first of them in the order of their key."""

    total: int
    shown: tuple[Change, ...]


@dataclass(frozen=True)
class EditionDiff:
    """The differences in the months that both editions contain."""

    values: Changes
    ranks: Changes
    actions: Changes

    @property
    def total(self) -> int:
        return self.values.total + self.ranks.total + self.actions.total


def diff(settings: Settings, a: str, b: str, limit: int | None = None) -> EditionDiff:
    """Compares edition ``a`` (before) with ``b`` (after); at most ``limit`` rows of each kind are returned.

    Months that only one edition reaches are no change and are left out. Raises GuatuError for an unknown edition.
    """
    editions = [find_edition(settings, name) for name in (a, b)]
    last_month = min(edition.period for edition in editions)
    with duckdb.connect() as connection:
        for alias, edition in zip(("a", "b"), editions, strict=True):
            path = database_path(settings, edition.edition_id)
            literal = "'" + path.as_posix().replace("'", "''") + "'"
            connection.execute(f"attach {literal} as edition_{alias} (read_only)")
        return EditionDiff(*(_changes(connection, table, last_month, limit) for table in KEYS))


def _changes(
    connection: duckdb.DuckDBPyConnection, table: str, last_month: str, limit: int | None
) -> Changes:
    keys, values = KEYS[table], COMPARED[table]
    month = "period" if "period" in keys else "edition_period"
    same_key = " and ".join(f"a.{key} is not distinct from b.{key}" for key in keys)
    differs = " or ".join(f"a.{value} is distinct from b.{value}" for value in values)
    columns = [f"coalesce(a.{key}, b.{key})" for key in keys]
    columns += [f"{side}.{value}" for side in "ab" for value in values]
    rows = connection.execute(
        f"select count(*) over (), a.present, b.present, {', '.join(columns)} "
        f"from (select *, true as present from edition_a.marts.{table} where {month} <= $1) as a "
        f"full join (select *, true as present from edition_b.marts.{table} where {month} <= $1) as b on {same_key} "
        f"where a.present is null or b.present is null or {differs} "
        f"order by {', '.join(str(position + 4) for position in range(len(keys)))} "
        f"limit {'all' if limit is None else int(limit)}",
        [last_month],
    ).fetchall()
    width = len(values)
    shown = tuple(
        Change(
            key=dict(zip(keys, row[3 : 3 + len(keys)], strict=True)),
            before=_values(values, row[-2 * width : -width]) if row[1] else None,
            after=_values(values, row[-width:]) if row[2] else None,
        )
        for row in rows
    )
    return Changes(rows[0][0] if rows else 0, shown)


def _values(names: tuple[str, ...], values: tuple[Any, ...]) -> dict[str, Any]:
    return {
        name: value.normalize() if isinstance(value, Decimal) else value
        for name, value in zip(names, values, strict=True)
    }
