"""Every goal of the hardness campaign in its small form; ``make hardness`` runs them at full size."""

from pathlib import Path

import pytest

from hardness.campaign import SMALL, Goal, goals, main
from hardness.goal import Outcome, Size


@pytest.mark.parametrize("goal", goals(), ids=lambda goal: goal.label)
def test_goal_is_reached(goal: Goal, tmp_path: Path) -> None:
    outcome = goal.run(tmp_path, Size(SMALL, seed=1))
    assert outcome.failures == (), outcome.figures


def test_an_unknown_goal_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["G99"]) == 2
    assert "G99" in capsys.readouterr().err


def test_a_goal_that_fails_or_breaks_off_fails_the_campaign(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    outcomes = [Outcome("3 of 3"), Outcome("2 of 3", ("one was lost",)), Outcome("broke off", ("OSError: no",))]
    found = [Goal(f"G{number}", "Something holds.", lambda home, size: Outcome("")) for number in (1, 2, 3)]
    monkeypatch.setattr("hardness.campaign.goals", lambda wanted: found)
    monkeypatch.setattr("hardness.campaign.attempt_apart", lambda goal, size: outcomes[found.index(goal)])
    assert main([]) == 1
    printed = capsys.readouterr().out.splitlines()
    assert "one was lost" in printed[2]
    assert printed[-1] == "1 passed, 2 failed"
