"""Hostile SQL gets nothing out, changes nothing and ends in 8 s, each layer by itself; honest queries pass."""

import hashlib
import random
import re
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import duckdb
from access import canary_edition

from hardness.g06_layers import LOCKED, PLAIN, SECRET, bare_popen, got_out, limits_alone
from hardness.g06_statements import BOMBS, DEEP, VARIABLES, attacks, honest
from hardness.goal import Outcome, Size
from orchestration.access.querying import start_granted
from orchestration.access.roles import Grant
from orchestration.access.scoped import scoped_edition
from orchestration.catalogue.marts import load_marts
from orchestration.errors import GuatuError
from orchestration.release import query
from orchestration.release.chinese_views import create_chinese_views
from orchestration.release.query import Running, check_statement
from orchestration.settings import PROJECT_ROOT, Settings, get_settings

LABEL = "G6"
SECONDS = 8.0
SLACK_SECONDS = 3.0
"""For ending a process on a busy machine."""
LEAST_ATTACKS, LEAST_HONEST = 200, 60
MOST_ROWS = 10_000
REFUSALS = {"query_not_allowed", "not_one_query", "query_invalid", "query_too_long"}
ENDINGS = {"query_timeout", "query_too_large", "query_invalid"}


class Office:
    """An installation with an edition of every mart, an analyst, and a secret in a file beside it."""

    def __init__(self, home: Path) -> None:
        self.settings: Settings = get_settings(home / "home")
        self.analyst: Grant = canary_edition.granted("analyst")
        self.township: Grant = canary_edition.granted("township", canary_edition.A)
        self.edition = canary_edition.write(self.settings.root)
        marts = {name: list(columns) for name, columns in canary_edition.marts().items()}
        with duckdb.connect(str(self.edition)) as connection:
            create_chinese_views(connection, marts, load_marts(PROJECT_ROOT / "dbt_project"))
        self.edition.chmod(0o444)
        self.cut = scoped_edition(self.settings, None, self.analyst)
        self.small = home / "small.duckdb"
        with duckdb.connect(str(self.small)) as connection:
            connection.execute(
                "create schema marts; create table marts.fct_indicator as select '2022-06' as period, "
                "'520500000000' as division_code, 'rate' as indicator_code, 1.5::decimal(18, 4) as value, "
                "'value' as state from range(60)"
            )
        self.canary, self.out = home / "secret.txt", home / "out.csv"
        self.canary.write_text(f"a,b\n{SECRET},1\n", encoding="utf-8")
        self.before = self.hashes()

    def hashes(self) -> list[str]:
        """Of the edition's file and of the analyst's."""
        return [hashlib.sha256(path.read_bytes()).hexdigest() for path in (self.edition, self.cut)]

    def filled(self, sql: str) -> str:
        """The statement with real places in it."""
        for name, path in (("canary", self.canary), ("database", self.cut), ("out", self.out)):
            sql = sql.replace("{" + name + "}", str(path))
        return sql.replace("{{", "{").replace("}}", "}")

    def ask(self, sql: str) -> tuple[str, float, str]:
        """How a statement of the analyst ends (``rows`` or an error's code), after how long, and all it tells."""
        running: Running | None = None
        try:
            with start_granted(self.settings, self.analyst, sql, None, SECONDS, MOST_ROWS) as running:
                result = running.finish()
            return "rows", running.elapsed, str((result.columns, result.rows))
        except GuatuError as error:
            return error.code, running.elapsed if running else 0.0, f"{error.message_zh} {error}"


def run(home: Path, size: Size) -> Outcome:
    """Attacks as an analyst makes them; then layer by layer; then what analysts really ask."""
    office = Office(home)
    rng = random.Random(size.seed)
    statements = attacks()
    if len({*statements, *DEEP, *VARIABLES, *BOMBS}) < LEAST_ATTACKS:
        return Outcome("broke off", (f"fewer than {LEAST_ATTACKS} attacks",))
    statements = rng.sample(statements, k=size.of(len(statements), 50))
    bombs = rng.sample(BOMBS, k=size.of(len(BOMBS), 3))
    failures: list[str] = []
    parts = (
        _attacked(office, [*statements, *DEEP, *VARIABLES], bombs, failures),
        _checked(office, statements, failures),
        _locked(office, statements, home, failures),
        _limited(office, rng.sample(bombs, k=min(len(bombs), size.of(6, 2))), failures),
        _ended_by_the_parent(office, rng.sample(bombs, k=min(len(bombs), size.of(6, 2))), failures),
        _cut(office, failures),
        _honest(office, rng, size, failures),
    )
    return Outcome("; ".join(parts), tuple(failures[:20]))


def _attacked(office: Office, statements: Sequence[str], bombs: Sequence[str], failures: list[str]) -> str:
    blocked = bounded = harmless = 0
    slowest = 0.0
    with ThreadPoolExecutor(2) as pool:
        tried = [*statements, *bombs]
        for sql, (state, seconds, said) in zip(
            tried, pool.map(lambda s: office.ask(office.filled(s)), tried), strict=True
        ):
            slowest = max(slowest, seconds)
            blocked += state in REFUSALS
            bounded += state in ENDINGS - REFUSALS
            harmless += state == "rows"
            if SECRET in said:
                failures.append(f"told the secret: {sql[:80]}")
            if state not in REFUSALS | ENDINGS | {"rows"}:
                failures.append(f"ended with {state}: {sql[:80]}")
            if state == "rows" and sql in statements and sql not in DEEP:
                failures.append(f"was answered: {sql[:80]}")
            if seconds > SECONDS + SLACK_SECONDS:
                failures.append(f"took {seconds:.1f} s: {sql[:80]}")
    if office.hashes() != office.before or office.out.exists():
        failures.append("a file was changed or written")
    return (
        f"{len(set(tried))} attacks: {blocked} blocked, {bounded} ended, {harmless} harmless, "
        f"longest {slowest:.1f} s, files unchanged"
    )


