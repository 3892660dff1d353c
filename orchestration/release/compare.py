"""What changed between two editions: values, ranks and actions, and what caused each change."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import duckdb

from orchestration.release.causes import Cause, find_causes
from orchestration.release.editions import database_path, find_edition
from orchestration.settings import Settings
from orchestration.sql_text import quoted


@dataclass(frozen=True)
class Compared:
    """One kind of change: the mart it is read from, the key of its rows, and the columns that are compared."""

    kind: str
    table: str
    keys: tuple[str, ...]
    values: tuple[str, ...]

    @property
    def month(self) -> str:
        return "period" if "period" in self.keys else "edition_period"


COMPARED = (
    Compared(
        "values",
        "fct_indicator",
        ("period", "division_code", "indicator_code"),
        ("value", "state", "numerator", "denominator", "coverage"),
    ),
    Compared(
        "ranks",
        "fct_ranking",
        ("scheme", "ranking", "edition_period", "class", "division_code"),
        ("score", "state", "rank", "rank_from_bottom"),
    ),
    Compared(
        "actions",
        "fct_action",
        ("scheme", "ranking", "edition_period", "division_code", "clause_id", "object", "kind"),
        ("amount", "state", "absorbed_by"),
    ),
)


@dataclass(frozen=True)
class Change:
    """One row that differs. ``before`` or ``after`` is None where only the other edition has the row.

    causes  (cause, number) of what may have caused it, as in ``Cause``
    """

    key: dict[str, Any]
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    causes: tuple[tuple[str, int | None], ...]


@dataclass(frozen=True)
class Changes:
    """How many rows differ, and the first of them in the order of their key."""

    total: int
    shown: tuple[Change, ...]


@dataclass(frozen=True)
class EditionDiff:
    """The differences in the months that both editions contain, and what caused them."""

    values: Changes
    ranks: Changes
    actions: Changes
    causes: tuple[Cause, ...]

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
            connection.execute(f"attach {quoted(path)} as edition_{alias} (read_only)")
        for compared in COMPARED:
            _find_changes(connection, compared, last_month)
        causes = find_causes(connection, settings, *editions)
        return EditionDiff(*(_changes(connection, compared, limit) for compared in COMPARED), causes)


def _find_changes(connection: duckdb.DuckDBPyConnection, compared: Compared, last_month: str) -> None:
    """The rows that differ, into ``<kind>_changes``: change_id 1..n, key, values as ``<value>_a``, ``_b``."""
    keys, values = compared.keys, compared.values
    same_key = " and ".join(f"a.{key} is not distinct from b.{key}" for key in keys)
    differs = " or ".join(f"a.{value} is distinct from b.{value}" for value in values)
    columns = [f"coalesce(a.{key}, b.{key}) as {key}" for key in keys]
    columns += [f"{side}.{value} as {value}_{side}" for side in "ab" for value in ("present", *values)]
    sides = (
        f"(select *, true as present from edition_{side}.marts.{compared.table} where {compared.month} <= $1) as {side}"
        for side in "ab"
    )
    order = ", ".join(f"coalesce(a.{key}, b.{key})" for key in keys)
    connection.execute(
        f"create temp table {compared.kind}_changes as "
        f"select row_number() over (order by {order}) as change_id, {', '.join(columns)} "
        f"from {' full join '.join(sides)} on {same_key} "
        f"where a.present is null or b.present is null or {differs}",
        [last_month],
    )


def _changes(connection: duckdb.DuckDBPyConnection, compared: Compared, limit: int | None) -> Changes:
    keys, values = compared.keys, compared.values
    columns = [*keys, "present_a", "present_b", *(f"{value}_{side}" for side in "ab" for value in values)]
    total = connection.execute(f"select count(*) from {compared.kind}_changes").fetchone()[0]
    last = total if limit is None else limit
    rows = connection.execute(
        f"select {', '.join(columns)} from {compared.kind}_changes where change_id <= $1 order by change_id", [last]
    ).fetchall()
    causes = connection.execute(
        "select list((cause, id) order by cause desc, id) from change_causes "
        "where kind = $1 and change_id <= $2 group by change_id order by change_id",
        [compared.kind, last],
    ).fetchall()
    width = len(values)
    shown = tuple(
        Change(
            key=dict(zip(keys, row[: len(keys)], strict=True)),
            before=_values(values, row[-2 * width : -width]) if row[len(keys)] else None,
            after=_values(values, row[-width:]) if row[len(keys) + 1] else None,
            causes=tuple(found),
        )
        for row, (found,) in zip(rows, causes, strict=True)
    )
    return Changes(total, shown)


def _values(names: tuple[str, ...], values: tuple[Any, ...]) -> dict[str, Any]:
    return {
        name: value.normalize() if isinstance(value, Decimal) else value
        for name, value in zip(names, values, strict=True)
    }
