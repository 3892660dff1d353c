"""An edition as of T is the one an office would have had that only ever received files by T; other months stay."""

import shutil
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from datetime import date, datetime, timedelta
from itertools import chain
from multiprocessing import get_context
from pathlib import Path
from random import Random

from second.case_rows import rows_for
from second.case_tree import Flavour, division_rows
from second.cases import Case, Filing, write_lake
from second.light import Project, Warehouse, project

from hardness.goal import Outcome, Size
from orchestration.catalogue.templates import load_templates
from orchestration.intake.lake import ensure_lake
from orchestration.settings import get_settings

LABEL = "G11"
SEQUENCES = 500
TOGETHER = 20
"""Counties in one home, each with a sequence of corrections of its own: one build judges them all."""
MONTHS = ("2018-06", "2018-07", "2018-08")
CORRECTED = "2018-07"
SNAPSHOTS = (
    "households", "persons", "villages", "projects", "loans", "team_attendance", "rectifications", "assets",
    "triple_checks",
)  # fmt: skip
JOURNALS = ("fund_receipts", "fund_allocations", "fund_payments", "inspections")
OF_ONE_MONTH = ("fct_household", "fct_asset", "fct_rectification")
"""Marts of which a month's rows come from that month's files alone."""
BESIDES = {"dim_edition"}
"""Says itself as of when it was made."""

Hashes = dict[tuple[str, str], tuple[int, int]]
"""Mart and month → rows and the sum of their hashes."""


def county(number: int) -> Flavour:
    """A township of three villages in a county of its own."""
    top = f"3601{number:02d}"
    villages = tuple(
        (f"{top}10120{n}", "village", kind) for n, kind in enumerate(("poor", "poor", "non_poor"), start=1)
    )
    tree = ((f"{top}000000", "county", None), (f"{top}101000", "township", None), *villages)
    return Flavour((f"{top}000000",), tree, (), date(2010, 1, 1), MONTHS, MONTHS)


def filings(rng: Random, number: int) -> tuple[list[Filing], list[Filing]]:
    """A county's files of three months as first handed in, and its late corrections of one month."""
    flavour = county(number)
    top = flavour.counties[0]
    first = [Filing("divisions", top, MONTHS[0], datetime(2018, 7, 1), tuple(division_rows(flavour, top)))]
    for month, period in enumerate(MONTHS, start=7):
        for template in (*SNAPSHOTS, *JOURNALS):
            if rng.random() < 0.6:
                rows = tuple(rows_for(rng, flavour, template, top, period))
                if rows or template != "villages":
                    first.append(Filing(template, top, period, datetime(2018, month, rng.randrange(2, 9)), rows))
    late = []
    moment = datetime(2018, 9, 20)
    for _ in range(rng.randrange(1, 6)):
        moment += timedelta(hours=rng.randrange(1, 200))
        template = rng.choice((*SNAPSHOTS, *JOURNALS))
        scope = rng.choice((top, *flavour.townships, *flavour.villages))
        rows = tuple(rows_for(rng, flavour, template, scope, CORRECTED))
        if rng.random() < 0.1:
            rows = ()
        if rows or template != "villages":
            late.append(Filing(template, scope, CORRECTED, moment, rows))
    return first, late


def hashes(models: Project, home: Path, filed: Iterable[Filing], as_of: datetime) -> Hashes:
    """The logical hash of every mart and month of the edition an office makes from these files."""
    settings = get_settings(home)
    ensure_lake(settings, load_templates(settings.seeds))
    ordered = sorted(filed, key=lambda f: (f.received_at, f.template != "divisions", f.file_name))
    write_lake(Case(0, tuple(ordered), ()), settings.root)
    return warehouse_hashes(Warehouse(models, settings, MONTHS[-1], as_of))


