"""The demonstration: invented submissions taken in as they would have come, then built, published, reported."""

import shutil
from collections import Counter
from collections.abc import Callable
from datetime import datetime

from orchestration.demo import make_demo
from orchestration.demo.office import record_decisions, record_deliveries
from orchestration.errors import GuatuError
from orchestration.intake import ingest, read_ledger
from orchestration.intake.ledger import file_sha256
from orchestration.month import run_month
from orchestration.release import list_editions
from orchestration.settings import Settings

EDITIONS = {
    "2018-09": datetime(2018, 10, 10, 18),
    "2022-06": datetime(2022, 7, 15, 18),
    "2022-12": datetime(2023, 1, 10, 18),
}
"""灵山镇 after its third round; 毕节市 at half-year and at the year's end. The last is the edition served: it has the
months of every place since 2016. Each says what was known when its bulletin would have gone out."""

DECIDED_AFTER = "2022-06"
"""After this edition people decide on what it proposes; the next one shows it."""


def show(settings: Settings, report: Callable[[str], None]) -> list[str]:
    """Fills the installation with the demonstration; returns its summary, Chinese, line by line.

    May be repeated or resumed: what was taken in or published already is not taken in or published again.
    Raises GuatuError ``demo_failed`` when a month could not be published.
    """
    taken = _take_in(settings, report)
    record_deliveries(settings)
    for period, as_of in EDITIONS.items():
        if taken == 0 and list_editions(settings, period):
            continue
        result = run_month(settings, period, as_of, lambda words, p=period: report(f"{p} {words}"))
        if result.edition is None or result.problem:
            raise GuatuError(
                "demo_failed",
                f"演示在 {period} 中止:{result.problem}",
                f"the demonstration stopped at {period}",
            )
        if period == DECIDED_AFTER:
            record_decisions(settings)
    return _summary(settings)


def _take_in(settings: Settings, report: Callable[[str], None]) -> int:
    """Makes the files and takes in those not recorded yet, each batch at its own time; returns how many."""
    folder = settings.work / "demo"
    report("生成演示报送文件")
    batches = make_demo(settings, folder)
    recorded = {(line.file_name, line.sha256, line.received_at) for line in read_ledger(settings)}
    taken = 0
    for number, batch in enumerate(batches, start=1):
        report(f"接收演示报送:第 {number} 批,共 {len(batches)} 批")
        waiting = [path for path in batch.files if (path.name, file_sha256(path), batch.received_at) not in recorded]
        if waiting:
            taken += len(ingest(settings, waiting, batch.received_at))
    shutil.rmtree(folder)
    return taken


def _summary(settings: Settings) -> list[str]:
    ledger = read_ledger(settings)
    outcomes = Counter(line.outcome for line in ledger)
    read = sum(line.rows_read for line in ledger)
    accepted = sum(line.rows_accepted for line in ledger)
    rejected = sum(line.rows_rejected for line in ledger)
    editions = [edition.edition_id for edition in list_editions(settings)]
    reports = sorted(path for path in settings.reports.rglob("*") if path.is_file())
    return [
        f"报送文件 {len(ledger)} 份:接收 {outcomes['accepted']},部分接收 {outcomes['partial']},"
        f"退回 {outcomes['refused']},重复 {outcomes['duplicate']}",
        f"读取 {read} 行 = 接收 {accepted} 行 + 退回 {rejected} 行",
        f"已发布版本:{'、'.join(editions)}(当前 {editions[-1]})",
        f"通报和附表 {len(reports)} 个文件,在 {settings.reports}",
    ]
