"""The goal of faults fails where a clock that has gone back is not noticed, and where a message is a traceback."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from hardness import g04_faults
from hardness.g04_cases import cases


def trusts_any_clock(home: Path, arguments: Sequence[str], words: Path, limit: int | None, hook: str | None) -> None:
    """The command line, without its look at the clock."""
    from orchestration import clock

    clock.TOLERANCE_SECONDS = float("inf")
    g04_faults._command(home, arguments, words, limit, hook)


def test_a_clock_nobody_looks_at_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(g04_faults, "_command", trusts_any_clock)
    outcome = g04_faults.trial(tmp_path, [case for case in cases() if case.name == "back by a day"])
    assert any("went on as if nothing were wrong" in failure for failure in outcome.failures), outcome
