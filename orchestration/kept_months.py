"""What a build leaves for the next one: tables of the scratch by month, in layers of Parquet under ``work/state``.

Each layer holds the months one build computed. The folder may be deleted at any time: that costs one whole build.
"""

import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
from pydantic import BaseModel

from orchestration.plan import Node
from orchestration.settings import Settings
from orchestration.sql_text import quoted

if TYPE_CHECKING:
    from orchestration.release import Edition

FORMER_STATE = "former_state"
"""The attached database that shows what was kept."""
MONTH_COLUMNS = ("period", "edition_period")
"""What a table calls the month its row belongs to; the first that it has."""
NOT_KEPT = ("own", "whole", "all")
MOST_LAYERS = 8
"""Then all months are written once more, so that reading them stays cheap."""


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


def state_folder(settings: Settings) -> Path:
    """Tables of the newest edition's build; may be deleted at any time."""
    return settings.work / "state"


def kept_by(edition_id: str, keys: dict[str, str], state: Path, former: Former | None) -> Kept:
    """What the state folder holds once what the build of an edition wrote to ``state`` is in it."""
    upon = former if former and not is_full(former) else None
    layer = Layer(folder=edition_id, first=upon.first if upon else "", sizes=sizes_of(state))
    return Kept(edition_id=edition_id, keys=keys, layers=[*(upon.layers if upon else ()), layer])


def sizes_of(layer: Path) -> dict[str, int]:
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


def open_state(connection: duckdb.DuckDBPyConnection, former: Former) -> None:
    """A view of every table kept, over its layers; of one without months, the last layer's."""
    connection.execute(f"attach ':memory:' as {FORMER_STATE}")
    newest = sorted(former.spans[-1][0].glob("*.parquet"))
    columns: dict[str, set[str]] = {path.name: set() for path in newest}
    files = ", ".join(quoted(path) for path in newest)  # a parameter would cost the import of pandas
    schemas = f"select parse_filename(file_name), name from parquet_schema([{files}])"
    for name, column in connection.execute(schemas).fetchall():
        columns[name].add(column)
    for schema in {name.split(".")[0] for name in columns}:
        connection.execute(f"create schema {FORMER_STATE}.{schema}")
    for name, found in columns.items():
        month = month_column(found)
        spans = former.spans if month else former.spans[-1:]
        of_layer = "select * from read_parquet({})" + (
            f" where {month} >= '{{}}' and {month} < '{{}}'" if month else ""
        )
        layers = [of_layer.format(quoted(folder / name), first, end) for folder, first, end in spans]
        table = f"{FORMER_STATE}.{name.removesuffix('.parquet')}"
        connection.execute(f"create view {table} as {' union all by name '.join(layers)}")


class StateWriter:
    """Writes the tables a later build can go on from: those by month that other months are read of, and what must not
    change. Of a build that went on from a former one, only the months computed are written.
    """

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, nodes: Iterable[Node], target: Path, former: Former | None
    ) -> None:
        self.connection = connection
        self.target = target
        self.full = former is None or is_full(former)
        self.whole = of_all_months(nodes)
        target.mkdir()

    def write(self, node: Node, computed: str) -> None:
        """One table of the scratch, if a later build can go on from it; ``computed`` has the months computed only."""
        if node.months in NOT_KEPT or node.unique_id in self.whole:
            return
        source = node.relation if self.full else computed
        columns = {name: str(kind) for name, kind, *_ in self.connection.execute(f"from {source} limit 0").description}
        if month_column(columns) or node.months == "same":
            _, schema, table = parts(node.relation or "")
            path = quoted(self.target / f"{schema}.{table}.parquet")
            self.connection.execute(f"copy (select {_storable(columns)} from {source}) to {path}")


def _storable(columns: Mapping[str, str]) -> str:
    """The columns of a table as Parquet can hold them: it has no integers of 128 bits, and none are that large."""
    return ", ".join(
        f"cast({name} as bigint) as {name}" if kind == "HUGEINT" else name for name, kind in columns.items()
    )


def month_column(columns: Iterable[str]) -> str | None:
    return next((name for name in MONTH_COLUMNS if name in set(columns)), None)


def of_all_months(nodes: Iterable[Node]) -> set[str]:
    """The models whose months all depend on the day of the build, with what is built on them."""
    found: set[str] = set()
    for node in nodes:  # parents come first
        if node.kind == "model" and (node.months == "all" or found.intersection(node.parents)):
            found.add(node.unique_id)
    return found


def parts(relation: str) -> tuple[str, str, str]:
    database, schema, table = relation.replace('"', "").split(".")
    return database, schema, table
