"""When runs happen: the monthly job, its schedule, and the sensor that watches the inbox."""

import hashlib
import re
import time
from datetime import date, timedelta
from pathlib import Path

from dagster import (
    AssetSelection,
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
from orchestration.release import current_edition
from orchestration.settings import Settings, now

MONTH_JOB = "month"
INBOX_TAG = "guatu/inbox"
SETTLED_SECONDS = 10.0
"""A file younger than this may still be on its way into the folder."""
ATTEMPTS = 3
PERIOD = re.compile(r"_(\d{4}-(?:0[1-9]|1[0-2]))(?=[_.])")


def automation(
    settings: Settings,
) -> tuple[UnresolvedAssetJobDefinition, ScheduleDefinition, SensorDefinition]:
    """The job of a month, its monthly schedule, and the inbox sensor."""
    month = define_asset_job(
        MONTH_JOB,
        selection=AssetSelection.all(),
        executor_def=in_process_executor,
        description="一个月:收件、构建、检查、发布、通报",
    )

    @schedule(
        name="monthly",
        job=month,
        cron_schedule=f"0 6 {settings.due_day + 1} * *",
        execution_timezone="Asia/Shanghai",
        default_status=DefaultScheduleStatus.RUNNING,
        description="报送截止日的次日早晨构建上一个月",
    )
    def monthly(context: ScheduleEvaluationContext) -> RunRequest:
        return RunRequest(partition_key=previous_month(context.scheduled_execution_time.date()))

    @sensor(
        name="inbox",
        job=month,
        minimum_interval_seconds=30,
        default_status=DefaultSensorStatus.RUNNING,
        description="收件箱有新文件时,接收并重新构建",
    )
    def inbox(context: SensorEvaluationContext) -> RunRequest | SkipReason:
        files = settled_files(settings.inbox, time.time())
        if not files:
            return SkipReason("收件箱中没有待接收的文件")
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

    return month, monthly, inbox


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
