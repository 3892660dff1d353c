"""Months already computed: kept between builds, so that a build computes only the months that may have changed.

An edition is a function of what was received, of the rules and of the period. A month has a key over all of that which
can touch it: the rules, the decisions, the division tree, and every submission for it or for an earlier month. As long
as the keys of the former build are the same, its rows hold: marts come from its edition, intermediate tables from
``work/state``. From the first key that differs on, months are computed. Losing the folder costs one whole build.
"""

import hashlib
import json
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import takewhile
from pathlib import Path
from typing import Any

import duckdb
from pydantic import BaseModel

from orchestration.kept_months import (
    FORMER_STATE,
    MONTH_COLUMNS,
    Former,
    Kept,
    month_column,
    of_all_months,
    open_state,
    parts,
    sizes_of,
    state_folder,
)
from orchestration.plan import SCRATCH, Node
from orchestration.settings import Settings
from orchestration.sql_text import quoted

TREE = "divisions"
"""The template whose submissions can touch every month."""
TAKEN_IN = ("accepted", "partial")
FORMER = {"marts": "former_edition", SCRATCH: FORMER_STATE}
"""The attached databases a table's former rows come from."""
COMPUTED = "computed"
"""The schema of the tables that hold the months computed."""


class Outdated(Exception):
    """Something all months rest on is not what it was: the build has to be whole."""


def month_keys(settings: Settings, inputs: Path, rules: str, through: str, as_of: datetime) -> dict[str, str]:
    """The key of ``through`` and of every month before it with a report, from the ledger in ``inputs`` as of then."""
    import polars as pl

    seen = _seen(inputs, as_of)
    tree = [text for text, line in seen if line.get("template") == TREE]
    touching = [
        (text, line) for text, line in seen if line.get("template") != TREE and (line["period"] or "~") <= through
    ]
    months = sorted({line["period"] for _, line in touching if line.get("outcome") in TAKEN_IN} | {through})
    by_month: dict[str, list[str]] = {}
    for text, line in touching:  # what was refused shows in its month, which is one only where something was taken in
        by_month.setdefault(months[max(bisect_right(months, line["period"]) - 1, 0)], []).append(text)
    decided = pl.read_parquet(inputs / "catalogue" / "decisions.parquet").filter(pl.col("decided_at") <= as_of)
    erased = settings.erasures.read_bytes() if settings.erasures.exists() else b""
    chain = hashlib.sha256(json.dumps([rules, settings.due_day, tree, decided.rows()], default=str).encode())
    chain.update(erased)
    keys = {}
    for month in months:
        chain.update(json.dumps([month, sorted(by_month.get(month, []))]).encode())
        keys[month] = chain.hexdigest()
    return keys


def rows_received(inputs: Path, first: str, through: str, as_of: datetime) -> int:
    """Rows accepted by then for the months from ``first`` to ``through``: what a build of them reads."""
    lines = (line for _, line in _seen(inputs, as_of) if first <= (line["period"] or "") <= through)
    return sum(line.get("rows_accepted") or 0 for line in lines)


def _seen(inputs: Path, as_of: datetime) -> list[tuple[str, dict[str, Any]]]:
    """The ledger's lines of what was received by then, as they stand and as they are read."""
    texts = (inputs / "ledger.jsonl").read_text(encoding="utf-8").splitlines()
    lines = [(text, json.loads(text)) for text in texts]
    return [(text, line) for text, line in lines if datetime.fromisoformat(line["received_at"]) <= as_of]


def find_former(settings: Settings, keys: Mapping[str, str]) -> Former | None:
    """What holds of the newest build kept, if its edition is still there and at least one month is the same."""
    from orchestration.release import list_editions
    from orchestration.release.editions import database_path

    folder = state_folder(settings)
    try:
        kept = Kept.model_validate_json((folder / "state.json").read_bytes())
    except (OSError, ValueError):
        return None
    if kept.logical_hash not in {e.logical_hash for e in list_editions(settings) if e.edition_id == kept.edition_id}:
        return None
    first = _first(keys, kept.keys)
    if first is None or any(sizes_of(folder / layer.folder) != layer.sizes for layer in kept.layers):
        return None
    layers = tuple(layer for layer in kept.layers if layer.first < first)
    return Former(database_path(settings, kept.edition_id), folder, layers, first)


def _first(keys: Mapping[str, str], former: Mapping[str, str]) -> str | None:
    """The first month to compute: the one after the last that holds, as months nobody reported for lie between.

    Or the month a former edition was made for without a report: it is a month of that edition only.
    """
    held = list(takewhile(lambda month: former.get(month) == keys[month], sorted(keys)))
    if not held:
        return None
    return min([_next(held[-1]), *(month for month in former if month not in keys)])


