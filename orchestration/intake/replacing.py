"""A copy of a submitted file with some cells replaced: runs in the reading process, as all that opens a workbook."""

import csv
from collections.abc import Mapping
from pathlib import Path

from orchestration.intake.csv_text import file_encoding
from orchestration.intake.sheets import Refused

Cells = Mapping[tuple[int, int], str]
"""(row number as the reading gave it, 0-based column) -> new text."""


def replace_cells(path: Path, out: Path, sheet: str | None, cells: Cells) -> None:
    """Writes the copy: same sheets, encoding and delimiter. Raises for a format that cannot be written (.xls)."""
    with path.open("rb") as handle:
        magic = handle.read(2)
    if magic == b"PK":
        _in_workbook(path, out, sheet, cells)
    elif magic == b"\xd0\xcf":
        raise Refused("unreadable", "xls")
    else:
        _in_text(path, out, cells)


def _in_workbook(path: Path, out: Path, sheet: str | None, cells: Cells) -> None:
    from openpyxl import load_workbook

    with path.open("rb") as handle:  # an archived file has no extension, which its name would be asked for
        # values, not formulas: a formula saved without its result could not be read again
        workbook = load_workbook(handle, data_only=True)
    found = workbook[sheet] if sheet else workbook.worksheets[0]
    for (row, column), text in cells.items():
        cell = found.cell(row, column + 1)
        cell.value = text
        cell.data_type = "s"
    workbook.save(out)


def _in_text(path: Path, out: Path, cells: Cells) -> None:
    encoding = file_encoding(path)
    content = path.read_bytes().decode(encoding)
    first = content.splitlines()[0] if content else ""
    delimiter = "\t" if first.count("\t") > first.count(",") else ","
    ending = "\r\n" if "\r\n" in content else "\n"
    with path.open(encoding=encoding, newline="") as lines, out.open("w", encoding=encoding, newline="") as copy:
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        writer = csv.writer(copy, delimiter=delimiter, lineterminator=ending)
        number = 1
        for record in reader:
            writer.writerow([cells.get((number, column), text) for column, text in enumerate(record)])
            number = reader.line_num + 1
