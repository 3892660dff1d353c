"""The goal of faults fails where a clock gone back is not noticed, and where a closed file ends in a traceback."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from hardness import g04_faults
from hardness.g04_cases import cases

Limits = tuple[int | None, str | None, bool]


def trusts_any_clock(home: Path, arguments: Sequence[str], words: Path, *limits: *Limits) -> None:
    """The command line, without its look at the clock."""
    from orchestration import clock

    clock.TOLERANCE_SECONDS = float("inf")
    g04_faults._command(home, arguments, words, *limits)


def knows_no_closed_file(home: Path, arguments: Sequence[str], words: Path, *limits: *Limits) -> None:
    """The command line, to which a file that may not be read is a fault of its own."""
    import orchestration.cli
    import orchestration.month

    orchestration.cli.system_fault = orchestration.month.system_fault = lambda *_: None
    g04_faults._command(home, arguments, words, *limits)


def test_a_clock_nobody_looks_at_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(g04_faults, "_command", trusts_any_clock)
    outcome = g04_faults.trial(tmp_path, [case for case in cases() if case.name == "back by a day"])
    assert any("went on as if nothing were wrong" in failure for failure in outcome.failures), outcome


def test_a_closed_file_that_ends_in_a_traceback_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(g04_faults, "_command", knows_no_closed_file)
    closed = [case for case in cases() if case.kind == "unreadable" and case.name == "ledger.jsonl"]
    outcome = g04_faults.trial(tmp_path, closed)
    assert any("not a clear message" in failure for failure in outcome.failures), outcome
