"""Who notices a fault in the rules: the build, the checks of the project, the cases by hand, the second computation."""

import csv
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from threading import Timer
from typing import Any

import duckdb
from catalogue import test_ranking_options as options
from second.cases import make_case
from second.compare import differences
from second.compute import compute
from second.light import Project, Warehouse
from second.test_second_computation import filled_home

from orchestration.intake import ingest
from orchestration.records.journal import append
from orchestration.settings import PROJECT_ROOT, Settings, get_settings

GOLDEN = Path(__file__).parents[1] / "golden"
GOLDEN_MONTH, GOLDEN_MOMENT = "2018-07", datetime(2018, 8, 31)
PATIENCE_SECONDS = 60.0
Test = Callable[[duckdb.DuckDBPyConnection], None]


@dataclass(frozen=True)
class Watched:
    """A built month, and what is known about it from elsewhere."""

    warehouse: Warehouse
    expected: Mapping[str, dict[tuple[Any, ...], dict[str, Any]]]
    by_hand: tuple[dict[str, str], ...] = ()
    tests: tuple[Test, ...] = ()

    def complaints(self, names: Iterable[str] | None = None) -> list[str]:
        """What does not hold in the warehouse as it stands, of the named models or of all."""
        named = None if names is None else set(names)
        connection = self.warehouse.connection
        found = [f"检查 {name}" for name in self.warehouse.failed_checks(named)]
        expected = {mart: rows for mart, rows in self.expected.items() if named is None or mart in named}
        found += differences(connection, expected, self.warehouse.period)
        for case in self.by_hand:
            if named is None or case["mart"] in named:
                found += _by_hand(connection, case)
        return found + [f"测试 {test.__name__}" for test in self.tests if not _passes(test, connection)]


def _passes(test: Test, connection: duckdb.DuckDBPyConnection) -> bool:
    try:
        test(connection)
    except (AssertionError, LookupError, duckdb.Error):
        return False
    return True


def _same(found: object, expected: str) -> bool:
    shown = str(found).lower() if isinstance(found, bool) else str(found)
    try:
        return Decimal(shown) == Decimal(expected)
    except InvalidOperation:
        return shown == expected


def _by_hand(connection: duckdb.DuckDBPyConnection, case: dict[str, str]) -> list[str]:
    """The line of tests/golden/expected.csv that does not hold, if so."""
    key = dict(part.split("=", 1) for part in case["key"].split(","))
    month = "edition_period" if case["mart"] in ("fct_ranking", "fct_action") else "period"
    where = " and ".join(f"{name} = ?" for name in (month, *key))
    row = connection.execute(
        f"select {case['column']} from marts.{case['mart']} where {where}", [GOLDEN_MONTH, *key.values()]
    ).fetchone()
    return [] if row and _same(row[0], case["expected"]) else [f"手算 {case['key']} {case['column']}"]


def golden(project: Project, home: Path) -> Watched:
    """The township that was worked out by hand."""
    settings = get_settings(home)
    ingest(settings, [GOLDEN / "files"], datetime(2018, 8, 4, 9))
    with (GOLDEN / "expected.csv").open(encoding="utf-8") as lines:
        by_hand = tuple(csv.DictReader(lines, delimiter=";"))
    return Watched(_built(project, settings, GOLDEN_MONTH, GOLDEN_MOMENT), {}, by_hand)


def with_options(project: Project, home: Path) -> list[Watched]:
    """The scheme with classes, tie-breaks, exemptions, cuts and a veto, before and after people decided."""
    shutil.copytree(PROJECT_ROOT / "seeds", home / "seeds")
    (home / "seeds" / "schemes" / "classes-2018.yml").write_text(options.SCHEME, encoding="utf-8")
    settings = Settings(home=home / "home", seeds=home / "seeds")
    sheets = []
    for number, income in ((6, 20000), (7, 30000)):
        sheets.append(home / f"村情监测表_{options.VILLAGES[number]}_2018-07.csv")
        text = options.VILLAGE_SHEET.format(code=options.VILLAGES[number], income=income)
        sheets[-1].write_text(text, encoding="utf-8")
    ingest(settings, [GOLDEN / "files", *sheets], datetime(2018, 8, 4, 9))
    append(settings.decisions, options.VETO)
    append(settings.decisions, options.APPEAL)
    tests = {name: getattr(options, name) for name in dir(options) if name.startswith("test_")}
    return [
        Watched(
            _built(project, settings, GOLDEN_MONTH, moment),
            {},
            tests=tuple(test for test in tests.values() if when in test.__code__.co_varnames[:1]),
        )
        for when, moment in (("before", datetime(2018, 8, 15)), ("after", datetime(2018, 8, 31)))
    ]


def counties(project: Project, home: Path, seeds: Iterable[int]) -> list[Watched]:
    """The random counties of some seeds, each in every edition worth building."""
    found = []
    for seed in seeds:
        county = filled_home(home / f"county-{seed}", seed)
        for period, as_of in make_case(seed).editions:
            built = _built(project, county, period, as_of)
            found.append(Watched(built, compute(county.root, period, as_of)))
    return found


def _built(project: Project, settings: Settings, period: str, as_of: datetime) -> Warehouse:
    warehouse = Warehouse(project, settings, period, as_of)
    warehouse.build()
    return warehouse


def noticed(where: Iterable[Watched], project: Project, tables: Mapping[str, Path] | None = None) -> str | None:
    """Who notices a changed project (and changed tables of its catalogue): the first complaint; None where nobody does.

    Raises duckdb.Error where it can no longer be built at all, or not in a minute.
    """
    tables = tables or {}
    for each in where:
        warehouse = each.warehouse
        base = warehouse.project
        changed = {
            name
            for name, node in project.models.items()
            if node.sql != base.models[name].sql or any(f"/{table}.parquet" in node.sql for table in tables)
        }
        below = {name for model in changed for name in base.below[model]}
        warehouse.connection.execute("begin")
        warehouse.tables = tables
        patience = Timer(PATIENCE_SECONDS, warehouse.connection.interrupt)  # a join gone wrong may never end
        patience.start()
        try:
            warehouse.build(below, project)
            found = each.complaints(below)
        finally:
            patience.cancel()
            warehouse.tables = {}
            warehouse.connection.execute("rollback")
        if found:
            return found[0]
    return None
