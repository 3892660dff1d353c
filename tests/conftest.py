"""Fixtures for all tests: an empty installation, a small dbt project, and the demonstration built once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestration.settings import Settings, get_settings


@pytest.fixture(scope="session", autouse=True)
def _open_access() -> Iterator[None]:
    """Pages are tested as the open demonstration shows them; tests of access say otherwise for themselves."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GUATU_ACCESS", "open")
        yield


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
