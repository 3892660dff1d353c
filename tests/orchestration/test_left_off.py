"""The power fails after the files were taken in and before an edition was published: an empty inbox, work not done."""

from dagster import DagsterInstance, DagsterRunStatus, RunRequest, SkipReason, build_sensor_context

from orchestration.defs import build_definitions
from orchestration.defs.automation import ATTEMPTS, INBOX_TAG
from orchestration.month import end_dead_runs
from orchestration.settings import Settings


def test_a_run_that_died_is_taken_up_again_and_one_that_failed_is_not(toy: Settings) -> None:
    definitions = build_definitions(toy)
    sensor, job = definitions.resolve_sensor_def("inbox"), definitions.resolve_job_def("month")
    tags = {INBOX_TAG: "a" * 64, "dagster/partition": "2022-06"}
    with DagsterInstance.ephemeral() as instance:

        def evaluate() -> RunRequest | SkipReason:
            return sensor(build_sensor_context(instance=instance, repository_def=definitions.get_repository_def()))

        failed = instance.create_run_for_job(job, status=DagsterRunStatus.STARTED, tags=tags)
        instance.report_run_failed(failed)
        assert isinstance(evaluate(), SkipReason), "what failed by itself was told, and would fail again"
        keys = []
        for _ in range(ATTEMPTS - 1):
            instance.create_run_for_job(job, status=DagsterRunStatus.STARTED, tags=tags)
            assert isinstance(evaluate(), SkipReason), "at work"
            assert end_dead_runs(toy, instance, older_than_seconds=0) == 1
            request = evaluate()
            assert isinstance(request, RunRequest) and request.partition_key == "2022-06"
            assert request.tags[INBOX_TAG] == tags[INBOX_TAG]
            keys.append(request.run_key)
        assert len(set(keys)) == len(keys)
        instance.create_run_for_job(job, status=DagsterRunStatus.SUCCESS, tags=tags)
        assert isinstance(evaluate(), SkipReason), "done in the end"
