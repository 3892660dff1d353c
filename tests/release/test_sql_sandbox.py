"""The query sandbox: attacks refused or ended in time, honest queries unharmed, and every layer holding by itself."""

import hashlib
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import duckdb
import polars as pl
import pytest

sys.path.insert(0, str(Path(__file__).parent))

import sql_attacks

from orchestration.errors import GuatuError
from orchestration.release.query import Running, check_statement, query_file
from orchestration.sandbox.child import MEMORY_BYTES, limit_process
from orchestration.sandbox.locked import connect_locked
from orchestration.sandbox.statement import allowed_functions

SECRET = "CANARY-7f3a"
GRAMMAR = (
    "coalesce columns cume_dist dense_rank extract first_value grouping grouping_id if ifnull is_distinct_from "
    "json_each json_tree lag last_value lead nth_value ntile overlay percent_rank rank row_number try_cast unnest "
    "current_time current_timestamp"
)
"""Calls that are part of the language and in no list of functions."""
BOUND_SECONDS = 8.0
SLACK_SECONDS = 4.0
"""For starting and ending a process on a busy machine."""
on_posix = pytest.mark.skipif(os.name != "posix", reason="进程限制只在 POSIX 系统上有")


class Target:
    """An edition's file, a secret beside it, and a place that must stay empty."""

    def __init__(self, folder: Path) -> None:
        self.database, self.canary, self.out = folder / "edition.duckdb", folder / "secret.txt", folder / "out.csv"
        self.canary.write_text(f"a,b\n{SECRET},1\n", encoding="utf-8")
        with duckdb.connect(str(self.database)) as connection:
            connection.execute(
                """
                create schema marts;
                create table marts.fct_indicator as
                select '2022-0' || (range % 6 + 1) as period, '5205' || lpad(range::varchar, 8, '0') as division_code,
                    'rate' as indicator_code, (range / 100)::decimal(18, 4) as value,
                    range::decimal(18, 4) as numerator,
                    'value' as state, '2021-06' as year_ago
                from range(60);
                create view main.fct_indicator as select * from marts.fct_indicator;
                create schema 中文;
                create view 中文."指标值" as select period as "期别", value as "值" from marts.fct_indicator;
                """
            )
        self.database.chmod(0o444)
        self.before = self.hash()

    def hash(self) -> str:
        return hashlib.sha256(self.database.read_bytes()).hexdigest()

    def fill(self, sql: str) -> str:
        for name in ("canary", "database", "out"):
            sql = sql.replace("{" + name + "}", getattr(self, name).as_posix())
        return sql.replace("{{", "{").replace("}}", "}") if "{{" in sql else sql

    def assert_unharmed(self) -> None:
        assert self.hash() == self.before
        assert not self.out.exists()


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Target:
    return Target(tmp_path_factory.mktemp("sandbox"))


