"""Who notices a fault in the rules: the build, the checks of the project, the cases by hand, the second computation."""

import csv
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from functools import partial
from inspect import signature
from pathlib import Path
from threading import Timer
from types import ModuleType
from typing import Any

import duckdb
from cadence import test_cadence_marts as rhythm
from catalogue import test_new_scheme as new_scheme
from catalogue import test_ranking_options as options
from second.cases import make_case
from second.compare import differences
from second.compute import compute
from second.light import Project, Warehouse, parents
from second.test_second_computation import filled_home

from orchestration.intake import ingest
from orchestration.settings import Settings, get_settings

GOLDEN = Path(__file__).parents[1] / "golden"
GOLDEN_MONTH, GOLDEN_MOMENT = "2018-07", datetime(2018, 8, 31)
SUITES: dict[ModuleType, dict[str, datetime]] = {
    options: {"before": options.BEFORE, "after": options.AFTER},
    new_scheme: {"marts": new_scheme.AS_OF},
    rhythm: {"marts": rhythm.AS_OF, "earlier": rhythm.EARLIER},
}
"""Tests of the suite on an installation of their own, and the built months they ask for by name."""
PATIENCE_SECONDS = 60.0
Test = Callable[[duckdb.DuckDBPyConnection], None]
Print = tuple[object, ...]
"""Columns, number and sum of the hashes of a model's rows: another one means other rows."""


@dataclass(frozen=True)
class Watched:
    """A built month, and what is known about it from elsewhere."""

    warehouse: Warehouse
    expected: Mapping[str, dict[tuple[Any, ...], dict[str, Any]]]
    by_hand: tuple[dict[str, str], ...] = ()
    tests: Mapping[str, Test] = field(default_factory=dict)
    prints: dict[str, Print] = field(default_factory=dict)

    def complaints(self, names: Iterable[str] | None = None) -> Iterator[str]:
        """What does not hold in the warehouse as it stands, of the named models or of all; quick looks first."""
        named = None if names is None else set(names)
        connection = self.warehouse.connection
        for case in self.by_hand:
            if named is None or case["mart"] in named:
                yield from _by_hand(connection, case)
        yield from (f"检查 {name}" for name in self.warehouse.failed_checks(named))
        for mart, rows in sorted(self.expected.items(), key=lambda table: len(table[1])):
            if named is None or mart in named:
                yield from differences(connection, {mart: rows}, self.warehouse.period)
        yield from (f"测试 {name}" for name, test in self.tests.items() if not _passes(test, connection))

    def without(self, marts: Collection[str]) -> "Watched":
        """The same month, with nothing known about some marts."""
        return replace(self, expected={mart: rows for mart, rows in self.expected.items() if mart not in marts})

    def printed(self, name: str) -> Print:
        """The print of a model's rows as they stand."""
        relation = f"warehouse.{_relation(self.warehouse.project, name)}"
        columns = tuple((column, str(kind)) for column, kind, *_ in self._run(f"from {relation} limit 0").description)
        return (columns, *self._run(f"select count(*), sum(hash(each)) from {relation} as each").fetchall()[0])

    def _run(self, sql: str) -> duckdb.DuckDBPyConnection:
        return self.warehouse.connection.execute(sql)

    def moved_by(self, project: Project, tables: Mapping[str, Path]) -> set[str]:
        """Builds what ``project`` and ``tables`` say otherwise, and all below whose rows move; names what moved."""
        base = self.warehouse.project
        moved: set[str] = set()
        for name, node in project.models.items():
            reads_changed = any(f"/{table}.parquet" in node.sql for table in tables)
            if node.sql != base.models[name].sql or reads_changed or moved.intersection(parents(node)):
                if name not in self.prints:
                    self.prints[name] = self.printed(name)
                self.warehouse.build([name], project)
                if self.printed(name) != self.prints[name]:
                    moved.add(name)
        return moved


def _relation(project: Project, name: str) -> str:
    """Schema and name of a model's table."""
    return str(project.models[name].relation).split(".", 1)[1]


def _passes(test: Test, connection: duckdb.DuckDBPyConnection) -> bool:
    try:
        test(connection)
    except (AssertionError, LookupError, TypeError, ValueError, duckdb.Error):
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


def suites(project: Project, home: Path) -> list[Watched]:
    """Months of the suite's own tests of schemes and rhythms, with those tests."""
    found = []
    for module, moments in SUITES.items():
        settings = module.installed(_folder(home / module.__name__))
        for fixture, moment in moments.items():
            tests = dict(_tests(module, fixture, settings))
            found.append(Watched(_built(project, settings, module.MONTH, moment), {}, tests=tests))
    return found


def _folder(path: Path) -> Path:
    path.mkdir(parents=True)
    return path


def _tests(module: ModuleType, fixture: str, settings: Settings) -> Iterator[tuple[str, Test]]:
    """The tests of a module that ask for a built month, and for nothing else that is not at hand."""
    for name, test in vars(module).items():
        asked = signature(test).parameters if name.startswith("test_") else {}
        if fixture in asked and set(asked) <= {fixture, "settings"}:
            others = {"settings": settings} if "settings" in asked else {}
            yield name, partial(_run, test, fixture, others)


def _run(
    test: Callable[..., None], fixture: str, others: Mapping[str, Settings], connection: duckdb.DuckDBPyConnection
) -> None:
    test(**others, **{fixture: connection})


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
    for each in where:
        warehouse = each.warehouse
        warehouse.connection.execute("begin")
        warehouse.tables = tables or {}
        patience = Timer(PATIENCE_SECONDS, warehouse.connection.interrupt)  # a join gone wrong may never end
        patience.start()
        try:
            moved = each.moved_by(project, warehouse.tables)
            found = next(each.complaints(moved), None) if moved else None
        finally:
            patience.cancel()
            warehouse.tables = {}
            warehouse.connection.execute("rollback")
        if found:
            return found
    return None
