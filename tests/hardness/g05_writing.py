"""Writes the files of this goal: workbooks straight as XML in a zip, so that ten thousand take seconds, and CSV."""

import csv
import io
import random
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

from hardness.g05_cells import Day, Error, Formula

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_STYLES = (
    f'{_HEAD}<styleSheet xmlns="{_MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>'
)


@dataclass
class Page:
    """One sheet: its rows of cells, and what is odd about it. ``hidden_rows`` and merges count from 1."""

    rows: list[list[object]]
    name: str = "报送"
    state: str = ""
    hidden_rows: frozenset[int] = frozenset()
    merges: tuple[str, ...] = ()
    after: str = ""
    """XML behind the last row."""


@dataclass
class Book:
    """A workbook: its sheets, how strings are kept, the calendar, and parts that do not belong to the table."""

    pages: list[Page]
    shared: bool = True
    date1904: bool = False
    numbered: bool = True
    """Whether rows and cells say where they are; where not, they follow one another."""
    prefix: str = ""
    quote: str = '"'
    stored: bool = False
    main_type: str = f"{_KIND}.sheet.main+xml"
    extra: dict[str, bytes] = field(default_factory=dict)
    head: str = ""
    """A document type in front of the sheet."""


def letters(column: int) -> str:
    """A, B … of a column from 0."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def xlsx(book: Book) -> bytes:
    """The workbook as bytes."""
    strings: dict[str, int] = {}
    sheets = [_sheet(book, page, strings) for page in book.pages]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED if book.stored else zipfile.ZIP_DEFLATED) as archive:
        for name, text in _frame(book).items():
            archive.writestr(name, text)
        for number, sheet in enumerate(sheets, 1):
            archive.writestr(f"xl/worksheets/sheet{number}.xml", sheet)
        items = "".join(f'<si><t xml:space="preserve">{escape(s)}</t></si>' for s in strings)
        archive.writestr("xl/sharedStrings.xml", f'{_HEAD}<sst xmlns="{_MAIN}">{items}</sst>')
        for name, content in book.extra.items():
            archive.writestr(name, content)
    return out.getvalue()


def _frame(book: Book) -> dict[str, str]:
    """The parts every workbook has besides its sheets."""
    numbers = range(1, len(book.pages) + 1)
    types = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_KIND}.worksheet+xml"/>' for n in numbers
    )
    pages = "".join(
        f'<sheet name={quoteattr(page.name)} sheetId="{n}" r:id="rId{n}"'
        + (f' state="{page.state}"/>' if page.state else "/>")
        for n, page in zip(numbers, book.pages, strict=True)
    )
    calendar = '<workbookPr date1904="1"/>' if book.date1904 else ""
    relations = "".join(_relation(f"rId{n}", "worksheet", f"worksheets/sheet{n}.xml") for n in numbers)
    relations += _relation("rIdS", "sharedStrings", "sharedStrings.xml") + _relation("rIdT", "styles", "styles.xml")
    return {
        "[Content_Types].xml": f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/><Default Extension="bin" ContentType="x/y"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{book.main_type}"/>{types}'
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{_KIND}.sharedStrings+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_KIND}.styles+xml"/></Types>',
        "_rels/.rels": _relations(_relation("rId1", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_REL}">{calendar}<sheets>{pages}</sheets>'
        "</workbook>",
        "xl/_rels/workbook.xml.rels": _relations(relations),
        "xl/styles.xml": _STYLES,
    }


def _relations(inner: str) -> str:
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{inner}</Relationships>'


def _relation(key: str, kind: str, target: str) -> str:
    return f'<Relationship Id="{key}" Type="{_REL}/{kind}" Target="{target}"/>'


def _sheet(book: Book, page: Page, strings: dict[str, int]) -> str:
    p = f"{book.prefix}:" if book.prefix else ""
    lines = []
    for number, row in enumerate(page.rows, 1):
        hidden = ' hidden="1"' if number in page.hidden_rows else ""
        where = f" r={book.quote}{number}{book.quote}" if book.numbered else ""
        cells = "".join(_cell(book, cell, number, column, strings, p) for column, cell in enumerate(row))
        lines.append(f"<{p}row{where}{hidden}>{cells}</{p}row>")
    merges = "".join(f'<{p}mergeCell ref="{ref}"/>' for ref in page.merges)
    merged = f"<{p}mergeCells>{merges}</{p}mergeCells>" if merges else ""
    space = f'xmlns:{book.prefix}="{_MAIN}"' if book.prefix else f'xmlns="{_MAIN}"'
    body = "".join(lines) + page.after
    sheet = f"<{p}worksheet {space}><{p}sheetData>{body}</{p}sheetData>{merged}</{p}worksheet>"
    return _HEAD + book.head + sheet


def _cell(book: Book, cell: object, row: int, column: int, strings: dict[str, int], p: str) -> str:
    q = book.quote
    where = f" r={q}{letters(column)}{row}{q}" if book.numbered else ""
    formula = ""
    if isinstance(cell, Formula):
        formula, cell = f"<{p}f>{escape(cell.text.lstrip('='))}</{p}f>", cell.cached
        if cell is None:
            empty = ("", f"<{p}v></{p}v>", f"<{p}v/>")[(row + column) % 3]
            return f"<{p}c{where}>{formula}{empty}</{p}c>"
        if isinstance(cell, str):
            return f"<{p}c{where} t={q}str{q}>{formula}<{p}v>{escape(cell)}</{p}v></{p}c>"
    match cell:
        case None:
            return "" if book.numbered else f"<{p}c/>"
        case bool():
            kind, value = "b", str(int(cell))
        case Error(code):
            kind, value = "e", code
        case Day(formatted=formatted):
            style = f" s={q}1{q}" if formatted else ""
            return f"<{p}c{where}{style}>{formula}<{p}v>{cell.serial(book.date1904)}</{p}v></{p}c>"
        case int() | float():
            return f"<{p}c{where}>{formula}<{p}v>{cell!r}</{p}v></{p}c>"
        case _ if book.shared:
            kind, value = "s", str(strings.setdefault(str(cell), len(strings)))
        case _:
            text = f'<{p}is><{p}t xml:space="preserve">{escape(str(cell))}</{p}t></{p}is>'
            return f"<{p}c{where} t={q}inlineStr{q}>{text}</{p}c>"
    return f"<{p}c{where} t={q}{kind}{q}>{formula}<{p}v>{value}</{p}v></{p}c>"


def text_of(cell: object) -> str:
    """A cell as CSV has it."""
    match cell:
        case None:
            return ""
        case bool():
            return "TRUE" if cell else "FALSE"
        case Day(day=day):
            return day.isoformat()
        case Error(code):
            return code
        case Formula(cached=cached):
            return text_of(cached)
    return str(cell)


def csv_file(
    rows: Sequence[Sequence[object]], rng: random.Random, options: Mapping[str, str]
) -> tuple[bytes, list[int]]:
    """The file, and the line each row starts at. ``options``: encoding, delimiter, newline."""
    text = io.StringIO()
    newline = options["newline"]
    quoting = rng.choice((csv.QUOTE_MINIMAL, csv.QUOTE_ALL))
    writer = csv.writer(text, delimiter=options["delimiter"], lineterminator=newline, quoting=quoting)
    starts, line = [], 1
    for row in rows:
        starts.append(line)
        cells = [text_of(cell) for cell in row]
        writer.writerow(cells)
        line += 1 + sum(cell.count("\n") for cell in cells)
    return text.getvalue().encode(options["encoding"]), starts
