"""Workbooks people take away: the rows of a page as they stand, with the edition they came from."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from typing import Any

import polars as pl
import streamlit as st
import xlsxwriter

from dashboards.edition import Edition
from dashboards.parts.tables import MOST_EXPORTED, MOST_LISTED, Column, Row, shown
from dashboards.web import session
from orchestration.reports.wording import TEN_THOUSAND, moment, rounded

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADER_ROW = 2


@dataclass(frozen=True)
class Sheet:
    """One sheet of an export: its tab, its rows, and the columns shown (money in 万元).

    ``rows`` and ``read`` where the page has the first rows only: how many there are, and how the export reads them.
    """

    name: str
    frame: pl.DataFrame
    columns: Sequence[Column]
    rows: int | None = None
    read: Callable[[], pl.DataFrame] | None = None

    @property
    def height(self) -> int:
        return self.frame.height if self.rows is None else self.rows


def workbook(title: str, edition: Edition, sheets: Sequence[Sheet]) -> bytes:
    """An xlsx with title, edition, frozen head, filters and number formats.

    Text is written as text, never as a formula or link; a missing value is a dash with its reason.
    """
    buffer = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"title": title, "comments": f"版本 {edition.edition_id}"})
        book.set_custom_property("edition_id", edition.edition_id)
        for sheet in sheets:
            _write_sheet(book, title, edition, sheet)
    return buffer.getvalue()


def _write_sheet(book: xlsxwriter.Workbook, title: str, edition: Edition, sheet: Sheet) -> None:
    page = book.add_worksheet(sheet.name[:31])
    bold = book.add_format({"bold": True, "font_size": 14})
    header = book.add_format({"bold": True, "bg_color": "#F0ECE4", "bottom": 2, "text_wrap": True, "valign": "vcenter"})
    page.write_string(0, 0, f"{title} · {sheet.name}", bold)
    frame = sheet.read() if sheet.read else sheet.frame
    partly = ""
    if sheet.height > frame.height:
        partly = f" · 共 {sheet.height:,} 行,此表为前 {frame.height:,} 行,请选下级区划分别导出"
    elif sheet.rows is None and frame.height >= MOST_LISTED:
        partly = f" · 此表为前 {frame.height:,} 行,其余请选下级区划导出"
    page.write_string(1, 0, f"版本 {edition.edition_id} · 数据截至 {moment(edition.as_of)} · 金额单位:万元{partly}")
    formats = {column.key: book.add_format(_number_format(column)) for column in sheet.columns}
    widths = [len(column.title) * 2 + 4 for column in sheet.columns]
    for position, column in enumerate(sheet.columns):
        page.write_string(HEADER_ROW, position, column.title, header)
    for line, row in enumerate(frame.iter_rows(named=True), start=HEADER_ROW + 1):
        for position, column in enumerate(sheet.columns):
            text = shown(row, column)
            widths[position] = min(48, max(widths[position], len(text) * 2))
            number = _number(row, column)
            if number is None:
                page.write_string(line, position, text, formats[column.key])
            else:
                page.write_number(line, position, number, formats[column.key])
    for position, width in enumerate(widths):
        page.set_column(position, position, width)
    page.freeze_panes(HEADER_ROW + 1, 1)
    page.autofilter(HEADER_ROW, 0, HEADER_ROW + max(1, frame.height), len(sheet.columns) - 1)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(HEADER_ROW)
    page.set_footer(f"&L{edition.edition_id}&R第 &P 页 共 &N 页")


def _number(row: Row, column: Column) -> float | None:
    """The value as a spreadsheet number, rounded as shown; None for text and for what is missing."""
    value: Any = row.get(column.key)
    if value is None:
        return None
    match column.kind:
        case "count" | "moves":
            return float(value)
        case "money":
            return float(rounded(Decimal(value) / TEN_THOUSAND, 2))
        case "rate":
            return float(rounded(Decimal(value), 4))
        case "points":
            return float(rounded(Decimal(value) * 100, 2))
        case "score":
            return float(rounded(Decimal(value), column.decimals))
    return None


def _number_format(column: Column) -> dict[str, Any]:
    match column.kind:
        case "money" | "points":
            return {"num_format": "#,##0.00"}
        case "rate":
            return {"num_format": "0.00%"}
        case "score":
            return {"num_format": "0" if column.decimals == 0 else "0." + "0" * column.decimals}
        case "count" | "moves":
            return {"num_format": "#,##0"}
    return {"text_wrap": True, "valign": "top"}


def download(title: str, edition: Edition, sheets: Sequence[Sheet], key: str) -> None:
    """A button that records the export and makes the workbook only when it is pressed; none for who may not export."""
    if not session.current().may("export"):
        return
    rows = sum(min(sheet.height, MOST_EXPORTED) for sheet in sheets)
    st.download_button(
        "导出 Excel",
        data=session.take_away(
            lambda: workbook(title, edition, sheets), edition=edition.edition_id, object=title, rows=rows
        ),
        file_name=f"{title}_{edition.edition_id}.xlsx",
        mime=EXCEL,
        key=key,
        on_click="ignore",
        icon=":material/download:",
    )
