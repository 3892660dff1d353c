"""Kills, torn lines and tampering: nothing is lost, nothing doubled, and changes show."""

import json
import random
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import asdict
from datetime import datetime

import pytest
from intake_office import RECEIVED, VISIT_TITLES, Office, visit

from orchestration.errors import GuatuError
from orchestration.intake import ingest, ingest_inbox, read_ledger, verify_ledger
from orchestration.intake.ledger import append
from orchestration.settings import get_settings

NAME = "入户走访记录_411726_2022-06.csv"
ROWS = [VISIT_TITLES, visit(1), visit(2)]
RUN = "from orchestration.intake import ingest_inbox; from orchestration.settings import get_settings; from pathlib import Path; import sys; ingest_inbox(get_settings(Path(sys.argv[1])))"  # noqa: E501


def fingerprint(office: Office) -> list[tuple[object, ...]]:
    """What is recorded, without times; and the files there are."""
    lines = [(s.submission_id, s.sha256, s.file_name, s.outcome, s.rows_accepted) for s in read_ledger(office.settings)]
    root = office.settings.root
    files = [p for f in ("archive", "lake", "receipts", "inbox") for p in (root / f).rglob("*") if p.is_file()]
    return [*lines, *sorted((str(p.relative_to(root)),) for p in files)]


def fill_inbox(office: Office) -> None:
    for month in range(1, 7):
        name = f"入户走访记录_411726_2022-{month:02d}.csv"
        rows = [VISIT_TITLES, *[visit(i, 走访日期=f"2022-{month:02d}-03") for i in range(20)]]
        office.put(name, rows, office.settings.inbox)
    office.put("乱.csv", b"a,b\n1,2\n", office.settings.inbox)
    office.put(
        "入户走访记录_411726_2022-07.csv",
        [VISIT_TITLES, *[visit(i, 走访人身份="?") for i in range(3)]],
        office.settings.inbox,
    )


def test_an_inbox_intake_killed_anywhere_ends_as_if_never_killed(office: Office) -> None:
    untouched = Office(get_settings(office.folder.parent / "untouched"), office.folder)
    shutil.copytree(office.settings.root, untouched.settings.root)
    fill_inbox(untouched)
    ingest_inbox(untouched.settings)
    expected = fingerprint(untouched)
    chance = random.Random(20220601)
    start = untouched.settings.root.parent / "start"
    fill_inbox(office)
    shutil.copytree(office.settings.root, start)
    for attempt in range(6):
        shutil.rmtree(office.settings.root)
        shutil.copytree(start, office.settings.root)
        run = subprocess.Popen([sys.executable, "-c", RUN, str(office.settings.root)], stderr=subprocess.DEVNULL)
        recorded = len(read_ledger(office.settings)) + chance.randint(0, 6)
        while run.poll() is None and len(read_ledger(office.settings)) <= recorded:
            time.sleep(0.002)
        time.sleep(chance.random() * 0.02)
        run.send_signal(signal.SIGKILL)
        run.wait()
        ingest_inbox(office.settings)
        assert fingerprint(office) == expected, attempt
        assert verify_ledger(office.settings) == []


def test_a_file_recorded_but_not_yet_removed_is_not_recorded_twice(office: Office) -> None:
    office.put(NAME, ROWS, office.settings.inbox)
    (result,) = ingest_inbox(office.settings)
    # as if the run had been killed between the ledger's line and the removal
    path = office.put(NAME, ROWS, office.settings.inbox)
    state = path.stat()
    note = {
        "submission_id": result.submission.submission_id, "sha256": result.submission.sha256, "path": NAME,
        "size": state.st_size, "mtime_ns": state.st_mtime_ns,
    }  # fmt: skip
    (office.settings.inbox / ".taking.json").write_text(json.dumps(note), encoding="utf-8")
    assert ingest_inbox(office.settings) == []
    assert not path.exists()


def test_the_same_file_put_in_again_is_a_submission_of_its_own(office: Office) -> None:
    office.put(NAME, ROWS, office.settings.inbox)
    ingest_inbox(office.settings)
    office.put(NAME, ROWS, office.settings.inbox)
    (result,) = ingest_inbox(office.settings)
    assert result.submission.outcome == "duplicate"


