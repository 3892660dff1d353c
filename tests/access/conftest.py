"""An installation with the canary edition, and accounts of every role."""

import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import canary_edition

from orchestration.settings import Settings, get_settings


@pytest.fixture(scope="session")
def canary_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The canary edition, published once for all tests of this folder: copied, never used itself."""
    home = tmp_path_factory.mktemp("canary") / "home"
    canary_edition.write(home)
    return home


@pytest.fixture
def office(canary_home: Path, tmp_path: Path) -> Settings:
    shutil.copytree(canary_home, tmp_path / "home", symlinks=True)
    return get_settings(tmp_path / "home")
