"""Writes the .xls of this goal: the records of one workbook stream ([MS-XLS]) in the smallest container ([MS-CFB])."""

import struct
from collections.abc import Iterator

from hardness.g05_cells import Day, Error, Formula
from hardness.g05_writing import Book, Page

_CODES = {"#NULL!": 0x00, "#DIV/0!": 0x07, "#VALUE!": 0x0F, "#REF!": 0x17, "#NAME?": 0x1D, "#NUM!": 0x24, "#N/A": 0x2A}
_SECTOR = 512
_FREE, _END, _TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def xls(book: Book) -> bytes:
    """The workbook as bytes. Formulas always have a result in this format."""
    calendar = struct.pack("<H", book.date1904)
    formats = b"".join(_record(0x00E0, struct.pack("<HH", 0, fmt) + bytes(16)) for fmt in (0, 14))
    head = _begin(5) + _record(0x0042, struct.pack("<H", 1200)) + _record(0x0022, calendar)
    head += _record(0x000E, b"\x01\x00") + formats
    sheets = [_sheet(page, book.date1904) for page in book.pages]
    names = [struct.pack("<BB", len(page.name), 1) + page.name.encode("utf-16-le") for page in book.pages]
    place = len(head) + sum(10 + len(name) for name in names) + 4
    listed = b""
    for page, name, sheet in zip(book.pages, names, sheets, strict=True):
        state = {"hidden": 1, "veryHidden": 2}.get(page.state, 0)
        listed += _record(0x0085, struct.pack("<IBB", place, state, 0) + name)
        place += len(sheet)
    return _container(head + listed + _record(0x000A) + b"".join(sheets))


def _record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _begin(kind: int) -> bytes:
    return _record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0x0DBB, 0x07CC, 0, 0x0600))


def _sheet(page: Page, date1904: bool) -> bytes:
    width = max((len(row) for row in page.rows), default=0)
    size = struct.pack("<IIHHH", 0, len(page.rows), 0, width, 0)
    cells = (
        piece
        for number, row in enumerate(page.rows)
        for column, cell in enumerate(row)
        for piece in _cell(number, column, cell, date1904)
    )
    return _begin(0x10) + _record(0x0200, size) + b"".join(cells) + _record(0x000A)


def _cell(row: int, column: int, cell: object, date1904: bool) -> Iterator[bytes]:
    where = struct.pack("<HHH", row, column, isinstance(cell, Day) and cell.formatted)
    match cell:
        case None:
            return
        case Formula(cached=cached):
            text = ""
            match cached:
                case Error(code):
                    result = bytes((2, 0, _CODES[code], 0, 0, 0, 0xFF, 0xFF))
                case int() | float():
                    result = struct.pack("<d", cached)
                case Day():
                    where = struct.pack("<HHH", row, column, cached.formatted)
                    result = struct.pack("<d", cached.serial(date1904))
                case _:
                    result, text = bytes((0, 0, 0, 0, 0, 0, 0xFF, 0xFF)), str(cached or "")
            yield _record(0x0006, where + result + struct.pack("<HIH", 0, 0, 3) + b"\x1e\x01\x00")
            if result[6:] == b"\xff\xff" and result[0] == 0:
                yield _record(0x0207, _text(text))
        case Error(code):
            yield _record(0x0205, where + bytes((_CODES[code], 1)))
        case bool():
            yield _record(0x0205, where + bytes((cell, 0)))
        case Day():
            yield _record(0x0203, where + struct.pack("<d", cell.serial(date1904)))
        case int() | float():
            yield _record(0x0203, where + struct.pack("<d", cell))
        case _:
            yield _record(0x0204, where + _text(str(cell)))


def _text(text: str) -> bytes:
    data = text.encode("utf-16-le")
    return struct.pack("<HB", len(data) // 2, 1) + data


def _container(stream: bytes) -> bytes:
    """One stream, one directory sector, and the table of sectors."""
    stream = stream.ljust(4096, b"\0")  # a shorter one would be kept elsewhere
    length = len(stream)
    stream += bytes(-length % _SECTOR)
    used = len(stream) // _SECTOR
    tables = 1
    while tables * 128 < used + 1 + tables:
        tables += 1
    chain = [*range(1, used), _END, _END, *[_TABLE] * tables]
    chain += [_FREE] * (tables * 128 - len(chain))
    directory = _entry("Root Entry", 5, 1, _END, 0) + _entry("Workbook", 2, _FREE, 0, length)
    directory += _entry("", 0, _FREE, 0, 0) * 2
    listed = [used + 1 + n for n in range(tables)]
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, tables, used, 0, 4096, _END, 0, _END, 0)
    head += struct.pack("<109I", *listed, *[_FREE] * (109 - tables))
    return head + stream + directory + struct.pack(f"<{len(chain)}I", *chain)


def _entry(name: str, kind: int, child: int, first: int, length: int) -> bytes:
    text = name.encode("utf-16-le")
    size = len(text) + 2 if name else 0
    head = text.ljust(64, b"\0") + struct.pack("<HBBIII", size, kind, 1, _FREE, _FREE, child)
    return head + bytes(36) + struct.pack("<IQ", first, length)
