"""Tables that editions published by an earlier program lack: a part of a page says so, and the page goes on."""

import duckdb
import polars as pl

from dashboards.edition import Edition, query
from orchestration.errors import GuatuError

NO_TABLE = '<p class="g-empty">本版本没有这张表。请用当前程序重新运行 guatu run 生成新版本,或选择较新的版本。</p>'


def rows_if_there(edition: Edition, name: str, **parameters: str | int | None) -> pl.DataFrame | None:
    """Rows of ``queries/<name>.sql``; None where the edition has not got the table.

    Raises GuatuError ``edition_incomplete`` for a table without a column the query needs, ``edition_unreadable``.
    """
    try:
        return query(edition, name, **parameters)
    except GuatuError as error:
        if isinstance(error.__cause__, duckdb.CatalogException):
            return None
        raise
