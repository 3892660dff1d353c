"""Sets a document as PDF: offline, fonts embedded, the same bytes each time on a machine with the same fonts."""

import json
from datetime import UTC
from pathlib import Path

import typst

from orchestration.reports.document import Document
from orchestration.reports.fonts import faces

TEMPLATE = Path(__file__).with_name("official.typ")


def as_pdf(document: Document) -> bytes:
    """The document as PDF, stamped with the edition's as-of time, so that equal facts give equal bytes."""
    chosen = faces()
    data = document.data() | {
        "faces": chosen.parts,
        "outlined": {part: chosen.is_shipped(part) for part in chosen.parts},
    }
    result = typst.compile(
        TEMPLATE,
        font_paths=chosen.fonts,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        format="pdf",
        timestamp=int(document.as_of.replace(tzinfo=UTC).timestamp()),
    )
    assert isinstance(result, bytes)
    return result
