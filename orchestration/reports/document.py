"""The document before any layout: the parts GB/T 9704—2012 names, as words. PDF and DOCX are two settings of it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from orchestration.reports import wording
from orchestration.reports.blocks import Block, Section

TITLE_CHARACTERS = 19
"""So many characters of the title's size fit on one line."""
BREAKS_AFTER = "的）月度县市区州镇乡村、"

Form = Literal["document", "table"]
"""``document``: red head, number, addressees, text, signature. ``table``: a title, tables and places to sign."""


@dataclass(frozen=True)
class Annex:
    """One annex printed with the document: 附件 and its number, the title, its blocks."""

    title: str
    blocks: list[Block]


@dataclass(frozen=True)
class Imprint:
    """版记 (GB/T 9704—2012, 7.4): 抄送机关 (empty where none), 印发机关, 印发日期."""

    copies: str
    printer: str
    date: str

    def data(self) -> dict[str, str]:
        return {"copies": self.copies, "printer": self.printer, "date": self.date}


@dataclass(frozen=True)
class Document:
    """One official document.

    red_head      发文机关标志            number       发文字号, with room to fill in where the office gave none
    title         标题                    addressees   主送机关 (empty in a table)
    opening       first paragraph         sections     正文
    annexes       printed behind          enclosures   titles of annexes that are files of their own
    issuer, date  署名 and 成文日期
    imprint       版记 at the foot of the last page; None where the kind has none
    footer        edition and as-of time, on every page
    landscape     tables wider than a portrait page
    """

    form: Form
    edition_id: str
    period: str
    as_of: datetime
    red_head: str
    number: str
    title: str
    addressees: str
    opening: str
    sections: list[Section]
    issuer: str
    date: str
    footer: str
    annexes: list[Annex] = field(default_factory=list)
    enclosures: list[str] = field(default_factory=list)
    landscape: bool = False
    imprint: Imprint | None = None

    @property
    def attachments(self) -> list[str]:
        """附件 as listed below the text: those printed behind first."""
        return [*(annex.title for annex in self.annexes), *self.enclosures]

    def title_lines(self) -> list[str]:
        """The title on one line, or on two of much the same length, broken where a word ends (7.3.1)."""
        places = [
            place
            for place in range(2, len(self.title) - 2)
            if self.title[place - 1] in BREAKS_AFTER and self.title[place] not in "）、的"
        ]
        if self.landscape or _wide(self.title) <= TITLE_CHARACTERS or not places:
            return [self.title]
        middle = _wide(self.title) / 2
        place = min(places, key=lambda each: (abs(_wide(self.title[:each]) - middle), each))
        return [self.title[:place], self.title[place:]]

    def headings(self) -> list[str]:
        """The sections' headings as printed: numbered, unless the section is a page of its own."""
        numbered = [section for section in self.sections if not section.page]
        return [
            section.title if section.page else f"{wording.numeral(numbered.index(section) + 1)}、{section.title}"
            for section in self.sections
        ]

    def annex_heading(self, position: int) -> str:
        """附件, with its number where there are several (GB/T 9704—2012, 7.3.4)."""
        return "附件" if len(self.attachments) == 1 else f"附件{position}"

    def data(self) -> dict[str, Any]:
        """All words in the shape the PDF template sets."""
        return {
            "form": self.form,
            "landscape": self.landscape,
            "edition_id": self.edition_id,
            "period": self.period,
            "red_head": self.red_head,
            "number": self.number,
            "title": self.title,
            "title_lines": self.title_lines(),
            "addressees": self.addressees,
            "opening": self.opening,
            "sections": [
                {"heading": heading, "page": section.page, "blocks": [block.data() for block in section.blocks]}
                for heading, section in zip(self.headings(), self.sections, strict=True)
            ],
            "attachments": self.attachments,
            "annexes": [
                {
                    "heading": self.annex_heading(position),
                    "title": annex.title,
                    "blocks": [block.data() for block in annex.blocks],
                }
                for position, annex in enumerate(self.annexes, start=1)
            ],
            "issuer": self.issuer,
            "date": self.date,
            "imprint": self.imprint.data() if self.imprint else None,
            "footer": self.footer,
        }


def _wide(text: str) -> float:
    """Characters of full width a text takes."""
    return sum(1.0 if ord(character) > 0x2E7F else 0.5 for character in text)
