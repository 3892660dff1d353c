"""Reads one published edition, a DuckDB file opened read-only; its schema ``marts`` is the output contract."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from orchestration.errors import GuatuError
from orchestration.release.reading import Row, rows


class Edition:
    """One open edition; every query returns plain rows in a stated order."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def rows(self, sql: str, *parameters: Any) -> list[Row]:
        """Rows of one query as dictionaries; an edition without the table or column asked for is a GuatuError."""
        return rows(self._connection, sql, *parameters)


@contextmanager
def open_edition(path: Path) -> Iterator[Edition]:
    """Open the file the path points at now (a link is resolved first, so a later switch does not disturb)."""
    resolved = path.resolve()
    if not resolved.is_file():
        raise GuatuError(
            "edition_not_found",
            f"没有找到数据版本 {path.name}；请先运行 guatu run 发布一个版本",
            f"edition {path.name} not found; publish one with guatu run first",
        )
    connection = duckdb.connect(str(resolved), read_only=True)
    try:
        yield Edition(connection)
    finally:
        connection.close()
