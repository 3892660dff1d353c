"""What a document is made of before any layout: paragraphs, sub-headings, tables, bar charts."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class Paragraph:
    """One indented paragraph of running text."""

    text: str

    def data(self) -> dict[str, Any]:
        return {"kind": "paragraph", "text": self.text}


@dataclass(frozen=True)
class Subheading:
    """A second-level heading, 「(一)…」."""

    text: str

    def data(self) -> dict[str, Any]:
        return {"kind": "subheading", "text": self.text}


@dataclass(frozen=True)
class Column:
    """A table column: heading, share of the width, alignment (left, center or right)."""

    title: str
    share: float = 1.0
    align: str = "center"


@dataclass(frozen=True)
class Table:
    """A full-bordered table with caption; ``emphasised`` are row positions set off (the bulletin's own units).

    ``row_height`` in mm is the least height of a row: room to sign in. None: as high as its text.
    """

    caption: str
    columns: list[Column]
    rows: list[list[str]]
    note: str | None = None
    emphasised: list[int] = field(default_factory=list)
    row_height: float | None = None

    def data(self) -> dict[str, Any]:
        return {
            "kind": "table",
            "caption": self.caption,
            "columns": [{"title": c.title, "share": c.share, "align": c.align} for c in self.columns],
            "rows": self.rows,
            "note": self.note,
            "emphasised": self.emphasised,
            "row_height": self.row_height,
        }


@dataclass(frozen=True)
class Bar:
    """One bar: name, exact value, the text beside it, and whether it is one of the bulletin's own units."""

    name: str
    value: Decimal
    text: str
    own: bool = True


@dataclass(frozen=True)
class Chart:
    """Horizontal bars on a scale from 0 to the longest bar (or 100 for percents)."""

    caption: str
    bars: list[Bar]
    note: str | None = None

    def data(self) -> dict[str, Any]:
        top = max([bar.value for bar in self.bars], default=Decimal(0))
        scale = Decimal(100) if Decimal(50) < top <= Decimal(100) else top
        return {
            "kind": "chart",
            "caption": self.caption,
            "note": self.note,
            "bars": [
                {
                    "name": bar.name,
                    "share": float(max(bar.value, Decimal(0)) / scale) if scale > 0 else 0.0,
                    "text": bar.text,
                    "own": bar.own,
                }
                for bar in self.bars
            ],
        }


Block = Paragraph | Subheading | Table | Chart


@dataclass(frozen=True)
class Section:
    """A first-level part of a document; its number is given when the parts are put together.

    ``page`` starts a page of its own, with the title set as that page's title and without a number.
    """

    title: str
    blocks: list[Block]
    page: bool = False
