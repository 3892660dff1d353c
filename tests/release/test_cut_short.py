"""Files cut short: each is named with what to do, or made again where it holds nothing of its own."""

from datetime import datetime
from pathlib import Path

import polars as pl
import pytest
from small_warehouse import write_warehouse

from orchestration.catalogue.templates import load_templates
from orchestration.errors import GuatuError
from orchestration.intake.lake import ensure_lake
from orchestration.month import open_instance
from orchestration.plan import _is_whole
from orchestration.release import current_edition, list_editions, next_edition_id, open_edition, publish, run_lock
from orchestration.release.editions import database_path, sidecar_path
from orchestration.settings import Settings


def cut(path: Path) -> None:
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@pytest.fixture
def published(settings: Settings) -> str:
    settings.root.mkdir(parents=True)
    with run_lock(settings):
        warehouse = write_warehouse(settings.root / "warehouse.duckdb")
        return publish(settings, warehouse, "2022-06", datetime(2022, 7, 6)).edition_id


def test_the_record_of_an_edition_is_named_and_no_number_is_given_twice(settings: Settings, published: str) -> None:
    record = sidecar_path(settings, published)
    cut(record)
    for look in (current_edition, list_editions, lambda s: next_edition_id(s, "2022-06")):
        with pytest.raises(GuatuError, match=record.name):
            look(settings)
    record.unlink()
    assert next_edition_id(settings, "2022-06") == published  # it was never served under a record that can be read


def test_the_file_of_an_edition_is_named(settings: Settings, published: str) -> None:
    path = database_path(settings, published)
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(GuatuError, match=path.name):
        open_edition(settings)


def test_an_empty_table_of_the_lake_is_written_again(settings: Settings) -> None:
    templates = load_templates(settings.seeds)
    ensure_lake(settings, templates)
    schema = settings.lake / "visits" / "schema.parquet"
    cut(schema)
    ensure_lake(settings, templates)
    assert pl.read_parquet_schema(schema) == pl.Schema(templates["visits"].lake_schema())


def test_the_history_of_runs_is_named_with_what_to_do(settings: Settings) -> None:
    settings.root.mkdir(parents=True)
    open_instance(settings).dispose()
    for path in settings.dagster_home.rglob("runs.db"):
        path.write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)
    with pytest.raises(GuatuError, match="移走"):
        open_instance(settings)


@pytest.mark.parametrize("name", ["plan.json", "manifest.json", "indicators.parquet"])
def test_a_plan_cut_short_is_not_taken_for_whole(tmp_path: Path, name: str) -> None:
    def written() -> Path:
        folder = tmp_path / "plan"
        folder.mkdir()
        for each in ("plan.json", "manifest.json"):
            (folder / each).write_text('{"nodes": []}', encoding="utf-8")
        pl.DataFrame({"a": [1, 2, 3]}).write_parquet(folder / "indicators.parquet")
        return folder

    folder = written()
    assert _is_whole(folder)
    cut(folder / name)
    assert not _is_whole(folder)
