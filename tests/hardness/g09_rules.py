"""The second computation agrees in every cell, and the tests notice faults put into the rules."""

import os
import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import duckdb
import polars as pl
import yaml
from second.cases import make_case
from second.compare import differences
from second.compute import compute
from second.light import Project, Warehouse, of_plan, project
from second.test_second_computation import filled_home
from second.transcript import catalogue_differences

from hardness.g09_mutants import mutants
from hardness.g09_seeds import SeedFault, seed_faults
from hardness.g09_units import failed_units
from hardness.g09_watch import Watched, counties, golden, noticed, suites
from hardness.goal import Outcome, Size
from orchestration.catalogue.lint import lint_files
from orchestration.errors import GuatuError
from orchestration.plan import COMPILED_FROM, catalogue_folder, load_plan
from orchestration.settings import PROJECT_ROOT, Settings

LABEL = "G9"
COUNTIES, FAULTS, SEED_FAULTS = 48, 150, 40
WATCHED_SEEDS = range(12)
"""Two counties of each document: what a fault is held against."""
CAUGHT = 0.95
EQUIVALENT = Path(__file__).with_name("g09_equivalent.yml")
"""Faults that change nothing anybody could see, each with the reason."""

REPEATED = frozenset(
    {"dim_indicator", "dim_scheme", "dim_scheme_clause", "dim_target", "dim_milestone", "dim_action", "dim_outcome"}
)
"""Marts the second computation reads from the catalogue's own files: they say nothing of a fault in those."""
NO_RULE = (duckdb.ProgrammingError, duckdb.InterruptException, duckdb.OutOfMemoryException)
"""Of SQL that does not compile, never ends, or multiplies rows until nothing holds them."""

PLANTED = (
    ("int_milestones", "when absolute_ok or coalesce", "when absolute_ok and coalesce"),
    ("int_rankings", "order by score desc", "order by score asc"),
    ("int_households", "net_income_per_capita >= ", "net_income_per_capita > "),
)
"""Faults of the small form: always the same, so that a change to a model never brings one that changes nothing."""


@dataclass
class Bench:
    """What one process needs to judge faults: the project, a catalogue to change, and built months."""

    home: Path
    catalogue: Path
    project: Project
    watched: list[Watched]

    @classmethod
    def at(cls, home: Path, seeds: Iterable[int]) -> "Bench":
        models = project()
        watched = [golden(models, home / "golden"), *suites(models, home / "suites")]
        watched += counties(models, home, seeds)
        for each in watched:
            if found := next(each.complaints(), None):
                raise ValueError(f"{each.warehouse.settings.root.name} {each.warehouse.period}: {found}")
        settings = Settings(home=home / "compiled", cache=home / "plans")
        return cls(home, shutil.copytree(catalogue_folder(settings), home / "catalogue"), models, watched)

    def judge(self, model: str, sql: str) -> str | None:
        """Who notices that a model says ``sql``; ``invalid`` where it cannot be built at all."""
        changed = self.project.with_sql(model, sql)
        try:
            if failed := failed_units(self.watched[0].warehouse, changed, model):
                return f"单元测试 {failed[0]}"
            return noticed(self.watched, changed)
        except NO_RULE:
            return "invalid"
        except duckdb.Error as error:
            return f"构建失败:{type(error).__name__}"

    def judge_seed(self, fault: SeedFault) -> str | None:
        """Who notices a changed file of the catalogue: its own checks, or the months built with it."""
        # a folder of its own: what is read from a catalogue is remembered by its folder
        with TemporaryDirectory(prefix="seeds-", dir=self.home) as folder:
            seeds = shutil.copytree(PROJECT_ROOT / "seeds", Path(folder) / "seeds")
            (seeds / fault.path).write_text(fault.text, encoding="utf-8")
            # compiled plans too: the project's own would be forgotten for those of the faults
            return self._judge_catalogue(fault, Settings(home=Path(folder), seeds=seeds, cache=self.home / "plans"))

    def _judge_catalogue(self, fault: SeedFault, settings: Settings) -> str | None:
        try:
            made = catalogue_folder(settings)
            tables = {
                file.stem: file
                for file in made.glob("*.parquet")
                if not pl.read_parquet(file).equals(pl.read_parquet(self.catalogue / file.name))
            }
            if not tables:
                return "invalid"
            schemes = [settings.seeds / fault.path] if fault.path.endswith(".yml") else []
            if any(problem.severity == "error" for problem in lint_files(schemes, settings.seeds)):
                return "方案检查"
            if told := next(catalogue_differences(made), None):
                return told
            models = self.project
            if tables.keys() & set(COMPILED_FROM):
                models = of_plan(load_plan(settings))
            return noticed([each.without(REPEATED) for each in self.watched if not each.tests], models, tables)
        except (ValueError, GuatuError) as error:
            return f"目录校验:{type(error).__name__}"
        except duckdb.Error as error:
            return f"构建失败:{type(error).__name__}"


Fault = tuple[str, str] | SeedFault
"""A model and what it says, or a changed file of the catalogue."""
_bench: Bench | None = None


