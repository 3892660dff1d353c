"""When runs are asked for: the sensor's inbox, the schedule's month."""

import os
import time
from datetime import date, datetime, timedelta
from importlib import import_module
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from dagster import (
    AssetKey,
    DagsterInstance,
    DagsterRunStatus,
    RunRequest,
    SkipReason,
    build_schedule_context,
    build_sensor_context,
)

from orchestration.defs import build_definitions
from orchestration.defs.automation import INBOX_TAG, missed_months, newest_period, previous_month, settled_files
from orchestration.month import open_instance, run_month
from orchestration.release import Edition, list_editions
from orchestration.settings import Settings, now


def _put(settings: Settings, name: str, text: str = "x", age: float = 60.0) -> Path:
    settings.inbox.mkdir(parents=True, exist_ok=True)
    path = settings.inbox / name
    path.write_text(text, encoding="utf-8")
    os.utime(path, (time.time() - age,) * 2)
    return path


def test_file_still_being_copied_is_waited_for(settings: Settings) -> None:
    _put(settings, "农户台账_411726_2022-06.csv")
    growing = _put(settings, "村情监测表_411726_2022-06.csv", age=1.0)
    assert settled_files(settings.inbox, time.time()) == []
    assert len(settled_files(settings.inbox, growing.stat().st_mtime + 11)) == 2


def test_office_lock_files_and_hidden_files_are_no_submissions(settings: Settings) -> None:
    _put(settings, "~$农户台账_411726_2022-06.xlsx")
    _put(settings, ".DS_Store")
    assert settled_files(settings.inbox, time.time()) == []


@pytest.mark.parametrize(
    ("names", "current", "expected"),
    [
        (["农户台账_411726_2022-06.csv"], None, "2022-06"),
        (["农户台账_411726_2022-05_更正.csv", "项目库_411726_2022-06.xlsx"], None, "2022-06"),
        (["农户台账_411726_2022-05.csv"], "2022-09", "2022-09"),  # a correction never sends readers back
        (["没有期别的文件.xlsx"], None, "2022-11"),
        (["农户台账_411726_2099-01.csv"], "2022-09", "2022-09"),
    ],
)
def test_month_to_build(names: list[str], current: str | None, expected: str) -> None:
    assert newest_period([Path(name) for name in names], current, date(2022, 12, 24)) == expected


@pytest.mark.parametrize(
    ("day", "expected"), [(date(2022, 1, 6), "2021-12"), (date(2020, 3, 1), "2020-02"), (date(2022, 12, 31), "2022-11")]
)
def test_previous_month(day: date, expected: str) -> None:
    assert previous_month(day) == expected


def test_sensor_asks_once_and_again_only_after_a_failure(toy: Settings) -> None:
    definitions = build_definitions(toy)
    sensor, job = definitions.resolve_sensor_def("inbox"), definitions.resolve_job_def("month")
    with DagsterInstance.ephemeral() as instance:

        def evaluate() -> RunRequest | SkipReason:
            repository = definitions.get_repository_def()
            return sensor(build_sensor_context(instance=instance, repository_def=repository))

        assert isinstance(evaluate(), SkipReason)
        _put(toy, "农户台账_411726_2022-06.csv")
        keys = []
        for _ in range(3):
            request = evaluate()
            assert isinstance(request, RunRequest) and request.partition_key == "2022-06"
            keys.append(request.run_key)
            run = instance.create_run_for_job(job, status=DagsterRunStatus.STARTED, tags=request.tags)
            assert isinstance(evaluate(), SkipReason)
            instance.report_run_failed(run)
        assert len(set(keys)) == 3
        assert "3 次处理失败" in evaluate().skip_message
        _put(toy, "农户台账_411726_2022-06.csv", "mended")
        assert evaluate().tags[INBOX_TAG] != request.tags[INBOX_TAG]


def _clock(monkeypatch: pytest.MonkeyPatch, at: datetime) -> None:
    # the package has a function of the module's name, so the module is looked up
    monkeypatch.setattr(import_module("orchestration.defs.automation"), "now", lambda: at)


