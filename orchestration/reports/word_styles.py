"""Styles, faces and page furniture of the DOCX: what python-docx has no word for is XML here, in schema order."""

from typing import Any, Literal

from docx.document import Document as Word
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt, RGBColor
from docx.table import _Cell as Cell
from docx.table import _Row as Row

RED = "D7000F"
FANGSONG, XIAOBIAOSONG, HEI, KAI, SONG = "仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312", "宋体"
LATIN = "Times New Roman"
STAND_INS = {
    FANGSONG: "仿宋,FangSong,FandolFang R,Noto Serif CJK SC",
    XIAOBIAOSONG: "华文中宋,STZhongsong,宋体,Noto Serif CJK SC",
    HEI: "SimHei,FandolHei,Noto Sans CJK SC",
    KAI: "楷体,KaiTi,FandolKai,Noto Serif CJK SC",
    SONG: "SimSun,FandolSong,Noto Serif CJK SC",
}
"""Face → what a machine without it takes instead (w:altName)."""
LINE = 28.95
"""Points from line to line: 22 lines in 225 mm."""

THICK, THIN = 0.35, 0.25
"""Millimetres of the lines of the imprint: the outer ones and the one between (7.4.1)."""

TIGHTER = -4
"""Twentieths of a point between characters of 16 pt, so that 28 of them fill 156 mm."""
AFTER_SNAP = ("w:spacing", "w:ind", "w:jc", "w:outlineLvl", "w:rPr")
"""What follows a paragraph's grid setting in the schema."""


def styles(word: Word, form: Literal["document", "table"]) -> None:
    """The styles of a document; all others of the template stay hidden behind them."""
    normal = word.styles["Normal"]
    _face(normal, FANGSONG, 16)
    normal.paragraph_format.space_after = Pt(0)
    line = LINE if form == "document" else 22
    size = 16 if form == "document" else 12
    _style(word, "正文仿宋", FANGSONG, size, line=line, indent=2 * size, align=WD_ALIGN_PARAGRAPH.JUSTIFY)
    _style(word, "一级标题", HEI, size, line=line, indent=2 * size, level=0)
    _style(word, "二级标题", KAI, size, line=line, indent=2 * size, level=1)
    red = _style(word, "红头", XIAOBIAOSONG, 46, align=WD_ALIGN_PARAGRAPH.CENTER, before=40, after=20)
    red.font.color.rgb = RGBColor.from_string(RED)
    _style(word, "发文字号", FANGSONG, 16, line=LINE, align=WD_ALIGN_PARAGRAPH.CENTER)
    _style(
        word,
        "公文标题",
        XIAOBIAOSONG,
        22,
        line=36 if form == "document" else 30,
        align=WD_ALIGN_PARAGRAPH.CENTER,
        before=26 if form == "document" else 0,
        after=26 if form == "document" else 8,
    )
    _style(word, "主送机关", FANGSONG, 16, line=LINE)
    _style(word, "附件说明", FANGSONG, 16, line=LINE)
    _style(word, "附件号", HEI, 16, line=LINE)
    _style(word, "署名", FANGSONG, 16, line=LINE, align=WD_ALIGN_PARAGRAPH.RIGHT)
    imprint = _style(word, "版记", FANGSONG, 14, line=24)
    imprint.paragraph_format.left_indent = imprint.paragraph_format.right_indent = Pt(14)
    _style(word, "页码", SONG, 14)
    version = _style(word, "版本注", SONG, 9, align=WD_ALIGN_PARAGRAPH.CENTER)
    version.font.color.rgb = RGBColor(0x5A, 0x5A, 0x5A)
    _style(word, "表名", HEI, 12, line=20, align=WD_ALIGN_PARAGRAPH.CENTER, before=8, after=4, keep=True)
    for name, face in (("表头", HEI), ("表文", FANGSONG)):
        free = parse_xml(f'<w:snapToGrid {nsdecls("w")} w:val="0"/>')
        properties = _style(word, name, face, 10.5, line=15).element.get_or_add_pPr()
        properties.insert_element_before(free, *AFTER_SNAP)
    _style(word, "表下注", FANGSONG, 9 if form == "document" else 10.5, line=14, after=6)


def _style(
    word: Word,
    name: str,
    face: str,
    size: float,
    line: float | None = None,
    indent: float = 0,
    align: WD_ALIGN_PARAGRAPH | None = None,
    before: float = 0,
    after: float = 0,
    level: int | None = None,
    keep: bool = False,
) -> Any:
    style = word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = word.styles["Normal"]
    style.quick_style = True
    _face(style, face, size)
    form = style.paragraph_format
    form.first_line_indent = Pt(indent)
    form.alignment = align
    form.space_before, form.space_after = Pt(before), Pt(after)
    form.keep_with_next = keep or level is not None
    if line is not None:
        form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(line)
    if size == 16:
        closer = parse_xml(f'<w:spacing {nsdecls("w")} w:val="{TIGHTER}"/>')
        style.element.get_or_add_rPr().insert_element_before(closer, "w:kern", "w:position", "w:sz", "w:szCs")
    if level is not None:
        outline = OxmlElement("w:outlineLvl")
        outline.set(qn("w:val"), str(level))
        style.element.get_or_add_pPr().append(outline)
    return style


