"""The province's Dagster: which commands a county's month and the province's month are."""

import sys
from datetime import datetime
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest
from dagster import DagsterInstance, MultiPartitionKey, build_schedule_context, build_sensor_context, materialize

from orchestration.settings import PROJECT_ROOT

PROGRAM = """
import sys
from pathlib import Path
with Path({log!r}).open("a") as log:
    print(*sys.argv[1:], file=log)
if {fails!r} in sys.argv:
    print("连不上共享库 / away", file=sys.stderr)
    sys.exit(1)
"""


@pytest.fixture(scope="module")
def province() -> ModuleType:
    spec = spec_from_file_location("province", PROJECT_ROOT / "deploy" / "dagster" / "province.py")
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    sys.modules["province"] = module
    spec.loader.exec_module(module)
    return module


def _program(tmp_path: Path, fails: str = "") -> list[str]:
    path = tmp_path / "program.py"
    path.write_text(PROGRAM.format(log=str(tmp_path / "log"), fails=fails), encoding="utf-8")
    return [sys.executable, str(path)]


def _guatu(province: ModuleType, tmp_path: Path, fails: str = ""):
    for county in ("411521", "411522", "ignored"):
        (tmp_path / "offices" / county).mkdir(parents=True, exist_ok=True)
    places = {"offices": str(tmp_path / "offices"), "province": str(tmp_path / "province")}
    return province.Guatu(program=_program(tmp_path, fails), **places)


def test_a_county_month_runs_and_shares_and_the_province_gathers_and_runs(province: ModuleType, tmp_path: Path) -> None:
    guatu = _guatu(province, tmp_path)
    with DagsterInstance.ephemeral() as instance:
        instance.add_dynamic_partitions("county", ["411521"])
        key = MultiPartitionKey({"county": "411521", "month": "2018-07"})
        given = {"instance": instance, "resources": {"guatu": guatu}}
        assert materialize([province.county_month], partition_key=key, **given).success
        assert materialize(
            [province.province_month], partition_key="2018-07", selection="province_month", **given
        ).success
    home, top = tmp_path / "offices" / "411521", tmp_path / "province"
    assert (tmp_path / "log").read_text().splitlines() == [
        f"run --period 2018-07 --home {home}",
        f"share push --office 411521 --home {home}",
        f"share gather --home {top}",
        f"run --period 2018-07 --home {top}",
    ]


def test_a_command_that_fails_is_told_in_its_own_words(province: ModuleType, tmp_path: Path) -> None:
    guatu = _guatu(province, tmp_path, fails="gather")
    with DagsterInstance.ephemeral() as instance:
        given = {"instance": instance, "resources": {"guatu": guatu}, "raise_on_error": False}
        result = materialize([province.province_month], partition_key="2018-07", **given)
    (failed,) = [event for event in result.all_events if event.is_step_failure or event.is_step_up_for_retry][:1]
    assert "连不上共享库" in str(failed.event_specific_data)
    assert "run" not in (tmp_path / "log").read_text().split()


def test_every_directory_is_a_partition_with_a_run_a_month(province: ModuleType, tmp_path: Path) -> None:
    with DagsterInstance.local_temp(str(tmp_path)) as instance:
        given = {"instance": instance, "resources": {"guatu": _guatu(province, tmp_path)}}
        with build_sensor_context(**given) as context:
            (request,) = province.new_counties(context).dynamic_partitions_requests
        assert list(request.partition_keys) == ["411521", "411522"]
        instance.add_dynamic_partitions("county", request.partition_keys)
        with build_schedule_context(**given, scheduled_execution_time=datetime(2018, 8, 6, 6)) as context:
            requests = list(province.counties_monthly(context))
        assert [request.run_key for request in requests] == ["411521/2018-07", "411522/2018-07"]
        with build_schedule_context(scheduled_execution_time=datetime(2018, 8, 6, 12)) as context:
            assert province.province_monthly(context).partition_key == "2018-07"
