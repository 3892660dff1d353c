"""Fixtures of the tests of sharing: a catalogue on a PostgreSQL of its own, and offices with files."""

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
import sharing_office as offices

from orchestration.settings import Settings, get_settings


@pytest.fixture(scope="session")
def catalogue() -> Iterator[str]:
    """The address of a running PostgreSQL, up to the database's name."""
    if offices.PROGRAMS is None:
        pytest.skip("PostgreSQL 15 is not installed")
    lacking = [name for name in ("ducklake", "postgres_scanner") if find_spec(f"duckdb_extension_{name}") is None]
    if lacking:
        pytest.skip(f"the engine's extensions are not installed: {', '.join(lacking)} (dependency group ducklake)")
    with offices.postgres() as address:
        yield address


@pytest.fixture
def lake(catalogue: str, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A shared lake of this test's own, just made, and the empty directory to gather into."""
    from orchestration.sharing.lake import create

    name = f"test_{abs(hash(request.node.nodeid)):x}"
    monkeypatch.setenv("GUATU_SHARED_LAKE", offices.new_database(catalogue, name))
    settings = get_settings(tmp_path / "province")
    create(settings, str(tmp_path / "shared"))
    return settings