@pytest.fixture
def without_check(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first layer switched off."""
    monkeypatch.setattr("orchestration.release.query.check_statement", lambda sql: None)


def test_there_are_enough_attacks_and_honest_queries():
    assert len({*sql_attacks.refused(), *sql_attacks.BOMBS, *sql_attacks.DEEP}) >= 300
    assert len(set(sql_attacks.HONEST)) >= 60


def test_the_check_alone_refuses_every_way_out(target: Target):
    """Nothing is run here: the statement's own words are enough."""
    passed = []
    for sql in sql_attacks.refused():
        try:
            check_statement(target.fill(sql))
            passed.append(sql)
        except GuatuError as error:
            assert error.message_zh and "Traceback" not in error.message_zh
    assert passed == []


@pytest.mark.parametrize("sql", sql_attacks.DEEP, ids=lambda sql: sql[:24])
def test_deep_and_long_statements_do_not_hold_up_the_check(sql: str):
    started = time.monotonic()
    with suppress(GuatuError):
        check_statement(sql)
    assert time.monotonic() - started < BOUND_SECONDS


def test_honest_queries_pass_every_layer(target: Target):
    with connect_locked(target.database) as connection:
        for sql in sql_attacks.HONEST:
            check_statement(sql)
            connection.execute(sql).fetchall()
    target.assert_unharmed()


@pytest.mark.parametrize("sql", random.Random(7).sample(sql_attacks.HONEST, 4))
def test_honest_queries_come_back_from_the_child(target: Target, sql: str):
    with connect_locked(target.database) as connection:
        expected = connection.execute(sql).description
    result = query_file(target.database, sql, BOUND_SECONDS)
    assert result.columns == [column[0] for column in expected]


def test_the_locked_connection_alone_lets_nothing_out(target: Target):
    """The check switched off: whatever runs reads no file, writes none, and changes no setting."""
    run = 0
    for sql in sql_attacks.refused():
        if "sleep" in sql:
            continue
        connection = connect_locked(target.database)
        try:
            cursor = connection.execute(target.fill(sql))
            rows = cursor.fetchmany(100) if cursor else []
            assert SECRET not in str(rows)
            run += 1
            external = connection.execute("select current_setting('enable_external_access')").fetchone()
            assert external == (False,)
        except duckdb.Error as error:
            assert SECRET not in str(error)
        finally:
            connection.close()
        target.assert_unharmed()
    assert run < 80  # prying and statements on nothing, such as begin or select 1; select 2


def test_objects_of_the_program_are_not_tables(target: Target):
    request = connection = answers = pl.DataFrame({"secret": [1]})  # what a replacement would find
    assert request.equals(connection) and request.equals(answers)
    with connect_locked(target.database) as locked:
        for sql in sql_attacks.VARIABLES:
            with pytest.raises(duckdb.CatalogException):
                locked.execute(sql)


def test_without_the_lock_the_same_statements_get_out(target: Target, tmp_path: Path):
    """What the locked connection is for: a plain read-only one hands over the secret and ruins its own file."""
    copy = tmp_path / "edition.duckdb"
    copy.write_bytes(target.database.read_bytes())
    with duckdb.connect(str(copy), read_only=True) as connection:
        stolen = connection.execute(f"select content from read_text('{target.canary.as_posix()}')").fetchone()[0]
        assert SECRET in stolen
        connection.execute(f"copy (select 1) to '{copy.as_posix()}' (format csv, use_tmp_file false)")
    assert copy.stat().st_size < 100


def _limited(target: Target, action: str) -> subprocess.CompletedProcess[str]:
    """A plain, unlocked connection in a process that has nothing but the limits of a query's process."""
    program = (
        "import duckdb, sys\n"
        "from orchestration.sandbox.child import limit_process\n"
        "limit_process(3)\n"
        "connection = duckdb.connect(sys.argv[1], read_only=True)\n"
        f"{action}\n"
    )
    command = [sys.executable, "-c", program, str(target.database)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


@on_posix
@pytest.mark.parametrize("sql", [sql_attacks.BOMBS[0], sql_attacks.BOMBS[1], sql_attacks.BOMBS[7]])
def test_the_process_limits_alone_end_a_bomb(target: Target, sql: str):
    """No check, no lock, and no parent that would end it: memory, CPU or the alarm does."""
    started = time.monotonic()
    ended = _limited(target, f"print(connection.execute({sql!r}).fetchall())")
    assert ended.returncode != 0
    assert time.monotonic() - started < 3 + 5 + 10


@on_posix
def test_the_process_limits_alone_keep_files_from_growing(target: Target, tmp_path: Path):
    out = tmp_path / "out.csv"
    ended = _limited(target, f"connection.execute(\"copy (from range(100000)) to '{out.as_posix()}'\")")
    assert ended.returncode != 0
    assert not out.exists() or out.stat().st_size == 0


@on_posix
def test_the_child_has_the_limits(monkeypatch: pytest.MonkeyPatch):
    import resource

    seen = {}
    monkeypatch.setattr(resource, "setrlimit", lambda what, limits: seen.update({what: limits}))
    monkeypatch.setattr("signal.setitimer", lambda which, seconds: seen.update({"alarm": seconds}))
    limit_process(8)
    assert seen[resource.RLIMIT_AS] == (MEMORY_BYTES, MEMORY_BYTES)
    assert seen[resource.RLIMIT_FSIZE] == (0, 0)
    assert seen["alarm"] == 13


BOMBS_RUN = sql_attacks.BOMBS if os.environ.get("GUATU_TEST_ALL") else random.Random(11).sample(sql_attacks.BOMBS, 5)


@pytest.mark.parametrize("sql", BOMBS_RUN, ids=lambda sql: sql[:40])
def test_the_parent_alone_bounds_a_bomb(target: Target, without_check: None, sql: str):
    """Every bomb is a statement the check lets through: time and memory are the wall."""
    started = time.monotonic()
    limit = 2.0
    try:
        result = query_file(target.database, target.fill(sql), limit, max_rows=10)
        assert len(result.rows) <= 10
    except GuatuError as error:
        assert error.code in ("query_timeout", "query_too_large", "query_invalid")
    assert time.monotonic() - started < limit + SLACK_SECONDS + 6
    target.assert_unharmed()


def test_a_query_is_ended_when_its_reader_leaves(target: Target):
    with Running(target.database, "select count(*) from range(100000000000000)", 60.0) as running:
        assert not running.wait(1.5)
        process = running._process
        assert process.poll() is None
    assert process.returncode is not None


def test_the_child_knows_no_secrets_of_the_environment(target: Target, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GUATU_OIDC_CLIENT_SECRET", SECRET)
    started: dict[str, dict[str, str]] = {}
    original = subprocess.Popen

    def spy(*arguments: object, **options: dict[str, str]) -> "subprocess.Popen[bytes]":
        started["env"] = options["env"]
        return original(*arguments, **options)

    monkeypatch.setattr("orchestration.release.query.subprocess.Popen", spy)
    assert query_file(target.database, "select 1", BOUND_SECONDS).rows == [(1,)]
    assert SECRET not in str(started["env"])


def test_an_answer_that_names_code_is_not_trusted(target: Target):
    import pickle

    class Harm:
        def __reduce__(self) -> tuple[Callable[..., object], tuple[str]]:
            return os.system, ("true",)

    with Running(target.database, "select 1", BOUND_SECONDS) as running:
        running.finish()
        running._answer[:] = pickle.dumps(("rows", (["a"], ["INTEGER"], [Harm()])))
        with pytest.raises(GuatuError):
            running.result()


def test_every_function_of_the_list_is_one_of_the_engine():
    """A name that reads files must never come onto the list, and a misspelt one would refuse honest queries."""
    with duckdb.connect() as connection:
        known = {
            name.lower()
            for (name,) in connection.execute("select distinct function_name from duckdb_functions()").fetchall()
        }
    grammar = set(GRAMMAR.split())
    assert allowed_functions() - known - grammar == set()
    assert not any(name.startswith(("read_", "parquet_", "duckdb_s", "duckdb_d")) for name in allowed_functions()
                   if name != "duckdb_schemas")  # fmt: skip
