"""A query's result as a frame, and as files to take away: numbers stay numbers, text never becomes a formula."""

import csv
import re
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

import polars as pl
import xlsxwriter

from orchestration.inert import inert
from orchestration.release.query import QueryResult

MOST_SHEET_ROWS = 1_000_000
"""A worksheet has 1,048,576 rows."""
EXACT_IN_A_SHEET = 10**15
_DECIMAL = re.compile(r"DECIMAL\((\d+),\s*(\d+)\)")
_TYPES: dict[str, Any] = {
    "BOOLEAN": pl.Boolean(), "TINYINT": pl.Int64(), "SMALLINT": pl.Int64(), "INTEGER": pl.Int64(),
    "BIGINT": pl.Int64(), "UTINYINT": pl.Int64(), "USMALLINT": pl.Int64(), "UINTEGER": pl.Int64(),
    "UBIGINT": pl.UInt64(), "HUGEINT": pl.Decimal(38, 0), "FLOAT": pl.Float64(), "DOUBLE": pl.Float64(),
    "DATE": pl.Date(), "TIMESTAMP": pl.Datetime("us"), "TIME": pl.Time(),
}  # fmt: skip


def result_frame(result: QueryResult) -> pl.DataFrame:
    """The rows with exact types; lists, records and everything unusual as text. Names that repeat get a number."""
    columns: dict[str, pl.Series] = {}
    for position, (name, kind) in enumerate(zip(result.columns, result.types, strict=True)):
        unique = name if name not in columns else f"{name}_{position + 1}"
        columns[unique] = _series(unique, kind, [row[position] for row in result.rows])
    return pl.DataFrame(columns)


def _series(name: str, kind: str, values: list[Any]) -> pl.Series:
    exact = _DECIMAL.fullmatch(kind)
    dtype = pl.Decimal(int(exact[1]), int(exact[2])) if exact else _TYPES.get(kind)
    if dtype is not None:
        try:
            return pl.Series(name, values, dtype=dtype)
        except (pl.exceptions.PolarsError, OverflowError, TypeError):
            pass  # larger than the type holds: kept exactly, as text
    return pl.Series(name, [None if value is None else str(value) for value in values], dtype=pl.String)


def as_csv(frame: pl.DataFrame) -> bytes:
    """UTF-8 with BOM, so that a spreadsheet opens the Chinese as it is."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([inert(name) for name in frame.columns])
    writer.writerows([_written(value) for value in row] for row in frame.iter_rows())
    return ("\ufeff" + text.getvalue()).encode("utf-8")


def as_parquet(frame: pl.DataFrame) -> bytes:
    buffer = BytesIO()
    frame.write_parquet(buffer)
    return buffer.getvalue()


def as_workbook(frame: pl.DataFrame, notes: Sequence[tuple[str, str]]) -> bytes:
    """A workbook with the rows and, on a second sheet, where they came from (name, words)."""
    buffer = BytesIO()
    options = {
        "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
        "nan_inf_to_errors": True,
    }  # fmt: skip
    with xlsxwriter.Workbook(buffer, options) as book:
        header = book.add_format({"bold": True, "bg_color": "#F0ECE4", "bottom": 2})
        kinds = {"day": book.add_format({"num_format": "yyyy-mm-dd"}),
                 "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})}  # fmt: skip
        page = book.add_worksheet("查询结果")
        for position, name in enumerate(frame.columns):
            page.write_string(0, position, name, header)
            page.set_column(position, position, min(40, max(12, len(name) * 2 + 2)))
        for line, row in enumerate(frame.head(MOST_SHEET_ROWS).iter_rows(), start=1):
            for position, value in enumerate(row):
                _write_cell(page, line, position, value, kinds)
        page.freeze_panes(1, 0)
        page.autofilter(0, 0, max(1, min(frame.height, MOST_SHEET_ROWS)), max(0, frame.width - 1))
        about = book.add_worksheet("说明")
        about.set_column(0, 0, 14)
        about.set_column(1, 1, 100)
        for line, (name, words) in enumerate(notes):
            about.write_string(line, 0, name, header)
            about.write_string(line, 1, words[:32_000])
    return buffer.getvalue()


def _write_cell(page: Any, line: int, position: int, value: Any, kinds: dict[str, Any]) -> None:
    match value:
        case None:
            return
        case bool():
            page.write_boolean(line, position, value)
        case int() | float() | Decimal() if abs(value) < EXACT_IN_A_SHEET:
            page.write_number(line, position, value)
        case datetime():
            page.write_datetime(line, position, value, kinds["moment"])
        case _ if hasattr(value, "isoformat") and hasattr(value, "year"):
            page.write_datetime(line, position, value, kinds["day"])
        case _:
            page.write_string(line, position, str(value)[:32_000])


def _written(value: Any) -> str:
    match value:
        case None:
            return ""
        case str():
            return inert(value)
        case bool():
            return "true" if value else "false"
        case Decimal():
            return f"{value:f}"
        case _ if hasattr(value, "isoformat"):
            return value.isoformat()
    return str(value)
