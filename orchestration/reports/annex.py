"""The annex: the same facts as a workbook, one table a sheet, ready to filter, to check by formula and to print."""

from datetime import date
from decimal import Decimal
from io import BytesIO
from math import ceil
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from orchestration.inert import is_dangerous
from orchestration.reports import wording
from orchestration.reports.annex_sheets import GREEN, RED, YELLOW, Field, Sheet, annex_sheets
from orchestration.reports.facts import Facts
from orchestration.reports.source import Row

TITLE_ROW, NOTE_ROW, HEAD_ROW, FIRST_ROW = 0, 1, 2, 3
FORMATS = {
    "text": {"text_wrap": True},
    "whole": {"num_format": "0", "align": "right"},
    "score": {"num_format": "0.00", "align": "right"},
    "wan": {"num_format": "#,##0.00", "align": "right"},
    "yuan": {"num_format": "#,##0.00", "align": "right"},
    "percent": {"num_format": "0.00%", "align": "right"},
    "date": {"num_format": "yyyy-mm-dd", "align": "center"},
}
LINE_HEIGHT = 15
"""Points a printed line of 10 point text takes."""


def annex_workbook(facts: Facts) -> bytes:
    """The annex as xlsx bytes; the creation time is the edition's as-of time, so equal facts give equal bytes."""
    buffer = BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(buffer, options) as workbook:
        heading = f"{facts.geography.full_name(facts.division_code)}{wording.month(facts.period)}考核情况附表"
        workbook.set_properties({"title": heading, "created": facts.head.as_of, "author": "", "company": ""})
        writer = _Writer(workbook, facts)
        for sheet in annex_sheets(facts):
            writer.add(sheet)
    return buffer.getvalue()


