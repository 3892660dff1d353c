"""Reading one file into columns of text: runs in a child process with limits.

A damaged or hostile workbook may exhaust memory or abort the process; only the child dies then.
Nothing here knows the warehouse: input is a path and the titles to look for, output an Arrow file.
"""

import csv
import datetime as dt
import io
import re
import unicodedata
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import polars as pl
from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum

from orchestration.intake.headers import MAX_TITLE_ROWS, Header, Merge, TemplateTitles, find_header

MAX_UNPACKED_BYTES = 2 << 30
MAX_RATIO = 200
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_TOTAL = re.compile(r"(合计|小计|总计)$")
_TAIL = re.compile(r"(\([^()]*\)|[^\w(]|_)+$")
_HEAD_ROWS = MAX_TITLE_ROWS + 2


@dataclass(frozen=True)
class ReadResult:
    """What the child found. ``code`` is None when the table was read, else why the file is refused.

    rows          data rows below the header (blank and total rows not counted), also for a refusal
    row_positions field -> 0-based column of the sheet, for the annotated receipt
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


class _Refused(Exception):
    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


@dataclass(frozen=True)
class _Sheet:
    """Rows of one sheet or of a CSV file, with the row or line number each starts at."""

    name: str | None
    rows: Sequence[Sequence[Any]]
    numbers: Sequence[int]
    merges: Sequence[Merge] = ()


def read_table(path: Path, templates: Sequence[TemplateTitles], wanted: str | None, out: Path) -> ReadResult:
    """Read ``path`` and write its recognised columns as text to the Arrow file ``out``.

    ``wanted`` is the template the file's name gives, or None to recognise it by its header. The
    Arrow file has ``row_number``, ``is_total``, one String column per recognised field, and
    ``<field>#number`` for id numbers (the cell held a number).
    """
    candidates = [t for t in templates if wanted in (None, t.name)]
    try:
        sheets, date1904, is_workbook = _open(path, candidates)
        sheet, header = _choose(sheets, candidates, wanted)
    except _Refused as refused:
        return ReadResult(refused.code, refused.detail)
    template = next(t for t in candidates if t.name == header.template)
    body, numbers = sheet.rows[header.row + 1 :], sheet.numbers[header.row + 1 :]
    firsts = [_first_filled(row) for row in body]
    totals = [_is_total(value) for value in firsts]
    common = {
        "template": template.name,
        "header_row": sheet.numbers[header.row],
        "sheet": sheet.name,
        "is_workbook": is_workbook,
        "date1904": date1904,
        "rows": sum(1 for v, t in zip(firsts, totals, strict=True) if v is not None and not t),
        "ignored": header.ignored,
    }
    for code, found in (
        ("missing_column", header.missing),
        ("duplicate_column", header.duplicated),
        ("unusable_unit", header.bad_units),
    ):
        if found:
            return ReadResult(code, "、".join(found), **common)
    _columns(body, numbers, totals, header, template).write_ipc(out)
    return ReadResult(
        None,
        positions={c.field: c.index for c in header.columns},
        multipliers={c.field: c.multiplier for c in header.columns if c.multiplier != 1},
        **common,
    )


def _open(path: Path, candidates: Sequence[TemplateTitles]) -> tuple[Any, bool, bool]:
    """Sheets (lazily), the 1904 flag, and whether it is a workbook: by content, not by extension."""
    with path.open("rb") as handle:
        magic = handle.read(8)
    if not magic:
        raise _Refused("empty_file")
    if magic.startswith(b"PK") or magic == _OLE:
        return _workbook_sheets(path, magic), _uses_1904(path, magic), True
    return iter([_csv_sheet(path, candidates)]), False, False


def _choose(sheets: Any, candidates: Sequence[TemplateTitles], wanted: str | None) -> tuple[_Sheet, Header]:
    """The first sheet whose header has every required column; else the best to say what is missing."""
    partial: tuple[_Sheet, Header] | None = None
    for sheet in sheets:
        found = [find_header(sheet.rows[:_HEAD_ROWS], sheet.merges, t) for t in candidates]
        headers = [h for h in found if h is not None]
        complete = [h for h in headers if not h.missing]
        if complete:
            best = max(h.score for h in complete)
            first, *others = [h for h in complete if h.score == best]
            if others:
                raise _Refused("ambiguous_template", "、".join(_title(h, candidates) for h in (first, *others)))
            return sheet, first
        for header in headers:
            if partial is None or header.score > partial[1].score:
                partial = (sheet, header)
    if partial is None or wanted is None:
        raise _Refused("no_header")
    return partial


def _title(header: Header, candidates: Sequence[TemplateTitles]) -> str:
    return next(t.title for t in candidates if t.name == header.template)


# ---------------------------------------------------------------- workbooks


def _workbook_sheets(path: Path, magic: bytes) -> Any:
    if magic.startswith(b"PK"):
        _check_zip(path)
    try:
        with path.open("rb") as handle:
            workbook = CalamineWorkbook.from_filelike(io.BytesIO(handle.read()))
        names = [s.name for s in workbook.sheets_metadata if s.typ == SheetTypeEnum.WorkSheet]
        for name in names:
            sheet = workbook.get_sheet_by_name(name)
            rows = sheet.to_python(skip_empty_area=False)
            errors = _error_cells(path, name) if magic.startswith(b"PK") else {}
            for (row, column), text in errors.items():
                if row < len(rows) and column < len(rows[row]):
                    rows[row][column] = text
            yield _Sheet(name, rows, range(1, len(rows) + 1), sheet.merged_cell_ranges or ())
    except PasswordError:
        raise _Refused("password") from None
    except (CalamineError, OSError, ValueError, KeyError, zipfile.BadZipFile, ElementTree.ParseError):
        raise _Refused("unreadable") from None


def _check_zip(path: Path) -> None:
    """Refuse a workbook that would unpack to far more than it is."""
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(info.file_size for info in archive.infolist())
    except zipfile.BadZipFile:
        raise _Refused("unreadable") from None
    too_dense = unpacked > 100 << 20 and unpacked > MAX_RATIO * path.stat().st_size
    if unpacked > MAX_UNPACKED_BYTES or too_dense:
        raise _Refused("too_large_unpacked", f"{unpacked >> 20}")


def _uses_1904(path: Path, magic: bytes) -> bool:
    """Whether the workbook counts days from 1904, for serials in cells not formatted as dates."""
    if magic == _OLE:
        # BIFF record DATEMODE (0x0022, length 2, value 1), which PRECISION (0x000E) always follows
        return b"\x22\x00\x02\x00\x01\x00\x0e\x00\x02\x00" in path.read_bytes()
    try:
        with zipfile.ZipFile(path) as archive:
            head = archive.read("xl/workbook.xml")[:20_000]
    except (zipfile.BadZipFile, KeyError, OSError):
        return False
    return re.search(rb'date1904\s*=\s*["\'](1|true|on)["\']', head) is not None


def _error_cells(path: Path, sheet_name: str) -> dict[tuple[int, int], str]:
    """Formula errors (#N/A …) of a sheet: the workbook reader turns them into blanks."""
    with zipfile.ZipFile(path) as archive:
        member = _sheet_member(archive, sheet_name)
        if member is None:
            return {}
        data = archive.read(member)
    if b't="e"' not in data:
        return {}
    cells = re.findall(rb'<c\b(?=[^>]*\bt="e")[^>/]*\br="([A-Z]+)([0-9]+)"[^>/]*>(.*?)</c>', data, re.DOTALL)
    found = {}
    for letters, row, inner in cells:
        value = re.search(rb"<v>(.*?)</v>", inner)
        column = 0
        for letter in letters:
            column = column * 26 + letter - 64
        found[int(row) - 1, column - 1] = value.group(1).decode() if value else "#VALUE!"
    return found


def _sheet_member(archive: zipfile.ZipFile, sheet_name: str) -> str | None:
    if "xl/workbook.xml" not in archive.namelist():
        return None
    relations = {
        r.get("Id"): r.get("Target", "") for r in ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    }
    for element in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter():
        if element.tag.endswith("}sheet") and element.get("name") == sheet_name:
            key = next((v for k, v in element.attrib.items() if k.endswith("}id")), None)
            target = relations.get(key, "")
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return None


# ---------------------------------------------------------------- CSV


def _csv_sheet(path: Path, candidates: Sequence[TemplateTitles]) -> _Sheet:
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = data.decode("gb18030")
        except UnicodeDecodeError:
            raise _Refused("unreadable") from None
    delimiter = max(",\t", key=lambda d: _best_score(text, d, candidates))
    rows: list[list[str]] = []
    numbers: list[int] = []
    # strict: an unclosed quote must not swallow the rows after it
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for row in reader:
            rows.append(row)
            numbers.append(line)
            line = reader.line_num + 1
    except csv.Error:
        raise _Refused("bad_csv", str(line)) from None
    return _Sheet(None, rows, numbers)


def _best_score(text: str, delimiter: str, candidates: Sequence[TemplateTitles]) -> int:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    top: list[list[str]] = []
    try:
        for row in reader:
            top.append(row)
            if len(top) == _HEAD_ROWS:
                break
    except csv.Error:
        pass
    headers = [find_header(top, (), t) for t in candidates]
    return max((h.score for h in headers if h is not None), default=0)


# ---------------------------------------------------------------- cells


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


def _columns(
    body: Sequence[Sequence[Any]],
    numbers: Sequence[int],
    totals: Sequence[bool],
    header: Header,
    template: TemplateTitles,
) -> pl.DataFrame:
    series = [
        pl.Series("row_number", list(numbers), dtype=pl.Int64),
        pl.Series("is_total", totals, dtype=pl.Boolean),
    ]
    for column in header.columns:
        index = column.index
        cells = [row[index] if len(row) > index else "" for row in body]
        text = [v if v.__class__ is str else cell_text(v) for v in cells]
        series.append(pl.Series(column.field, text, dtype=pl.String))
        if column.title in template.id_numbers:
            is_number = [isinstance(v, int | float | dt.date) for v in cells]
            series.append(pl.Series(f"{column.field}#number", is_number, dtype=pl.Boolean))
    return pl.DataFrame(series)


def cell_text(value: Any) -> str:
    """Canonical text of a workbook cell: shortest number, ISO date, true/false."""
    kind = value.__class__
    if value is None or kind is str:
        return value or ""
    if kind is bool:
        return "true" if value else "false"
    if kind is float:
        if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        return format(Decimal(repr(value)), "f")
    if kind is dt.datetime:
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    return value.isoformat() if kind is dt.date else str(value)
