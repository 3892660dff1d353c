"""Fixtures for all tests: an empty installation, a small dbt project, and the demonstration built once."""

from pathlib import Path

import pytest

from orchestration.settings import Settings, get_settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An empty installation."""
    return get_settings(tmp_path / "home")


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration, taken in, built and published once for the whole session: read only, please."""
    from orchestration.showcase import show

    home = tmp_path_factory.mktemp("demo") / "home"
    show(get_settings(home), lambda _: None)
    return home
