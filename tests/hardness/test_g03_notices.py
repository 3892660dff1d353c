"""The goal of publishing under readers fails where editions are written over one another in place."""

import shutil
import sys
from datetime import datetime
from pathlib import Path

import pytest

from hardness import g03_publishing
from hardness.goal import Size
from orchestration.release import current_edition, publish
from orchestration.release.editions import database_path
from orchestration.settings import get_settings


def publish_in_place(home: Path, times: int) -> None:
    """The first edition as it should be; every later one is copied over its file."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "release"))
    from small_warehouse import write_warehouse

    settings = get_settings(home)
    for number in range(1, times + 1):
        edition = current_edition(settings)
        warehouse = write_warehouse(home / "warehouse.duckdb", marker=number + (1 if edition else 0))
        if edition is None:
            publish(settings, warehouse, g03_publishing.PERIOD, datetime(2022, 7, 6))
        else:
            path = database_path(settings, edition.edition_id)
            path.chmod(0o644)
            shutil.copyfile(warehouse, path)


def test_editions_written_in_place_are_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(g03_publishing, "_publish", publish_in_place)
    outcome = g03_publishing.run(tmp_path, Size(0.02, seed=1))
    assert any(failure.startswith("mixed") or "Error" in failure for failure in outcome.failures), outcome
