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
    "fct_task": ("scheme", "task", "period", "division_code"),
    "fct_ranking": ("scheme", "ranking", "edition_period", "class", "division_code"),
    "fct_action": (
        "scheme", "ranking", "edition_period", "division_code", "clause_id", "object", "kind",
    ),
    "fct_reporting": ("period", "division_code", "template"),
    "fct_fund_receipt": ("period", "receipt_id"),
    "fct_fund_allocation": ("period", "allocation_id"),
    "fct_fund_payment": ("period", "payment_id"),
    "fct_rectification": ("period", "issue_id"),
    "fct_asset": ("period", "asset_id"),
    "fct_support_unit": ("period", "county_code", "unit", "indicator_code"),
    "fct_support_leader": ("period", "county_code", "leader", "indicator_code"),
    "fct_list": ("scheme", "list", "period", "position"),
    "fct_figure": ("scheme", "figure", "period"),
    "fct_finding": ("period", "finding_id"),
    "fct_grade": ("scheme", "assessed_year", "unit_code"),
    "fct_decision": ("entry",),
    "fct_cadence": ("period", "scheme", "cadence", "occurrence", "sender"),
    "fct_chase": ("period", "scheme", "kind", "code", "sender"),
    "fct_warning": ("period", "scheme", "kind", "what", "unit"),
    "fct_rank_item": ("scheme", "ranking", "edition_period", "class", "division_code", "item"),
    "fct_monitored": ("period", "division_code", "household_type", "risk_type"),
    "fct_burden": ("period", "village_code"),
    "fct_submission": ("submission_id",),
    "fct_rejected_row": ("submission_id", "row_number", "field"),
    "dim_indicator": ("indicator_code",),
    "dim_scheme": ("scheme",),
    "dim_scheme_clause": ("clause_id",),
    "dim_ranking": ("scheme", "ranking"),
    "dim_target": ("scheme", "target", "level", "village_type"),
    "dim_milestone": ("scheme", "milestone"),
    "dim_action": ("scheme", "ranking", "clause_id", "trigger", "n", "object", "kind"),
    "dim_outcome": ("scheme", "trigger", "code", "clause_id", "object", "kind"),
}  # fmt: skip

# Tables of which the second computation writes out a part of the rows.
PARTIAL = {"fct_figure", "dim_ranking"}
# Tables that also list what is no longer (divisions that ended).
LONGER = {"dim_division"}
UNDATED = (
    "dim_division", "dim_indicator", "dim_scheme", "dim_scheme_clause", "dim_ranking",
    "dim_target", "dim_milestone", "dim_action", "dim_outcome",
    "fct_grade", "fct_decision", "fct_submission", "fct_rejected_row",
)  # fmt: skip
PERIOD_COLUMN = {
    "fct_ranking": "edition_period", "fct_action": "edition_period", "fct_rank_item": "edition_period",
    **dict.fromkeys(UNDATED),
}  # fmt: skip
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
    clause = f" where {' and '.join(where)}" if where else ""
    rows = connection.execute(f"select * from marts.{name}{clause}").fetchall()
    records = [dict(zip(columns, row, strict=True)) for row in rows]
    return {tuple(record[part] for part in key): record for record in records}


def table_differences(name: str, mine: Table, theirs: Table) -> Iterable[str]:
    """One line per missing key, additional key and differing cell."""
    for key in sorted(mine.keys() - theirs.keys(), key=str):
        yield f"{name} {key}: 数仓缺此行 { ({k: shown(v) for k, v in mine[key].items()}) }"
    for key in sorted(() if name in PARTIAL | LONGER else theirs.keys() - mine.keys(), key=str):
        yield f"{name} {key}: 数仓多出此行"
    for key in sorted(mine.keys() & theirs.keys(), key=str):
        for column, value in mine[key].items():
            if column in theirs[key] and not same(value, theirs[key][column]):
                yield f"{name} {key} {column}: 复算 {shown(value)}, 数仓 {shown(theirs[key][column])}"
        said = mine[key].get("said")
        if said is not None and not str(theirs[key]["reason"]).startswith(said):
            yield f"{name} {key} reason: 复算 {said}, 数仓 {theirs[key]['reason']}"


def differences(connection: duckdb.DuckDBPyConnection, computed: dict[str, Table], period: str) -> list[str]:
    """Every difference between the marts of an open warehouse and a computation of the same month."""
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


def file_differences(duckdb_path: Path, computed: dict[str, Table], period: str) -> list[str]:
    """The same of a DuckDB file."""
    with duckdb.connect(str(duckdb_path), read_only=True) as connection:
        return differences(connection, computed, period)
