"""The warehouse against the second computation: random counties, every cell of every mart.

``GUATU_SECOND_SEEDS=0-19`` compares more counties than the two that are compared by default.
"""

import os
from itertools import groupby
from pathlib import Path

import duckdb
import pytest

from orchestration.build import build
from orchestration.catalogue.templates import load_templates
from orchestration.intake import ingest
from orchestration.intake.lake import ensure_lake
from orchestration.settings import Settings, get_settings
from second.cases import make_case, write_csv, write_lake
from second.compare import differences
from second.compute import compute

SHOWN = 40


def seeds() -> list[int]:
    first, _, last = os.environ.get("GUATU_SECOND_SEEDS", "0-1").partition("-")
    return list(range(int(first), int(last or first) + 1))


def filled_home(home: Path, seed: int) -> Settings:
    """A home whose lake holds a seed's rows as intake would have accepted them."""
    settings = get_settings(home)
    ensure_lake(settings, load_templates(settings.seeds))
    write_lake(make_case(seed), home)
    return settings


@pytest.mark.parametrize("seed", seeds())
def test_every_cell_agrees(seed: int, tmp_path: Path) -> None:
    settings = filled_home(tmp_path, seed)
    for number, (period, as_of) in enumerate(make_case(seed).editions):
        result = build(settings, period, as_of, f"{period}_{number:04d}")
        assert result.ok, result.summary
        found = differences(result.database, compute(tmp_path, period, as_of), period)
        assert not found, f"{period} {as_of}: {len(found)} 处不同\n" + "\n".join(found[:SHOWN])


def test_one_changed_cell_is_noticed(tmp_path: Path) -> None:
    settings = filled_home(tmp_path, 0)
    period, as_of = make_case(0).editions[0]
    result = build(settings, period, as_of, f"{period}_0000")
    assert result.ok, result.summary
    with duckdb.connect(str(result.database)) as connection:
        connection.execute(
            "update marts.fct_indicator set value = value + 0.00000001 "
            "where indicator_code = 'archive_rate' and level = 'county' and period = ? and value is not null",
            [period],
        )
    found = differences(result.database, compute(tmp_path, period, as_of), period)
    assert found
    assert all("archive_rate" in line for line in found)


def test_what_is_handed_in_as_files_is_what_was_invented(tmp_path: Path) -> None:
    """A whole county through intake gives the same marts as its rows put straight into the lake."""
    case = make_case(0)
    settings = get_settings(tmp_path / "files")
    for received_at, batch in groupby(write_csv(case, tmp_path / "csv"), key=lambda pair: pair[0]):
        taken = [result.submission for result in ingest(settings, [path for _, path in batch], received_at)]
        refused = [(s.file_name, s.reason) for s in taken if s.outcome not in ("accepted", "duplicate")]
        assert not refused
    (tmp_path / "rows").mkdir()
    filled_home(tmp_path / "rows", 0)
    for period, as_of in case.editions:
        assert compute(tmp_path / "files", period, as_of) == compute(tmp_path / "rows", period, as_of)
