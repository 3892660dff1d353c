"""Reading one file into columns of text: runs in a child process with limits.

A damaged or hostile workbook may exhaust memory or abort the process; only the child dies then.
Nothing here knows the warehouse: input is a path and the titles to look for, output an Arrow file.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from operator import itemgetter
from pathlib import Path
from types import NoneType
from typing import Any

import polars as pl

from orchestration.intake.choosing import choose
from orchestration.intake.csv_text import csv_sheet
from orchestration.intake.headers import Header, TemplateTitles
from orchestration.intake.sheets import Batch, Refused, Sheet
from orchestration.intake.workbooks import OLE, form_property, uses_1904, workbook_sheets

# a count may follow (合计:15户), but no word: 总计划 is none
_TOTAL = re.compile(r"(合计|小计|总计)数?([^\w(]*[0-9][0-9.,]*(户|人|个|条|项|笔|行|村|元|万元)?)?$")
_TAIL = re.compile(r"(\([^()]*\)|[^\w(]|_)+$")
_LONG, _SHORT = 1e15, 1e-4
"""Between them the shortest text of a number has no exponent; a whole number below the first has all its digits."""


@dataclass(frozen=True)
class ReadResult:
    """What the child found. ``code`` is None when the table was read, else why the file is refused.

    rows          data rows below the header (blank and total rows not counted), also for a refusal
    positions     field -> 0-based column of the sheet, for the annotated receipt
    version       the former form the table was made from, None for today's
    dropped       titles of columns that form had and that are no longer asked for
    """

    code: str | None
    detail: str = ""
    template: str | None = None
    header_row: int = 0
    sheet: str | None = None
    is_workbook: bool = False
    date1904: bool = False
    rows: int = 0
    positions: dict[str, int] = field(default_factory=dict)
    multipliers: dict[str, int] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    version: str | None = None
    dropped: tuple[str, ...] = ()


def read_table(path: Path, templates: Sequence[TemplateTitles], wanted: str | None, out: Path) -> ReadResult:
    """Read ``path`` and write its recognised columns as text to the Arrow file ``out``.

    ``wanted`` is the template the file's name gives, or None to recognise it by its header. The
    Arrow file has ``row_number``, ``is_total``, one String column per recognised field, and
    ``<field>#number`` for id numbers (the cell held a number).
    """
    candidates = [t for t in templates if wanted in (None, t.name)]
    try:
        sheets, date1904, is_workbook = _open(path, candidates)
        sheet, header = choose(sheets, candidates, wanted, form_property(path) if is_workbook else None)
        template = next(t for t in candidates if (t.name, t.version) == (header.template, header.version))
        code, detail = _why_unusable(header)
        rows = 0
        frames = []
        for batch in sheet.below(header.row):
            totals, filled = _kinds(batch[0])
            rows += filled
            if code is None:
                frames.append(_columns(batch, totals, header, template))
    except Refused as refused:
        return ReadResult(refused.code, refused.detail)
    if code is None:
        pl.concat(frames).write_ipc(out)
    return ReadResult(
        code,
        detail,
        template=template.name,
        header_row=sheet.top[1][header.row],
        sheet=sheet.name,
        is_workbook=is_workbook,
        date1904=date1904,
        rows=rows,
        positions={c.field: c.index for c in header.columns},
        multipliers={c.field: c.multiplier for c in header.columns if c.multiplier != 1},
        ignored=header.ignored,
        version=header.version,
        dropped=header.dropped,
    )


def _open(path: Path, candidates: Sequence[TemplateTitles]) -> tuple[Iterator[Sheet], bool, bool]:
    """Sheets (lazily), the 1904 flag, and whether it is a workbook: by content, not by extension."""
    with path.open("rb") as handle:
        magic = handle.read(8)
    if not magic:
        raise Refused("empty_file")
    if magic.startswith(b"PK") or magic == OLE:
        return workbook_sheets(path, magic), uses_1904(path, magic), True
    return iter([csv_sheet(path, candidates)]), False, False


def _why_unusable(header: Header) -> tuple[str | None, str]:
    """Code and detail of what refuses a file for its header, or None."""
    for code, found in (
        ("missing_column", header.missing),
        ("duplicate_column", header.duplicated),
        ("unusable_unit", header.bad_units),
    ):
        if found:
            return code, "、".join(found)
    return None, ""


def _kinds(rows: Sequence[Sequence[Any]]) -> tuple[list[bool], int]:
    """Which rows are total rows, and how many of the others are not blank."""
    firsts = [_first_filled(row) for row in rows]
    totals = [_is_total(value) for value in firsts]
    return totals, sum(1 for v, t in zip(firsts, totals, strict=True) if v is not None and not t)


def _first_filled(row: Sequence[Any]) -> Any:
    """The first cell of a row that is not blank, or None."""
    for value in row:
        if value is None or (value.__class__ is str and not value.strip()):
            continue
        return value
    return None


def _is_total(value: Any) -> bool:
    if not isinstance(value, str) or "计" not in value:
        return False
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", value))
    return _TOTAL.search(_TAIL.sub("", text)) is not None


def _columns(batch: Batch, totals: Sequence[bool], header: Header, template: TemplateTitles) -> pl.DataFrame:
    body, numbers = batch
    series = [
        pl.Series("row_number", list(numbers), dtype=pl.Int64),
        pl.Series("is_total", totals, dtype=pl.Boolean),
    ]
    narrowest = min(map(len, body), default=0)
    for column in header.columns:
        index = column.index
        if index < narrowest:
            cells = list(map(itemgetter(index), body))
        else:
            cells = [row[index] if len(row) > index else "" for row in body]
        series.append(_texts(cells).alias(column.field))
        if column.title in template.id_numbers:
            is_number = [isinstance(v, int | float | dt.date) for v in cells]
            series.append(pl.Series(f"{column.field}#number", is_number, dtype=pl.Boolean))
    return pl.DataFrame(series)


def _texts(cells: Sequence[Any]) -> pl.Series:
    """``cell_text`` of each cell; columns of numbers, which are the most and the longest, at once."""
    kinds = set(map(type, cells))
    if kinds <= {str}:
        return pl.Series(cells, dtype=pl.String)
    if not kinds <= {str, float, NoneType}:
        return pl.Series([v if v.__class__ is str else cell_text(v) for v in cells], dtype=pl.String)
    only = cells if kinds == {float} else [v if v.__class__ is float else None for v in cells]
    number = pl.Series(only, dtype=pl.Float64)
    size = number.abs()
    whole = (number == number.floor()) & (size < _LONG)
    plain = (size >= _SHORT) & (size < _LONG)  # beyond, text of a number may have an exponent
    frame = pl.DataFrame({"number": number, "whole": whole, "plain": plain})
    found = frame.select(
        pl.when("whole")
        .then(pl.when("whole").then("number").cast(pl.Int64).cast(pl.String))
        .when("plain")
        .then(pl.col("number").cast(pl.String))
    ).to_series()
    left = found.is_null().arg_true().to_list()
    return found.scatter(left, [cell_text(cells[place]) for place in left]) if left else found


def cell_text(value: Any) -> str:
    """Canonical text of a workbook cell: shortest number, ISO date, true/false."""
    kind = value.__class__
    if value is None or kind is str:
        return value or ""
    if kind is bool:
        return "true" if value else "false"
    if kind is float:
        if value.is_integer() and abs(value) < _LONG:
            return str(int(value))
        return format(Decimal(repr(value)), "f")
    if kind is dt.datetime:
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    return value.isoformat() if kind is dt.date else str(value)
