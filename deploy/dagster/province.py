"""A province's Dagster: one run a county and month, and one a month for the province. Counties are partitions.

Each county has a data directory of its own below ``OFFICES``, named by the six digits of its code; the province's lies
at ``PROVINCE``. Every run is the command ``guatu`` in a process (or container) of its own, so that what holds for one
office holds here: locks, catching up, nothing doubled. Start it with ``dagster dev -f province.py``.
"""

import subprocess
from collections.abc import Iterator
from pathlib import Path

from dagster import (
    AssetDep,
    AssetExecutionContext,
    AssetSelection,
    BackfillPolicy,
    ConfigurableResource,
    Definitions,
    DynamicPartitionsDefinition,
    EnvVar,
    Failure,
    MonthlyPartitionsDefinition,
    MultiPartitionKey,
    MultiPartitionsDefinition,
    MultiToSingleDimensionPartitionMapping,
    RunRequest,
    ScheduleEvaluationContext,
    SensorEvaluationContext,
    SensorResult,
    asset,
    define_asset_job,
    in_process_executor,
    schedule,
    sensor,
)
from pydantic import Field

COUNTIES = DynamicPartitionsDefinition(name="county")
MONTHS = MonthlyPartitionsDefinition(start_date="2017-01", fmt="%Y-%m", timezone="Asia/Shanghai", end_offset=1)
AFTER_DUE_DAY = "0 6 6 * *"
"""The morning after the 5th, by which a month is to be handed in."""
ONE_BY_ONE = BackfillPolicy.multi_run(max_partitions_per_run=1)


class Guatu(ConfigurableResource):
    """The command, and where the data directories lie."""

    program: list[str] = Field(default=["guatu"])
    offices: str
    province: str

    def counties(self) -> list[str]:
        """Every folder below ``offices`` that is named by six digits."""
        return sorted(
            p.name for p in Path(self.offices).iterdir() if p.is_dir() and len(p.name) == 6 and p.name.isdigit()
        )

    def run(self, context: AssetExecutionContext, home: Path, *arguments: str) -> None:
        """One command on one data directory; what it says goes to the run's log, its error becomes the run's."""
        command = [*self.program, *arguments, "--home", str(home)]
        done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
        context.log.info(done.stdout)
        if done.returncode:
            raise Failure(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else f"exit {done.returncode}")


@asset(
    partitions_def=MultiPartitionsDefinition({"county": COUNTIES, "month": MONTHS}),
    backfill_policy=ONE_BY_ONE,
)
def county_month(context: AssetExecutionContext, guatu: Guatu) -> None:
    """一县一月:接收收件箱、构建、发布、出通报,然后汇交。"""
    assert isinstance(context.partition_key, MultiPartitionKey)
    county, month = (context.partition_key.keys_by_dimension[name] for name in ("county", "month"))
    home = Path(guatu.offices) / county
    guatu.run(context, home, "run", "--period", month)
    guatu.run(context, home, "share", "push", "--office", county)


@asset(
    partitions_def=MONTHS,
    deps=[AssetDep(county_month, partition_mapping=MultiToSingleDimensionPartitionMapping("month"))],
    backfill_policy=ONE_BY_ONE,
)
def province_month(context: AssetExecutionContext, guatu: Guatu) -> None:
    """全省一月:汇入各县已汇交的报送,构建、发布、出通报。没有汇交的县照样列为欠报。"""
    home = Path(guatu.province)
    guatu.run(context, home, "share", "gather")
    guatu.run(context, home, "run", "--period", context.partition_key)


COUNTY_JOB = define_asset_job("county", AssetSelection.assets(county_month))
PROVINCE_JOB = define_asset_job("province", AssetSelection.assets(province_month))


@sensor(job=COUNTY_JOB, minimum_interval_seconds=600)
def new_counties(context: SensorEvaluationContext, guatu: Guatu) -> SensorResult:
    """A data directory that was added is a partition from then on."""
    known = set(context.instance.get_dynamic_partitions("county"))
    added = [county for county in guatu.counties() if county not in known]
    return SensorResult(dynamic_partitions_requests=[COUNTIES.build_add_request(added)] if added else [])


@schedule(job=COUNTY_JOB, cron_schedule=AFTER_DUE_DAY, execution_timezone="Asia/Shanghai")
def counties_monthly(context: ScheduleEvaluationContext, guatu: Guatu) -> Iterator[RunRequest]:
    """The month that ended, a run for each county."""
    month = _last_month(context)
    for county in context.instance.get_dynamic_partitions("county"):
        key = MultiPartitionKey({"county": county, "month": month})
        yield RunRequest(run_key=f"{county}/{month}", partition_key=key, tags={"guatu/county": county})


@schedule(job=PROVINCE_JOB, cron_schedule="0 12 6 * *", execution_timezone="Asia/Shanghai")
def province_monthly(context: ScheduleEvaluationContext) -> RunRequest:
    """The month that ended, once the counties' runs of the morning are through."""
    month = _last_month(context)
    return RunRequest(run_key=month, partition_key=month)


def _last_month(context: ScheduleEvaluationContext) -> str:
    return MONTHS.get_partition_keys(current_time=context.scheduled_execution_time)[-2]


defs = Definitions(
    assets=[county_month, province_month],
    jobs=[COUNTY_JOB, PROVINCE_JOB],
    sensors=[new_counties],
    schedules=[counties_monthly, province_monthly],
    executor=in_process_executor,  # a run is one command after another already
    resources={"guatu": Guatu(offices=EnvVar("OFFICES"), province=EnvVar("PROVINCE"))},
)
