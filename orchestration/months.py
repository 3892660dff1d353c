"""Months already computed: kept between builds, so that a build computes only the months that may have changed.

An edition is a function of what was received, of the rules and of the period. A month has a key over all of that which
can touch it: the rules, the decisions, the division tree, and every submission for it or for an earlier month. As long
as the keys of the former build are the same, its rows hold: marts come from its edition, intermediate tables from
``work/state``. From the first key that differs on, months are computed. Losing the folder costs one whole build.
"""

import hashlib
import json
import shutil
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
from pydantic import BaseModel

from orchestration.plan import SCRATCH, Node
from orchestration.settings import Settings
from orchestration.sql_text import quoted

if TYPE_CHECKING:
    from orchestration.release import Edition

TREE = "divisions"
"""The template whose submissions can touch every month."""
TAKEN_IN = ("accepted", "partial")
FORMER = {"marts": "former_edition", SCRATCH: "former_state"}
"""The attached databases a table's former rows come from."""
MONTH_COLUMNS = ("period", "edition_period")
"""What a table calls the month its row belongs to; the first that it has."""
NOT_KEPT = ("own", "whole", "all")
MOST_LAYERS = 8
"""Then all months are written once more, so that reading them stays cheap."""
COMPUTED = "computed"
"""The schema of the tables that hold the months computed."""


class Layer(BaseModel):
    """The rows one build computed, those of the months from ``first`` on: a folder with a Parquet file a table."""

    folder: str
    first: str = ""
    sizes: dict[str, int]
    """Bytes by file: a folder that lacks something is not gone on from."""


class Kept(BaseModel):
    """What is in the state folder: the edition it belongs to, the keys of its months and its layers, oldest first."""

    edition_id: str
    logical_hash: str = ""
    """The edition's: after a restore another one may have its number."""
    keys: dict[str, str]
    layers: list[Layer]


@dataclass(frozen=True)
class Former:
    """What of a former build holds: its rows of the months before ``first``. Of a month the last layer counts."""

    edition: Path
    state: Path
    layers: tuple[Layer, ...]
    first: str

    @property
    def spans(self) -> list[tuple[Path, str, str]]:
        """The layers' folders, each with the months its rows count for: from, and before."""
        ends = [*(layer.first for layer in self.layers[1:]), self.first]
        return [(self.state / layer.folder, layer.first, end) for layer, end in zip(self.layers, ends, strict=True)]


class Outdated(Exception):
    """Something all months rest on is not what it was: the build has to be whole."""


def state_folder(settings: Settings) -> Path:
    """Tables of the newest edition's build; may be deleted at any time."""
    return settings.work / "state"


def month_keys(settings: Settings, inputs: Path, rules: str, through: str, as_of: datetime) -> dict[str, str]:
    """The key of ``through`` and of every month before it with a report, from the ledger in ``inputs`` as of then."""
    import polars as pl

    texts = (inputs / "ledger.jsonl").read_text(encoding="utf-8").splitlines()
    lines = [(text, json.loads(text)) for text in texts]
    seen = [(text, line) for text, line in lines if datetime.fromisoformat(line["received_at"]) <= as_of]
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
    if first is None or any(_sizes(folder / layer.folder) != layer.sizes for layer in kept.layers):
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


def kept_by(edition_id: str, keys: dict[str, str], state: Path, former: Former | None) -> Kept:
    """What the state folder holds once what the build of an edition wrote to ``state`` is in it."""
    upon = former if former and not is_full(former) else None
    layer = Layer(folder=edition_id, first=upon.first if upon else "", sizes=_sizes(state))
    return Kept(edition_id=edition_id, keys=keys, layers=[*(upon.layers if upon else ()), layer])


def _sizes(layer: Path) -> dict[str, int]:
    return {path.name: path.stat().st_size for path in layer.glob("*.parquet")}


def is_full(former: Former) -> bool:
    """Whether all months are to be written instead of one layer more."""
    return len(former.layers) >= MOST_LAYERS


