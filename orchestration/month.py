"""One month from inbox to reports: the Dagster job ``month``, run inside this process.

It is the very job the Dagster web page shows, on the same instance, so its history has both kinds of run.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from filelock import FileLock

from orchestration.errors import GuatuError, system_fault
from orchestration.release import Edition, current_edition, list_editions, run_lock
from orchestration.settings import Settings, now

if TYPE_CHECKING:
    from dagster import DagsterInstance, DagsterRun, ExecuteInProcessResult

INSTANCE = {
    "telemetry": {"enabled": False},
    # what steps print is not kept: it would grow for ever, and on a full disk take the words for people with it
    "compute_logs": {"module": "dagster._core.storage.noop_compute_log_manager", "class": "NoOpComputeLogManager"},
    "concurrency": {"runs": {"max_concurrent_runs": 1}},
    "run_monitoring": {
        "enabled": True,
        "start_timeout_seconds": 300,
        "cancel_timeout_seconds": 120,
        "max_runtime_seconds": 7200,
        "poll_interval_seconds": 60,
    },
}
DEAD_AFTER_SECONDS = 120.0
DEAD_TAG = "guatu/dead"
"""On a run whose process was gone: what it had begun is taken up again."""


@dataclass(frozen=True)
class MonthResult:
    """``edition`` is None where nothing was published; ``problem`` is Chinese, None where all went well."""

    edition: Edition | None
    problem: str | None


def run_month(
    settings: Settings,
    period: str,
    as_of: datetime | None = None,
    report: Callable[[str], None] | None = None,
) -> MonthResult:
    """Takes the inbox in, builds ``period`` as of ``as_of`` (the present), publishes, and writes reports.

    Raises GuatuError ``bad_period`` for a month that cannot be built and ``project_invalid``.
    """
    from orchestration.defs import build_definitions

    check_period(period)
    instance = open_instance(settings)
    end_dead_runs(settings, instance, DEAD_AFTER_SECONDS)
    before = {edition.edition_id for edition in list_editions(settings)}
    job = build_definitions(settings, report or (lambda _: None)).resolve_job_def("month")
    config = {"as_of": as_of.isoformat(timespec="microseconds")} if as_of else {}
    with instance:
        result = job.execute_in_process(
            partition_key=period,
            instance=instance,
            raise_on_error=False,
            run_config={
                "ops": {"models": {"config": config}},
                "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
            },
        )
    current = current_edition(settings)
    published = current if current and current.edition_id not in before else None
    return MonthResult(published, None if result.success else _problem(result))


def check_period(period: str) -> None:
    """GuatuError ``bad_period`` unless ``period`` is YYYY-MM, not before the first month and not to come."""
    from orchestration.defs.partitions import FIRST_MONTH

    try:
        month = datetime.strptime(period, "%Y-%m").strftime("%Y-%m")
    except ValueError:
        month = ""
    if month != period or not FIRST_MONTH <= period <= f"{now():%Y-%m}":
        raise GuatuError(
            "bad_period",
            f"期别“{period}”不能构建:应为 YYYY-MM,且在 {FIRST_MONTH} 与本月之间。",
            f"period {period!r} cannot be built: expected YYYY-MM from {FIRST_MONTH} to the present month",
            exit_code=3,
        )


def open_instance(settings: Settings) -> "DagsterInstance":
    """The installation's Dagster instance; its folder is made ready by one process alone, first.

    Raises GuatuError ``history_damaged``, and what ``system_fault`` knows.
    """
    from dagster import DagsterInstance
    from sqlalchemy.exc import DatabaseError

    home = settings.dagster_home
    (home / ".nux").mkdir(parents=True, exist_ok=True)
    with FileLock(home / ".guatu.lock"):
        config = yaml.safe_dump(INSTANCE | {"storage": {"custom": _storage(home)}}, sort_keys=False)
        path = home / "dagster.yaml"
        if not path.exists() or path.read_text(encoding="utf-8") != config:
            path.write_text(config, encoding="utf-8")
        (home / ".nux" / "nux.yaml").write_text("seen: 1\n", encoding="utf-8")
        try:
            instance = DagsterInstance.from_config(str(home))
            instance.get_runs(limit=1)  # creates the databases
        except DatabaseError as error:
            if (fault := system_fault(error)) is not None:
                raise fault from error
            raise GuatuError(
                "history_damaged",
                f"Dagster 的运行记录读不出来,可能被截断或改动过。请把 {home} 移走后重试:它只有运行历史,数据不受影响。",
                f"Dagster's history cannot be read; move {home} away and try again, it holds nothing else",
                exit_code=3,
            ) from error
    return instance


def _storage(home: Path) -> dict[str, Any]:
    return {"module": "orchestration.run_history", "class": "RunHistory", "config": {"base_dir": str(home)}}


def end_dead_runs(
    settings: Settings, instance: "DagsterInstance", older_than_seconds: float, job: str | None = None
) -> int:
    """Reports runs as failed whose process is gone: whoever is at work holds the run lock. Returns how many."""
    from dagster import DagsterRunStatus, RunsFilter

    working = [DagsterRunStatus.STARTED, DagsterRunStatus.CANCELING]
    try:
        with run_lock(settings, wait_seconds=0):
            records = instance.get_run_records(RunsFilter(job_name=job, statuses=working))
            dead: list[DagsterRun] = [
                record.dagster_run
                for record in records
                if time.time() - (record.start_time or record.create_timestamp.timestamp()) >= older_than_seconds
            ]
            for run in dead:
                instance.add_run_tags(run.run_id, {DEAD_TAG: "1"})
                instance.report_run_failed(run, "运行进程已不存在(例如断电或被终止),登记为失败")
            return len(dead)
    except GuatuError:  # a run is at work
        return 0


def _problem(result: "ExecuteInProcessResult") -> str:
    """The Chinese sentence of the first step that failed."""
    for event in result.all_events:
        if event.is_step_failure:
            data = event.step_failure_data
            if data.user_failure_data and data.user_failure_data.description:
                return data.user_failure_data.description
            if data.error:
                cause = data.error.cause or data.error
                return f"步骤 {event.step_key} 出错:{' '.join(cause.message.split())[:300]}"
    for event in result.all_events:
        if event.is_failure and event.message:
            return " ".join(event.message.split())[:300]
    return "运行失败"
