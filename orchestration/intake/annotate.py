"""The annotated workbook of a receipt: what was handed in, with every offending cell marked.

Runs in the reading process: a workbook that can be read may still be too much to write again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import polars as pl
import xlsxwriter
from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from orchestration.inert import reaches_out
from orchestration.intake.messages import SEVERITY_LABELS

MAX_ROWS_IN_PLACE = 20_000
MAX_LISTED = 20_000
LIST_SHEET = "错误清单"
LIST_TITLES = ("行号", "列", "值", "级别", "原因")
_LIST_WIDTHS = (8, 20, 26, 18, 70)
_AUTHOR = "挂图"
_COLOURS = {"error": "FFC7CE", "warning": "FFEB9C"}


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


def annotate_copy(source: Path, out: Path, annotation: Annotation) -> None:
    """The submitter's own xlsx again, cells coloured and commented, with the sheet 错误清单 first.

    Its formulas stay, for the submitter mends them; those that would reach out of the workbook stay as text. Macros and
    links to other files are left out.
    """
    with source.open("rb") as handle:
        workbook = load_workbook(handle)
    _keep_to_itself(workbook)
    if LIST_SHEET in workbook.sheetnames:
        _clear_marks(workbook)
        del workbook[LIST_SHEET]
    sheet = workbook[annotation.sheet or workbook.sheetnames[0]]
    fills = {s: PatternFill("solid", fgColor=colour) for s, colour in _COLOURS.items()}
    for (row, field), items in _by_cell(annotation).items():
        position = annotation.positions.get(field)
        if position is None:
            continue
        cell = _anchor(sheet, row, position + 1)
        worst = "error" if any(s == "error" for s, _ in items) else "warning"
        cell.fill = fills[worst]
        comment = Comment("\n".join(message for _, message in items), _AUTHOR)
        comment.width, comment.height = 320, 90
        cell.comment = comment
    _list_in_place(workbook, annotation)
    workbook.properties.modified = annotation.created_at
    workbook.save(out)


def build_workbook(out: Path, annotation: Annotation, table: pl.DataFrame | None) -> None:
    """A new workbook with 错误清单 and, given a table, its rows as text with the cells marked.

    Used where the submission is no xlsx, or too large to mark in place (then without the table).
    ``table`` has row_number and one text column per field.
    """
    workbook = xlsxwriter.Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False})
    workbook.set_properties({"author": _AUTHOR, "created": annotation.created_at})
    head = workbook.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1})
    sheet = workbook.add_worksheet(LIST_SHEET)
    for column, width in enumerate(_LIST_WIDTHS):
        sheet.set_column(column, column, width)
    sheet.write_string(0, 0, annotation.summary, workbook.add_format({"bold": True}))
    sheet.write_row(1, 0, LIST_TITLES, head)
    sheet.freeze_panes(2, 0)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    for position, (number, *texts) in enumerate(_listed(annotation), start=2):
        sheet.write_number(position, 0, number)
        for column, text in enumerate(texts, start=1):
            if text:
                sheet.write_string(position, column, text)
    if table is not None:
        _write_table(workbook, head, annotation, table)
    workbook.close()


def _write_table(workbook: xlsxwriter.Workbook, head: object, annotation: Annotation, table: pl.DataFrame) -> None:
    sheet = workbook.add_worksheet(annotation.sheet or "报送内容")
    formats = {s: workbook.add_format({"bg_color": f"#{c}"}) for s, c in _COLOURS.items()}
    fields = [c for c in table.columns if c in annotation.titles]
    sheet.write_row(0, 0, ["原行号", *(annotation.titles[f] for f in fields)], head)
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, len(fields), 14)
    marked = _by_cell(annotation)
    for position, (number, *cells) in enumerate(table.select("row_number", *fields).iter_rows(), start=1):
        sheet.write_number(position, 0, number)
        for column, (field, text) in enumerate(zip(fields, cells, strict=True), start=1):
            items = marked.get((number, field))
            if items is None:
                sheet.write_string(position, column, text or "")
                continue
            worst = "error" if any(s == "error" for s, _ in items) else "warning"
            sheet.write_string(position, column, text or "", formats[worst])
            sheet.write_comment(position, column, "\n".join(m for _, m in items), {"author": _AUTHOR})


def _list_in_place(workbook: Workbook, annotation: Annotation) -> None:
    sheet = workbook.create_sheet(LIST_SHEET, 0)
    workbook.active = 0
    for other in workbook.worksheets[1:]:
        other.sheet_view.tabSelected = False
    sheet.append([annotation.summary])
    sheet["A1"].data_type = "s"
    sheet.append(LIST_TITLES)
    for row, values in enumerate(_listed(annotation), start=3):
        for column, value in enumerate(values, start=1):
            cell = sheet.cell(row, column, value or None)
            if column > 1 and value:
                # a value that begins with = must stay text, not become a formula
                cell.data_type = "s"
    for cell in sheet[2]:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="DDEBF7")
    sheet["A1"].font = Font(bold=True)
    for letter, width in zip("ABCDE", _LIST_WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    for cell in sheet["E"][2:]:
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A3"
    # printed, the reason stands on the same page as the row
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _listed(annotation: Annotation) -> list[tuple[int, str, str, str, str]]:
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


def _by_cell(annotation: Annotation) -> dict[tuple[int, str], list[tuple[str, str]]]:
    found: dict[tuple[int, str], list[tuple[str, str]]] = {}
    chosen: Sequence[str] = ("row_number", "field", "severity", "message")
    for number, field, severity, message in annotation.problems.head(MAX_LISTED).select(chosen).iter_rows():
        found.setdefault((number, field), []).append((severity, message))
    return found


def _keep_to_itself(workbook: Workbook) -> None:
    """Whoever opens a receipt runs no program, opens no other file and asks no network."""
    workbook._external_links = []
    for sheet in workbook.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                formula = getattr(cell.value, "text", cell.value)
                if cell.data_type == "f" and isinstance(formula, str) and reaches_out(formula):
                    cell.value = None  # an array formula goes with its range
                    cell.value, cell.data_type = formula, "s"
                if cell.hyperlink is not None and cell.hyperlink.target:
                    cell.hyperlink = None
        for names in (workbook.defined_names, sheet.defined_names):
            for name in [n for n, defined in names.items() if reaches_out(str(defined.value))]:
                del names[name]


def _anchor(sheet: Worksheet, row: int, column: int):
    """The cell itself, or the top-left one of the merged range it lies in."""
    cell = sheet.cell(row, column)
    for merged in sheet.merged_cells.ranges:
        if cell.coordinate in merged:
            return sheet.cell(merged.min_row, merged.min_col)
    return cell


def _clear_marks(workbook: Workbook) -> None:
    """Take off the marks of an earlier receipt, so that a corrected cell is not red for ever."""
    for sheet in workbook.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.comment is not None and cell.comment.author == _AUTHOR:
                    cell.comment = None
                    cell.fill = PatternFill()
