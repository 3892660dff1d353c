"""The compiled plan builds what dbt builds, table by table and check by check."""

from datetime import datetime
from pathlib import Path

import duckdb
import pytest
from dbt_reference import build_with_dbt
from toy_project import spoil

from orchestration.build import build
from orchestration.intake import ingest
from orchestration.plan import COMPILED_FROM, load_plan, prepare_plan
from orchestration.settings import Settings

GOLDEN = Path(__file__).parents[1] / "golden" / "files"
AS_OF = datetime(2018, 8, 31, 12)


def _tables(database: Path) -> dict[str, tuple[object, ...]]:
    """Columns with types, rows and a hash over them, of every mart."""
    with duckdb.connect(str(database), read_only=True) as connection:
        described = connection.execute(
            "select schema_name || '.' || table_name, list((column_name, data_type) order by column_index) "
            "from duckdb_columns() where schema_name = 'marts' group by all"
        ).fetchall()
        rows = "select count(*), sum(hash(rows_of)::hugeint) from {} as rows_of"
        return {table: (columns, *connection.execute(rows.format(table)).fetchone()) for table, columns in described}


def test_the_plan_builds_what_dbt_builds(settings: Settings, tmp_path: Path) -> None:
    ingest(settings, [GOLDEN], datetime(2018, 8, 4))
    light = build(settings, "2018-07", AS_OF, "2018-07_0001")
    reference = build_with_dbt(settings, "2018-07", AS_OF, tmp_path, ("--exclude", "test_type:unit"))
    assert {run.node.unique_id: str(run.status) for run in reference.result.results} == {
        node.unique_id: node.status for node in light.nodes
    }
    assert _tables(light.database) == _tables(tmp_path / "warehouse.duckdb")


def test_a_failing_check_stops_what_depends_on_it_as_in_dbt(toy: Settings, tmp_path: Path) -> None:
    spoil(toy)
    light = build(toy, "2022-06", AS_OF, "2022-06_0001")
    reference = build_with_dbt(toy, "2022-06", AS_OF, tmp_path)
    assert not light.ok and not reference.success
    assert {run.node.unique_id: str(run.status) for run in reference.result.results} == {
        node.unique_id: node.status for node in light.nodes
    }


def test_a_contract_is_enforced(toy: Settings) -> None:
    models = toy.dbt_project / "models" / "models.yml"
    head, tail = models.read_text(encoding="utf-8").split("  - name: fct_visit_count\n    config: {schema: marts}")
    contracted = (
        "  - name: fct_visit_count\n    config: {schema: marts, contract: {enforced: true}}\n"
        "    columns: [{name: period, data_type: varchar}, {name: visit_count, data_type: integer}]"
    )
    models.write_text(head + contracted + tail, encoding="utf-8")
    result = build(toy, "2022-06", AS_OF, "2022-06_0001")
    assert not result.ok and "visit_count" in result.summary


def test_every_table_read_while_sql_is_generated_is_part_of_the_plans_stamp(settings: Settings) -> None:
    texts = [path.read_text(encoding="utf-8") for path in settings.dbt_project.rglob("*.sql")]
    read = {part.split("'")[1] for text in texts for part in text.split("catalogue_table(")[1:] if part[0] == "'"}
    assert read == set(COMPILED_FROM)


def test_a_plan_names_no_place_of_this_installation_and_serves_another(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GUATU_CACHE", str(tmp_path / "cache"))
    shared = Settings(home=tmp_path / "first"), Settings(home=tmp_path / "second's home")
    folders = [prepare_plan(each) for each in shared]
    assert folders[0] == folders[1] and str(tmp_path) not in (folders[0] / "plan.json").read_text(encoding="utf-8")
    values = {"GUATU_LAKE": "/o'brien/lake", "GUATU_LEDGER": "l", "GUATU_CATALOGUE": "c"}
    values |= {"period": "2018-07", "edition_period": "2018-07", "as_of": "x", "edition_id": "e", "due_day": "5"}
    sql = "\n".join(node.sql for node in load_plan(shared[0]).rendered(values))
    assert "@GUATU_LAKE@" not in sql and "/o''brien/lake" in sql
