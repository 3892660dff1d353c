"""Other engines at the same work: households judged by their own rows and their persons', and summed by village.

Each peer is a program that gets the lake, the month and a folder, writes ``fct_household.parquet`` and
``villages.parquet`` there and prints its CPU; its time counts only where both equal the product's. Polars comes with
the product; the others belong into an environment of their own (``ENVIRONMENT``), and those not there are left out.
"""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb

from benchmarks.divisions import CACHE
from benchmarks.floors import month_statements
from benchmarks.peers.statements import VILLAGES
from benchmarks.scales import LAST_PERIOD, Scale
from benchmarks.table import Row
from benchmarks.work import EDITION, THREADS
from orchestration.settings import PROJECT_ROOT, Settings

ENVIRONMENT = CACHE / "peers" / "bin" / "python"


@dataclass(frozen=True)
class Peer:
    """``goal``: how much of its CPU the product may take."""

    name: str
    program: str
    python: Path
    goal: float


OWN_ENGINE = Peer("DuckDB", "duckdb_month", Path(sys.executable), 1)
"""The product's engine with the peers' statements: held against each of them it shows like for like."""
PEERS = (
    Peer("Polars", "polars_month", Path(sys.executable), 0.5),
    Peer("chDB", "chdb_month", ENVIRONMENT, 0.5),
    Peer("PySpark local[2]", "spark_month", ENVIRONMENT, 1 / 15),
)


def compare(scale: Scale, settings: Settings, alike: float) -> list[Row]:
    """Two rows for each peer: the product's models, and like for like.

    ``alike`` is the CPU of the product for the same two tables and what they need.
    """
    engine = _checked(OWN_ENGINE, scale, settings)
    rows = []
    for peer in PEERS:
        cpu = _checked(peer, scale, settings)
        if cpu is None:
            print(f"  {peer.name}:未安装,略去", file=sys.stderr)
            continue
        goal = peer.goal if scale.name == "province" else None
        other = f"{peer.name}(结果相等)"
        rows.append(Row("农户判定与村级汇总(同样两张表)", other, alike, cpu, goal))
        rows.append(Row("同样的任务由 DuckDB 手写", other, engine or 0.0, cpu, None))
    return rows


def _checked(peer: Peer, scale: Scale, settings: Settings) -> float | None:
    """CPU seconds of a peer's work, None where it is not installed. Ends the benchmark where a result differs."""
    folder = settings.work / peer.program
    folder.mkdir(parents=True, exist_ok=True)
    write_lines(settings, scale, folder / "lines.parquet")
    cpu = measured(peer, settings.lake, folder)
    unequal = differing(settings.work / EDITION / "warehouse.duckdb", folder) if cpu is not None else []
    if unequal:
        raise SystemExit(f"{peer.name} 的结果与本库不等:{unequal}")
    return cpu


def measured(peer: Peer, lake: Path, folder: Path) -> float | None:
    """CPU seconds of a peer's work, None where it is not installed."""
    program = PROJECT_ROOT / "benchmarks" / "peers" / f"{peer.program}.py"
    if not peer.python.exists():
        return None
    environment = os.environ | {"POLARS_MAX_THREADS": str(THREADS)}
    command = [str(peer.python), str(program), str(lake), LAST_PERIOD, str(folder)]
    done = subprocess.run(command, cwd=folder, env=environment, check=False, capture_output=True, text=True)
    if "ModuleNotFoundError" in done.stderr:
        return None
    if done.returncode:
        raise SystemExit(f"{peer.name} 失败:\n{done.stderr[-6000:]}")
    return float(json.loads(done.stdout.strip().splitlines()[-1])["cpu"])


def write_lines(settings: Settings, scale: Scale, path: Path) -> None:
    """village_code and income_line of every village: the same small table for all."""
    with duckdb.connect() as connection:
        for statement in month_statements(settings, scale, LAST_PERIOD)[:2]:  # places and their standards
            connection.execute(statement)
        connection.execute(f"copy (select code as village_code, income_line from standards) to '{path}'")


def differing(product: Path, folder: Path) -> list[str]:
    """The tables in which a peer's files differ from the product's, by number of rows and sum of their hashes."""
    found = []
    sums = ", ".join(
        f"coalesce(max({half}) filter (where indicator_code = '{code}'), 0) as {name}"
        for name, (code, half) in VILLAGES.items()
    )
    with duckdb.connect() as connection:
        connection.execute(f"attach '{product}' as product (read_only)")
        for name, table in (
            ("fct_household", "select * from product.marts.fct_household"),
            (
                "villages",
                f"select division_code, {sums} from product.marts.fct_indicator where level = 'village'"
                " and division_code in (select village_code from product.marts.fct_household) group by division_code",
            ),
        ):
            columns = connection.execute(f"describe {table}").fetchall()
            row = ", ".join(f"cast({column} as {kind})" for column, kind, *_ in columns)
            query = "select count(*), sum(cast(hash({}) as hugeint)) from ({})"
            ours = connection.execute(query.format(row, table)).fetchone()
            theirs = connection.execute(query.format(row, f"from '{_files(folder / name)}'")).fetchone()
            if ours != theirs:
                found.append(name)
    return found


def _files(path: Path) -> str:
    """A file, or a folder of files as Spark leaves them."""
    whole = path.with_suffix(".parquet")
    return f"{whole}/*.parquet" if whole.is_dir() else str(whole)
