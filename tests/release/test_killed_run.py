"""A whole run killed at any moment: what was served stays served, and the next run ends as if nothing had happened."""

import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from orchestration.intake import read_ledger
from orchestration.release import current_edition
from orchestration.settings import Settings, get_settings

FILES = Path(__file__).parents[1] / "golden" / "files"
PERIOD = "2018-07"
TIMED = {"dim_edition", "fct_submission"}
"""Tables that tell when something happened; all others depend on what was handed in alone."""


def command(home: Path) -> list[str]:
    return [sys.executable, "-m", "orchestration.cli", "run", "--period", PERIOD, "--home", str(home)]


def with_inbox(home: Path) -> Settings:
    settings = get_settings(home)
    shutil.copytree(FILES, settings.inbox)
    return settings


def marts(settings: Settings) -> dict[str, list[tuple]]:
    edition = current_edition(settings)
    assert edition is not None
    with duckdb.connect(str(settings.published / f"{edition.edition_id}.duckdb"), read_only=True) as connection:
        tables = [row[0] for row in connection.execute(
            "select table_name from information_schema.tables where table_schema = 'marts'"
        ).fetchall()]  # fmt: skip
        return {
            table: sorted(connection.execute(f"from marts.{table}").fetchall(), key=repr)
            for table in tables
            if table not in TIMED
        }


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, list[tuple]], float]:
    settings = with_inbox(tmp_path_factory.mktemp("undisturbed"))
    started = time.monotonic()
    subprocess.run(command(settings.root), check=True, capture_output=True)
    return marts(settings), time.monotonic() - started


def test_killed_runs_leave_nothing_behind(undisturbed: tuple[dict[str, list[tuple]], float], tmp_path: Path) -> None:
    expected, seconds = undisturbed
    settings = with_inbox(tmp_path)
    moments = random.Random(7)
    for _ in range(3):
        run = subprocess.Popen(command(settings.root), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            run.wait(timeout=moments.uniform(0.15, 0.95) * seconds)
        except subprocess.TimeoutExpired:
            run.kill()
            run.wait()
        served = current_edition(settings)
        if served is not None:
            assert marts(settings) == expected, "服务中的版本必须完整"
    subprocess.run(command(settings.root), check=True, capture_output=True)
    assert marts(settings) == expected
    recorded = [line for line in read_ledger(settings) if line.outcome != "duplicate"]
    assert sorted(line.file_name for line in recorded) == sorted(path.name for path in FILES.iterdir())
    assert not list(settings.inbox.glob("[!.]*"))
