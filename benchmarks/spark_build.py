"""Builds editions on DuckDB and on Apache Spark, by the same dbt project, and compares every cell of every mart.

``python -m benchmarks.spark_build HOME [EDITION …]``, or ``make spark``; needs Java 17 and PySpark (group ``spark``).
Both engines read the same lake, ledger and journals as they are now, so a decision recorded since an edition was
published is in both. The tables Spark writes are compared by DuckDB. Exit 1 where a build fails or a cell differs.
"""

import argparse
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import duckdb

from orchestration.build import build, build_values
from orchestration.dbt_command import run_dbt
from orchestration.errors import GuatuError
from orchestration.intake.ledger import read_ledger
from orchestration.plan import PLACES
from orchestration.release import find_edition, list_editions, run_lock
from orchestration.settings import Settings, get_settings

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

CONFIG: Mapping[str, str] = {
    # a naive timestamp stays what it is, whatever the machine's zone
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    # exact decimals: a result that does not fit is an error, never fewer places
    "spark.sql.decimalOperations.allowPrecisionLoss": "false",
    "spark.sql.catalogImplementation": "in-memory",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.memory": "4g",
    "spark.driver.extraJavaOptions": "-XX:+UseParallelGC",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}
SMALL: Mapping[str, str] = {
    # planning and compiling cost more than a county's rows do
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    # without generated code it keeps a cache for each row, which costs more than it spares
    "spark.sql.subexpressionElimination.enabled": "false",
}
LARGE: Mapping[str, str] = {
    "spark.sql.adaptive.enabled": "true",
    "spark.sql.shuffle.partitions": "8",
    "spark.sql.codegen.wholeStage": "true",
    "spark.sql.codegen.factoryMode": "FALLBACK",
    "spark.sql.subexpressionElimination.enabled": "true",
}
LARGE_ROWS = 100_000
"""Reported rows from which on generated code pays."""
LEFT_OUT = {"dim_edition"}
"""Names the edition itself, and when it was built."""
BENCHMARK_AS_OF = datetime(2100, 1, 1)


@dataclass(frozen=True)
class Month:
    """What is built: an edition's last month, and the time its submissions and decisions count up to."""

    edition_id: str
    period: str
    as_of: datetime


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


@dataclass(frozen=True)
class Outcome:
    """One month on both engines: what failed, a line each; the marts; seconds of CPU, and of Spark's by the clock."""

    failed: tuple[str, ...]
    marts: tuple[Compared, ...]
    duckdb_cpu: float
    spark_cpu: float
    spark_wall: float

    @property
    def is_equal(self) -> bool:
        return bool(self.marts) and not self.failed and all(mart.is_equal for mart in self.marts)


def months_of(settings: Settings, names: Sequence[str] = ()) -> list[Month]:
    """The editions named, or all that are published; of a home that has published none its newest month.

    Raises GuatuError ``unknown_edition``, or ``no_edition`` for an empty home.
    """
    editions = [find_edition(settings, name) for name in names] or list_editions(settings)
    if not editions and (periods := [line.period for line in read_ledger(settings) if line.period]):
        return [Month(f"{max(periods)}_0001", max(periods), BENCHMARK_AS_OF)]
    if not editions:
        editions = [find_edition(settings)]
    return [Month(edition.edition_id, edition.period, edition.as_of) for edition in editions]


def build_on_both(settings: Settings, month: Month, warehouse: Path) -> Outcome:
    """One month built on DuckDB with every check, then on Spark, and compared. Takes the installation's run lock."""
    with run_lock(settings), spark_session(settings, month, warehouse) as session:
        begun = time.process_time()
        reference = build(settings, month.period, month.as_of, month.edition_id, whole=True)
        duckdb_cpu = time.process_time() - begun
        if not reference.ok:
            return Outcome((reference.summary,), (), duckdb_cpu, 0.0, 0.0)
        cpu, wall = spark_cpu(session), time.monotonic()
        failed = build_on_spark(settings, month, warehouse)
        cpu, wall = spark_cpu(session) - cpu, time.monotonic() - wall
        marts = compare(reference.database, warehouse)
    return Outcome(tuple(failed), tuple(marts), duckdb_cpu, cpu, wall)


