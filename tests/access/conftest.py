"""An installation with the canary edition, and accounts of every role."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import canary_edition

from orchestration.settings import Settings, get_settings


@pytest.fixture
def office(tmp_path: Path) -> Settings:
    canary_edition.write(tmp_path / "home")
    return get_settings(tmp_path / "home")
