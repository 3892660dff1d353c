"""When months are built: the monthly job, its schedule, what was missed, and the sensor that watches the inbox."""

import hashlib
import re
import time as clock
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path

from dagster import (
    AssetSelection,
    DagsterInstance,
    DagsterRunStatus,
    DefaultScheduleStatus,
    DefaultSensorStatus,
    RunRequest,
    RunsFilter,
    ScheduleDefinition,
    ScheduleEvaluationContext,
    SensorDefinition,
    SensorEvaluationContext,
    SkipReason,
    define_asset_job,
    in_process_executor,
    schedule,
    sensor,
)
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

from orchestration.defs.partitions import FIRST_MONTH
from orchestration.defs.rhythm import FRESH
from orchestration.month import DEAD_AFTER_SECONDS, DEAD_TAG, end_dead_runs
from orchestration.release import Edition, current_edition, list_editions
from orchestration.settings import TIMEZONE, Settings, now

MONTH_JOB = "month"
INBOX_TAG = "guatu/inbox"
SETTLED_SECONDS = 10.0
"""A file younger than this may still be on its way into the folder."""
ATTEMPTS = 3
BUILD_HOUR = 6
GRACE = timedelta(minutes=30)
"""So long the schedule's own run has to begin; what is later was missed and is taken up by the sensor ``missed``."""
BACK_OFF = timedelta(minutes=10)
"""Unit of the wait before a missed month is tried again: none after one failure (a power cut is over), 1, 3."""
PARTITION_TAG = "dagster/partition"
PERIOD = re.compile(r"_(\d{4}-(?:0[1-9]|1[0-2]))(?=[_.])")


def automation(
    settings: Settings,
) -> tuple[UnresolvedAssetJobDefinition, ScheduleDefinition, list[SensorDefinition]]:
    """The job of a month, its monthly schedule, and the sensors of missed months and of the inbox."""
    month = define_asset_job(
        MONTH_JOB,
        selection=AssetSelection.all() - AssetSelection.checks(FRESH),
        executor_def=in_process_executor,
        description="一个月:收件、构建、检查、发布、通报",
    )

    @schedule(
        name="monthly",
        job=month,
        cron_schedule=f"0 {BUILD_HOUR} {settings.due_day + 1} * *",
        execution_timezone="Asia/Shanghai",
        default_status=DefaultScheduleStatus.RUNNING,
        description="报送截止日的次日早晨构建上一个月",
    )
    def monthly(context: ScheduleEvaluationContext) -> RunRequest | SkipReason:
        scheduled = context.scheduled_execution_time.astimezone(TIMEZONE).replace(tzinfo=None)
        if now() - scheduled > GRACE:
            return SkipReason("已错过整点,由 missed 补做")
        return RunRequest(partition_key=previous_month(scheduled.date()))

    @sensor(
        name="missed",
        job=month,
        minimum_interval_seconds=60,
        default_status=DefaultSensorStatus.RUNNING,
        description="停机期间到期而没有构建的月份,开机后各补做一次;失败的隔一段时间再试",
    )
    def missed(context: SensorEvaluationContext) -> list[RunRequest] | SkipReason:
        asked = []
        for period in missed_months(list_editions(settings), settings.due_day, now()):
            records = context.instance.get_run_records(RunsFilter(job_name=MONTH_JOB, tags={PARTITION_TAG: period}))
            ended = [datetime.fromtimestamp(each.end_time or 0, TIMEZONE).replace(tzinfo=None) for each in records]
            working = any(not each.dagster_run.is_finished for each in records)
            if not working and may_try_again(ended, now()):
                asked.append(RunRequest(run_key=f"missed-{period}-{len(ended)}", partition_key=period))
        return asked or SkipReason("没有错过的月份,或正在构建、等待再试")

    @sensor(
        name="inbox",
        job=month,
        minimum_interval_seconds=30,
        default_status=DefaultSensorStatus.RUNNING,
        description="收件箱有新文件时,接收并重新构建",
    )
    def inbox(context: SensorEvaluationContext) -> RunRequest | SkipReason:
        # A run whose process alone was killed would hold the queue up until the next start.
        end_dead_runs(settings, context.instance, DEAD_AFTER_SECONDS, MONTH_JOB)
        files = settled_files(settings.inbox, clock.time())
        if not files:
            return left_off(context.instance) or SkipReason("收件箱中没有待接收的文件")
        digest = files_digest(files)
        runs = context.instance.get_runs(RunsFilter(tags={INBOX_TAG: digest}))
        if any(not run.is_finished for run in runs):
            return SkipReason("这些文件正在处理")
        failed = sum(run.status != DagsterRunStatus.SUCCESS for run in runs)
        if failed >= ATTEMPTS:
            return SkipReason(f"这些文件已连续 {failed} 次处理失败,请查看最近一次运行")
        current = current_edition(settings)
        return RunRequest(
            run_key=f"{digest}-{failed}",
            partition_key=newest_period(files, current.period if current else None, now().date()),
            tags={INBOX_TAG: digest},
        )

    return month, monthly, [missed, inbox]


