"""Building: a fresh database each time, one parse for many builds, failures told and never published."""

import json
from datetime import datetime
from pathlib import Path

import duckdb
import pytest
from toy_project import spoil

from orchestration.build import build, finished_build, run_nodes
from orchestration.errors import GuatuError
from orchestration.plan import Node, prepare_plan
from orchestration.settings import Settings

AS_OF = datetime(2022, 7, 6, 23, 59, 59, 999999)


def _ledger_line(number: int, received_at: str) -> str:
    return json.dumps({"submission_id": number, "period": "2022-06", "received_at": received_at, "rows_accepted": 3})


def test_build_passes_period_and_as_of_and_leaves_the_project_alone(toy: Settings) -> None:
    before = sorted(path.name for path in toy.dbt_project.rglob("*"))
    result = build(toy, "2022-06", AS_OF, "2022-06_0001")
    assert result.ok, result.summary
    with duckdb.connect(str(result.database), read_only=True) as connection:
        assert connection.execute("from marts.dim_edition").fetchall() == [("2022-06_0001", "2022-06", AS_OF)]
    assert sorted(path.name for path in toy.dbt_project.rglob("*")) == before
    assert finished_build(toy, "2022-06_0001") == (result.database, "2022-06", AS_OF)


def test_only_what_was_received_by_then_and_no_torn_line(toy: Settings) -> None:
    toy.ledger.write_text(
        _ledger_line(1, "2022-07-05T10:00:00.000000") + "\n"
        + _ledger_line(2, "2022-07-08T10:00:00.000000") + "\n"
        + '{"submission_id": 3, "per',
        encoding="utf-8",
    )  # fmt: skip
    for as_of, expected in ((AS_OF, [(1,)]), (datetime(2022, 8, 1), [(1,), (2,)])):
        result = build(toy, "2022-06", as_of, "2022-06_0001")
        with duckdb.connect(str(result.database), read_only=True) as connection:
            found = connection.execute("select submission_id from marts.fct_submission order by 1").fetchall()
        assert found == expected


def test_second_build_takes_the_new_period_without_compiling_again(toy: Settings) -> None:
    plan = prepare_plan(toy) / "plan.json"
    compiled_at = plan.stat().st_mtime_ns
    build(toy, "2022-06", AS_OF, "2022-06_0001")
    second = build(toy, "2022-07", AS_OF, "2022-07_0002")
    assert plan.stat().st_mtime_ns == compiled_at
    with duckdb.connect(str(second.database), read_only=True) as connection:
        assert connection.execute("select period from marts.dim_edition").fetchall() == [("2022-07",)]


def test_a_table_of_the_scratch_is_given_up_once_nothing_reads_it(tmp_path: Path) -> None:
    """Households of a nation do not fit beside each other; who reads a view reads the table behind it."""
    database = tmp_path / "warehouse.duckdb"

    def model(name: str, sql: str, *parents: str, is_view: bool = False) -> Node:
        relation = f"warehouse.marts.{name}" if name.startswith("seen") else f"scratch.intermediate.{name}"
        return Node(
            unique_id=name, kind="model", name=name, relation=relation, sql=sql, parents=parents, is_view=is_view
        )

    seen = "select table_name from duckdb_tables() where database_name = 'scratch'"
    nodes = [
        model("households", "select 1 as household_id"),
        model("seen_at_first", seen),
        model("registered", "from scratch.intermediate.households", "households", is_view=True),
        model("seen_behind_a_view", seen),
        model("villages", "select count(*) as n from scratch.intermediate.registered", "registered"),
        model("seen_then", seen),
        Node(unique_id="check", kind="test", name="check", parents=("villages",),
             sql="from scratch.intermediate.villages where n > 1"),
        model("seen_at_last", seen),
    ]  # fmt: skip
    assert all(result.passed for result in run_nodes(nodes, database, {"memory_limit": "1000MB"}))
    with duckdb.connect(str(database), read_only=True) as connection:
        found = [connection.execute(f"from marts.{node.name}").fetchall() for node in nodes if "seen" in node.name]
    assert found == [[("households",)], [("households",)], [("villages",)], []]


def test_failing_check_is_named_in_chinese_and_not_finished(toy: Settings) -> None:
    spoil(toy)
    result = build(toy, "2022-06", AS_OF, "2022-06_0001")
    assert not result.ok
    assert "检查 not_null_fct_submission_submission_id" in result.summary
    with pytest.raises(GuatuError) as error:
        finished_build(toy, "2022-06_0001")
    assert error.value.code == "not_built" and error.value.exit_code == 3


def test_changed_model_is_compiled_again_and_a_broken_one_is_explained(toy: Settings) -> None:
    prepare_plan(toy)
    model = toy.dbt_project / "models/marts/fct_visit_count.sql"
    model.write_text("select * from {{ ref('no_such_model') }}", encoding="utf-8")
    with pytest.raises(GuatuError, match="no_such_model") as error:
        prepare_plan(toy)
    assert error.value.code == "project_invalid"


def test_progress_counts_every_node(toy: Settings) -> None:
    seen: list[tuple[int, int]] = []
    result = build(toy, "2022-06", AS_OF, "2022-06_0001", lambda done, total: seen.append((done, total)))
    assert len(result.nodes) == 6  # three models and three checks; the ephemeral model is part of another
    assert seen == [(n, 6) for n in range(1, 7)]
