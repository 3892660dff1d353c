"""The unit tests of the dbt project: every rule with an edge, on the real engine, over an empty installation."""

from datetime import datetime
from pathlib import Path

from dbt_reference import build_with_dbt

from orchestration.build import build
from orchestration.intake import ingest
from orchestration.settings import Settings


def test_every_rule_with_an_edge(settings: Settings) -> None:
    ingest(settings, [])
    result = build_with_dbt(settings, "2018-09", datetime(2018, 10, 6), settings.work / "rules")
    failed = [f"{run.node.name}: {run.message}" for run in result.result if run.status not in ("success", "pass")]
    assert not failed, "\n".join(failed)
    assert sum(run.node.resource_type == "unit_test" for run in result.result) >= 10


def test_a_lost_lake_file_never_turns_into_a_zero(settings: Settings) -> None:
    ingest(settings, [Path(__file__).parents[1] / "golden" / "files"], datetime(2018, 8, 4))
    lost = next((settings.lake / "households" / "period=2018-07").iterdir())
    lost.unlink()
    result = build(settings, "2018-07", datetime(2018, 9, 1), "2018-07_0001")
    assert not result.ok
    assert "lake_matches_ledger" in result.summary
