"""The annex as CSV, one file a sheet: UTF-8 with BOM so that a spreadsheet opens the Chinese as it is."""

import csv
from datetime import date
from decimal import Decimal
from io import StringIO

from orchestration.inert import inert
from orchestration.reports.annex_sheets import Cell, Sheet, annex_sheets
from orchestration.reports.facts import Facts


def annex_csv(facts: Facts) -> dict[str, bytes]:
    """Sheet name → CSV bytes: the head and the rows as in the workbook, without sums."""
    return {sheet.name: _sheet(sheet) for sheet in annex_sheets(facts)}


def _sheet(sheet: Sheet) -> bytes:
    text = StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    fields = [field for field in sheet.fields if field.ratio_of is None]
    writer.writerow([field.title for field in fields])
    for row in sheet.rows:
        writer.writerow([_plain(field.cell(row)) for field in fields])
    return ("\ufeff" + text.getvalue()).encode("utf-8")


def _plain(cell: Cell) -> str:
    """A figure in full, an ISO date, nothing where nothing is known; a text that would become a formula stays text."""
    if cell is None:
        return ""
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, int | Decimal):
        return f"{cell:f}" if isinstance(cell, Decimal) else str(cell)
    return inert(cell)
