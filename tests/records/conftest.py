"""Fixtures of the records' tests: the round built once, and copies of it to decide upon."""

import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from county_round import AS_OF, BIYANG, FILES, PERIOD, publish_edition

from orchestration.intake import ingest
from orchestration.settings import Settings, get_settings


@pytest.fixture(scope="session")
def round_home(once: Callable[..., Path]) -> Path:
    """Seven villages of 灵山镇 in the round of 2018-07: 95.5, 92, 92, 90, 85, 80, 80. Read only, please."""

    def fill(folder: Path) -> None:
        for name, text in BIYANG.items():
            (folder / name).write_text(text, encoding="utf-8")
        settings = get_settings(folder / "home")
        taken = ingest(settings, [FILES, *(folder / name for name in BIYANG)], datetime(2018, 8, 4, 9))
        assert {result.submission.outcome for result in taken} == {"accepted"}, [t.submission.reason for t in taken]
        publish_edition(settings, PERIOD, AS_OF, 1)

    return once("round", fill) / "home"


@pytest.fixture
def office(round_home: Path, tmp_path: Path) -> Settings:
    """A copy of the published round, to put decisions on record."""
    shutil.copytree(round_home / "published", tmp_path / "home" / "published", symlinks=True)
    return get_settings(tmp_path / "home")
