"""Errors in the cells of an .xls: its reader turns them into blanks, so they are looked up in the file's own records.

A .xls is a small file system ([MS-CFB]) that holds one stream of records ([MS-XLS]): type, length, content.
"""

import struct
from collections.abc import Iterator

from orchestration.intake.sheets import Refused

_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}
_BOUNDSHEET, _BOOLERR, _FORMULA, _EOF, _BOF = 0x0085, 0x0205, 0x0006, 0x000A, 0x0809
_END_OF_CHAIN = 0xFFFFFFFA
"""Sector numbers from here on mean: no sector."""


def error_cells(content: bytes, sheet: int) -> dict[tuple[int, int], str]:
    """Cells of the sheet at a position (from 0) that show an error: (row, column) from 0 -> its text.

    Raises Refused ``unreadable`` where the file is not built as it should be.
    """
    try:
        stream = _stream(content)
        starts = [struct.unpack_from("<I", body)[0] for kind, body in _records(stream, 0) if kind == _BOUNDSHEET]
        found = {}
        for kind, body in _records(stream, starts[sheet]):
            if kind == _BOOLERR and body[7]:
                found[struct.unpack_from("<HH", body)] = _ERRORS.get(body[6], "#VALUE!")
            elif kind == _FORMULA and body[12:14] == b"\xff\xff" and body[6] == 2:
                found[struct.unpack_from("<HH", body)] = _ERRORS.get(body[8], "#VALUE!")
    except (struct.error, IndexError, ValueError):
        raise Refused("unreadable") from None
    return found


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Records from one beginning (BOF) to its end (EOF); what is embedded in between, a chart, is left out."""
    depth = 0
    while True:
        kind, length = struct.unpack_from("<HH", stream, at)
        body = stream[at + 4 : at + 4 + length]
        at += 4 + length
        depth += (kind == _BOF) - (kind == _EOF)
        if depth == 0:
            return
        if depth == 1:
            yield kind, body


def _stream(content: bytes) -> bytes:
    """The stream ``Workbook`` (before 1997: ``Book``)."""
    size = 1 << struct.unpack_from("<H", content, 30)[0]
    directory, small_limit, small_table = struct.unpack_from("<I4xII", content, 48)
    table = _sector_table(content, size)
    for entry in _entries(_chain(content, table, directory, size, size)):
        name = entry[: max(0, struct.unpack_from("<H", entry, 64)[0] - 2)].decode("utf-16-le")
        first, length = struct.unpack_from("<IQ", entry, 116)
        if entry[66] == 5:
            root = first
        elif name in ("Workbook", "Book"):
            if length >= small_limit:
                return _chain(content, table, first, size, size)[:length]
            # a short one is kept in pieces of 64 bytes inside the root's stream, with a table of its own
            pieces = _chain(content, table, root, size, size)
            links = _numbers(_chain(content, table, small_table, size, size))
            return _chain(pieces, links, first, 64, 0)[:length]
    raise ValueError("no workbook inside")


def _sector_table(content: bytes, size: int) -> tuple[int, ...]:
    """Which sector follows each one; the sectors of this table itself are listed in the header and beyond it."""
    listed = list(struct.unpack_from("<109I", content, 76))
    following = struct.unpack_from("<I", content, 68)[0]
    while following < _END_OF_CHAIN and len(listed) < len(content) // size + 110:
        more = struct.unpack_from(f"<{size // 4}I", content, size * (following + 1))
        listed += more[:-1]
        following = more[-1]
    return tuple(
        number
        for sector in listed
        if sector < _END_OF_CHAIN
        for number in struct.unpack_from(f"<{size // 4}I", content, size * (sector + 1))
    )


def _chain(content: bytes, table: tuple[int, ...], first: int, size: int, offset: int) -> bytes:
    parts, sector = [], first
    while sector < _END_OF_CHAIN:
        if len(parts) > len(table):
            raise ValueError("the chain does not end")
        parts.append(content[offset + size * sector : offset + size * (sector + 1)])
        sector = table[sector]
    return b"".join(parts)


def _entries(directory: bytes) -> Iterator[bytes]:
    for at in range(0, len(directory) - 127, 128):
        yield directory[at : at + 128]


def _numbers(data: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4])
