"""The annotated workbook of a receipt: what was handed in, with every offending cell marked.

Runs in the reading process: a workbook that can be read may still be too much to write again.
"""

from pathlib import Path

from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from orchestration.inert import reaches_out
from orchestration.intake.annotation import (
    AUTHOR,
    COLOURS,
    LIST_SHEET,
    LIST_TITLES,
    LIST_WIDTHS,
    Annotation,
    by_cell,
    listed,
)


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
    fills = {s: PatternFill("solid", fgColor=colour) for s, colour in COLOURS.items()}
    for (row, field), items in by_cell(annotation).items():
        position = annotation.positions.get(field)
        if position is None:
            continue
        cell = _anchor(sheet, row, position + 1)
        worst = "error" if any(s == "error" for s, _ in items) else "warning"
        cell.fill = fills[worst]
        comment = Comment("\n".join(message for _, message in items), AUTHOR)
        comment.width, comment.height = 320, 90
        cell.comment = comment
    _list_in_place(workbook, annotation)
    workbook.properties.modified = annotation.created_at
    workbook.save(out)


def _list_in_place(workbook: Workbook, annotation: Annotation) -> None:
    sheet = workbook.create_sheet(LIST_SHEET, 0)
    workbook.active = 0
    for other in workbook.worksheets[1:]:
        other.sheet_view.tabSelected = False
    sheet.append([annotation.summary])
    sheet["A1"].data_type = "s"
    sheet.append(LIST_TITLES)
    for row, values in enumerate(listed(annotation), start=3):
        for column, value in enumerate(values, start=1):
            cell = sheet.cell(row, column, value or None)
            if column > 1 and value:
                # a value that begins with = must stay text, not become a formula
                cell.data_type = "s"
    for cell in sheet[2]:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="DDEBF7")
    sheet["A1"].font = Font(bold=True)
    for letter, width in zip("ABCDE", LIST_WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    for cell in sheet["E"][2:]:
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A3"
    # printed, the reason stands on the same page as the row
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


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
                if cell.comment is not None and cell.comment.author == AUTHOR:
                    cell.comment = None
                    cell.fill = PatternFill()