def left_off(instance: DagsterInstance) -> RunRequest | None:
    """The newest run over the inbox again, where the power failed after it had taken the files in."""
    runs = instance.get_runs(RunsFilter(job_name=MONTH_JOB), limit=ATTEMPTS)
    digest = runs[0].tags.get(INBOX_TAG) if runs else None
    dead = [run for run in runs if DEAD_TAG in run.tags and run.tags.get(INBOX_TAG) == digest]
    if digest is None or runs[0] not in dead or len(dead) >= ATTEMPTS:
        return None
    key = f"{digest}-after-{runs[0].run_id}"
    return RunRequest(run_key=key, partition_key=runs[0].tags[PARTITION_TAG], tags={INBOX_TAG: digest})


def missed_months(editions: Sequence[Edition], due_day: int, at: datetime) -> list[str]:
    """Months (YYYY-MM, oldest first) to be built between the first edition and ``at`` that no edition reaches.

    Before the first edition nothing is missed: an office begins with a month of its own choosing.
    """
    if not editions:
        return []
    begun = min(edition.published_at for edition in editions)
    reached = max(edition.period for edition in editions)
    found = []
    day = begun.date().replace(day=1)
    while day <= at.date():
        build_at = datetime.combine(day, time(BUILD_HOUR)) + timedelta(days=due_day)
        period = previous_month(day)
        if begun < build_at < at - GRACE and period > reached:
            found.append(period)
        day = (day + timedelta(days=31)).replace(day=1)
    return found


def may_try_again(ended: Sequence[datetime], at: datetime) -> bool:
    """Whether a month may be built once more after the runs that ended: with growing waits, then never."""
    if not ended:
        return True
    return len(ended) <= ATTEMPTS and at - max(ended) >= BACK_OFF * (2 ** (len(ended) - 1) - 1)


def settled_files(inbox: Path, at: float) -> list[Path]:
    """Files of the inbox, in order; none while any is still being copied. ``at``: seconds since the epoch."""
    files = [path for path in sorted(inbox.rglob("*")) if path.is_file() and not path.name.startswith((".", "~$"))]
    return files if all(at - path.stat().st_mtime >= SETTLED_SECONDS for path in files) else []


def files_digest(files: list[Path]) -> str:
    """SHA-256 over the names and the contents."""
    digest = hashlib.sha256()
    for path in files:
        with path.open("rb") as file:
            digest.update(path.name.encode() + b"\0" + hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


def newest_period(files: list[Path], current: str | None, today: date) -> str:
    """The month to build: the newest the file names speak of, and never older than the edition served.

    A correction to an old month so appears in the history of a new edition of the present one.
    """
    named = {match for path in files for match in PERIOD.findall(path.name)}
    possible = {p for p in named | {current} if p is not None and FIRST_MONTH <= p <= f"{today:%Y-%m}"}
    return max(possible, default=previous_month(today))


def previous_month(day: date) -> str:
    """The month before the one of ``day``, as YYYY-MM."""
    return f"{day.replace(day=1) - timedelta(days=1):%Y-%m}"
