"""Reading workbooks: xlsx, xls and what else carries their contents, by content and not by extension."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from posixpath import join, normpath
from typing import Any
from xml.etree import ElementTree

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum

from orchestration.intake.choosing import FORM_LABEL
from orchestration.intake.old_workbooks import error_cells
from orchestration.intake.sheet_xml import Place, lost_cells
from orchestration.intake.sheets import HEAD_ROWS, Refused, Sheet

MAX_UNPACKED_BYTES = 2 << 30
MAX_RATIO = 200
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def workbook_sheets(path: Path, magic: bytes) -> Iterator[Sheet]:
    """The worksheets in their order, each read when it is asked for; raises Refused."""
    if magic.startswith(b"PK"):
        _check_zip(path)
    try:
        content = path.read_bytes()
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        named = [(i, s.name) for i, s in enumerate(workbook.sheets_metadata) if s.typ == SheetTypeEnum.WorkSheet]
        for position, name in named:
            sheet = workbook.get_sheet_by_name(name)
            rows = sheet.to_python(skip_empty_area=False)
            _restore(rows, _lost_cells(content, name, position))
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
            too_dense = unpacked > 100 << 20 and unpacked > MAX_RATIO * path.stat().st_size
            if unpacked > MAX_UNPACKED_BYTES or too_dense:
                raise Refused("too_large_unpacked", f"{unpacked >> 20}")
            _check_sums(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
        raise Refused("unreadable") from None


def _check_sums(archive: zipfile.ZipFile) -> None:
    """Reads the parts that a sheet's cells rest on to their end, where their checksum stands.

    The workbook reader stops at the last text it wants, and would take a text with a flipped bit for a value. The
    sheet itself is read to its end when its lost cells are looked for.
    """
    for info in archive.infolist():
        name = info.filename.lower()
        if name.endswith((".xml", ".rels")) and not name.startswith("xl/worksheets/"):
            with archive.open(info) as part:
                while part.read(1 << 20):
                    continue


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


def _restore(rows: list[list[Any]], lost: Mapping[Place, str]) -> None:
    """Puts the text of cells the workbook reader made blanks of back, also below and beside all that it saw."""
    for (row, column), text in lost.items():
        rows.extend([] for _ in range(len(rows), row + 1))
        cells = rows[row]
        cells.extend("" for _ in range(len(cells), column + 1))
        cells[column] = text


def _lost_cells(content: bytes, sheet_name: str, position: int) -> Mapping[Place, str]:
    if content.startswith(OLE):
        return error_cells(content, position)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return lost_cells(archive.read(_sheet_member(archive, sheet_name)))


def _sheet_member(archive: zipfile.ZipFile, sheet_name: str) -> str:
    """The part of the package that holds a sheet; KeyError where there is none."""
    # part names are the same whatever their case
    members = {name.lower(): name for name in archive.namelist()}
    book, links = (archive.read(members[f"xl/{name}"]) for name in ("workbook.xml", "_rels/workbook.xml.rels"))
    relations = {r.get("Id"): r.get("Target", "") for r in ElementTree.fromstring(links)}
    for element in ElementTree.fromstring(book).iter():
        if element.tag.endswith("}sheet") and element.get("name") == sheet_name:
            key = next((v for k, v in element.attrib.items() if k.endswith("}id")), None)
            # a target that begins with a slash counts from the top, any other from the workbook's folder
            return members[normpath(join("/xl", relations[key])).lstrip("/").lower()]
    raise KeyError(sheet_name)