class _Writer:
    """Writes sheets with one set of formats."""

    def __init__(self, workbook: Workbook, facts: Facts) -> None:
        self._workbook = workbook
        self._facts = facts
        base = {"font_name": "宋体", "font_size": 10, "border": 1, "valign": "vcenter"}
        self._formats = {kind: workbook.add_format(base | extra) for kind, extra in FORMATS.items()}
        self._sums = {
            kind: workbook.add_format(base | extra | {"bold": True, "bg_color": "#F2F2F2"})
            for kind, extra in FORMATS.items()
        }
        self._bands = {colour: workbook.add_format({"bg_color": colour}) for colour in (GREEN, YELLOW, RED)}
        self._absent = workbook.add_format(base | {"align": "center", "font_color": "#7F7F7F"})
        self._quoted = workbook.add_format(base | FORMATS["text"] | {"quote_prefix": True})
        head = base | {"bold": True, "align": "center", "text_wrap": True, "bg_color": "#DDDDDD"}
        self._head = workbook.add_format(head)
        self._title = workbook.add_format(
            {"font_name": "黑体", "font_size": 16, "align": "center", "valign": "vcenter"}
        )
        self._note = workbook.add_format(
            {"font_name": "宋体", "font_size": 9, "align": "right", "font_color": "#595959"}
        )

    def add(self, sheet: Sheet) -> None:
        """One sheet: title, unit line, filtered and frozen head, rows, sums, print set-up."""
        page = self._workbook.add_worksheet(sheet.name)
        last_column = len(sheet.fields) - 1
        head = self._facts.head
        note = f"{sheet.unit}    数据版本 {head.edition_id}，数据截至 {wording.moment(head.as_of)}"
        page.merge_range(TITLE_ROW, 0, TITLE_ROW, last_column, sheet.title, self._title)
        page.merge_range(NOTE_ROW, 0, NOTE_ROW, last_column, note, self._note)
        page.set_row(TITLE_ROW, 28)
        page.set_row(HEAD_ROW, 30)
        for column, field in enumerate(sheet.fields):
            page.set_column(column, column, field.width)
            page.write_string(HEAD_ROW, column, field.title, self._head)
        for position, row in enumerate(sheet.rows):
            page.set_row(FIRST_ROW + position, LINE_HEIGHT * _lines(sheet, row))
            for column, field in enumerate(sheet.fields):
                self._write(page, FIRST_ROW + position, column, sheet, field, row)
        self._colour_bands(page, sheet)
        last_row = self._finish(page, sheet)
        page.autofilter(HEAD_ROW, 0, max(FIRST_ROW + len(sheet.rows) - 1, HEAD_ROW), last_column)
        page.freeze_panes(FIRST_ROW, 0)
        page.set_landscape()
        page.set_paper(9)
        page.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
        page.fit_to_pages(1, 0)
        page.repeat_rows(TITLE_ROW, HEAD_ROW)
        page.print_area(0, 0, last_row, last_column)
        page.set_footer(f"&C— &P —&R&8 {head.edition_id}")

    def _colour_bands(self, page: Worksheet, sheet: Sheet) -> None:
        for column, field in enumerate(sheet.fields):
            for word, colour in (field.bands or {}).items() if sheet.rows else ():
                rule = {
                    "type": "cell",
                    "criteria": "==",
                    "value": f'"{word}"',
                    "format": self._bands[colour],
                }
                page.conditional_format(FIRST_ROW, column, FIRST_ROW + len(sheet.rows) - 1, column, rule)

    def _finish(self, page: Worksheet, sheet: Sheet) -> int:
        """The sums below the rows, or a word where there are none; returns the last row used."""
        row = FIRST_ROW + len(sheet.rows)
        if not sheet.rows:
            page.merge_range(row, 0, row, len(sheet.fields) - 1, "本期无此项数据（未报送或不适用）", self._absent)
            return row
        if not any(field.summed for field in sheet.fields):
            return row - 1
        page.write_string(row, 0, "合计", self._sums["text"])
        for column, field in enumerate(sheet.fields):
            if column == 0:
                continue
            if field.ratio_of is not None:
                self._ratio(page, row, column, sheet, field, _sum_of(sheet), self._sums["percent"])
            elif field.summed:
                name = xl_col_to_name(column)
                formula = f"=SUM({name}{FIRST_ROW + 1}:{name}{row})"
                page.write_formula(
                    row, column, formula, self._sums[field.kind_of({})], _number(_sum_of(sheet)[field.title])
                )
            else:
                page.write_blank(row, column, None, self._sums["text"])
        return row

    def _write(self, page: Worksheet, row: int, column: int, sheet: Sheet, field: Field, values: Row) -> None:
        if field.ratio_of is not None:
            cells = {each.title: each.cell(values) for each in sheet.fields if each.title in field.ratio_of}
            self._ratio(page, row, column, sheet, field, cells, self._formats["percent"])
            return
        cell = field.cell(values)
        if cell is None:
            page.write_string(row, column, wording.DASH, self._absent)
        elif isinstance(cell, str):
            plain = self._formats["text"] if field.kind_of(values) == "text" else self._absent
            page.write_string(row, column, cell, self._quoted if is_dangerous(cell) else plain)
        elif isinstance(cell, date):
            page.write_datetime(row, column, cell, self._formats["date"])
        else:
            page.write_number(row, column, _number(cell), self._formats[field.kind_of(values)])

    def _ratio(
        self,
        page: Worksheet,
        row: int,
        column: int,
        sheet: Sheet,
        field: Field,
        cells: dict[str, Any],
        style: Any,
    ) -> None:
        assert field.ratio_of is not None
        places = [next(i for i, each in enumerate(sheet.fields) if each.title == title) for title in field.ratio_of]
        part, whole = (f"{xl_col_to_name(place)}{row + 1}" for place in places)
        top, bottom = (cells[title] for title in field.ratio_of)
        known = isinstance(top, int | Decimal) and isinstance(bottom, int | Decimal) and bottom != 0
        cached = _number(Decimal(top) / Decimal(bottom)) if known else wording.DASH
        page.write_formula(row, column, f'=IFERROR({part}/{whole},"{wording.DASH}")', style, cached)


def _number(value: int | Decimal) -> int | float:
    return value if isinstance(value, int) else float(value)


def _lines(sheet: Sheet, row: Row) -> int:
    """Lines the tallest wrapped text of a row needs; a Chinese character is two columns wide."""
    needed = 1
    for field in sheet.fields:
        cell = None if field.ratio_of is not None else field.cell(row)
        if isinstance(cell, str):
            width = sum(2 if ord(character) > 0x2E7F else 1 for character in cell)
            needed = max(needed, ceil(width / (field.width - 1)))
    return needed


def _sum_of(sheet: Sheet) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for field in sheet.fields:
        if field.summed:
            cells = [field.cell(row) for row in sheet.rows]
            sums[field.title] = sum((Decimal(c) for c in cells if isinstance(c, int | Decimal)), Decimal(0))
    return sums
