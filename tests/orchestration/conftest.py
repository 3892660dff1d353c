"""Installations with a small dbt project."""

from pathlib import Path

import pytest
from hardness import rhythm_office
from toy_project import toy_settings

from orchestration.settings import Settings, get_settings


@pytest.fixture
def toy(tmp_path: Path) -> Settings:
    """An installation whose build takes a second."""
    return toy_settings(tmp_path)


@pytest.fixture(scope="session")
def every_interval(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Seeds with the shipped schemes and one that has every interval: read only, please."""
    return rhythm_office.seeds_with_every_interval(tmp_path_factory.mktemp("rhythm"))


@pytest.fixture
def office(tmp_path: Path, every_interval: Path) -> Settings:
    """An installation with those seeds."""
    return get_settings(tmp_path / "home").model_copy(update={"seeds": every_interval})


@pytest.fixture
def placed(office: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The office with its divisions known, as intake would have them."""
    divisions, units = rhythm_office.divisions(office), rhythm_office.support_units(office)
    monkeypatch.setattr("orchestration.rhythm.owing.divisions_on", lambda _settings, _day: divisions)
    monkeypatch.setattr("orchestration.rhythm.owing.support_units_of", lambda _settings: units)
    return office
