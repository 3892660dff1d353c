"""Installations with a small dbt project."""

from pathlib import Path

import pytest
from toy_project import toy_settings

from orchestration.settings import Settings


@pytest.fixture
def toy(tmp_path: Path) -> Settings:
    """An installation whose build takes a second."""
    return toy_settings(tmp_path)
