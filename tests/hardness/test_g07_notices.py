"""G7 notices: rows of others let through, households under no code, logs that say names, a door that stands open."""

import asyncio
import shutil
from pathlib import Path

import pytest
import yaml

from hardness import g07_canaries, g07_forged
from hardness.g07_office import canaries, enter, take_in
from hardness.g07_scan import Finder
from hardness.goal import Size
from hardness.web import serving
from orchestration.access import audit
from orchestration.settings import PROJECT_ROOT


def _loosen(seeds: Path, mart: str, **change: object) -> None:
    """A copy of the catalogue in which one mart's rule lets more through."""
    shutil.copytree(PROJECT_ROOT / "seeds", seeds)
    rules = seeds / "access" / "marts.yml"
    found = yaml.safe_load(rules.read_text(encoding="utf-8"))
    found["marts"][mart].update(change)
    rules.write_text(yaml.safe_dump(found, allow_unicode=True), encoding="utf-8")


def test_rows_of_others_and_households_by_number_are_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    columns = {"period": "keep", "household_id": "keep", "village_code": "keep"}
    _loosen(tmp_path / "seeds", "fct_household", rows="all", division=None, personal={"columns": columns})
    monkeypatch.setenv("GUATU_SEEDS", str(tmp_path / "seeds"))
    failures = g07_canaries.run(tmp_path / "office", Size(0.02, seed=1)).failures
    assert any("was sent a number" in failure for failure in failures)


def test_a_name_in_the_record_or_in_a_work_file_is_noticed(tmp_path: Path) -> None:
    settings = take_in(tmp_path / "home", months=2, far=False)
    finder = Finder(canaries(settings))
    secret = next(value for value, canary in finder.canaries.items() if canary.kind == "secret")
    tally = g07_canaries.Tally()
    g07_canaries.g07_files.folders(settings, finder, tally)
    assert tally.leaks == set()
    audit.write(settings, "somebody", "township", "upload", object=f"{secret}.xlsx")
    g07_canaries.g07_files.folders(settings, finder, tally)
    assert tally.leaks == {"the file audit.jsonl holds a secret"}


def test_an_open_door_lets_every_forged_identity_in(tmp_path: Path) -> None:
    settings = take_in(tmp_path / "home", months=2, far=False)
    enter(settings, "somebody", "analyst", ())
    forged = g07_forged.Forged()
    with serving(settings.root, access="open") as server:
        asyncio.run(forged.expect_shut(server, "made-up cookie", {"guatu": "x" * 43}))
    assert any("answered" in failure for failure in forged.failures)
    assert any("the socket opened" in failure for failure in forged.failures)
