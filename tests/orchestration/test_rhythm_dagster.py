"""The rhythm in Dagster: the daily job, the freshness of the editions, word of failed runs."""

from datetime import datetime

import pytest
from hardness import rhythm_office
from hardness.receiver import listening
from pydantic import SecretStr

from orchestration.settings import Settings


def test_month_is_built_without_the_check_of_freshness(toy: Settings) -> None:
    from orchestration.defs import build_definitions

    job = build_definitions(toy).resolve_job_def("month")
    assert [node.name for node in job.graph.nodes if "fresh" in node.name] == []


def test_daily_job_sends_through_the_address_set(toy: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    from orchestration.defs import build_definitions
    from orchestration.month import open_instance

    monkeypatch.setattr("orchestration.defs.rhythm.now", lambda: datetime(2017, 2, 8, 7))
    with listening() as receiver:
        told = toy.model_copy(update={"notify": SecretStr(receiver.url())})
        definitions = build_definitions(told)
        job, schedule = definitions.resolve_job_def("rhythm"), definitions.resolve_schedule_def("rhythm_daily")
        assert (schedule.cron_schedule, schedule.execution_timezone) == ("0 7 * * *", "Asia/Shanghai")
        with open_instance(told) as instance:
            for _ in range(2):
                assert job.execute_in_process(instance=instance).success
            fresh = definitions.resolve_job_def("freshness").execute_in_process(instance=instance)
        (check,) = fresh.get_asset_check_evaluations()
        assert not check.passed and check.severity.value == "WARN" and check.metadata["wanted"].value == "2017-01"
        (notice,) = receiver.taken
        assert "2017-01" in notice["title"]
        rhythm_office.publish_halves(told, 2017)
        with open_instance(told) as instance:
            fresh = definitions.resolve_job_def("freshness").execute_in_process(instance=instance)
        assert fresh.get_asset_check_evaluations()[0].passed
    policy = job.graph.nodes[0].definition.retry_policy
    assert policy.max_retries == 3 and policy.backoff.value == "EXPONENTIAL"


def test_failed_run_is_told(toy: Settings) -> None:
    from dagster import build_run_status_sensor_context
    from toy_project import spoil

    from orchestration.defs import build_definitions
    from orchestration.month import open_instance

    with listening() as receiver, open_instance(toy) as instance:
        told = toy.model_copy(update={"notify": SecretStr(receiver.url())})
        spoil(told)
        definitions = build_definitions(told)
        result = definitions.resolve_job_def("month").execute_in_process(
            partition_key="2022-06", instance=instance, raise_on_error=False
        )
        assert not result.success
        context = build_run_status_sensor_context(
            sensor_name="failures",
            dagster_instance=instance,
            dagster_run=instance.get_run_by_id(result.run_id),
            dagster_event=result.all_events[-1],
        ).for_run_failure()
        definitions.resolve_sensor_def("failures")(context)
        (notice,) = receiver.taken
        assert "month(2022-06)失败" in notice["title"] and result.run_id[:8] in notice["message"]
