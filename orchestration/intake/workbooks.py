"""Reading workbooks: xlsx, xls and what else carries their contents, by content and not by extension."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum

from orchestration.intake.choosing import FORM_LABEL
from orchestration.intake.sheets import HEAD_ROWS, Refused, Sheet

MAX_UNPACKED_BYTES = 2 << 30
MAX_RATIO = 200
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def workbook_sheets(path: Path, magic: bytes) -> Iterator[Sheet]:
    """The worksheets in their order, each read when it is asked for; raises Refused."""
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
            numbers = range(1, len(rows) + 1)
            rest = iter([(rows[HEAD_ROWS:], numbers[HEAD_ROWS:])])
            yield Sheet(name, (rows[:HEAD_ROWS], numbers[:HEAD_ROWS]), rest, sheet.merged_cell_ranges or ())
    except PasswordError:
        raise Refused("password") from None
    except (CalamineError, OSError, ValueError, KeyError, zipfile.BadZipFile, ElementTree.ParseError):
        raise Refused("unreadable") from None


def _check_zip(path: Path) -> None:
    """Refuse a workbook that would unpack to far more than it is."""
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(info.file_size for info in archive.infolist())
    except zipfile.BadZipFile:
        raise Refused("unreadable") from None
    too_dense = unpacked > 100 << 20 and unpacked > MAX_RATIO * path.stat().st_size
    if unpacked > MAX_UNPACKED_BYTES or too_dense:
        raise Refused("too_large_unpacked", f"{unpacked >> 20}")


def uses_1904(path: Path, magic: bytes) -> bool:
    """Whether the workbook counts days from 1904, for serials in cells not formatted as dates."""
    if magic == OLE:
        # BIFF record DATEMODE (0x0022, length 2, value 1), which PRECISION (0x000E) always follows
        return b"\x22\x00\x02\x00\x01\x00\x0e\x00\x02\x00" in path.read_bytes()
    try:
        with zipfile.ZipFile(path) as archive:
            head = archive.read("xl/workbook.xml")[:20_000]
    except (zipfile.BadZipFile, KeyError, OSError):
        return False
    return re.search(rb'date1904\s*=\s*["\'](1|true|on)["\']', head) is not None


def form_property(path: Path) -> str | None:
    """The month in the custom property 表样版本 of an xlsx, which blank workbooks carry."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open("docProps/custom.xml") as properties:
            text = properties.read(100_000).decode("utf-8", errors="replace")
    except (zipfile.BadZipFile, zlib.error, KeyError, OSError, EOFError, RuntimeError):
        return None
    match = re.search(rf'name="{FORM_LABEL}"[^>]*>\s*<[^>]*>\s*([0-9]{{4}}-[0-9]{{2}})\s*<', text)
    return match.group(1) if match else None


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
