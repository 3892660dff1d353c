"""What a receipt's workbook says: every offending cell, and the list of them, in a workbook made anew."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import polars as pl
import xlsxwriter

from orchestration.intake.messages import SEVERITY_LABELS

MAX_ROWS_IN_PLACE = 20_000
MAX_LISTED = 20_000
LIST_SHEET = "错误清单"
LIST_TITLES = ("行号", "列", "值", "级别", "原因")
LIST_WIDTHS = (8, 20, 26, 18, 70)
AUTHOR = "挂图"
COLOURS = {"error": "FFC7CE", "warning": "FFEB9C"}


@dataclass(frozen=True)
class Annotation:
    """What to mark. ``problems``: row_number, field, severity, code, value, message.

    titles     field -> column title
    positions  field -> 0-based column in the submitted sheet
    summary    one Chinese sentence on the outcome, shown on top of the list
    header_row, file_reason    where and why the whole file was refused, if not for its rows
    """

    problems: pl.DataFrame
    titles: Mapping[str, str]
    positions: Mapping[str, int]
    sheet: str | None
    summary: str
    created_at: datetime
    header_row: int = 0
    file_reason: str | None = None


def build_workbook(out: Path, annotation: Annotation, table: pl.DataFrame | None) -> None:
    """A new workbook with 错误清单 and, given a table, its rows as text with the cells marked.

    Used where the submission is no xlsx, or too large to mark in place (then without the table).
    ``table`` has row_number and one text column per field.
    """
    workbook = xlsxwriter.Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False})
    workbook.set_properties({"author": AUTHOR, "created": annotation.created_at})
    head = workbook.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1})
    sheet = workbook.add_worksheet(LIST_SHEET)
    for column, width in enumerate(LIST_WIDTHS):
        sheet.set_column(column, column, width)
    sheet.write_string(0, 0, annotation.summary, workbook.add_format({"bold": True}))
    sheet.write_row(1, 0, LIST_TITLES, head)
    sheet.freeze_panes(2, 0)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    for position, (number, *texts) in enumerate(listed(annotation), start=2):
        sheet.write_number(position, 0, number)
        for column, text in enumerate(texts, start=1):
            if text:
                sheet.write_string(position, column, text)
    if table is not None:
        _write_table(workbook, head, annotation, table)
    workbook.close()


def _write_table(workbook: xlsxwriter.Workbook, head: object, annotation: Annotation, table: pl.DataFrame) -> None:
    sheet = workbook.add_worksheet(annotation.sheet or "报送内容")
    formats = {s: workbook.add_format({"bg_color": f"#{c}"}) for s, c in COLOURS.items()}
    fields = [c for c in table.columns if c in annotation.titles]
    sheet.write_row(0, 0, ["原行号", *(annotation.titles[f] for f in fields)], head)
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, len(fields), 14)
    marked = by_cell(annotation)
    for position, (number, *cells) in enumerate(table.select("row_number", *fields).iter_rows(), start=1):
        sheet.write_number(position, 0, number)
        for column, (field, text) in enumerate(zip(fields, cells, strict=True), start=1):
            items = marked.get((number, field))
            if items is None:
                sheet.write_string(position, column, text or "")
                continue
            worst = "error" if any(s == "error" for s, _ in items) else "warning"
            sheet.write_string(position, column, text or "", formats[worst])
            sheet.write_comment(position, column, "\n".join(m for _, m in items), {"author": AUTHOR})


def listed(annotation: Annotation) -> list[tuple[int, str, str, str, str]]:
    """Rows of 错误清单 under its titles."""
    rows = [
        (number, annotation.titles[field], value or "", SEVERITY_LABELS[severity], message)
        for number, field, severity, value, message in annotation.problems.head(MAX_LISTED)
        .select("row_number", "field", "severity", "value", "message")
        .iter_rows()
    ]
    if annotation.file_reason is not None:
        rows.append((annotation.header_row, "(整个文件)", "", "错误(整个文件退回)", annotation.file_reason))
    if annotation.problems.height > MAX_LISTED:
        last = f"共 {annotation.problems.height} 条,只列出前 {MAX_LISTED} 条;请先改正这些再报送"
        rows.append((annotation.problems["row_number"][MAX_LISTED], "", "", "", last))
    return rows


def by_cell(annotation: Annotation) -> dict[tuple[int, str], list[tuple[str, str]]]:
    """(row number, field) -> severity and message of each problem there."""
    found: dict[tuple[int, str], list[tuple[str, str]]] = {}
    chosen: Sequence[str] = ("row_number", "field", "severity", "message")
    for number, field, severity, message in annotation.problems.head(MAX_LISTED).select(chosen).iter_rows():
        found.setdefault((number, field), []).append((severity, message))
    return found