def warehouse_hashes(warehouse: Warehouse) -> Hashes:
    """Builds a month in memory and forgets it again."""
    warehouse.build()
    found: Hashes = {}
    run = warehouse.connection.execute
    for (name,) in run("select table_name from duckdb_tables() where schema_name = 'marts' order by all").fetchall():
        columns = {row[0] for row in run(f"describe marts.{name}").fetchall()}
        month = "period" if "period" in columns else "edition_period" if "edition_period" in columns else "''"
        rows = run(
            f"select cast({month} as varchar), count(*), sum(cast(hash(t) as hugeint)) "
            f"from marts.{name} as t group by 1"
        ).fetchall()
        found |= {(name, period or ""): (count, total) for period, count, total in rows if name not in BESIDES}
    warehouse.close()
    return found


def differing(one: Hashes, other: Hashes) -> set[tuple[str, str]]:
    return {key for key in one.keys() | other.keys() if one.get(key) != other.get(key)}


def judge(models: Project, home: Path, seed: int) -> tuple[int, int, list[str]]:
    """(sequences, marts and months compared, what did not hold) for one home of counties."""
    rng = Random(seed)
    pairs = [filings(rng, number) for number in range(1, TOGETHER + 1)]
    first = list(chain.from_iterable(pair[0] for pair in pairs))
    late = list(chain.from_iterable(pair[1] for pair in pairs))
    # a moment among the corrections: some are known by then and some are not
    known_by = rng.choice(late).received_at
    settings = get_settings(home / "all")
    everything = hashes(models, settings.root, [*first, *late], datetime(2030, 1, 1))
    then = warehouse_hashes(Warehouse(models, settings, MONTHS[-1], known_by))
    by_then = [filing for filing in [*first, *late] if filing.received_at <= known_by]
    alone = hashes(models, home / "by-then", by_then, datetime(2030, 1, 1))
    before = warehouse_hashes(Warehouse(models, settings, MONTHS[-1], datetime(2018, 9, 15)))
    as_of_sensitive = {"fct_cadence", "fct_chase"}  # how long something has been owed is told by the moment itself
    wrong = [
        f"起点 {seed}:{name} {month} 截至 {known_by} 与只收到这些文件时不同"
        for name, month in sorted(differing(then, alone))
        if name not in as_of_sensitive
    ]
    touched = differing(before, everything)
    wrong += [
        f"起点 {seed}:更正 {CORRECTED},{name} {month} 却变了"
        for name, month in sorted(touched)
        if name not in as_of_sensitive and month and (month < CORRECTED or (name in OF_ONE_MONTH and month > CORRECTED))
    ]
    if not any(month == CORRECTED for _, month in touched):
        wrong.append(f"起点 {seed}:更正 {CORRECTED} 后什么也没有变")
    shutil.rmtree(home)
    return len(pairs), len(then) + len(before), wrong


def _judge_some(arguments: tuple[Path, tuple[int, ...]]) -> tuple[int, int, list[str]]:
    home, seeds = arguments
    sequences, compared, wrong = 0, 0, []
    for seed in seeds:
        some = judge(project(), home / f"home-{seed}", seed)
        sequences, compared, wrong = sequences + some[0], compared + some[1], wrong + some[2]
    return sequences, compared, wrong


def run(home: Path, size: Size) -> Outcome:
    """Homes of twenty counties each; two processes where there is more than one."""
    homes = -(-size.of(SEQUENCES) // TOGETHER)
    seeds = tuple(range(1000 * size.seed, 1000 * size.seed + homes))
    if homes < 2:
        parts = [_judge_some((home, seeds))]
    else:
        with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
            parts = list(pool.map(_judge_some, [(home / "one", seeds[::2]), (home / "two", seeds[1::2])]))
    sequences, compared = sum(part[0] for part in parts), sum(part[1] for part in parts)
    wrong = [line for part in parts for line in part[2]]
    figures = f"{sequences} sequences of late corrections, {compared} marts and months compared: {len(wrong)} differ"
    return Outcome(figures, tuple(wrong[:20]))
