"""Homes of any of the four sizes, written straight into the lake and the ledger: one month or many, and a correction.

Rows are drawn set by set in DuckDB (``world.sql``, ``rows.sql``). What intake would have read is left out: there are no
originals in the archive and no receipts. The ledger is the real one, chain and all.
"""

import calendar
import hashlib
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import polars as pl

from benchmarks.divisions import division_tree
from benchmarks.scales import LAST_PERIOD, Scale
from orchestration.catalogue.templates import Template, load_templates
from orchestration.intake.divisions import code_prefix
from orchestration.intake.lake import ensure_lake, lake_file
from orchestration.intake.ledger import Submission, chained, read_ledger
from orchestration.records.chain import encode
from orchestration.settings import PROJECT_ROOT, Settings

HERE = PROJECT_ROOT / "benchmarks"
DEFAULT_SEED = 20220630
DIGITS = {"province": 2, "prefecture": 4, "county": 6, "township": 9}
STANDING = {"divisions", "support_units"}
"""Handed in once, with the first month; yearly targets with the first month of each year."""
MACROS = """
    create macro seed() as cast(getvariable('seed') as bigint);
    create macro scope() as cast(getvariable('scope') as varchar);
    create macro scope_prefix() as cast(getvariable('scope_prefix') as varchar);
    create macro scope_first() as cast(getvariable('scope_first') as bigint);
    create macro first_day() as cast(getvariable('first_day') as date);
    create macro last_day() as cast(getvariable('last_day') as date);
    create macro journal_from() as cast(getvariable('journal_from') as date);
    create macro this_month() as cast(getvariable('period') as varchar);
    create macro this_year() as cast(left(getvariable('period'), 4) as integer);
    create macro month_of_year() as cast(right(getvariable('period'), 2) as integer);
    create macro month_number() as this_year() * 12 + month_of_year();
    create macro slot(h, n) as cast((h >> (n * 10)) & 1023 as integer);
    create macro money(cents) as cast(cents as decimal(16, 0)) * cast(0.01 as decimal(2, 2));
    create macro age_2020(p, member) as cast(case when member < 2 then 22 + slot(p, 0) % 62 when member < 4
        then slot(p, 0) % 22 else 55 + slot(p, 0) % 35 end as integer);
    create macro born(p, member) as make_date(2020 - age_2020(p, member), 1 + slot(p, 1) % 12, 1 + slot(p, 1) % 28);
    create macro first_17(number, day) as 99000000000000000 + number // 1000 % 10000 * 100000000000
        + (year(day) * 10000 + month(day) * 100 + day(day)) * 1000 + number % 1000;
    create macro weighed(n) as n % 10 * 2 + n // 10 % 10 * 4 + n // 100 % 10 * 8 + n // 1000 % 10 * 5
        + n // 10000 % 10 * 10 + n // 100000 % 10 * 9 + n // 1000000 % 10 * 7 + n // 10000000 % 10 * 3;
    create macro check_digit(n) as substr('10X98765432', cast((weighed(n) + n // 100000000 % 10 * 6
        + n // 1000000000 % 10 + n // 10000000000 % 10 * 2 + n // 100000000000 % 10 * 4
        + n // 1000000000000 % 10 * 8 + n // 10000000000000 % 10 * 5 + n // 100000000000000 % 10 * 10
        + n // 1000000000000000 % 10 * 9 + n // 10000000000000000 * 7) % 11 as integer) + 1, 1);
    create macro id_number(number, day) as first_17(number, day) || check_digit(first_17(number, day));
    create macro village_type(code) as case when hash(code, seed() + 9) % 100 < 3 then 'deeply_poor'
        when hash(code, seed() + 9) % 100 < 33 then 'poor' else 'non_poor' end;
"""


@dataclass(frozen=True)
class World:
    """A home and what its rows are drawn from."""

    settings: Settings
    scale: Scale
    templates: dict[str, Template]
    sections: dict[str, str]
    connection: duckdb.DuckDBPyConnection


def open_world(scale: Scale, settings: Settings, seed: int = DEFAULT_SEED, households: int | None = None) -> World:
    """Divisions and villages of the size in memory; ``households`` for a thinner home than the size's own."""
    tree, _ = division_tree()
    connection = duckdb.connect()
    connection.execute(MACROS)
    _set(connection, seed=seed, scope="", scope_prefix="", scope_first=0, period=LAST_PERIOD, first_day=date.min)
    _set(connection, last_day=date.min, journal_from=date.min)
    connection.execute(
        (HERE / "world.sql")
        .read_text(encoding="utf-8")
        .format(
            tree=tree,
            root=scale.root,
            households=households or scale.households,
            filer_digits=DIGITS[scale.filer],
            ranked_digits=DIGITS[scale.ranked],
        )
    )
    text = (HERE / "rows.sql").read_text(encoding="utf-8")
    parts = re.split(r"^-- template: (\w+)\n", text, flags=re.MULTILINE)[1:]
    return World(
        settings, scale, load_templates(settings.seeds), dict(zip(parts[::2], parts[1::2], strict=True)), connection
    )


