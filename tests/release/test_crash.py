"""Killed anywhere while publishing: the edition served is whole, complete, and never older than before."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from orchestration.release import current_edition, list_editions, run_lock, tidy
from orchestration.settings import Settings

KILLS = 10
PUBLISHER = """
import sys
from datetime import datetime
from pathlib import Path
sys.path.insert(0, {here!r})
from small_warehouse import write_warehouse
from orchestration.catalogue.templates import load_templates
from orchestration.release import list_editions, publish, run_lock
from orchestration.settings import get_settings
settings = get_settings(Path({home!r}))
load_templates(settings.seeds)
print("ready", flush=True)
while True:
    with run_lock(settings):
        editions = list_editions(settings)
        marker = (editions[-1].sequence if editions else 0) + 1
        path = write_warehouse(Path({home!r}) / "warehouse.duckdb", marker=marker)
        publish(settings, path, "2022-06", datetime(2022, 7, 6))
"""


def served_marker(settings: Settings) -> int | None:
    """The marker of the edition served, the same in every table and equal to its number; None before the first."""
    pointer = settings.published / "current.duckdb"
    if not pointer.exists():
        return None
    path = pointer.resolve()
    with duckdb.connect(str(path), read_only=True) as connection:
        markers = connection.execute(
            "select min(numerator), max(numerator), count(*) from fct_indicator "
            "union all select min(score), max(score), count(*) from fct_ranking"
        ).fetchall()
    number = int(path.stem.rsplit("_", 1)[1])
    assert markers == [(number, number, 2000), (number, number, 8)], path.name
    return number


@pytest.mark.skipif(os.name != "posix", reason="needs SIGKILL")
def test_kill_anywhere_while_publishing(settings: Settings) -> None:
    settings.root.mkdir(parents=True)
    here = str(Path(__file__).parent)
    script = PUBLISHER.format(here=here, home=str(settings.home))
    chance = random.Random(20220630)
    before = 0
    for _ in range(KILLS):
        child = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
        assert child.stdout is not None and child.stdout.readline() == b"ready\n"
        deadline = time.monotonic() + chance.uniform(0.0, 1.6)
        while time.monotonic() < deadline:
            marker = served_marker(settings)  # a reader meanwhile: whole, and no step back
            assert (marker or 0) >= before
            before = marker or before
        child.send_signal(signal.SIGKILL)
        child.wait()
        child.stdout.close()
        marker = served_marker(settings)
        assert (marker or 0) >= before
        before = marker or before
    with run_lock(settings, wait_seconds=5):  # freed by the death of its holder
        tidy(settings)
    editions = list_editions(settings)
    assert editions and served_marker(settings) == editions[-1].sequence == current_edition(settings).sequence
    assert not [path for path in settings.published.iterdir() if path.name.startswith(".")]
