"""One sample edition and its reports for all tests of this folder."""

from pathlib import Path

import pytest
from sample_edition import build_sample_edition

from orchestration.reports import make_reports


@pytest.fixture(scope="session")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The link ``current.duckdb`` to a small published edition."""
    return build_sample_edition(tmp_path_factory.mktemp("home") / "published")


@pytest.fixture(scope="session")
def town(edition: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Reports of the township for July 2018, by suffix."""
    folder = tmp_path_factory.mktemp("town")
    return {path.suffix: path for path in make_reports(edition, "2018-07", folder, kinds=["monthly"])}


@pytest.fixture(scope="session")
def prefecture(edition: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Reports of the prefecture for June 2022, by suffix."""
    folder = tmp_path_factory.mktemp("prefecture")
    return {path.suffix: path for path in make_reports(edition, "2022-06", folder, kinds=["monthly"])}
