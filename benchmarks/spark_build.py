"""Builds an edition again on Apache Spark, by the same dbt project, and compares every cell of every mart.

``python -m benchmarks.spark_build HOME [EDITION]`` (``make spark``): needs the dependency group ``spark`` and Java 17.
The tables Spark writes are read and compared by DuckDB. Exit 1 where a model fails or a cell differs.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from orchestration.build import build_values
from orchestration.release import Edition, find_edition
from orchestration.release.editions import database_path
from orchestration.settings import Settings, get_settings

CONFIG = {
    # a naive timestamp stays what it is, whatever the machine's zone
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    # exact decimals: a result that does not fit is an error, never fewer places
    "spark.sql.decimalOperations.allowPrecisionLoss": "false",
    "spark.sql.catalogImplementation": "in-memory",
    # a county is small: planning and compiling cost more than the rows do
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.driver.memory": "3g",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}
LEFT_OUT = {"dim_edition"}
"""Names the edition itself."""


@dataclass(frozen=True)
class Compared:
    """One mart: rows of the edition, cells compared, rows only one of the two has, columns that differ."""

    table: str
    rows: int
    cells: int
    only_here: int
    only_there: int
    columns: tuple[str, ...] = ()

    @property
    def is_equal(self) -> bool:
        return not self.only_here and not self.only_there and not self.columns


def build_on_spark(settings: Settings, edition: Edition, warehouse: Path) -> list[str]:
    """Every model into ``warehouse``; what failed, in one line each."""
    from dbt.cli.main import dbtRunner

    values = build_values(settings, edition.period, edition.period, edition.as_of, edition.edition_id)
    places = {name: value for name, value in values.items() if name.isupper()}
    variables = {name: value for name, value in values.items() if name not in places}
    project = str(settings.dbt_project)
    target = str(warehouse / "target")
    with _session(warehouse), _environment(places):
        for command in (("run-operation", "register_sources"), ("run",)):
            result = dbtRunner().invoke(
                [
                    *(*command, "--target", "spark", "--project-dir", project, "--profiles-dir", project),
                    *("--target-path", target, "--log-path", target, "--log-level", "error", "--quiet"),
                    *("--vars", json.dumps(variables, ensure_ascii=False), "--no-use-colors"),
                ]
            )
            if result.exception is not None:
                return [" ".join(str(result.exception).split())[:500]]
    failed = [run for run in result.result.results if str(run.status) != "success"]
    return [f"{run.node.name} {run.status}: {' '.join(str(run.message).split())[:300]}" for run in failed]


def compare(edition: Path, warehouse: Path) -> list[Compared]:
    """Each mart of the edition against Spark's, as bags of rows: order counts for nothing, copies count."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{edition.as_posix()}' as edition (read_only)")
        tables = connection.execute(
            "select table_name, list(column_name order by column_index), list(data_type order by column_index) "
            "from duckdb_columns() where database_name = 'edition' and schema_name = 'marts' group by 1 order by 1"
        ).fetchall()
        return [
            _compared(connection, table, dict(zip(names, types, strict=True)), warehouse / "marts.db" / table)
            for table, names, types in tables
            if table not in LEFT_OUT
        ]


def _compared(connection: duckdb.DuckDBPyConnection, table: str, columns: dict[str, str], folder: Path) -> Compared:
    (rows,) = connection.execute(f"select count(*) from edition.marts.{table}").fetchone()
    if not list(folder.glob("*.parquet")):
        return Compared(table, rows, rows * len(columns), rows, 0, ("not built",))
    files = f"read_parquet('{folder.as_posix()}/*.parquet')"
    there = {name for name, *_ in connection.execute(f"describe select * from {files}").fetchall()}
    if lacking := [name for name in columns if name not in there]:
        return Compared(table, rows, rows * len(columns), rows, 0, tuple(lacking))
    chosen = ", ".join(f'cast("{name}" as {kind}) as "{name}"' for name, kind in columns.items())
    connection.execute(f"create or replace temp view here as select {chosen} from edition.marts.{table}")
    connection.execute(f"create or replace temp view there as select {chosen} from {files}")
    only_here, only_there = (_more(connection, *pair, "*") for pair in (("here", "there"), ("there", "here")))
    differing = [name for name in columns if (only_here or only_there) and _more(connection, "here", "there", name)]
    return Compared(table, rows, rows * len(columns), only_here, only_there, tuple(differing))


def _more(connection: duckdb.DuckDBPyConnection, one: str, other: str, column: str) -> int:
    name = column if column == "*" else f'"{column}"'
    query = f"select count(*) from (select {name} from {one} except all select {name} from {other})"
    return connection.execute(query).fetchone()[0]


@contextmanager
def _session(warehouse: Path) -> Iterator[None]:
    """The session dbt finds when it asks for one: Spark on this machine, its tables under ``warehouse``."""
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[2]").appName("guatu")
    for name, value in (CONFIG | {"spark.sql.warehouse.dir": str(warehouse)}).items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    try:
        yield
    finally:
        session.stop()


@contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def main() -> int:
    """The command line; prints a line a mart and the sum."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.spark_build", description=__doc__)
    parser.add_argument("home", type=Path, help="data directory with a published edition")
    parser.add_argument("edition", nargs="?", help="edition; the one served unless given")
    given = parser.parse_args()
    settings = get_settings(given.home)
    edition = find_edition(settings, given.edition)
    begun = time.monotonic()
    with TemporaryDirectory(prefix="guatu-spark-") as folder:
        failed = build_on_spark(settings, edition, Path(folder))
        print(f"{edition.edition_id} on Spark: {len(failed)} models failed, {time.monotonic() - begun:.0f} s")
        print("\n".join(f"  {line}" for line in failed))
        results = compare(database_path(settings, edition.edition_id), Path(folder))
    for each in results:
        state = (
            "equal"
            if each.is_equal
            else f"differs: {each.only_here} / {each.only_there} rows, {', '.join(each.columns)}"
        )
        print(f"{each.table:<24}{each.rows:>10} rows  {state}")
    equal = [each for each in results if each.is_equal]
    print(f"{len(equal)} of {len(results)} marts equal, {sum(each.cells for each in equal):,} cells")
    return 1 if failed or len(equal) < len(results) else 0


if __name__ == "__main__":
    sys.exit(main())