def make_home(
    scale: Scale, home: Path, months: int = 1, seed: int = DEFAULT_SEED, households: int | None = None
) -> Settings:
    """A fresh home with ``months`` months up to ``LAST_PERIOD``; its ``seeds``: the rules and one scheme more."""
    shutil.rmtree(home, ignore_errors=True)
    seeds = home / "seeds"
    shutil.copytree(PROJECT_ROOT / "seeds", seeds)
    settings = Settings(home=home, seeds=seeds)
    world = open_world(scale, settings, seed, households)
    ensure_lake(settings, world.templates)
    write_schemes(world)
    periods = periods_until(LAST_PERIOD, months)
    submissions: list[Submission] = []
    for period in periods:
        for template, scope in _files_of(world, period, periods[0]):
            _hand_in(world, template, scope, period, period == periods[0], submissions)
    settings.ledger.write_bytes(b"".join(encode(line.record()) for line in submissions))
    return settings


def correct_village(
    scale: Scale, settings: Settings, period: str, village: str | None = None, seed: int = 1
) -> Submission:
    """Hands in one village's 农户台账 of ``period`` again with other numbers; the first village unless named."""
    world = open_world(scale, settings, DEFAULT_SEED)
    village = village or world.connection.execute("select min(village_code) from villages").fetchone()[0]
    world.connection.execute("update villages set scope_code = village_code where village_code = ?", [village])
    world.connection.execute(
        "insert into scopes select village_code, first_household from villages where village_code = ?", [village]
    )
    _set(world.connection, seed=DEFAULT_SEED + seed)
    submissions = read_ledger(settings)
    line = _hand_in(world, world.templates["households"], village, period, False, submissions, late=True)
    with settings.ledger.open("ab") as ledger:
        ledger.write(encode(line.record()))
    return line


def write_schemes(world: World) -> None:
    """The benchmark's scheme for each top of the tree (31 in the nation)."""
    text = (HERE / "scheme.yml").read_text(encoding="utf-8")
    for scope in _tops(world):
        name = code_prefix(scope)
        path = world.settings.seeds / "schemes" / f"bench-{name}.yml"
        path.write_text(text.format(root=scope, prefix=name, ranked=world.scale.ranked), encoding="utf-8")


def periods_until(last: str, months: int) -> list[str]:
    """The months up to ``last``, oldest first."""
    number = int(last[:4]) * 12 + int(last[5:]) - 1
    return [f"{n // 12}-{n % 12 + 1:02d}" for n in range(number - months + 1, number + 1)]


def _tops(world: World) -> list[str]:
    rows = world.connection.execute(
        "select code from divisions where parent_code is null or parent_code not in (select code from divisions)"
    )
    return sorted(code for (code,) in rows.fetchall())


def _files_of(world: World, period: str, first: str) -> Iterator[tuple[Template, str]]:
    """(template, scope) of every file of a month, the division tree first."""
    scopes = [code for (code,) in world.connection.execute("select scope_code from scopes order by 1").fetchall()]
    for name, template in world.templates.items():
        yearly = name == "task_targets" and period.endswith("-01")
        if period != first and not yearly and (name in STANDING or name == "task_targets"):
            continue
        for scope in _tops(world) if name == "divisions" else scopes:
            yield template, scope


def _hand_in(
    world: World, template: Template, scope: str, period: str, first: bool, before: list[Submission], late: bool = False
) -> Submission:
    """Writes one file's rows and adds its line to ``before``."""
    year, month = int(period[:4]), int(period[5:])
    last_day = date(year, month, calendar.monthrange(year, month)[1])
    first_household = world.connection.execute("select min(first_household) from scopes where scope_code = ?", [scope])
    _set(
        world.connection,
        scope=scope,
        scope_prefix=code_prefix(scope),
        scope_first=first_household.fetchone()[0] or 0,
        period=period,
        first_day=date(year, month, 1),
        last_day=last_day,
        journal_from=date(year, 1, 1) if first else date(year, month, 1),
    )
    number = len(before) + 1
    received = datetime(year, month, last_day.day) + timedelta(days=20 if late else 3, seconds=number % 80_000)
    name = f"{template.title}_{scope}_{period}.xlsx"
    digest = hashlib.sha256(f"{name} {number}".encode()).hexdigest()
    draft = Submission(number, digest, name, template.name, scope, period, received, "accepted")
    rows = _write(world, template, draft)
    line = Submission(number, digest, name, template.name, scope, period, received, "accepted", rows, rows)
    before.append(chained(line, before[-1].chain if before else None))
    return before[-1]


def _write(world: World, template: Template, submission: Submission) -> int:
    """The file of a submission in the lake; how many rows."""
    path = lake_file(world.settings, submission)
    path.parent.mkdir(parents=True, exist_ok=True)
    own = {
        "submission_id": str(submission.submission_id),
        "received_at": f"'{submission.received_at:%Y-%m-%d %H:%M:%S.%f}'",
        "period": f"'{submission.period}'",
    }
    columns = ", ".join(
        f"cast({own.get(name, name)} as {_sql_type(kind)}) as {name}" for name, kind in template.lake_schema().items()
    )
    query = f"select {columns} from ({world.sections[template.name]})"
    result = world.connection.execute(f"copy ({query}) to '{path}' (format parquet, compression zstd)")
    rows = result.fetchone()[0]
    if not rows:
        path.unlink()
    return rows


def _sql_type(kind: pl.DataType) -> str:
    names = {
        pl.String(): "varchar",
        pl.Int64(): "bigint",
        pl.Int32(): "integer",
        pl.Boolean(): "boolean",
        pl.Date(): "date",
    }
    if isinstance(kind, pl.Decimal):
        return f"decimal({kind.precision}, {kind.scale})"
    return names.get(kind, "timestamp")


def _set(connection: duckdb.DuckDBPyConnection, **variables: object) -> None:
    for name, value in variables.items():
        connection.execute(f"set variable {name} = ?", [value])
