"""The warehouse against the second computation: random counties, every cell of every mart.

The models run as compiled, on one connection; that this is what a build makes is held once. ``GUATU_SECOND_SEEDS=0-19``
compares more counties than the one of each document that is compared by default.
"""

import os
from datetime import datetime
from itertools import groupby
from pathlib import Path
from random import Random

import pytest

from orchestration.build import build
from orchestration.catalogue.templates import load_templates
from orchestration.intake import ingest
from orchestration.intake.lake import ensure_lake
from orchestration.settings import Settings, get_settings
from second.case_records import write_records
from second.cases import flavour_of, make_case, write_csv, write_lake
from second.compare import differences
from second.compute import compute
from second.light import Warehouse, project

SHOWN = 40


def seeds() -> list[int]:
    first, _, last = os.environ.get("GUATU_SECOND_SEEDS", "0-5").partition("-")
    return list(range(int(first), int(last or first) + 1))


def filled_home(home: Path, seed: int, is_troubled: bool = True) -> Settings:
    """A home whose lake holds a seed's rows as intake would have accepted them, and what people decided there.

    ``is_troubled``: beside them rows and whole files were refused.
    """
    settings = get_settings(home)
    ensure_lake(settings, load_templates(settings.seeds))
    write_lake(make_case(seed), home, is_troubled)
    write_records(Random(seed), flavour_of(seed), home)
    return settings


def built(settings: Settings, period: str, as_of: datetime) -> Warehouse:
    """A month of a home on one connection."""
    warehouse = Warehouse(project(), settings, period, as_of)
    warehouse.build()
    return warehouse


@pytest.mark.parametrize("seed", seeds())
def test_every_cell_agrees(seed: int, tmp_path: Path) -> None:
    settings = filled_home(tmp_path, seed)
    for period, as_of in make_case(seed).editions:
        warehouse = built(settings, period, as_of)
        found = [
            *warehouse.failed_checks(),
            *differences(warehouse.connection, compute(tmp_path, period, as_of), period),
        ]
        warehouse.close()
        assert not found, f"{period} {as_of}: {len(found)} 处不同\n" + "\n".join(found[:SHOWN])


def test_what_is_compared_is_what_a_build_makes(tmp_path: Path) -> None:
    settings = filled_home(tmp_path, 0)
    period, as_of = make_case(0).editions[0]
    result = build(settings, period, as_of, f"{period}_0001")
    assert result.ok, result.summary
    warehouse = built(settings, period, as_of)
    warehouse.connection.execute(f"attach '{result.database}' as whole (read_only)")
    marts = warehouse.connection.execute(
        "select table_name from duckdb_tables() where database_name = 'whole' and schema_name = 'marts'"
    ).fetchall()
    assert len(marts) > 50
    for (name,) in marts:
        one, other = f"select * from warehouse.marts.{name}", f"select * from whole.marts.{name}"
        query = f"select count(*) from (({one} except all {other}) union all ({other} except all {one}))"
        assert warehouse.connection.execute(query).fetchone() == (0,), name


def test_one_changed_cell_is_noticed(tmp_path: Path) -> None:
    settings = filled_home(tmp_path, 0)
    period, as_of = make_case(0).editions[0]
    warehouse = built(settings, period, as_of)
    warehouse.connection.execute(
        "update marts.fct_indicator set value = value + 0.00000001 "
        "where indicator_code = 'archive_rate' and level = 'county' and period = ? and value is not null",
        [period],
    )
    found = differences(warehouse.connection, compute(tmp_path, period, as_of), period)
    assert found
    assert all("archive_rate" in line for line in found)


def test_every_mart_is_compared_or_named(tmp_path: Path) -> None:
    """A mart that is added is compared too, or stands here because it only repeats the catalogue or other marts."""
    settings = filled_home(tmp_path, 0)
    period, as_of = make_case(0).editions[0]
    warehouse = built(settings, period, as_of)
    marts = {
        name
        for (name,) in warehouse.connection.execute(
            "select table_name from duckdb_tables() where database_name = 'warehouse' and schema_name = 'marts'"
        ).fetchall()
    }
    computed = compute(tmp_path, period, as_of)
    beside = {name for name in marts if name.startswith("dim_")} - set(computed)
    assert marts - beside == set(computed)


def test_what_is_handed_in_as_files_is_what_was_invented(tmp_path: Path) -> None:
    """A whole county through intake gives the same marts as its rows put straight into the lake."""
    case = make_case(0)
    settings = get_settings(tmp_path / "files")
    for received_at, batch in groupby(write_csv(case, tmp_path / "csv"), key=lambda pair: pair[0]):
        taken = [result.submission for result in ingest(settings, [path for _, path in batch], received_at)]
        refused = [(s.file_name, s.reason) for s in taken if s.outcome not in ("accepted", "duplicate")]
        assert not refused
    write_records(Random(0), flavour_of(0), tmp_path / "files")
    (tmp_path / "rows").mkdir()
    filled_home(tmp_path / "rows", 0, is_troubled=False)
    for period, as_of in case.editions:
        assert compute(tmp_path / "files", period, as_of) == compute(tmp_path / "rows", period, as_of)
