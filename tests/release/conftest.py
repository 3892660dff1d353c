"""Warehouses as a build leaves them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from small_warehouse import write_warehouse


@pytest.fixture
def build_warehouse(tmp_path: Path) -> Callable[..., Path]:
    """Writes a small warehouse below the test's folder."""
    return lambda **options: write_warehouse(tmp_path / "warehouse.duckdb", **options)
