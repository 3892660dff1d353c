"""The rhythm in Dagster: a daily pass, the freshness of the editions, and word of failed runs."""

from dagster import (
    AssetCheckKey,
    AssetCheckResult,
    AssetChecksDefinition,
    AssetCheckSeverity,
    AssetSelection,
    Backoff,
    DefaultScheduleStatus,
    DefaultSensorStatus,
    Failure,
    Jitter,
    JobDefinition,
    OpExecutionContext,
    Out,
    RetryPolicy,
    RunFailureSensorContext,
    ScheduleDefinition,
    SensorDefinition,
    asset_check,
    define_asset_job,
    in_process_executor,
    job,
    op,
    run_failure_sensor,
)
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

from orchestration import notify
from orchestration.defs.editions import EDITION
from orchestration.release import current_edition, list_editions
from orchestration.rhythm.keep import keep
from orchestration.rhythm.steps import edition_steps
from orchestration.settings import Settings, now

RHYTHM_JOB = "rhythm"
FRESH = AssetCheckKey(EDITION, "fresh")
RETRIES = RetryPolicy(max_retries=3, delay=60, backoff=Backoff.EXPONENTIAL, jitter=Jitter.PLUS_MINUS)
"""Tried again after about one, two and four minutes: a mail server that is away comes back."""


def rhythm_job(settings: Settings) -> JobDefinition:
    """One pass over what is due by today; what failed is tried again, what was done is not done twice."""

    @op(name="keep_rhythm", retry_policy=RETRIES, out=Out(int), description="办理到期的定期事项:出文、提醒、催报")
    def keep_rhythm(context: OpExecutionContext) -> int:
        result = keep(settings, now().date())
        context.log.info(f"已办 {len(result.done)} 项,等待版本 {len(result.waiting)} 项")
        if result.problems:
            step, why = result.problems[0]
            raise Failure(f"{len(result.problems)} 项未办成,第一项 {step.cadence} {step.occurrence}:{why}")
        return len(result.done)

    @job(name=RHYTHM_JOB, executor_def=in_process_executor, description="定期事项:到期的每项只办一次")
    def rhythm() -> None:
        keep_rhythm()

    return rhythm


def freshness_check(settings: Settings) -> AssetChecksDefinition:
    """Warns while the newest month that should be there by today has no edition."""

    @asset_check(asset=EDITION, name=FRESH.name, description="报送截止日后若干天内应有上个月的版本")
    def fresh() -> AssetCheckResult:
        wanted = month_due(settings)
        served = current_edition(settings)
        is_there = any(edition.period >= wanted for edition in list_editions(settings))
        return AssetCheckResult(
            passed=is_there,
            severity=AssetCheckSeverity.WARN,
            description=f"{wanted} 的版本{'已发布' if is_there else '还没有发布'}",
            metadata={"wanted": wanted, "served": served.edition_id if served else ""},
        )

    return fresh


def month_due(settings: Settings) -> str:
    """The newest month (YYYY-MM) whose edition should be there by today, days of grace included."""
    today = now().date()
    return edition_steps(settings.due_day, settings.edition_grace_days, today.replace(year=today.year - 1), today)[
        -1
    ].occurrence


def rhythm_schedules(rhythm: JobDefinition, freshness: UnresolvedAssetJobDefinition) -> list[ScheduleDefinition]:
    """Every morning: the pass at seven, the look at the editions ten minutes later.

    A morning the machine was off needs no tick of its own: the next pass takes up everything since the last.
    """
    return [
        _daily("rhythm_daily", rhythm, "0 7 * * *", "每天早晨办理到期的定期事项,含停机期间错过的"),
        _daily("freshness_daily", freshness, "10 7 * * *", "每天早晨检查版本是否按时发布"),
    ]


def _daily(
    name: str, target: JobDefinition | UnresolvedAssetJobDefinition, cron: str, words: str
) -> ScheduleDefinition:
    return ScheduleDefinition(
        name=name,
        job=target,
        cron_schedule=cron,
        execution_timezone="Asia/Shanghai",
        default_status=DefaultScheduleStatus.RUNNING,
        description=words,
    )


def freshness_job() -> UnresolvedAssetJobDefinition:
    """The check alone, without building anything."""
    return define_asset_job(
        "freshness",
        selection=AssetSelection.checks(FRESH),
        executor_def=in_process_executor,
        description="检查版本是否按时发布",
    )


def failure_sensor(settings: Settings) -> SensorDefinition:
    """Tells people that a run failed and where to look. The error itself may quote a row and stays on this machine."""

    @run_failure_sensor(
        name="failures",
        minimum_interval_seconds=30,
        default_status=DefaultSensorStatus.RUNNING,
        description="运行失败时发通知",
    )
    def failures(context: RunFailureSensorContext) -> None:
        run = context.dagster_run
        notify.send(settings, failure_message(run.job_name, run.tags.get("dagster/partition"), run.run_id))

    return failures


def failure_message(job_name: str, month: str | None, run_id: str) -> notify.Message:
    """Which run failed; the number is the run's own."""
    of_month = f"({month})" if month else ""
    return notify.Message(
        f"挂图:运行 {job_name}{of_month}失败",
        f"运行 {job_name}{of_month}失败,原有版本照常使用。"
        f"请在本机 Dagster 页面查看运行 {run_id[:8]},或运行 guatu doctor。",
        ("run", run_id),
    )
