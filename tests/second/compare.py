"""Cell by cell: the marts of a warehouse or edition against the second computation."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb

Table = dict[tuple[Any, ...], dict[str, Any]]

KEYS: dict[str, tuple[str, ...]] = {
    "dim_division": ("division_code",),
    "fct_household": ("period", "household_id"),
    "fct_village_exit": ("period", "village_code", "item"),
    "fct_project": ("period", "project_id"),
    "fct_fund": ("period", "division_code", "fund_year", "source_level", "fund_type"),
    "fct_indicator": ("period", "division_code", "indicator_code"),
    "fct_milestone": ("scheme", "milestone", "period", "division_code"),
    "fct_target": ("scheme", "target", "period", "division_code"),
    "fct_task": ("task", "period", "division_code"),
    "fct_ranking": ("scheme", "ranking", "edition_period", "class", "division_code"),
    "fct_action": (
        "scheme", "ranking", "edition_period", "division_code", "clause_id", "object", "kind",
    ),
    "fct_reporting": ("period", "division_code", "template"),
}  # fmt: skip

# Tables of which the second computation writes out two schemes, or a part of the rows.
SCHEMES = ("lingshan-2018", "bijie-2022")
PARTIAL = {"fct_target", "fct_task"}
# Tables that also list what is no longer (divisions that ended).
LONGER = {"dim_division"}
PERIOD_COLUMN = {"fct_ranking": "edition_period", "fct_action": "edition_period", "dim_division": None}
TOLERANCE = Fraction(1, 10**9)


def exact(value: Any) -> Fraction | None:
    """A number as a fraction; None for anything else, booleans included."""
    if isinstance(value, (int, Decimal, Fraction)) and not isinstance(value, bool):
        return Fraction(value)
    return Fraction(repr(value)) if isinstance(value, float) else None


def same(mine: Any, theirs: Any) -> bool:
    """Equal as numbers within 1e-9 (of the larger where above 1), else equal outright."""
    one, other = exact(mine), exact(theirs)
    if one is not None and other is not None:
        return abs(one - other) <= TOLERANCE * max(1, abs(one))
    if isinstance(mine, date) and isinstance(theirs, date):
        return str(mine)[:10] == str(theirs)[:10]
    return (type(mine) is type(theirs) and mine == theirs) or (mine is None and theirs is None)


def shown(value: Any) -> str:
    return f"{float(value):.12g}" if isinstance(value, (Fraction, Decimal)) else repr(value)


def _mart(connection: duckdb.DuckDBPyConnection, name: str, period: str) -> Table:
    key = KEYS[name]
    column = PERIOD_COLUMN.get(name, "period")
    where = [f"{column} = '{period}'"] if column else []
    described = connection.execute(f"describe marts.{name}").fetchall()
    columns = [row[0] for row in described]
    if "scheme" in columns:
        where.append(f"scheme in {SCHEMES}")
    clause = f" where {' and '.join(where)}" if where else ""
    rows = connection.execute(f"select * from marts.{name}{clause}").fetchall()
    records = [dict(zip(columns, row, strict=True)) for row in rows]
    return {tuple(record[part] for part in key): record for record in records}


def table_differences(name: str, mine: Table, theirs: Table) -> Iterable[str]:
    """One line per missing key, additional key and differing cell."""
    if name not in PARTIAL:
        for key in sorted(mine.keys() - theirs.keys(), key=str):
            yield f"{name} {key}: 数仓缺此行 { ({k: shown(v) for k, v in mine[key].items()}) }"
        for key in sorted(() if name in LONGER else theirs.keys() - mine.keys(), key=str):
            yield f"{name} {key}: 数仓多出此行"
    for key in sorted(mine.keys() & theirs.keys(), key=str):
        for column, value in mine[key].items():
            if column in theirs[key] and not same(value, theirs[key][column]):
                yield f"{name} {key} {column}: 复算 {shown(value)}, 数仓 {shown(theirs[key][column])}"


def differences(duckdb_path: Path, computed: dict[str, Table], period: str) -> list[str]:
    """Every difference between the marts of a DuckDB file and a computation of the same month."""
    with duckdb.connect(str(duckdb_path), read_only=True) as connection:
        present = {
            row[0]
            for row in connection.execute(
                "select table_name from information_schema.tables where table_schema = 'marts'"
            ).fetchall()
        }
        found: list[str] = []
        for name, mine in computed.items():
            if name in present:
                found += table_differences(name, mine, _mart(connection, name, period))
            else:
                found.append(f"{name}: 数仓没有这张表")
        return found
