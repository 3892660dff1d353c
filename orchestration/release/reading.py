"""Opening an edition: read-only, on its own file, and locked down before anyone's SQL reaches it."""

from typing import Any

import duckdb

from orchestration.errors import GuatuError
from orchestration.release.editions import database_path, find_edition
from orchestration.sandbox.locked import connect_locked
from orchestration.settings import Settings

Row = dict[str, Any]


def rows(connection: duckdb.DuckDBPyConnection, sql: str, *parameters: Any) -> list[Row]:
    """Rows of one query as dictionaries. GuatuError ``edition_incomplete`` where the edition is too old for it."""
    try:
        cursor = connection.execute(sql, list(parameters))
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        first_line = str(error).splitlines()[0]
        raise GuatuError(
            "edition_incomplete",
            f"该版本缺少所需的表或列:{first_line}。请用 guatu run 重新生成该期的版本。",
            f"the edition lacks a table or column: {first_line}; run guatu run again",
        ) from error
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]


def open_edition(settings: Settings, edition_id: str | None = None) -> duckdb.DuckDBPyConnection:
    """A connection to the edition named, or to the current one; schema ``marts`` is searched first.

    One connection (or cursor) per thread. Raises GuatuError when there is no such edition, and ``edition_unreadable``
    where its file is damaged.
    """
    edition = find_edition(settings, edition_id)
    path = database_path(settings, edition.edition_id)
    try:
        return connect_locked(path)
    except duckdb.Error as error:
        raise GuatuError(
            "edition_unreadable",
            f"版本文件 {path} 打不开,可能被截断或改动过。"
            f"请从备份恢复,或运行 guatu run --period {edition.period} 重新发布。",
            f"the file of an edition cannot be opened: {path}",
        ) from error
