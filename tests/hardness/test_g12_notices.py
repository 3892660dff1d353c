"""G12 notices: books whose ends are not kept, changes nobody looks for, and views that are not put on record."""

import shutil
from pathlib import Path

import pytest
import yaml

from hardness import g12_tampering
from hardness.goal import Outcome, Size
from orchestration.intake import ledger
from orchestration.records import journal
from orchestration.settings import PROJECT_ROOT

SMALL = Size(0.02, seed=1)


async def _nobody(*_: object) -> Outcome:
    return Outcome("")


def test_books_without_heads_are_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(g12_tampering, "_on_record", _nobody)
    for module in (journal, ledger):
        monkeypatch.setattr(module, "lost_from", lambda *_: None)
    failures = g12_tampering.run(tmp_path, SMALL).failures
    assert any("cut at byte" in failure and "not noticed" in failure for failure in failures)
    assert any("was written on" in failure for failure in failures)


@pytest.mark.parametrize("blind", [(journal, "broken_at"), (ledger, "first_broken"), (ledger, "file_sha256")])
def test_a_check_that_does_not_look_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, blind) -> None:
    module, name = blind
    monkeypatch.setattr(g12_tampering, "_on_record", _nobody)
    if name == "file_sha256":
        monkeypatch.setattr(module, name, lambda path: path.name)
    else:
        monkeypatch.setattr(module, name, lambda *_: None)
    assert any("byte" in failure for failure in g12_tampering.run(tmp_path, SMALL).failures)


def test_views_that_are_not_recorded_are_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seeds = tmp_path / "seeds"
    shutil.copytree(PROJECT_ROOT / "seeds", seeds)
    _forget_households(seeds / "access" / "marts.yml")
    monkeypatch.setenv("GUATU_SEEDS", str(seeds))
    failures = g12_tampering.run(tmp_path / "office", SMALL).failures
    assert any("left 0" in failure for failure in failures)
    assert any("without a record" in failure for failure in failures)


def _forget_households(rules: Path) -> None:
    """No mart counts as one about households any more, so that no view of them is put on record."""
    found = yaml.safe_load(rules.read_text(encoding="utf-8"))
    for rule in found["marts"].values():
        rule.pop("personal", None)
    rules.write_text(yaml.safe_dump(found, allow_unicode=True), encoding="utf-8")
