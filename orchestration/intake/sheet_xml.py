"""What a workbook reader passes over in a sheet's XML: cells that show an error, and formulas never calculated.

A reader hands both over as blanks. A blank is "not known" and may be kept; these are values that were meant and lost.
"""

import re
from collections.abc import Iterator, Mapping

from orchestration.intake.sheets import ERROR_TEXTS, UNCALCULATED

Place = tuple[int, int]
"""Row and column, from 0."""

_TRIES = 200_000

_P = rb"(?:\w+:)?"
_ERROR_CELL = re.compile(rb"<" + _P + rb"""c(?=\s)([^<>]*?\bt\s*=\s*["']e["'][^<>]*)>""")
_VALUE = re.compile(rb"<" + _P + rb"v[^<>]*>\s*([^<\s]{1,20})\s*<")
_WITHOUT_VALUE = re.compile(
    rb"<" + _P + rb"c(?=[\s>])([^<>]*)>\s*"
    rb"<" + _P + rb"f\b[^<>]*(?:/>|>[^<]*</" + _P + rb"f>)\s*"
    rb"(?:<" + _P + rb"v\s*/>|<" + _P + rb"v[^<>]*>\s*</" + _P + rb"v>)?\s*</" + _P + rb"c>"
)  # fmt: skip
_IS_TEXT = re.compile(rb"""\bt\s*=\s*["']str["']""")
_REFERENCE = re.compile(rb"""(?:^|\s)r\s*=\s*["']\$?([A-Z]{1,3})\$?([0-9]{1,7})["']""")
_ROW_NUMBER = re.compile(rb"""(?:^|\s)r\s*=\s*["']([0-9]{1,7})["']""")
_ROW_OR_CELL = re.compile(rb"<" + _P + rb"(row|c)\b([^<>]*)>")


def lost_cells(data: bytes) -> dict[Place, str]:
    """Cells of a sheet's XML whose value is an error (its text), or a formula without a result (``UNCALCULATED``).

    A formula whose result is an empty text is a blank like any other.
    """
    found: list[tuple[int, bytes, str]] = []
    if _has(data, (b'"e"', b"'e'")):
        found += [(m.start(), m[1], _error_text(data, m.end())) for m in _ERROR_CELL.finditer(data)]
    if _has(data, (b"<f", b":f")):
        formulas = (m for m in _WITHOUT_VALUE.finditer(data) if not _IS_TEXT.search(m[1]))
        found += [(m.start(), m[1], UNCALCULATED) for m in formulas]
    lost: dict[Place, str] = {}
    places: Mapping[int, Place] | None = None
    for start, attributes, text in found:
        reference = _REFERENCE.search(attributes)
        if reference is not None:
            lost[int(reference[2]) - 1, _column(reference[1])] = text
            continue
        if places is None:
            places = dict(_places(data))
        lost[places[start]] = text
    return lost


def _has(data: bytes, texts: tuple[bytes, bytes]) -> bool:
    """Whether one of the texts is there; their second letter, which they share, is looked for first.

    One letter is found ten times faster than two, and most sheets have few of these.
    """
    letter, length = texts[0][1:2], len(texts[0])
    at = data.find(letter)
    for _ in range(_TRIES):
        if at < 0:
            return False
        if data[at - 1 : at - 1 + length] in texts:
            return True
        at = data.find(letter, at + 1)
    return any(text in data for text in texts)


def _error_text(data: bytes, start: int) -> str:
    """The error a cell shows; its kind does not matter, so one that is missing or unknown is #VALUE!."""
    value = _VALUE.search(data, start, start + 2000)
    text = value[1].decode("ascii", errors="replace") if value else ""
    return text if text in ERROR_TEXTS else "#VALUE!"


def _column(letters: bytes) -> int:
    column = 0
    for letter in letters:
        column = column * 26 + letter - 64
    return column - 1


def _places(data: bytes) -> Iterator[tuple[int, Place]]:
    """Where each cell stands that begins at a position of the XML, also where it does not say so itself."""
    row, column = -1, -1
    for tag in _ROW_OR_CELL.finditer(data):
        if tag[1] == b"row":
            number = _ROW_NUMBER.search(tag[2])
            row, column = int(number[1]) - 1 if number else row + 1, -1
            continue
        reference = _REFERENCE.search(tag[2])
        column = _column(reference[1]) if reference else column + 1
        yield tag.start(), (row, column)
