"""Logs turn over by size while they are written, and nothing that is printed or logged tells of a person."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from orchestration.month import run_month
from orchestration.settings import Settings
from orchestration.upkeep.logs import open_log, rotate_logs

NAME, NUMBER, PHONE = "金丝雀", "411521197805120017", "13912345678"
DIVISIONS = Path(__file__).parents[1] / "golden" / "files" / "行政区划表_410000000000_2018-06.csv"
WRITER = "import time\nfor n in range(4000):\n    print(f'{n:06d}', 'x' * 1000, flush=True)\n    time.sleep(0.0005)"


def test_a_log_turns_over_while_its_process_writes(settings: Settings) -> None:
    small = settings.model_copy(update={"log_mb": 1, "log_keep": 2})
    with open_log(small, "dashboards") as log:
        writer = subprocess.Popen([sys.executable, "-c", WRITER], stdout=log, stderr=subprocess.STDOUT)
    while writer.poll() is None:
        rotate_logs(small)
    rotate_logs(small)
    files = sorted(path.name for path in small.logs.iterdir())
    assert files == ["dashboards.log", "dashboards.log.1", "dashboards.log.2"]
    assert all(path.stat().st_size < 2 << 20 and path.stat().st_mode & 0o077 == 0 for path in small.logs.iterdir())
    numbers = [int(n) for name in reversed(files) for n in re.findall(r"^(\d{6}) x+$", (small.logs / name).read_text(),
                                                                    re.MULTILINE)]  # fmt: skip
    assert numbers == sorted(numbers) and numbers[-1] == 3999, "in order, up to the last line"
    assert len(numbers) > (numbers[-1] - numbers[0]) * 0.95, "and hardly a line lost at the turn"


def test_a_full_log_with_none_to_keep_is_emptied(settings: Settings) -> None:
    none_kept = settings.model_copy(update={"log_mb": 0, "log_keep": 0})
    with open_log(none_kept, "dagster") as log:
        log.write(b"x")
    rotate_logs(none_kept)
    assert [(path.name, path.stat().st_size) for path in none_kept.logs.iterdir()] == [("dagster.log", 0)]


def _rows(village: str) -> str:
    """Ten rows about a canary, two of which are rejected: for a missing type, and for a number that is none."""
    title = "行政村代码,户编号,户主姓名,户主证件号码,联系电话,户类型,家庭人口"
    good = [f"{village},N{n},{NAME}{n},{NUMBER},{PHONE},脱贫户,3" for n in range(8)]
    bad = [f"{village},N8,{NAME}8,{NUMBER},{PHONE},,3", f"{village},N9,{NAME}9,{NUMBER}9{PHONE},{PHONE},脱贫户,3"]
    return "\n".join([title, *good, *bad]) + "\n"


def test_failing_rows_are_in_no_log(
    toy: Settings, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("orchestration.reports.make_reports", lambda *_, **__: [])
    toy.inbox.mkdir(parents=True)
    (toy.inbox / DIVISIONS.name).write_bytes(DIVISIONS.read_bytes())
    (toy.inbox / "农户台账_411521103000_2018-07.csv").write_text(_rows("411521103201"), encoding="utf-8")
    (toy.inbox / "农户台账_411521103000_2018-08.csv").write_text(_rows("411521103999"), encoding="utf-8")
    run_month(toy, "2018-07")
    from orchestration.intake import read_ledger

    assert sorted(line.outcome for line in read_ledger(toy)) == ["accepted", "partial", "refused"]
    printed = "".join(capfd.readouterr())
    # originals, rows and receipts are where they belong; everything else is what an operator reads or sends on
    belongs = {"archive", "lake", "receipts"}
    others = [p for p in toy.root.rglob("*") if p.is_file() and p.relative_to(toy.root).parts[0] not in belongs]
    assert any("dagster" in str(path) for path in others) and toy.ledger in others
    telling = [
        str(path.relative_to(toy.root))
        for path in others
        if any(canary.encode() in path.read_bytes() for canary in (NAME, NUMBER, PHONE))
    ]
    assert telling == [] and not any(canary in printed for canary in (NAME, NUMBER, PHONE))
