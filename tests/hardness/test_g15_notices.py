"""The goal of rebuilding notices a rebuild that is not the same: here of a value that changed on the way."""

from pathlib import Path

import polars as pl
import pytest

from hardness import g15_rebuild
from hardness.goal import Size
from orchestration.settings import Settings
from orchestration.upkeep import rebuild


def test_a_value_changed_while_rebuilding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = rebuild.write_rows

    def poorer(settings: Settings, line: object, template: object, rows: pl.DataFrame) -> None:
        if "wage_income" in rows.columns:
            rows = rows.with_columns(pl.col("wage_income") - 1)
        whole(settings, line, template, rows)

    monkeypatch.setattr(rebuild, "write_rows", poorer)
    assert any("fct_household" in failure for failure in g15_rebuild.run(tmp_path, Size(0.001, 1)).failures)