def _start(home: Path, seeds: tuple[int, ...]) -> None:
    global _bench
    _bench = Bench.at(home / f"bench-{os.getpid()}", seeds)


def _judge(fault: Fault) -> str | None:
    assert _bench is not None
    return _bench.judge_seed(fault) if isinstance(fault, SeedFault) else _bench.judge(*fault)


def judged(home: Path, work: Sequence[Fault]) -> list[str | None]:
    """The verdict on each fault, of two processes with half of the counties each: what one misses goes to the other."""
    context = get_context("spawn")
    halves = WATCHED_SEEDS[: len(WATCHED_SEEDS) // 2], WATCHED_SEEDS[len(WATCHED_SEEDS) // 2 :]
    one, other = (ProcessPoolExecutor(1, context, _start, (home, tuple(half))) for half in halves)
    with one, other:
        first = [(one, other)[turn % 2].submit(_judge, fault) for turn, fault in enumerate(work)]
        again = {
            turn: (other, one)[turn % 2].submit(_judge, work[turn])
            for turn, verdict in enumerate(first)
            if verdict.result() is None
        }
        return [again[turn].result() if turn in again else verdict.result() for turn, verdict in enumerate(first)]


def compare_counties(home: Path, seeds: Iterable[int]) -> tuple[int, list[str]]:
    """(cells compared, differences) over all editions of the random counties of some seeds."""
    cells, found = 0, []
    for seed in seeds:
        settings = filled_home(home / f"random-{seed}", seed)
        for period, as_of in make_case(seed).editions:
            warehouse = Warehouse(project(), settings, period, as_of)
            warehouse.build()
            expected = compute(settings.root, period, as_of)
            cells += sum(len(row) for rows in expected.values() for row in rows.values())
            told = [*warehouse.failed_checks(), *differences(warehouse.connection, expected, period)]
            found += [f"县 {seed} {period} 截至 {as_of:%Y-%m-%d}:{line}" for line in told]
            warehouse.close()
        shutil.rmtree(settings.root)
    return cells, found


def _agree(arguments: tuple[Path, tuple[int, ...]]) -> tuple[int, list[str]]:
    return compare_counties(*arguments)


@cache
def _reasons() -> tuple[tuple[re.Pattern[str], str], ...]:
    rules = yaml.safe_load(EQUIVALENT.read_text(encoding="utf-8"))
    return tuple((re.compile(rule["fault"]), rule["because"]) for rule in rules)


def explained(title: str) -> str | None:
    """Why a fault is none, by what is printed of it; None where nobody says so."""
    return next((because for pattern, because in _reasons() if pattern.search(title)), None)


def run(home: Path, size: Size) -> Outcome:
    """Counties compared, then faults put in; the small form takes one county and the planted faults."""
    wanted = size.of(COUNTIES)
    seeds = tuple(range(1000 * size.seed, 1000 * size.seed + wanted))
    if size.of(FAULTS) < 2 * len(PLANTED):
        return _small(home, seeds)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        halves = list(pool.map(_agree, [(home / "one", seeds[::2]), (home / "two", seeds[1::2])]))
    cells, differ = sum(half[0] for half in halves), [line for half in halves for line in half[1]]
    rng = Random(size.seed)
    found = mutants(project().models, rng, size.of(FAULTS))
    planted = seed_faults(PROJECT_ROOT / "seeds", rng, size.of(SEED_FAULTS))
    titles = [*(fault.title for fault in found), *(fault.title for fault in planted)]
    verdicts = dict(zip(titles, judged(home, [*((fault.where, fault.sql) for fault in found), *planted]), strict=True))
    return _outcome(len(seeds), cells, differ, verdicts)


def _outcome(compared: int, cells: int, differ: list[str], verdicts: Mapping[str, str | None]) -> Outcome:
    built = {title: verdict for title, verdict in verdicts.items() if verdict != "invalid"}
    alive = [title for title, verdict in built.items() if verdict is None]
    real = [title for title in alive if explained(title) is None]
    faults = len(built) - (len(alive) - len(real))
    caught = faults - len(real)
    rate = caught / faults if faults else 0.0
    figures = (
        f"{compared} counties, {cells} cells: {len(differ)} differ; {faults} faults in the rules: {caught} noticed "
        f"({rate:.1%}), {len(alive) - len(real)} more change nothing and say why"
    )
    failures = differ[:20]
    if rate < CAUGHT:
        failures += [f"未被发现:{title}" for title in real]
    return Outcome(figures, tuple(failures))


def _small(home: Path, seeds: tuple[int, ...]) -> Outcome:
    """In this process: the counties of ``seeds`` and the planted faults."""
    bench = Bench.at(home / "bench", [0])
    cells, differ = compare_counties(home, seeds)
    verdicts = {}
    for model, before, after in PLANTED:
        sql = bench.project.models[model].sql
        if before not in sql:
            differ.append(f"{model} 里已没有“{before}”")
        verdicts[f"{model}: {before} → {after}"] = bench.judge(model, sql.replace(before, after))
    return _outcome(len(seeds), cells, differ, verdicts)