def keep_state(settings: Settings, made: Path, edition: "Edition") -> None:
    """After publishing: what the build left in ``made`` is kept, and what it no longer rests on is not.

    The caller holds the run lock.
    """
    folder, record = state_folder(settings), state_folder(settings) / "state.json"
    if not (made / "state.json").exists():
        shutil.rmtree(folder, ignore_errors=True)
        return
    kept = Kept.model_validate_json((made / "state.json").read_bytes())
    kept = kept.model_copy(update={"logical_hash": edition.logical_hash})
    target = folder / kept.layers[-1].folder
    shutil.rmtree(target, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    (made / "state").rename(target)
    temporary = record.with_suffix(".tmp")
    temporary.write_text(kept.model_dump_json(), encoding="utf-8")
    temporary.replace(record)
    for path in folder.iterdir():
        if path.is_dir() and path.name not in {layer.folder for layer in kept.layers}:
            shutil.rmtree(path, ignore_errors=True)


class Months:
    """The tables of one build on its connection, with those months of them that hold.

    Raises duckdb.Error where what was kept cannot be read.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, nodes: Iterable[Node], former: Former) -> None:
        self.connection = connection
        self.first = former.first
        attach_edition(connection, former.edition)
        _open_state(connection, former)
        self.columns = _columns(connection)
        self.whole = _of_all_months(nodes)

    def former(self, node: Node) -> str | None:
        """The table with the node's former rows, by month; None where it has none."""
        if node.unique_id in self.whole or node.months == "whole" or node.relation is None:
            return None
        database, schema, table = _parts(node.relation)
        source = (FORMER.get(database, FORMER["marts"]), schema, table)
        return ".".join(source) if _month_column(self.columns.get(source, ())) else None

    def is_monthly(self, node: Node) -> bool:
        """Whether only the months from the first that may differ on are computed."""
        return not node.is_view and (node.months == "own" or self.former(node) is not None)

    def create(self, node: Node) -> None:
        """The months computed as a table of their own, the node's relation as a view of them and of the former ones.

        Nothing is copied: a month's build writes that month.
        """
        database, _, table = _parts(node.relation or "")
        computed, source = f'"{database}".{COMPUTED}.{table}', self.former(node)
        kind = f"create or replace table {computed if source else node.relation}"
        self.connection.execute(f'create schema if not exists "{database}".{COMPUTED}')
        month = (source and _month_column(self.columns[_parts(source)])) or MONTH_COLUMNS[0]
        self.connection.execute(f"{kind} as (select * from (\n{node.sql}\n) as every where {month} >= '{self.first}')")
        if source:
            union = f"select * from {computed} union all by name select * from {source} where {month} < '{self.first}'"
            self.connection.execute(f"create or replace view {node.relation} as {union}")

    def check(self, node: Node) -> None:
        """Raises Outdated where a table that must not change did."""
        if node.months == "same" and node.relation is not None:
            _, schema, table = _parts(node.relation)
            both = (node.relation, f"{FORMER[SCRATCH]}.{schema}.{table}")
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
        table: _month_column(columns[database, "marts", table]) or MONTH_COLUMNS[0]
        for database, schema, table in columns
        if database == warehouse and schema == COMPUTED and (database, "marts", table) in columns
    }


def attach_edition(connection: duckdb.DuckDBPyConnection, edition: Path) -> None:
    """Under the name by which a warehouse built upon that edition knows it."""
    connection.execute(f"attach {quoted(edition)} as {FORMER['marts']} (read_only)")


def _open_state(connection: duckdb.DuckDBPyConnection, former: Former) -> None:
    """A view of every table kept, over its layers; of one without months, the last layer's."""
    connection.execute(f"attach ':memory:' as {FORMER[SCRATCH]}")
    newest = sorted(former.spans[-1][0].glob("*.parquet"))
    columns: dict[str, set[str]] = {path.name: set() for path in newest}
    files = ", ".join(quoted(path) for path in newest)  # a list as a parameter would cost the import of pandas
    schemas = f"select parse_filename(file_name), name from parquet_schema([{files}])"
    for name, column in connection.execute(schemas).fetchall():
        columns[name].add(column)
    for schema in {name.split(".")[0] for name in columns}:
        connection.execute(f"create schema {FORMER[SCRATCH]}.{schema}")
    for name, found in columns.items():
        month = _month_column(found)
        spans = former.spans if month else former.spans[-1:]
        of_layer = "select * from read_parquet({})" + (
            f" where {month} >= '{{}}' and {month} < '{{}}'" if month else ""
        )
        layers = [of_layer.format(quoted(folder / name), first, end) for folder, first, end in spans]
        table = f"{FORMER[SCRATCH]}.{name.removesuffix('.parquet')}"
        connection.execute(f"create view {table} as {' union all by name '.join(layers)}")


def save_state(
    connection: duckdb.DuckDBPyConnection, nodes: Sequence[Node], target: Path, former: Former | None
) -> None:
    """Writes the tables a later build can go on from: those by month that other months are read of, and what must
    not change. Of a build that went on from a former one, only the months computed are written."""
    target.mkdir()
    columns = _columns(connection)
    whole = _of_all_months(nodes)
    only_computed = former is not None and not is_full(former)
    for node in nodes:
        if node.kind != "model" or node.is_view or node.months in NOT_KEPT or node.unique_id in whole:
            continue
        database, schema, table = place = _parts(node.relation or "")
        by_month = _month_column(columns[place])
        if database == SCRATCH and (by_month or node.months == "same"):
            computed = (database, COMPUTED, table)
            source = computed if only_computed and computed in columns else place
            path = quoted(target / f"{schema}.{table}.parquet")
            connection.execute(f"copy (select {_storable(columns[source])} from {'.'.join(source)}) to {path}")


def _storable(columns: Mapping[str, str]) -> str:
    """The columns of a table as Parquet can hold them: it has no integers of 128 bits, and none are that large."""
    return ", ".join(
        f"cast({name} as bigint) as {name}" if kind == "HUGEINT" else name for name, kind in columns.items()
    )


def _month_column(columns: Iterable[str]) -> str | None:
    return next((name for name in MONTH_COLUMNS if name in set(columns)), None)


def _of_all_months(nodes: Iterable[Node]) -> set[str]:
    """The models whose months all depend on the day of the build, with what is built on them."""
    found: set[str] = set()
    for node in nodes:  # parents come first
        if node.kind == "model" and (node.months == "all" or found.intersection(node.parents)):
            found.add(node.unique_id)
    return found


def _parts(relation: str) -> tuple[str, str, str]:
    database, schema, table = relation.replace('"', "").split(".")
    return database, schema, table


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
