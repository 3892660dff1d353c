"""The catalogue says what was copied out of the documents by hand."""

from pathlib import Path

import polars as pl
import pytest

from orchestration.plan import catalogue_folder
from orchestration.settings import get_settings
from second.transcript import TABLES, catalogue_differences


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return catalogue_folder(get_settings(tmp_path_factory.mktemp("catalogue")))


def test_the_catalogue_is_the_transcript(catalogue: Path) -> None:
    assert list(catalogue_differences(catalogue)) == []


@pytest.mark.parametrize("table", TABLES)
def test_another_figure_is_noticed(table: str, catalogue: Path, tmp_path: Path) -> None:
    """A row that is gone, and one cell too many, in each table."""
    for file in catalogue.glob("*.parquet"):
        (tmp_path / file.name).symlink_to(file)
    rows = pl.read_parquet(catalogue / f"{table}.parquet")
    if "scheme" in rows.columns:
        rows = rows.sort(pl.col("scheme") != "yueyang-2019", maintain_order=True)
    (tmp_path / f"{table}.parquet").unlink()
    rows[1:].write_parquet(tmp_path / f"{table}.parquet")
    (found,) = catalogue_differences(tmp_path)
    assert found.startswith(f"{table}: 目录缺")
