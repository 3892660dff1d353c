"""When runs are asked for: the sensor's inbox, the schedule's month."""

import os
import time
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from dagster import (
    DagsterInstance,
    DagsterRunStatus,
    RunRequest,
    SkipReason,
    build_schedule_context,
    build_sensor_context,
)

from orchestration.defs import build_definitions
from orchestration.defs.automation import INBOX_TAG, newest_period, previous_month, settled_files
from orchestration.settings import Settings


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


def test_schedule_builds_the_month_before_on_the_day_after_the_due_day(toy: Settings) -> None:
    schedule = build_definitions(toy).resolve_schedule_def("monthly")
    assert schedule.cron_schedule == "0 6 6 * *" and schedule.execution_timezone == "Asia/Shanghai"
    moment = datetime(2022, 7, 6, 6, tzinfo=ZoneInfo("Asia/Shanghai"))
    request = schedule(build_schedule_context(scheduled_execution_time=moment))
    assert request.partition_key == "2022-06"
