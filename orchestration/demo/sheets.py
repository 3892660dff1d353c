"""Renders rows of a template as a submitter's file: workbook or CSV, byte for byte the same each time."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter

from orchestration.catalogue.templates import Field, Template

Row = Mapping[str, Any]
"""Field name -> value: text (a Chinese label for an enum), int, Decimal, bool, date or None."""

NOTICE = "演示数据,人员与户均为虚构"
CREATED = datetime(2018, 7, 7)
TEN_THOUSAND = Decimal(10000)


@dataclass(frozen=True)
class Sheet:
    """What one submission says, and how its author laid it out."""

    template: Template
    rows: Sequence[Row]
    period: str
    place: str = ""
    with_period: bool = True
    in_ten_thousand: frozenset[str] = frozenset()
    """Money fields written in 万元, with the unit in the header."""
    groups: tuple[tuple[str, str, str], ...] = ()
    """A first header row of merged groups: (caption, first field, last field)."""
    unknown_columns: tuple[str, ...] = ()

    def only(self, rows: Sequence[Row]) -> "Sheet":
        """The same sheet with other rows."""
        return replace(self, rows=rows)


@dataclass(frozen=True)
class DemoFile:
    """One file as handed in: when it arrived, its name and its bytes."""

    received_at: datetime
    name: str
    data: bytes


def file_name(sheet: Sheet, scope_code: str, suffix: str = ".xlsx") -> str:
    """``农户台账_411521103000_2018-06.xlsx``."""
    return f"{sheet.template.title}_{scope_code}_{sheet.period}{suffix}"


def header_title(sheet: Sheet, field: Field) -> str:
    return f"{field.title}(万元)" if field.name in sheet.in_ten_thousand else field.title


def plain_value(sheet: Sheet, field: Field, value: Any) -> Any:
    """The value as a clerk types it: 是/否, shares as ``35%``, money perhaps in 万元."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Decimal):
        if field.type == "percent":
            return f"{(value * 100).normalize():f}%"
        if field.name in sheet.in_ten_thousand:
            return value / TEN_THOUSAND
    return value


def _headers(sheet: Sheet) -> list[str]:
    first = ["期别"] if sheet.with_period else []
    return first + [header_title(sheet, field) for field in sheet.template.fields] + list(sheet.unknown_columns)


def _body(sheet: Sheet) -> list[list[Any]]:
    first = [sheet.period] if sheet.with_period else []
    last = [""] * len(sheet.unknown_columns)
    return [
        first + [plain_value(sheet, field, row.get(field.name)) for field in sheet.template.fields] + last
        for row in sheet.rows
    ]


def workbook_bytes(sheet: Sheet) -> bytes:
    """An .xlsx: a title row, the notice that all is invented, one or two header rows, the data."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": sheet.template.title, "comments": NOTICE, "created": CREATED})
    page = book.add_worksheet(sheet.template.title)
    bold = book.add_format({"bold": True, "align": "center", "valign": "vcenter", "border": 1, "text_wrap": True})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    money = book.add_format({"num_format": "0.00##"})
    headers, body = _headers(sheet), _body(sheet)
    page.write_string(0, 0, f"{sheet.place}{sheet.template.title}({sheet.period})", book.add_format({"bold": True}))
    page.write_string(1, 0, NOTICE)
    top = _write_headers(sheet, page, headers, bold)
    for number, values in enumerate(body, start=top):
        for column, value in enumerate(values):
            _write_cell(page, number, column, value, day, money)
    page.freeze_panes(top, 1)
    page.set_column(0, len(headers) - 1, 14)
    book.close()
    return buffer.getvalue()


def _write_headers(sheet: Sheet, page: Any, headers: list[str], bold: Any) -> int:
    """Writes the header rows from the third row on; returns the first row of data (0-based)."""
    if not sheet.groups:
        for column, title in enumerate(headers):
            page.write_string(2, column, title, bold)
        return 3
    position = {field.name: headers.index(header_title(sheet, field)) for field in sheet.template.fields}
    grouped: set[int] = set()
    for caption, first, last in sheet.groups:
        page.merge_range(2, position[first], 2, position[last], caption, bold)
        grouped |= set(range(position[first], position[last] + 1))
    for column, title in enumerate(headers):
        if column in grouped:
            page.write_string(3, column, title, bold)
        else:
            page.merge_range(2, column, 3, column, title, bold)
    return 4


def _write_cell(page: Any, row: int, column: int, value: Any, day: Any, money: Any) -> None:
    if value is None or value == "":
        return
    if isinstance(value, date):
        page.write_datetime(row, column, datetime(value.year, value.month, value.day), day)
    elif isinstance(value, Decimal):
        page.write_number(row, column, float(value), money)
    elif isinstance(value, int):
        page.write_number(row, column, value)
    else:
        page.write_string(row, column, str(value))


def csv_bytes(sheet: Sheet, encoding: str = "utf-8-sig", delimiter: str = ",") -> bytes:
    """A CSV as office software saves it: one title row, the header, the data, CRLF."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow([NOTICE])
    writer.writerow(_headers(sheet))
    writer.writerows([["" if value is None else value for value in values] for values in _body(sheet)])
    return text.getvalue().encode(encoding)