def test_schedule_builds_the_month_before_on_the_day_after_the_due_day(
    toy: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    schedule = build_definitions(toy).resolve_schedule_def("monthly")
    assert schedule.cron_schedule == "0 6 6 * *" and schedule.execution_timezone == "Asia/Shanghai"
    moment = datetime(2022, 7, 6, 6, tzinfo=ZoneInfo("Asia/Shanghai"))
    _clock(monkeypatch, datetime(2022, 7, 6, 6, 0, 20))
    assert schedule(build_schedule_context(scheduled_execution_time=moment)).partition_key == "2022-06"
    _clock(monkeypatch, datetime(2022, 7, 9, 8))  # the machine was off: the sensor takes it up, once
    assert isinstance(schedule(build_schedule_context(scheduled_execution_time=moment)), SkipReason)


def _edition(period: str, published_at: datetime) -> Edition:
    return Edition(
        edition_id=f"{period}_0001",
        period=period,
        as_of=published_at,
        published_at=published_at,
        sequence=1,
        tables={},
        table_hashes={},
        logical_hash="",
    )


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (datetime(2022, 8, 6, 6, 20), []),  # the schedule's own half hour
        (datetime(2022, 8, 6, 6, 31), ["2022-07"]),
        (datetime(2022, 11, 20), ["2022-07", "2022-08", "2022-09", "2022-10"]),
        (datetime(2023, 1, 7), ["2022-07", "2022-08", "2022-09", "2022-10", "2022-11", "2022-12"]),
    ],
)
def test_months_that_fell_due_while_the_machine_was_off(at: datetime, expected: list[str]) -> None:
    assert missed_months([_edition("2022-06", datetime(2022, 7, 6, 6, 5))], 5, at) == expected


def test_nothing_of_before_the_first_edition_is_missed() -> None:
    assert missed_months([], 5, datetime(2022, 11, 20)) == []
    late_start = _edition("2018-09", datetime(2022, 11, 20))  # old data, as in the demonstration
    assert missed_months([late_start], 5, datetime(2022, 12, 1)) == []
    assert missed_months([late_start], 5, datetime(2022, 12, 7)) == ["2022-11"]


def test_later_edition_carries_the_months_before_it() -> None:
    editions = [_edition("2022-06", datetime(2022, 7, 6, 6, 5)), _edition("2022-09", datetime(2022, 10, 6, 6, 5))]
    assert missed_months(editions, 5, datetime(2022, 11, 1)) == []


def test_missed_months_are_asked_for_once_and_after_failures_with_growing_waits(
    toy: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    definitions = build_definitions(toy)
    sensor, job = definitions.resolve_sensor_def("missed"), definitions.resolve_job_def("month")
    automation = import_module("orchestration.defs.automation")
    monkeypatch.setattr(automation, "list_editions", lambda _: [_edition("2026-08", datetime(2026, 9, 6, 6, 5))])
    began = now()
    _clock(monkeypatch, began)
    due = missed_months([_edition("2026-08", datetime(2026, 9, 6, 6, 5))], 5, began)
    assert due[0] == "2026-09"
    with DagsterInstance.ephemeral() as instance:

        def asked() -> list[RunRequest]:
            repository = definitions.get_repository_def()
            answer = sensor(build_sensor_context(instance=instance, repository_def=repository))
            return [] if isinstance(answer, SkipReason) else answer

        assert [each.partition_key for each in asked()] == due
        keys, waits = [], [0, 10, 30]
        at = began
        for wait in [*waits, None]:
            (request, *_) = asked()
            keys.append(request.run_key)
            run = instance.create_run_for_job(
                job, status=DagsterRunStatus.STARTED, tags={"dagster/partition": request.partition_key}
            )
            assert request.partition_key not in [each.partition_key for each in asked()]
            instance.report_run_failed(run)
            at = max(at, now())
            if wait != 0:
                assert request.partition_key not in [each.partition_key for each in asked()]
            if wait is not None:
                at += timedelta(minutes=wait, seconds=5)
                _clock(monkeypatch, at)
        assert len(set(keys)) == len(waits) + 1
        _clock(monkeypatch, at + timedelta(days=9))
        assert due[0] not in [each.partition_key for each in asked()]


def test_build_is_tried_again_after_what_may_pass_by_itself(toy: Settings) -> None:
    definitions = build_definitions(toy)
    job = definitions.resolve_job_def("month")
    policies = {node.name: node.definition.retry_policy for node in job.graph.nodes}
    for name in ("models", "edition", "reports"):
        assert policies[name].max_retries == 2 and policies[name].backoff.value == "EXPONENTIAL"


def test_backfill_of_past_months_publishes_each_of_them(toy: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orchestration.reports.make_reports", lambda *_, **__: [])
    for period in ("2022-04", "2022-05", "2022-06"):
        assert run_month(toy, period).problem is None
    assert [edition.period for edition in list_editions(toy)] == ["2022-04", "2022-05", "2022-06"]
    with open_instance(toy) as instance:
        partitions = instance.get_materialized_partitions(AssetKey("edition"))
    assert partitions == {"2022-04", "2022-05", "2022-06"}
