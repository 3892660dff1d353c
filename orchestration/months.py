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
from collections.abc import Callable, Iterable, Mapping
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
NOT_KEPT = ("own", "whole", "all")
COMPUTED = "computed"
"""The schema of the tables that hold the months computed."""


class Kept(BaseModel):
    """Beside a state file: the edition it belongs to and the key of each of its months, oldest first."""

    edition_id: str
    logical_hash: str = ""
    """The edition's: after a restore another one may have its number."""
    keys: dict[str, str]


@dataclass(frozen=True)
class Former:
    """What of a former build holds: its rows of the months before ``first``."""

    edition: Path
    state: Path
    first: str


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
    edition, state = database_path(settings, kept.edition_id), folder / f"{kept.edition_id}.duckdb"
    first = _first(keys, kept.keys)
    if first is None or not state.exists():
        return None
    return Former(edition, state, first)


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


def keep_state(settings: Settings, made: Path, edition: "Edition") -> None:
    """After publishing: what the build left in ``made`` replaces what was kept. The caller holds the run lock."""
    folder = state_folder(settings)
    shutil.rmtree(folder, ignore_errors=True)
    if (made / "state.json").exists():
        folder.mkdir(parents=True)
        kept = Kept.model_validate_json((made / "state.json").read_bytes())
        (made / "state.duckdb").rename(folder / f"{edition.edition_id}.duckdb")
        kept = kept.model_copy(update={"logical_hash": edition.logical_hash})
        (folder / "state.json").write_text(kept.model_dump_json(), encoding="utf-8")


class Months:
    """The tables of one build on its connection, with those months of them that hold."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, nodes: Iterable[Node], former: Former) -> None:
        self.connection = connection
        self.first = former.first
        attach_edition(connection, former.edition)
        connection.execute(f"attach {quoted(former.state)} as {FORMER[SCRATCH]} (read_only)")
        self.columns = _columns(connection)
        self.counts = _counts(former)
        self.whole = _with_descendants(nodes, lambda node: node.months == "all")

    def former(self, node: Node) -> str | None:
        """The table with the node's former rows, by month; None where it has none."""
        if node.unique_id in self.whole or node.months == "whole" or node.relation is None:
            return None
        database, schema, table = _parts(node.relation)
        source = (FORMER.get(database, FORMER["marts"]), schema, table)
        return ".".join(source) if "period" in self.columns.get(source, ()) else None

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
        self.connection.execute(f"{kind} as (select * from (\n{node.sql}\n) as every where {self.counts})")
        if source:
            union = f"select * from {computed} union all by name select * from {source} where period < '{self.first}'"
            self.connection.execute(f"create or replace view {node.relation} as {union}")

    def check(self, node: Node) -> None:
        """Raises Outdated where a table that must not change did."""
        if node.months == "same" and node.relation is not None:
            _, schema, table = _parts(node.relation)
            both = (node.relation, f"{FORMER[SCRATCH]}.{schema}.{table}")
            for one, other in (both, both[::-1]):
                if self.connection.execute(f"select 1 from (from {one} except all from {other}) limit 1").fetchone():
                    raise Outdated(node.name)


def built_upon(warehouse: Path) -> str | None:
    """The edition whose rows a finished warehouse shows for the months it did not compute."""
    record = warehouse.with_name("build.json")
    return json.loads(record.read_text(encoding="utf-8")).get("upon") if record.exists() else None


def attach_edition(connection: duckdb.DuckDBPyConnection, edition: Path) -> None:
    """Under the name by which a warehouse built upon that edition knows it."""
    connection.execute(f"attach {quoted(edition)} as {FORMER['marts']} (read_only)")


def save_state(
    connection: duckdb.DuckDBPyConnection, nodes: Iterable[Node], target: Path, former: Former | None
) -> None:
    """Writes the tables a later build can go on from: those by month that other months are read of, and what must
    not change. Of a build that went on from a former one, only the months computed are written."""
    if former is not None:
        shutil.copyfile(former.state, target)
    connection.execute(f"attach {quoted(target)} as kept")
    columns = _columns(connection)
    for node in nodes:
        if node.kind != "model" or node.is_view or node.months in NOT_KEPT or node.relation is None:
            continue
        database, schema, table = _parts(node.relation)
        by_month = "period" in columns[database, schema, table]
        if database != SCRATCH or not (by_month or node.months == "same"):
            continue
        connection.execute(f"create schema if not exists kept.{schema}")
        if former is not None and (database, COMPUTED, table) in columns:
            connection.execute(f"delete from kept.{schema}.{table} where {_counts(former)}")
            connection.execute(f"insert into kept.{schema}.{table} by name from {database}.{COMPUTED}.{table}")
        else:
            connection.execute(f"create or replace table kept.{schema}.{table} as from {node.relation}")
    connection.execute("detach kept")


def _counts(former: Former) -> str:
    """The condition of the rows that are computed."""
    return f"(period >= '{former.first}' or period is null)"


def _with_descendants(nodes: Iterable[Node], chosen: Callable[[Node], bool]) -> set[str]:
    found: set[str] = set()
    for node in nodes:  # parents come first
        if node.kind == "model" and (chosen(node) or found.intersection(node.parents)):
            found.add(node.unique_id)
    return found


def _parts(relation: str) -> tuple[str, str, str]:
    database, schema, table = relation.replace('"', "").split(".")
    return database, schema, table


def _columns(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str, str], set[str]]:
    found: dict[tuple[str, str, str], set[str]] = {}
    query = "select database_name, schema_name, table_name, column_name from duckdb_columns() where not internal"
    for database, schema, table, column in connection.execute(query).fetchall():
        found.setdefault((database, schema, table), set()).add(column)
    return found
