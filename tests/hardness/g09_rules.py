"""The second computation agrees in every cell, and the tests notice faults put into the rules."""

import os
import shutil
from collections.abc import Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from random import Random

import duckdb
import polars as pl
import yaml
from second.cases import make_case
from second.compare import differences
from second.compute import compute
from second.light import Project, Warehouse, of_plan, project
from second.test_second_computation import filled_home

from hardness.g09_mutants import mutants
from hardness.g09_seeds import SeedFault, seed_faults
from hardness.g09_watch import Watched, counties, golden, noticed, with_options
from hardness.goal import Outcome, Size
from orchestration.catalogue.lint import lint_files
from orchestration.errors import GuatuError
from orchestration.plan import COMPILED_FROM, catalogue_folder, load_plan
from orchestration.settings import PROJECT_ROOT, Settings

LABEL = "G9"
COUNTIES, FAULTS, SEED_FAULTS = 48, 240, 60
WATCHED_SEEDS = range(12)
"""Two counties of each document: what a fault is held against."""
CAUGHT = 0.95
EQUIVALENT = Path(__file__).with_name("g09_equivalent.yml")
"""Faults that change nothing anybody could see, each with the reason."""

PLANTED = (
    ("int_milestones", "when absolute_ok or coalesce", "when absolute_ok and coalesce"),
    ("int_rankings", "order by score desc", "order by score asc"),
    ("int_households", "net_income_per_capita >= ", "net_income_per_capita > "),
)
"""Faults of the small form: always the same, so that a change to a model never brings one that changes nothing."""


@dataclass
class Bench:
    """What one process needs to judge faults: the project, a catalogue to change, and built months."""

    settings: Settings
    catalogue: Path
    project: Project
    watched: list[Watched]

    @classmethod
    def at(cls, home: Path, seeds: Iterable[int]) -> "Bench":
        shutil.copytree(PROJECT_ROOT / "seeds", home / "seeds")
        settings = Settings(home=home / "compiled", seeds=home / "seeds")
        shutil.copytree(catalogue_folder(settings), home / "catalogue")
        models = project()
        watched = [golden(models, home / "golden"), *with_options(models, home / "options")]
        watched += counties(models, home, seeds)
        bench = cls(settings, home / "catalogue", models, watched)
        for each in watched:
            if found := each.complaints():
                raise ValueError(f"{each.warehouse.settings.root.name} {each.warehouse.period}: {found[:3]}")
        return bench

    def judge(self, model: str, sql: str) -> str | None:
        """Who notices that a model says ``sql``; ``invalid`` where it cannot be built at all."""
        try:
            return noticed(self.watched, self.project.with_sql(model, sql))
        except duckdb.Error:
            return "invalid"

    def judge_seed(self, fault: SeedFault) -> str | None:
        """Who notices a changed file of the catalogue: its own checks, or the months built with it."""
        path = self.settings.seeds / fault.path
        before = path.read_text(encoding="utf-8")
        path.write_text(fault.text, encoding="utf-8")
        try:
            made, base = catalogue_folder(self.settings), self.catalogue
            tables = {
                file.stem: file
                for file in made.glob("*.parquet")
                if not pl.read_parquet(file).equals(pl.read_parquet(base / file.name))
            }
            if not tables:
                return "invalid"
            schemes = [path] if path.suffix == ".yml" else []
            if any(problem.severity == "error" for problem in lint_files(schemes, self.settings.seeds)):
                return "方案检查"
            models = self.project
            if tables.keys() & set(COMPILED_FROM):
                models = of_plan(load_plan(self.settings))
            return noticed([each for each in self.watched if not each.tests], models, tables)
        except (ValueError, GuatuError) as error:
            return f"目录校验:{type(error).__name__}"
        except duckdb.Error as error:
            return f"构建失败:{type(error).__name__}"
        finally:
            path.write_text(before, encoding="utf-8")


_bench: Bench | None = None


def _start(home: Path, seeds: tuple[int, ...]) -> None:
    global _bench
    _bench = Bench.at(home / f"bench-{os.getpid()}", seeds)


def _judge(fault: tuple[str, str] | SeedFault) -> str | None:
    assert _bench is not None
    return _bench.judge_seed(fault) if isinstance(fault, SeedFault) else _bench.judge(*fault)


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


def explained() -> Mapping[str, str]:
    """Faults that are none, by their title, with the reason."""
    return yaml.safe_load(EQUIVALENT.read_text(encoding="utf-8")) or {}


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
    work: list[tuple[str, str] | SeedFault] = [*((fault.where, fault.sql) for fault in found), *planted]
    context = get_context("spawn")
    with ProcessPoolExecutor(2, mp_context=context, initializer=_start, initargs=(home, tuple(WATCHED_SEEDS))) as pool:
        verdicts = dict(zip(titles, pool.map(_judge, work, chunksize=4), strict=True))
    return _outcome(len(seeds), cells, differ, verdicts)


def _outcome(compared: int, cells: int, differ: list[str], verdicts: Mapping[str, str | None]) -> Outcome:
    reasons = explained()
    built = {title: verdict for title, verdict in verdicts.items() if verdict != "invalid"}
    alive = [title for title, verdict in built.items() if verdict is None]
    real = [title for title in alive if title not in reasons]
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