def test_files_written_before_a_line_that_never_came_are_removed(office: Office) -> None:
    leftovers = [
        office.settings.lake / "visits/period=2022-06/2.parquet",
        office.settings.lake / "_problems/2.parquet",
        office.settings.receipts / "2.json",
        office.settings.receipts / "2_入户走访记录.xlsx",
    ]
    for path in leftovers:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"half")
    office.hand_in("y.csv", b"a,b\n")
    assert [p for p in leftovers if p.exists()] == [office.settings.receipts / "2.json"]
    assert json.loads(leftovers[2].read_text("utf-8"))["outcome"] == "refused"


def test_a_torn_last_line_is_cut_off(office: Office) -> None:
    whole = office.settings.ledger.read_bytes()
    office.settings.ledger.write_bytes(whole + b'{"submission_id": 2, "sha')
    assert len(read_ledger(office.settings)) == 1
    assert office.hand_in(NAME, ROWS).submission_id == 2
    assert verify_ledger(office.settings) == []


def test_a_last_line_that_only_lost_its_end_is_kept(office: Office) -> None:
    office.hand_in(NAME, ROWS)
    whole = office.settings.ledger.read_bytes()
    for damaged in (whole[:-1], whole[:-1] + b"x"):
        office.settings.ledger.write_bytes(damaged)
        assert len(read_ledger(office.settings)) == 2
    office.hand_in(NAME, [*ROWS, visit(3)])
    assert [s.rows_accepted for s in read_ledger(office.settings)][1:] == [2, 3]


def test_a_ledger_that_lost_lines_deletes_nothing(office: Office) -> None:
    for count in (2, 3, 4):
        office.hand_in(NAME, [VISIT_TITLES, *[visit(i) for i in range(count)]])
    lines = office.settings.ledger.read_bytes().splitlines(keepends=True)
    office.settings.ledger.write_bytes(lines[0])
    with pytest.raises(GuatuError, match="丢了行"):
        ingest(office.settings, [], received_at=RECEIVED)
    assert (office.settings.receipts / "4.json").exists()


def test_every_flipped_byte_of_ledger_and_archive_shows(office: Office) -> None:
    office.hand_in(NAME, ROWS)
    chance = random.Random(7)
    archived = office.settings.archive / read_ledger(office.settings)[1].sha256
    archived.chmod(0o644)
    for path in (office.settings.ledger, archived):
        whole = path.read_bytes()
        # the ledger's last byte is its end of line, which is restored by itself
        for position in chance.sample(range(len(whole) - 1), 60):
            flipped = bytearray(whole)
            flipped[position] ^= 1 << chance.randrange(8)
            path.write_bytes(bytes(flipped))
            assert verify_ledger(office.settings) != [], (path.name, position)
        path.write_bytes(whole)
    assert verify_ledger(office.settings) == []


def test_ledger_lines_have_their_keys_in_order(office: Office) -> None:
    record = json.loads(office.settings.ledger.read_text("utf-8").splitlines()[0])
    assert list(record) == [
        "submission_id", "sha256", "file_name", "template", "scope_code", "period", "received_at", "outcome",
        "rows_read", "rows_accepted", "rows_rejected", "rows_warned", "reason", "chain",
    ]  # fmt: skip
    assert record["received_at"] == "2018-01-01T00:00:00.000000"
    first = read_ledger(office.settings)[0]
    assert asdict(append(office.settings, first, [])) == asdict(first)


def test_a_worker_that_dies_or_hangs_costs_only_its_file(office: Office) -> None:
    tight = office.settings.model_copy(update={"read_timeout_seconds": 0})
    slow = office.put(NAME, ROWS)
    (refused,) = [r.submission for r in ingest(tight, [slow], received_at=RECEIVED)]
    assert refused.outcome == "refused"
    assert "限定时间" in str(refused.reason)
    assert office.take(slow, at=datetime(2022, 7, 5))[0].outcome == "accepted"


def test_a_file_beyond_the_size_limit_is_refused_unread(office: Office) -> None:
    small = office.settings.model_copy(update={"max_file_mb": 0})
    (result,) = ingest(small, [office.put(NAME, ROWS)], received_at=RECEIVED)
    assert result.submission.outcome == "refused"


def test_nothing_is_taken_in_upon_a_changed_ledger(office: Office) -> None:
    office.hand_in(NAME, ROWS)
    lines = office.settings.ledger.read_bytes()
    office.settings.ledger.write_bytes(lines.replace(b'"rows_accepted": 2', b'"rows_accepted": 1'))
    assert office.settings.ledger.read_bytes() != lines
    with pytest.raises(GuatuError, match="校验链"):
        ingest(office.settings, [], received_at=RECEIVED)
