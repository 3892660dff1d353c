"""The goal on hostile SQL fails where a layer is gone, and where honest queries are refused."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from hardness import g06_sandbox
from hardness.g06_layers import PLAIN
from hardness.g06_sandbox import Office
from hardness.g06_statements import BOMBS
from hardness.goal import Size

SOME = ["select * from read_text('{canary}')", "copy (select 1) to '{out}'", "select getenv('PATH')"]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    return Office(tmp_path_factory.mktemp("sandbox"))


def test_a_check_that_lets_everything_through(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(g06_sandbox, "check_statement", lambda sql: None)
    failures: list[str] = []
    g06_sandbox._checked(office, SOME, failures)
    assert len(failures) == len(SOME)


def test_attacks_that_are_answered(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orchestration.access.querying.check_statement", lambda sql: None)
    failures: list[str] = []
    g06_sandbox._attacked(office, ["select 1; select 2"], [], failures)
    assert any("was answered" in failure for failure in failures)


def test_a_connection_that_is_not_locked(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(g06_sandbox, "LOCKED", PLAIN)
    failures: list[str] = []
    g06_sandbox._locked(office, SOME, tmp_path, failures)
    assert sum("got out of the locked connection" in failure for failure in failures) == 2


def test_a_parent_that_waits_too_long(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(g06_sandbox, "SLACK_SECONDS", -3.0)
    failures: list[str] = []
    g06_sandbox._ended_by_the_parent(office, [sql for sql in BOMBS if "range(100000000000000)" in sql], failures)
    assert any("not ended by the parent" in failure for failure in failures)


def test_a_file_that_is_not_cut(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(g06_sandbox, "scoped_edition", lambda settings, edition, held: office.edition)
    failures: list[str] = []
    g06_sandbox._cut(office, failures)
    assert failures


def test_honest_queries_that_are_refused(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orchestration.sandbox.statement.allowed_functions", frozenset)
    failures: list[str] = []
    g06_sandbox._honest(office, random.Random(1), Size(0.03, 1), failures)
    assert any("not answered" in failure for failure in failures)