def build_on_spark(settings: Settings, month: Month, warehouse: Path) -> list[str]:
    """Every model into the warehouse of the session that is open; what failed, in one line each."""
    values = build_values(settings, month.period, month.period, month.as_of, month.edition_id)
    places = {name: values[name] for name in PLACES}
    variables = {name: value for name, value in values.items() if name not in places}
    target = warehouse / "target"
    for command, selection in (("run-operation", ("register_sources",)), ("run", ())):
        result = run_dbt(settings, command, target, variables, places, (*selection, "--target", "spark"))
        if result.exception is not None:
            return [" ".join(str(result.exception).split())[:500]]
        runs = [run for run in result.result.results if str(run.status) != "success"]
        if runs:
            return [f"{run.node.name} {run.status}: {' '.join(str(run.message).split())[:300]}" for run in runs]
    return []


def compare(database: Path, warehouse: Path) -> list[Compared]:
    """Each mart of a DuckDB file against Spark's, as bags of rows: order counts for nothing, copies count."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{database.as_posix()}' as edition (read_only)")
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


def settings_for(reported_rows: int) -> dict[str, str]:
    """Spark's settings for a month with so many reported rows up to it."""
    return {**CONFIG, **(LARGE if reported_rows >= LARGE_ROWS else SMALL)}


@contextmanager
def spark_session(settings: Settings, month: Month, warehouse: Path) -> Iterator["SparkSession"]:
    """The session dbt finds when it asks for one: Spark on this machine, its tables under ``warehouse``."""
    from pyspark.sql import SparkSession

    lines = [line for line in read_ledger(settings) if line.period and line.period <= month.period]
    builder = SparkSession.builder.master("local[2]").appName("guatu")
    for name, value in {
        **settings_for(sum(line.rows_accepted for line in lines)),
        "spark.sql.warehouse.dir": str(warehouse),
    }.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    try:
        yield session
    finally:
        session.stop()


def spark_cpu(session: "SparkSession") -> float:
    """Seconds of CPU the Java process has used so far."""
    return session._jvm.java.lang.ProcessHandle.current().info().totalCpuDuration().get().toMillis() / 1000


def told(month: Month, outcome: Outcome) -> list[str]:
    """What became of a month: a line a mart that differs or a model that failed, and the sum."""
    equal = [mart for mart in outcome.marts if mart.is_equal]
    lines = [f"  {line}" for line in outcome.failed]
    for mart in outcome.marts:
        if not mart.is_equal:
            columns = ", ".join(mart.columns)
            lines.append(f"  {mart.table}: {mart.only_here} / {mart.only_there} rows differ, {columns}")
    cells = sum(mart.cells for mart in equal)
    return [
        *lines,
        f"{month.edition_id}: {len(equal)} of {len(outcome.marts)} marts equal, {cells:,} cells; CPU: DuckDB "
        f"{outcome.duckdb_cpu:.0f} s, Spark {outcome.spark_cpu:.0f} s ({outcome.spark_wall:.0f} s on the clock)",
    ]


def main() -> int:
    """The command line; prints what ``told`` says of each month."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.spark_build", description=__doc__)
    parser.add_argument("home", type=Path, help="data directory")
    parser.add_argument("editions", nargs="*", help="editions; every published one unless given")
    given = parser.parse_args()
    own_seeds = given.home / "seeds"
    settings = get_settings(given.home)
    if own_seeds.is_dir():
        settings = settings.model_copy(update={"seeds": own_seeds.resolve()})
    outcomes = []
    try:
        months = months_of(settings, given.editions)
        for month in months:
            with TemporaryDirectory(prefix="guatu-spark-") as folder:
                outcomes.append(build_on_both(settings, month, Path(folder)))
            print("\n".join(told(month, outcomes[-1])), flush=True)
    except GuatuError as error:
        print(error.message_zh, error.message_en, sep="\n", file=sys.stderr)
        return 1
    return 0 if all(outcome.is_equal for outcome in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