def _checked(office: Office, statements: Sequence[str], failures: list[str]) -> str:
    """The check alone: nothing is run, the statement's own words are enough."""
    passed = []
    for sql in statements:
        try:
            check_statement(office.filled(sql))
            passed.append(sql)
        except GuatuError:
            continue
    failures += [f"passed the check: {sql[:80]}" for sql in passed]
    return f"check alone {len(statements) - len(passed)}/{len(statements)}"


def _locked(office: Office, statements: Sequence[str], home: Path, failures: list[str]) -> str:
    """The locked connection alone; and the same statements on a plain one, to see that they are attacks at all."""
    tried = [sql for sql in statements if "sleep" not in sql and "1000000000000" not in sql]
    work = home / "layers"
    out = got_out(tried, office.small, office.canary, work, LOCKED)
    # a plain connection would wait for the network
    nearby = [
        sql for sql in tried if not re.search("http|s3:|install|load|extension|scan|secret|update ext", sql, re.I)
    ]
    free = got_out(nearby, office.small, office.canary, work, PLAIN)
    failures += [f"got out of the locked connection: {sql[:80]}" for sql in out]
    if len(free) * 12 < len(nearby):
        failures.append(f"only {len(free)} statements get out of a plain connection: they prove nothing")
    return f"lock alone {len(tried) - len(out)}/{len(tried)} ({len(free)} get out without it)"


def _limited(office: Office, bombs: Sequence[str], failures: list[str]) -> str:
    """The limits of the process alone: no check, no lock, no parent that would end it."""
    seconds = 3.0
    held = 0
    for sql in bombs:
        ended, took = limits_alone(office.filled(sql), office.cut, seconds)
        held += ended and took < seconds + 5 + 15
        if not ended or took >= seconds + 5 + 15:
            failures.append(f"not ended by the limits after {took:.0f} s: {sql[:80]}")
    return f"limits alone {held}/{len(bombs)}"


def _ended_by_the_parent(office: Office, bombs: Sequence[str], failures: list[str]) -> str:
    """The parent alone: a process without check, lock and limits."""
    held, seconds = 0, 3.0
    with _replaced(query.subprocess, "Popen", bare_popen(query.subprocess.Popen)):
        for sql in bombs:
            with Running(office.cut, office.filled(sql), seconds, 10) as running:
                try:
                    running.finish()
                except GuatuError as error:
                    if error.code not in ENDINGS:
                        failures.append(f"{error.code} without limits: {sql[:80]}")
                took = running.elapsed
            held += took < seconds + SLACK_SECONDS
            if took >= seconds + SLACK_SECONDS:
                failures.append(f"not ended by the parent after {took:.0f} s: {sql[:80]}")
    return f"parent alone {held}/{len(bombs)}"


def _cut(office: Office, failures: list[str]) -> str:
    """The file alone: whatever is asked of it, what the township may not see is not in it."""
    told = canary_edition.everything_in(scoped_edition(office.settings, None, office.township))
    foreign = [table[town] for table in (canary_edition.HOUSEHOLD, canary_edition.TEXT, canary_edition.EXACT)
               for town in (canary_edition.B, canary_edition.C)]  # fmt: skip
    foreign += [canary_edition.PLACE[canary_edition.B], canary_edition.PLACE[canary_edition.C]]
    seen = [mark for mark in foreign if mark in told]
    failures += [f"in the township's file: {mark}" for mark in seen]
    return f"cut file alone {len(foreign) - len(seen)}/{len(foreign)}"


def _honest(office: Office, rng: random.Random, size: Size, failures: list[str]) -> str:
    titles = {name: mart.title for name, mart in load_marts(PROJECT_ROOT / "dbt_project").items()}
    queries = list(dict.fromkeys(honest(canary_edition.marts(), titles)))
    chosen = rng.sample(queries, k=size.of(len(queries), 8))
    started = time.monotonic()
    with ThreadPoolExecutor(2) as pool:
        ended = list(pool.map(office.ask, chosen))
    passed = sum(state == "rows" for state, _, _ in ended)
    for sql, (state, _, said) in zip(chosen, ended, strict=True):
        if state != "rows":
            failures.append(f"an honest query was not answered ({state}): {sql[:80]}: {said[:120]}")
    if len(queries) < LEAST_HONEST:
        failures.append(f"only {len(queries)} honest queries")
    each = (time.monotonic() - started) / max(1, len(chosen))
    return f"{passed} of {len(chosen)} honest queries answered, {each:.2f} s each"


@contextmanager
def _replaced(owner: object, name: str, other: Callable[..., object]) -> Iterator[None]:
    original = getattr(owner, name)
    setattr(owner, name, other)
    try:
        yield
    finally:
        setattr(owner, name, original)
