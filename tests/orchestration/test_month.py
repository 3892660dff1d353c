"""A month through the Dagster job: published or not, and the history to show for it."""

import os
import subprocess
import sys
from datetime import datetime

import pytest
import yaml
from dagster import AssetKey, DagsterInstance, DagsterRunStatus
from toy_project import mend, spoil

from orchestration.defs import build_definitions
from orchestration.errors import GuatuError
from orchestration.month import end_dead_runs, open_instance, run_month
from orchestration.release import current_edition, list_editions, run_lock
from orchestration.settings import Settings


@pytest.fixture(autouse=True)
def no_reports(monkeypatch: pytest.MonkeyPatch) -> None:
    """The toy's marts are no subject of a bulletin; bulletins have their own tests."""
    monkeypatch.setattr("orchestration.reports.make_reports", lambda *_, **__: [])


def test_month_is_published_and_recorded(toy: Settings) -> None:
    told: list[str] = []
    result = run_month(toy, "2022-06", datetime(2022, 7, 6), told.append)
    assert result.problem is None and result.edition.edition_id == "2022-06_0001"
    assert result.edition.as_of == datetime(2022, 7, 6)
    assert told[0] == "接收收件箱文件" and "发布版本" in told
    with DagsterInstance.from_config(str(toy.dagster_home)) as instance:
        (run,) = instance.get_runs()
        assert run.status == DagsterRunStatus.SUCCESS and run.tags["dagster/partition"] == "2022-06"
        event = instance.get_latest_materialization_event(AssetKey("edition"))
        assert event.asset_materialization.metadata["edition_id"].value == "2022-06_0001"
    assert not list(toy.work.glob("2022-*"))


def test_failed_build_leaves_the_former_edition_and_the_next_run_works(toy: Settings) -> None:
    first = run_month(toy, "2022-06").edition
    spoil(toy)
    failed = run_month(toy, "2022-07")
    assert failed.edition is None and "not_null_fct_submission_submission_id" in failed.problem
    assert current_edition(toy) == first
    mend(toy)
    assert run_month(toy, "2022-07").edition.edition_id == "2022-07_0002"


def test_same_inputs_and_moment_give_the_same_hash(toy: Settings) -> None:
    hashes = {run_month(toy, "2022-06", datetime(2022, 7, 6)).edition.logical_hash for _ in range(2)}
    assert len(hashes) == 1 and len(list_editions(toy)) == 2


@pytest.mark.parametrize("period", ["2022-13", "2022-6", "202206", "2009-12", "2199-01", ""])
def test_months_that_cannot_be_built_are_refused(toy: Settings, period: str) -> None:
    with pytest.raises(GuatuError) as error:
        run_month(toy, period)
    assert error.value.code == "bad_period" and error.value.exit_code == 3


def test_definitions_carry_sources_models_checks_and_automation(toy: Settings) -> None:
    graph = build_definitions(toy).resolve_asset_graph()
    keys = {key.to_user_string() for key in graph.get_all_asset_keys()}
    assert {"submissions", "raw/visits", "raw/households", "edition", "reports"} <= keys
    assert len([key for key in keys if key.startswith("raw/")]) == 18
    (visit_count,) = [key for key in graph.get_all_asset_keys() if key.path[-1] == "fct_visit_count"]
    assert AssetKey(["raw", "visits"]) in graph.get(visit_count).parent_keys
    assert visit_count in graph.get(AssetKey("edition")).parent_keys
    checks = {key.name for key in graph.asset_check_keys}
    assert "unique_fct_submission_submission_id" in checks


def test_telemetry_is_off_and_one_run_at_a_time(toy: Settings) -> None:
    open_instance(toy).dispose()
    config = yaml.safe_load((toy.dagster_home / "dagster.yaml").read_text(encoding="utf-8"))
    assert config["telemetry"] == {"enabled": False}
    assert config["concurrency"]["runs"]["max_concurrent_runs"] == 1


def test_dead_run_is_ended_and_a_live_one_is_not(toy: Settings) -> None:
    with open_instance(toy) as instance:
        job = build_definitions(toy).resolve_job_def("month")
        run = instance.create_run_for_job(job, status=DagsterRunStatus.STARTED)
        with run_lock(toy):
            assert end_dead_runs(toy, instance, older_than_seconds=0) == 0
        assert end_dead_runs(toy, instance, older_than_seconds=0) == 1
        assert instance.get_run_by_id(run.run_id).status == DagsterRunStatus.FAILURE


def test_second_run_waits_and_then_says_so(toy: Settings) -> None:
    told: list[str] = []
    holder = (
        "import sys, time\nfrom pathlib import Path\n"
        "from orchestration.release import run_lock\nfrom orchestration.settings import get_settings\n"
        f"with run_lock(get_settings(Path({str(toy.home)!r}))):\n    print('held', flush=True)\n    time.sleep(60)\n"
    )
    child = subprocess.Popen([sys.executable, "-c", holder], stdout=subprocess.PIPE, env=dict(os.environ))
    try:
        assert child.stdout.readline() == b"held\n"
        with pytest.raises(GuatuError) as error, run_lock(toy, 0.2, told.append):
            pass
    finally:
        child.kill()
        child.wait()
        child.stdout.close()
    assert error.value.code == "busy" and "另一轮构建" in told[0]
    with run_lock(toy, 0.2):
        pass
