"""An office with some submissions, decisions and accounts, taken in once and copied."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from orchestration.access import accounts
from orchestration.intake import ingest
from orchestration.records.journal import append
from orchestration.settings import Settings, get_settings

GOLDEN = Path(__file__).parents[1] / "golden" / "files"
DECISION = {
    "kind": "veto", "scheme": "lingshan-2018", "ranking": None, "edition_period": "2018-07",
    "division_code": "411521103201", "unit": None, "clause_id": None, "object": None, "action_kind": None,
    "step": "found", "code": "fraud", "year": 2018, "amount": None, "score": None, "person": "示例经办人",
    "reason": "核查属实", "decided_at": "2018-09-05T09:00:00", "edition_id": "2018-07_0001",
}  # fmt: skip
"""After the edition's as-of time: it counts in the next one."""


@pytest.fixture(scope="session")
def lived_in(golden_home: Path, once: Callable[[str, Callable[[Path], object]], Path]) -> Path:
    """The published round of 灵山镇, an account, a decision, and a file sent twice."""

    def fill(home: Path) -> None:
        shutil.copytree(golden_home, home, symlinks=True, dirs_exist_ok=True)
        settings = get_settings(home)
        ingest(settings, [sorted(GOLDEN.iterdir())[0]])
        accounts.add(settings, "jia", "示例人", "administrator", (), password="春耕备耕要抓紧,不误农时")
        append(settings.decisions, DECISION)
        append(settings.audit, {"what": "signed_in", "login": "jia"})

    return once("lived_in", fill)


@pytest.fixture
def office(lived_in: Path, tmp_path: Path) -> Settings:
    shutil.copytree(lived_in, tmp_path / "home", symlinks=True)
    return get_settings(tmp_path / "home")
