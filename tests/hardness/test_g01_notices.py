"""The goal of kills fails where a file leaves the inbox before it is recorded, and where what is served steps back."""

import os
import signal
import sys
import time
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from hardness import g01_kills, office
from orchestration.release import list_editions, publish
from orchestration.settings import get_settings

SOME_READS = 3.0
NEVER = 10**6
sys.path.insert(0, str(Path(__file__).parents[1] / "release"))


def dies_before_the_record(home: Path, say: Connection, phase: str | None, at: int | None) -> None:
    """A month that dies when a file is judged and written, and about to be recorded."""
    from orchestration.intake import taking

    taking.append = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
    g01_kills._worker(home, say, phase, at)


def takes_away_too_soon(home: Path, say: Connection, phase: str | None, at: int | None) -> None:
    """The same, where the file has left the inbox before its line stands in the ledger."""
    from orchestration.intake import taking

    taking._announce_removal = lambda settings, file, submission: file.unlink()
    dies_before_the_record(home, say, phase, at)


def test_a_file_removed_before_its_record_is_missed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = office.opened(tmp_path / "office")
    worker = g01_kills._worker
    for number, dying in enumerate((dies_before_the_record, takes_away_too_soon), start=1):
        office.hand_in(settings, number)
        tally = g01_kills.Tally()
        monkeypatch.setattr(g01_kills, "_worker", dying)
        g01_kills._one_kill(settings, "ingest", NEVER, 0, tally)
        monkeypatch.setattr(g01_kills, "_worker", worker)
        g01_kills._finish(settings)
        g01_kills._account(settings, number, tally)
        assert tally.kills["ingest"] == 1
        assert (tally.lost > 0) == (dying is takes_away_too_soon), tally
    assert any("lost" in failure for failure in tally.failures)


def test_a_reader_notices_a_step_back_and_a_foreign_edition(tmp_path: Path) -> None:
    from small_warehouse import write_warehouse

    from orchestration.release.publish import _point_at

    settings = get_settings(tmp_path)
    for marker in (1, 2):
        warehouse = write_warehouse(tmp_path / "warehouse.duckdb", marker=marker)
        publish(settings, warehouse, "2022-06", office.AS_OF)
    ours, theirs = office.forks().Pipe()
    reader = office.forks().Process(target=office.watch, args=(tmp_path, theirs), daemon=True)
    reader.start()
    time.sleep(SOME_READS)
    _point_at(settings, list_editions(settings)[0].edition_id)
    time.sleep(SOME_READS)
    ours.send("stop")
    watched = ours.recv()
    reader.join()
    assert any("stepped back" in error for error in watched.errors)
    assert any("another edition" in error for error in watched.errors)  # these say 'x' of themselves
