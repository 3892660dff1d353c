"""One piece of work in a process of its own: ``python -m benchmarks.work KIND SCALE HOME``; prints one JSON line.

CPU is that of the work and of the processes it starts, without this process's own start; ``build`` and ``run`` have it
in, for a clerk waits for it too. Peak memory is the process's.
"""

import json
import resource
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import partial
from itertools import pairwise
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import duckdb

from benchmarks.divisions import CACHE
from benchmarks.floors import MARTS, differences, month_statements, scan
from benchmarks.scales import LAST_PERIOD, SCALES, Scale
from orchestration.settings import Settings

if TYPE_CHECKING:
    from orchestration.plan import Node

EDITION = f"{LAST_PERIOD}_0001"
AS_OF = datetime(2100, 1, 1)
THREADS = 2
"""Where a build takes as many as there are cores."""
FLOOR_MEMORY = "9GB"
"""Of the hand-written month: more than the product has, and less than the machine."""


@dataclass
class Cost:
    """What one piece of work took. Seconds of CPU and of the clock, MB, and what DuckDB counted."""

    cpu: float = 0.0
    wall: float = 0.0
    peak_mb: int = 0
    rows_scanned: int = 0
    bytes_read: int = 0
    models: int = 0
    problem: str = ""
    parts: dict[str, float] = field(default_factory=dict)
    """Seconds of CPU of what is asked for by itself: ``alike``, ``peers``, ``checks``."""


@contextmanager
def timed(cost: Cost) -> Iterator[None]:
    """Counts only what is done inside."""
    before, started = _cpu(), perf_counter()
    yield
    cost.cpu, cost.wall = _cpu() - before, perf_counter() - started


def bare_scan(scale: Scale, settings: Settings, cost: Cost) -> None:
    """Reads every column of the month."""
    with duckdb.connect() as connection, timed(cost):
        connection.execute(f"set threads = {_limits(settings).get('threads', THREADS)}")
        cost.rows_scanned = scan(connection, settings, LAST_PERIOD)


def floor(scale: Scale, settings: Settings, cost: Cost) -> None:
    """The hand-written month, into a file that ``equal`` looks at."""
    path = settings.work / "floor.duckdb"
    path.unlink(missing_ok=True)
    statements = month_statements(settings, scale, LAST_PERIOD)
    _count(str(path), statements, cost, _limits(settings).get("threads", THREADS))


def equal(scale: Scale, settings: Settings, cost: Cost) -> None:
    """Whether hand-written month and product say the same."""
    found = differences(settings.work / "floor.duckdb", settings.work / EDITION / "warehouse.duckdb")
    cost.problem = ", ".join(f"{d.mart} ({d.floor_rows} / {d.product_rows})" for d in found)


def sql(scale: Scale, settings: Settings, cost: Cost) -> None:
    """Every model and check on one connection, into the file that ``equal`` looks at. The cost is the models' alone.

    Its parts are the models of what the hand-written month makes and of what peers make, each with all they need, and
    the checks.
    """
    from orchestration.build import DATABASE_NAME, build_values, run_nodes
    from orchestration.plan import load_plan

    nodes = load_plan(settings).rendered(build_values(settings, LAST_PERIOD, LAST_PERIOD, AS_OF, EDITION))
    folder = settings.work / EDITION
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    counted = Cost()
    marks: list[tuple[float, int, int]] = []

    def mark(*_: int) -> None:
        marks.append((_cpu(), counted.rows_scanned, counted.bytes_read))

    started = perf_counter()
    mark()
    with patch("orchestration.build.duckdb.connect", partial(Counting, duckdb.connect, counted)):
        results = run_nodes(nodes, folder / DATABASE_NAME, _limits(settings), mark)
    cost.wall = perf_counter() - started
    models = {node.unique_id: node for node in nodes if node.kind == "model"}
    seconds: dict[str, float] = {}
    for node, (before, after) in zip(nodes, pairwise(marks), strict=True):
        seconds[node.unique_id] = after[0] - before[0]
        if node.kind == "model":
            cost.rows_scanned += after[1] - before[1]
            cost.bytes_read += after[2] - before[2]
    cost.models = len(models)
    cost.cpu = sum(seconds[one] for one in models)
    cost.parts = {
        "alike": sum(seconds[one] for one in _upstream(models, set(MARTS))),
        "peers": sum(seconds[one] for one in _upstream(models, {"fct_household", "int_household_measures"})),
        "checks": sum(seconds.values()) - cost.cpu,
    }
    cost.problem = "; ".join(f"{result.name}: {result.message}" for result in results if not result.passed)


def build(scale: Scale, settings: Settings, cost: Cost) -> None:
    """A build with every check."""
    from orchestration.build import build as build_edition

    result = build_edition(settings, LAST_PERIOD, AS_OF, EDITION)
    cost.models = sum(node.kind == "model" for node in result.nodes)
    cost.problem = "" if result.ok else result.summary


def newest(scale: Scale, settings: Settings, cost: Cost) -> None:
    """A build with every check of the last month, the months before it being published: without its process's start."""
    from orchestration.build import build as build_edition
    from orchestration.kept_months import keep_state
    from orchestration.release import publish

    month = f"{LAST_PERIOD[:5]}{int(LAST_PERIOD[5:]) - 1:02d}"
    before = build_edition(settings, month, AS_OF, f"{month}_0001")
    keep_state(settings, before.database.parent, publish(settings, before.database, month, AS_OF, f"{month}_0001"))
    with timed(cost):
        result = build_edition(settings, LAST_PERIOD, AS_OF, f"{LAST_PERIOD}_0002")
    cost.problem = "" if result.ok else result.summary


