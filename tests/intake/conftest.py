"""Fixtures of the intake tests: the catalogue, and an office whose divisions are known."""

import shutil
from datetime import datetime
from pathlib import Path

import pytest
from intake_office import DIVISION_ROWS, DIVISION_TITLES, SEEDS, Office, csv_bytes

from orchestration.catalogue.templates import Template, load_templates
from orchestration.intake import ingest
from orchestration.settings import get_settings


@pytest.fixture(scope="session")
def templates() -> dict[str, Template]:
    return load_templates(SEEDS)


@pytest.fixture(scope="session")
def office_with_divisions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("office") / "home"
    source = home.parent / "行政区划表_41_2018-01.csv"
    source.write_bytes(csv_bytes([DIVISION_TITLES, *DIVISION_ROWS]))
    (result,) = ingest(get_settings(home), [source], received_at=datetime(2018, 1, 1))
    assert result.submission.outcome == "accepted", result.submission.reason
    return home


@pytest.fixture
def office(tmp_path: Path, office_with_divisions: Path) -> Office:
    home = tmp_path / "home"
    shutil.copytree(office_with_divisions, home)
    return Office(get_settings(home), tmp_path / "files")