def _face(style: Any, face: str, size: float) -> None:
    style.font.name, style.font.size = LATIN if face != HEI else HEI, Pt(size)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), face)


def name_faces(word: Word) -> None:
    """Write the faces with their stand-ins into the font table."""
    entries = "".join(
        f'<w:font w:name="{face}"><w:altName w:val="{names}"/><w:charset w:val="86"/></w:font>'
        for face, names in STAND_INS.items()
    )
    xml = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:fonts {nsdecls("w")}>{entries}</w:fonts>'
    part = word.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)
    part._blob = xml.encode("utf-8")


def grid(section: Any) -> None:
    """22 lines a page (GB/T 9704—2012, 5.2.3); the 28 characters a line come from the body's own spacing."""
    properties = section._sectPr
    for old in properties.findall(qn("w:docGrid")):
        properties.remove(old)
    properties.append(parse_xml(f'<w:docGrid {nsdecls("w")} w:type="lines" w:linePitch="579"/>'))


def page_numbers_on_both_sides(word: Word) -> None:
    """Odd pages right, even pages left."""
    word.settings.odd_and_even_pages_header_footer = True


def field(paragraph: Any, code: str) -> None:
    """A field such as PAGE, with a figure shown until it is worked out."""
    for kind, text in (("begin", None), (None, code), ("separate", None), ("text", "1"), ("end", None)):
        run = paragraph.add_run()
        if kind is None:
            instruction = OxmlElement("w:instrText")
            instruction.set(qn("xml:space"), "preserve")
            instruction.text = f" {text} "
            run._r.append(instruction)
        elif kind == "text":
            run.text = text
        else:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)


def bottom_line(paragraph: Any, colour: str) -> None:
    """The red line below the number, 4 mm beneath it."""
    line = parse_xml(
        f'<w:pBdr {nsdecls("w")}><w:bottom w:val="single" w:sz="18" w:space="8" w:color="{colour}"/></w:pBdr>'
    )
    paragraph._p.get_or_add_pPr().insert_element_before(line, "w:shd", "w:snapToGrid", *AFTER_SNAP)


def table_borders(table: Any) -> None:
    """Thin lines all round."""
    sides = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="404040"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    borders = parse_xml(f"<w:tblBorders {nsdecls('w')}>{sides}</w:tblBorders>")
    margins = "".join(f'<w:{side} w:w="60" w:type="dxa"/>' for side in ("left", "right"))
    inside = parse_xml(f"<w:tblCellMar {nsdecls('w')}>{margins}</w:tblCellMar>")
    table._tbl.tblPr.insert_element_before(borders, "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")
    table._tbl.tblPr.insert_element_before(inside, "w:tblLook")


def at_page_foot(table: Any, outer: float, between: float) -> None:
    """A table that stands at the foot of the type area, with lines (mm) above, below and between its rows.

    Word puts it there; LibreOffice sets so wide a table in line, below the text.
    """
    sides = "".join(
        f'<w:{side} w:val="single" w:sz="{round(weight / 25.4 * 72 * 8)}" w:space="0" w:color="000000"/>'
        for side, weight in (("top", outer), ("bottom", outer), ("insideH", between))
    )
    borders = parse_xml(f"<w:tblBorders {nsdecls('w')}>{sides}</w:tblBorders>")
    place = parse_xml(
        f'<w:tblpPr {nsdecls("w")} w:horzAnchor="margin" w:tblpXSpec="center" '
        'w:vertAnchor="margin" w:tblpYSpec="bottom"/>'
    )
    properties = table._tbl.tblPr
    properties.insert_element_before(place, "w:tblOverlap", "w:bidiVisual", "w:tblW", "w:jc", "w:tblLook")
    properties.insert_element_before(borders, "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")


def shade(cell: Cell, colour: str) -> None:
    """Fill a cell."""
    fill = parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{colour}"/>')
    cell._tc.get_or_add_tcPr().insert_element_before(fill, "w:noWrap", "w:tcMar", "w:vAlign")


def whole_row(row: Row, repeated: bool = False) -> None:
    """A row that does not break across pages; the head comes again on each page."""
    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if repeated:
        properties.append(OxmlElement("w:tblHeader"))