def _next(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    return f"{year + number // 12}-{number % 12 + 1:02d}"


class Months:
    """The tables of one build on its connection, with those months of them that hold.

    Raises duckdb.Error where what was kept cannot be read.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, nodes: Sequence[Node], former: Former) -> None:
        self.connection = connection
        self.first = former.first
        attach_edition(connection, former.edition)
        open_state(connection, former)
        self.columns = _columns(connection)
        self.nodes = {node.unique_id: node for node in nodes}
        self.whole = of_all_months(nodes)

    def former(self, node: Node) -> str | None:
        """The table with the node's former rows, by month; None where it has none."""
        if node.unique_id in self.whole or node.months == "whole" or node.relation is None:
            return None
        database, schema, table = parts(node.relation)
        source = (FORMER.get(database, FORMER["marts"]), schema, table)
        return ".".join(source) if month_column(self.columns.get(source, ())) else None

    def is_monthly(self, node: Node) -> bool:
        """Whether only the months from the first that may differ on are computed."""
        return not node.is_view and (node.months == "own" or self.former(node) is not None)

    def create(self, node: Node) -> None:
        """The months computed as a table of their own, the node's relation as a view of them and of the former ones.

        Nothing is copied: a month's build writes that month.
        """
        computed, source = computed_table(node, self), self.former(node)
        kind = f"create or replace table {computed}"
        self.connection.execute(f'create schema if not exists "{parts(node.relation or "")[0]}".{COMPUTED}')
        month = (source and month_column(self.columns[parts(source)])) or MONTH_COLUMNS[0]
        self.connection.execute(f"{kind} as (select * from (\n{node.sql}\n) as every where {month} >= '{self.first}')")
        if source:
            union = f"select * from {computed} union all by name select * from {source} where {month} < '{self.first}'"
            self.connection.execute(f"create or replace view {node.relation} as {union}")

    def judged(self, check: Node) -> str:
        """The SQL of a check: where it judges each month by itself, on the months computed; the former ones passed it.

        A reminder tells of the rows of all months.
        """
        model = self.nodes.get(check.judges or "")
        if model is None or check.months != "own" or check.is_warning or not self.is_monthly(model):
            return check.sql
        return check.sql.replace(model.relation or "", computed_table(model, self))

    def check(self, node: Node) -> None:
        """Raises Outdated where a table that must not change did."""
        if node.months == "same" and node.relation is not None:
            _, schema, table = parts(node.relation)
            both = (node.relation, f"{FORMER_STATE}.{schema}.{table}")
            for one, other in (both, both[::-1]):
                if self.connection.execute(f"select 1 from (from {one} except all from {other}) limit 1").fetchone():
                    raise Outdated(node.name)


class Upon(BaseModel):
    """What a finished warehouse goes on from: it shows that edition's rows of the months before ``first``."""

    edition_id: str
    first: str


def built_upon(warehouse: Path) -> Upon | None:
    """What a finished warehouse goes on from; None of one that holds all its months."""
    record = warehouse.with_name("build.json")
    upon = json.loads(record.read_text(encoding="utf-8")).get("upon") if record.exists() else None
    return Upon.model_validate(upon) if upon else None


def computed_tables(connection: duckdb.DuckDBPyConnection, warehouse: str) -> dict[str, str]:
    """The marts of an attached warehouse that show former rows too, each with the column of its months."""
    columns = _columns(connection)
    return {
        table: month_column(columns[database, "marts", table]) or MONTH_COLUMNS[0]
        for database, schema, table in columns
        if database == warehouse and schema == COMPUTED and (database, "marts", table) in columns
    }


def attach_edition(connection: duckdb.DuckDBPyConnection, edition: Path) -> None:
    """Under the name by which a warehouse built upon that edition knows it."""
    connection.execute(f"attach {quoted(edition)} as {FORMER['marts']} (read_only)")


def computed_table(node: Node, months: Months | None) -> str:
    """The table that holds the rows of a node computed in this build; its relation may show former ones beside them."""
    if months is None or months.former(node) is None:
        return node.relation or ""
    database, _, table = parts(node.relation or "")
    return f'"{database}".{COMPUTED}.{table}'


def free_after(nodes: Sequence[Node]) -> dict[int, list[Node]]:
    """The models in the scratch that nothing reads any more, by the position of the last node that does."""
    behind: dict[str, set[str]] = {}  # who reads a view reads what it is made of
    last: dict[str, int] = {}
    for position, node in enumerate(nodes):  # parents come first
        read = {table for parent in node.parents for table in (parent, *behind.get(parent, ()))}
        if node.is_view:
            behind[node.unique_id] = read
        last |= dict.fromkeys({node.unique_id, *read}, position)
    free: dict[int, list[Node]] = {}
    for node in nodes:
        if node.relation and not node.is_view and parts(node.relation)[0] == SCRATCH:
            free.setdefault(last[node.unique_id], []).append(node)
    return free


def _columns(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str, str], dict[str, str]]:
    """Name and type of the columns by table."""
    found: dict[tuple[str, str, str], dict[str, str]] = {}
    query = (
        "select database_name, schema_name, table_name, column_name, data_type from duckdb_columns() "
        "where not internal order by column_index"
    )
    for database, schema, table, column, kind in connection.execute(query).fetchall():
        found.setdefault((database, schema, table), {})[column] = kind
    return found
