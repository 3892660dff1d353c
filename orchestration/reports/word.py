"""Sets a document as an editable DOCX: the same words as the PDF, real styles, tables and page-number fields.

Faces are named as GB/T 9704—2012 has them (仿宋_GB2312, 方正小标宋简体 …), each with its stand-in elsewhere.
"""

from copy import deepcopy
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import docx
from docx.document import Document as Word
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.shared import Mm, Pt, RGBColor
from docx.table import _Cell as Cell
from docx.text.paragraph import Paragraph as WordParagraph

from orchestration.reports.blocks import Block, Chart, Paragraph, Subheading, Table
from orchestration.reports.document import Document, Imprint
from orchestration.reports.word_styles import (
    RED,
    THICK,
    THIN,
    at_page_foot,
    bottom_line,
    field,
    grid,
    name_faces,
    page_numbers_on_both_sides,
    shade,
    styles,
    table_borders,
    whole_row,
)

ALIGNED = {"left": WD_ALIGN_PARAGRAPH.LEFT, "center": WD_ALIGN_PARAGRAPH.CENTER, "right": WD_ALIGN_PARAGRAPH.RIGHT}
EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The date every file inside the package carries: a zip knows no time zone and none before it."""
BAR = 30
"""Characters of the longest bar of a chart."""


def as_docx(document: Document) -> bytes:
    """The document as DOCX; created and modified are the as-of time, so that equal facts give equal bytes."""
    word = docx.Document()
    styles(word, document.form)
    name_faces(word)
    _page(word, document)
    _properties(word, document)
    if document.form == "document":
        _head(word, document)
    else:
        _title(word, document)
    if document.opening:
        word.add_paragraph(document.opening, style="正文仿宋" if document.form == "document" else "表下注")
    for position, (heading, section) in enumerate(zip(document.headings(), document.sections, strict=True)):
        title = word.add_paragraph(heading, style="表名" if section.page else "一级标题")
        title.paragraph_format.page_break_before = section.page and position > 0
        _blocks(word, section.blocks, document)
    _close(word, document)
    for position, annex in enumerate(document.annexes, start=1):
        title = word.add_paragraph(document.annex_heading(position), style="附件号")
        title.paragraph_format.page_break_before = True
        word.add_paragraph(annex.title, style="公文标题")
        _blocks(word, annex.blocks, document)
    if document.imprint is not None:
        _imprint(word, document.imprint)
    buffer = BytesIO()
    word.save(buffer)
    return _same_bytes(buffer.getvalue())


def _page(word: Word, document: Document) -> None:
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    if document.landscape:
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Mm(297), Mm(210)
    if document.form == "document":
        section.top_margin, section.bottom_margin = Mm(37), Mm(35)
        section.left_margin, section.right_margin = Mm(28), Mm(26)
        section.footer_distance = Mm(18)
        grid(section)
    else:
        section.top_margin, section.bottom_margin = Mm(22), Mm(24)
        section.left_margin = section.right_margin = Mm(20)
        section.footer_distance = Mm(10)
    page_numbers_on_both_sides(word)
    for footer, align in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        number = footer.paragraphs[0]
        number.style, number.alignment = word.styles["页码"], align
        number.paragraph_format.left_indent = number.paragraph_format.right_indent = Pt(14)
        number.add_run("— ")
        field(number, "PAGE")
        number.add_run(" —")
        footer.add_paragraph(document.footer, style="版本注")


def _properties(word: Word, document: Document) -> None:
    core = word.core_properties
    core.title, core.author, core.last_modified_by = document.title, document.issuer, document.issuer
    core.keywords = f"{document.edition_id}; {document.period}"
    core.comments = document.footer
    core.created = core.modified = document.as_of
    core.revision = 1


def _head(word: Word, document: Document) -> None:
    head = word.add_paragraph(document.red_head, style="红头")
    head.runs[0].font.size = Pt(min(46, int(425 / len(document.red_head))))
    number = word.add_paragraph(document.number, style="发文字号")
    bottom_line(number, RED)
    _title(word, document)
    if document.addressees:
        word.add_paragraph(document.addressees, style="主送机关")


def _title(word: Word, document: Document) -> None:
    title = word.add_paragraph(style="公文标题").add_run()
    for position, line in enumerate(document.title_lines()):
        if position:
            title.add_break()
        title.add_text(line)


def _blocks(word: Word, blocks: list[Block], document: Document) -> None:
    for block in blocks:
        if isinstance(block, Paragraph):
            word.add_paragraph(block.text, style="正文仿宋")
        elif isinstance(block, Subheading):
            word.add_paragraph(block.text, style="二级标题")
        elif isinstance(block, Table):
            _table(word, block, _width(document))
        else:
            _chart(word, block)


def _width(document: Document) -> float:
    if document.form == "document":
        return 156.0
    return 257.0 if document.landscape else 170.0


def _table(word: Word, block: Table, width: float) -> None:
    if block.caption:
        word.add_paragraph(block.caption, style="表名")
    table = word.add_table(rows=1, cols=len(block.columns))
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    table_borders(table)
    shares = sum(column.share for column in block.columns)
    widths = [Mm(width * column.share / shares) for column in block.columns]
    for column, size in zip(table.columns, widths, strict=True):
        column.width = size
    for cell, column, size in zip(table.rows[0].cells, block.columns, widths, strict=True):
        _fill(cell, column.title, "表头", WD_ALIGN_PARAGRAPH.CENTER, size)
        shade(cell, "ECECEC")
    whole_row(table.rows[0], repeated=True)
    pattern = table.add_row()  # formatted once: python-docx takes half a millisecond a cell
    whole_row(pattern)
    if block.row_height is not None:
        pattern.height = Mm(block.row_height)
    for cell, column, size in zip(pattern.cells, block.columns, widths, strict=True):
        _format(cell, "表文", ALIGNED[column.align], size)
    table._tbl.remove(pattern._tr)
    for position, values in enumerate(block.rows):
        row = deepcopy(pattern._tr)
        table._tbl.append(row)
        for cell, value in zip(row.tc_lst, values, strict=True):
            cell.p_lst[0].add_r().text = value
            if position in block.emphasised:
                shade(Cell(cell, table), "FDEEEE")
    note = word.add_paragraph(style="表下注")
    if block.note:
        note.add_run(f"注：{block.note}")
    if block.row_height is not None:  # places to sign stand on one page with the signature
        for row in table.rows:
            row.cells[0].paragraphs[0].paragraph_format.keep_with_next = True
        note.paragraph_format.keep_with_next = True


def _fill(cell: Cell, text: str, style_id: str, align: WD_ALIGN_PARAGRAPH, width: Any) -> None:
    _format(cell, style_id, align, width)
    cell.paragraphs[0].add_run(text)


def _format(cell: Cell, style_id: str, align: WD_ALIGN_PARAGRAPH, width: Any) -> None:
    cell.width = width
    cell.vertical_alignment = 1
    paragraph: WordParagraph = cell.paragraphs[0]
    paragraph._p.style = style_id  # by name, python-docx looks through all styles for every cell
    paragraph.alignment = align


def _chart(word: Word, block: Chart) -> None:
    """Bars as rows of a table without lines: editable like the rest."""
    word.add_paragraph(block.caption, style="表名")
    table = word.add_table(rows=0, cols=2)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for bar in block.data()["bars"]:
        row = table.add_row()
        whole_row(row)
        _fill(row.cells[0], bar["name"], "表文", WD_ALIGN_PARAGRAPH.RIGHT, Mm(46))
        _fill(row.cells[1], "", "表文", WD_ALIGN_PARAGRAPH.LEFT, Mm(110))
        drawn = row.cells[1].paragraphs[0].add_run("█" * max(round(bar["share"] * BAR), 1))
        drawn.font.size = Pt(7.5)
        drawn.font.color.rgb = RGBColor(0xA6, 0x1B, 0x22) if bar["own"] else RGBColor(0xB9, 0xB9, 0xB9)
        row.cells[1].paragraphs[0].add_run(f" {bar['text']}")
    note = word.add_paragraph(style="表下注")
    if block.note:
        note.add_run(f"注：{block.note}")


def _close(word: Word, document: Document) -> None:
    titles = document.attachments
    for position, title in enumerate(titles, start=1):
        numbered = title if len(titles) == 1 else f"{position}. {title}"
        paragraph = word.add_paragraph(f"附件：{numbered}" if position == 1 else numbered, style="附件说明")
        paragraph.paragraph_format.space_before = Pt(29) if position == 1 else Pt(0)
        paragraph.paragraph_format.keep_with_next = True
        paragraph.paragraph_format.left_indent = Pt(32 + 48)
        paragraph.paragraph_format.first_line_indent = Pt(-48) if position == 1 else Pt(0)
    if not document.issuer:
        return
    size = 16 if document.form == "document" else 12
    issuer_indent, date_indent = _signature_indents(document, size)
    for text, indent, space in ((document.issuer, issuer_indent, 2 * 29), (document.date, date_indent, 0)):
        paragraph = word.add_paragraph(style="署名")
        paragraph.add_run(text).font.size = Pt(size)
        paragraph.paragraph_format.right_indent = Pt(indent)
        paragraph.paragraph_format.space_before = Pt(space if document.form == "document" else space / 4)
        paragraph.paragraph_format.keep_together = True
        paragraph.paragraph_format.keep_with_next = space > 0


def _imprint(word: Word, imprint: Imprint) -> None:
    """版记 at the foot of the page the text ends on; whoever prints moves it where that page is an odd one."""
    table = word.add_table(rows=0, cols=2)
    table.autofit = False
    if imprint.copies:
        row = table.add_row().cells
        copies = row[0].merge(row[1])
        _fill(copies, f"抄送：{imprint.copies}。", "版记", WD_ALIGN_PARAGRAPH.LEFT, Mm(156))
        copies.paragraphs[0].paragraph_format.left_indent = Pt(14 + 42)
        copies.paragraphs[0].paragraph_format.first_line_indent = Pt(-42)
    last = table.add_row()
    whole_row(last)
    printer, day = last.cells
    _fill(printer, imprint.printer, "版记", WD_ALIGN_PARAGRAPH.LEFT, Mm(84))
    _fill(day, f"{imprint.date}印发", "版记", WD_ALIGN_PARAGRAPH.RIGHT, Mm(72))
    for column, width in zip(table.columns, (84, 72), strict=True):
        column.width = Mm(width)
    at_page_foot(table, outer=THICK, between=THIN)
    anchor = word.add_paragraph(style="表文").paragraph_format
    anchor.line_spacing_rule, anchor.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(1)


def _signature_indents(document: Document, size: int) -> tuple[float, float]:
    """Right indents that centre issuer and date on each other, the longer of them four characters from the edge."""
    widths = [
        sum(1.0 if ord(character) > 0x2E7F else 0.5 for character in text) * size
        for text in (document.issuer, document.date)
    ]
    longest = max(widths)
    issuer, date = (4 * size + (longest - width) / 2 for width in widths)
    return issuer, date


def _same_bytes(package: bytes) -> bytes:
    """The package again with one date for all its files, in one order."""
    out = BytesIO()
    with ZipFile(BytesIO(package)) as source, ZipFile(out, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            info = ZipInfo(name, EARLIEST)
            info.compress_type = ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            target.writestr(info, source.read(name))
    return out.getvalue()
