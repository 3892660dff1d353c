"""What the system refuses is said in a person's words: a full disk, no permission, a clock that has gone back."""

import errno
import os
import time
from datetime import datetime
from pathlib import Path

import duckdb
import polars as pl
import pytest

from orchestration.clock import present
from orchestration.errors import GuatuError, system_fault
from orchestration.intake import ingest_inbox, read_ledger
from orchestration.settings import Settings, now

GOLDEN = Path(__file__).parents[1] / "golden" / "files"


def test_a_full_disk_is_named_whichever_library_met_it(tmp_path: Path) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("no device that is always full")
    met = []
    for write in (
        lambda: full.write_bytes(b"0" * 10_000),
        lambda: pl.DataFrame({"a": range(100_000)}).write_csv(full),
        lambda: duckdb.sql("select range as a from range(100000)").write_csv(str(full)),
    ):
        with pytest.raises(Exception) as caught:
            write()
        met.append(system_fault(caught.value))
    assert [fault and fault.code for fault in met] == ["disk_full"] * 3


def test_no_permission_is_named_with_the_file() -> None:
    fault = system_fault(OSError(errno.EROFS, "Read-only file system", "/数据/ledger.jsonl"))
    assert fault is not None and fault.code == "not_permitted" and "/数据/ledger.jsonl" in fault.message_zh
    assert system_fault(ValueError("something else")) is None


def test_nothing_is_received_while_the_clock_is_behind(settings: Settings) -> None:
    settings.root.mkdir(parents=True)
    settings.ledger.touch()
    assert abs((present(settings) - now()).total_seconds()) < 5
    later = time.time() + 86_400
    os.utime(settings.ledger, (later, later))
    settings.inbox.mkdir()
    waiting = settings.inbox / "行政区划表_410000000000_2018-06.csv"
    waiting.write_bytes((GOLDEN / waiting.name).read_bytes())
    with pytest.raises(GuatuError, match="时钟"):
        ingest_inbox(settings)
    assert read_ledger(settings) == []
    assert waiting.exists()
    (taken,) = ingest_inbox(settings, datetime(2018, 7, 1))  # the time given by a person holds
    assert taken.submission.outcome == "accepted"


def test_a_small_step_of_the_clock_is_no_reason_to_stop(settings: Settings) -> None:
    settings.root.mkdir(parents=True)
    settings.ledger.touch()
    soon = time.time() + 60
    os.utime(settings.ledger, (soon, soon))
    present(settings)