def dbt(scale: Scale, settings: Settings, cost: Cost) -> None:
    """The same project by dbt's own command, one query a check."""
    from orchestration.build import build_values
    from orchestration.dbt_command import run_dbt
    from orchestration.plan import PLACES, VARIABLES

    values = build_values(settings, LAST_PERIOD, LAST_PERIOD, AS_OF, EDITION)
    with tempfile.TemporaryDirectory(dir=settings.work) as folder:
        environment = {name: values[name] for name in PLACES} | {"GUATU_DATABASE": f"{folder}/warehouse.duckdb"}
        variables = {name: values[name] for name in VARIABLES} | {"due_day": settings.due_day}
        without = ("--exclude", "test_type:unit")
        result = run_dbt(settings, "build", Path(folder) / "target", variables, environment, selection=without)
    cost.problem = "" if result.success else "dbt build"


def imports(scale: Scale, settings: Settings, cost: Cost) -> None:
    """What a build imports, and no more."""
    import orchestration.build
    import orchestration.catalogue
    import orchestration.plan  # noqa: F401


def run(scale: Scale, settings: Settings, cost: Cost) -> None:
    """Inbox, build, checks, publishing, reports: ``guatu run`` itself."""
    from orchestration.cli import main as guatu

    places = {"GUATU_HOME": str(settings.home), "GUATU_SEEDS": str(settings.seeds), "GUATU_CACHE": str(settings.cache)}
    with patch.dict("os.environ", places), patch.object(sys, "argv", ["guatu", "run", "--period", LAST_PERIOD]):
        try:
            guatu()
        except SystemExit as ended:
            cost.problem = f"guatu run: {ended.code}" if ended.code else ""


def read(scale: Scale, settings: Settings, cost: Cost) -> None:
    """Merely reads the workbook that waits, by the library intake reads with."""
    from python_calamine import CalamineWorkbook

    (path,) = settings.inbox.glob("*.xlsx")
    with timed(cost):
        rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    cost.rows_scanned = len(rows) - 1


def intake(scale: Scale, settings: Settings, cost: Cost) -> None:
    """Takes in the workbook that waits: without this process's start, with that of the one which reads."""
    from orchestration.intake import ingest_inbox

    with timed(cost):
        (taken,) = ingest_inbox(settings)
    line = taken.submission
    cost.rows_scanned = line.rows_accepted
    cost.problem = "" if line.outcome == "accepted" else f"{line.outcome} {line.reason}"


WORK: dict[str, Callable[[Scale, Settings, Cost], None]] = {
    "scan": bare_scan,
    "floor": floor,
    "equal": equal,
    "sql": sql,
    "build": build,
    "newest": newest,
    "dbt": dbt,
    "imports": imports,
    "run": run,
    "read": read,
    "intake": intake,
}


def main(arguments: Sequence[str]) -> None:
    kind, scale, home = arguments
    # the homes' own seeds are compiled once for all of them
    settings = Settings(
        home=Path(home),
        seeds=Path(home) / "seeds",
        cache=CACHE / "plans",
        build_memory_mb=SCALES[scale].memory_mb,
        build_threads=SCALES[scale].threads,
    )
    cost = Cost()
    started = perf_counter()
    WORK[kind](SCALES[scale], settings, cost)
    if not cost.cpu:
        cost.cpu, cost.wall = _cpu(), perf_counter() - started
    cost.peak_mb = peak_mb()
    print(json.dumps(asdict(cost), ensure_ascii=False))


def _upstream(models: "dict[str, Node]", names: set[str]) -> set[str]:
    """The models of these names with all they are made of."""
    wanted = {unique_id for unique_id, node in models.items() if node.name in names}
    open_ = list(wanted)
    while open_:
        found = set(models[open_.pop()].parents) & set(models) - wanted
        wanted |= found
        open_ += found
    return wanted


def _limits(settings: Settings) -> dict[str, str | int]:
    """What a build of the home's months may take; what it is held against has as many threads."""
    from orchestration.build import inputs_folder
    from orchestration.months import rows_received

    return settings.build_limits(rows_received(inputs_folder(settings), "", LAST_PERIOD, AS_OF))


def _count(database: str, statements: Sequence[str], cost: Cost, threads: int) -> None:
    """Runs the statements on one connection, adding up what the engine scanned and read."""
    with Counting(duckdb.connect, cost, database) as connection, timed(cost):
        connection.execute(f"set threads = {threads}; set memory_limit = '{FLOOR_MEMORY}'")
        connection.execute("set preserve_insertion_order = false; set enable_progress_bar = false")
        for statement in statements:
            connection.execute(statement)
    cost.models = len(statements)


class Counting:
    """A connection that adds to a cost what the engine scanned and read for each statement."""

    def __init__(
        self, connect: Callable[..., duckdb.DuckDBPyConnection], cost: Cost, *place: Any, **options: Any
    ) -> None:
        self.connection = connect(*place, **options)
        self.connection.execute("pragma enable_profiling = 'no_output'")
        self.cost = cost

    def execute(self, *statement: Any) -> duckdb.DuckDBPyConnection:
        result = self.connection.execute(*statement)
        counted = json.loads(self.connection.get_profiling_information(format="json") or "{}")
        self.cost.rows_scanned += counted.get("cumulative_rows_scanned", 0)
        self.cost.bytes_read += counted.get("total_bytes_read", 0)
        return result

    def __enter__(self) -> "Counting":
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()


def peak_mb() -> int:
    """The peak of this process; the kernel's ``ru_maxrss`` would begin with that of the one which started it."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) // 1024
    return 0


def _cpu() -> float:
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return round(sum(one.ru_utime + one.ru_stime for one in used), 3)


if __name__ == "__main__":
    main(sys.argv[1:])
