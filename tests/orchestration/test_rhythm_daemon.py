"""The real daemon: a month that fell due while the machine was off is built once, though the power goes again, and
months of the past are built when the page asks for them."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from dagster import DagsterInstance, RunsFilter
from hardness.receiver import Receiver, listening
from test_serve import _free_port

from orchestration.defs.automation import missed_months, previous_month
from orchestration.month import end_dead_runs, open_instance, run_month
from orchestration.release import list_editions
from orchestration.release.editions import sidecar_path
from orchestration.serve import dagster_command
from orchestration.settings import Settings, now

PATIENCE_SECONDS = 420


@contextmanager
def _daemon(settings: Settings, receiver: Receiver) -> Iterator[int]:
    """Dagster as ``guatu serve`` starts it, on the port given back, ended without warning."""
    with open_instance(settings) as instance:
        end_dead_runs(settings, instance, older_than_seconds=0)
    named = {
        "GUATU_HOME": settings.root,
        "GUATU_DBT_PROJECT": settings.dbt_project,
        "GUATU_NOTIFY": receiver.url(),
        "DAGSTER_HOME": settings.dagster_home,
    }
    port = settings.model_copy(update={"dagster_port": _free_port()})
    child = subprocess.Popen(
        dagster_command(port),
        env={**os.environ, **{name: str(value) for name, value in named.items()}},
        cwd=settings.root,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield port.dagster_port
    finally:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def _until(what: str, holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < deadline, f"not within {PATIENCE_SECONDS} s: {what}"
        time.sleep(0.3)


def _runs(settings: Settings, period: str) -> int:
    with DagsterInstance.from_config(str(settings.dagster_home)) as instance:
        return len(instance.get_runs(RunsFilter(job_name="month", tags={"dagster/partition": period})))


def _publish_before(settings: Settings, period: str, build_at: datetime) -> None:
    """An edition of the month before ``period``, published the day before ``period`` was to be built."""
    assert run_month(settings, previous_month(datetime.fromisoformat(f"{period}-01").date())).edition
    (edition,) = list_editions(settings)
    earlier = edition.model_copy(update={"published_at": build_at - timedelta(days=1)})
    path: Path = sidecar_path(settings, edition.edition_id)
    path.write_text(earlier.model_dump_json(), encoding="utf-8")


BACKFILL = """
mutation ($months: [String!]) {
  launchPartitionBackfill(backfillParams: {
    partitionNames: $months,
    selector: {
      partitionSetName: "month_partition_set",
      repositorySelector: {repositoryLocationName: "orchestration.definitions", repositoryName: "__repository__"}
    }
  }) { __typename ... on PythonError { message } }
}
"""


def _ask_for_backfill(port: int, months: list[str]) -> None:
    """What the page sends when a person asks for months of the past."""
    request = Request(
        f"http://127.0.0.1:{port}/graphql",
        json.dumps({"query": BACKFILL, "variables": {"months": months}}).encode(),
        {"Content-Type": "application/json"},
    )
    with urlopen(request, timeout=60) as answer:
        said = json.load(answer)
    assert said["data"]["launchPartitionBackfill"]["__typename"] == "LaunchBackfillSuccess", said


@pytest.mark.skipif(os.name != "posix", reason="process groups")
def test_month_missed_is_built_once_though_the_daemon_is_killed(toy: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orchestration.reports.make_reports", lambda *_, **__: [])
    first = now().replace(day=1, hour=6, minute=0, second=0, microsecond=0)
    build_at = first + timedelta(days=toy.due_day)
    if build_at > now() - timedelta(hours=2):
        build_at = (first - timedelta(days=1)).replace(day=1) + timedelta(days=toy.due_day)
    period = previous_month(build_at.date())
    _publish_before(toy, period, build_at)
    assert missed_months(list_editions(toy), toy.due_day, now()) == [period]
    with listening() as receiver:
        with _daemon(toy, receiver):
            _until("a run is asked for", lambda: _runs(toy, period) == 1)
        with _daemon(toy, receiver) as port:
            _until("the month is published", lambda: len(list_editions(toy, period)) == 1)
            # the toy has no bulletins to write, so its run fails after publishing: somebody is told
            _until("the failure is told", lambda: any("失败" in each["title"] for each in receiver.taken))
            # months of the past, asked for as the page asks: one run a month, each publishes an edition of its own
            months = [previous_month(build_at.date() - timedelta(days=days)) for days in (62, 31)]
            _ask_for_backfill(port, months)
            _until("the months of the past are published", lambda: all(list_editions(toy, month) for month in months))
        assert len(list_editions(toy, period)) == 1 and _runs(toy, period) <= 2
        assert [len(list_editions(toy, month)) for month in months] == [1, 1]
