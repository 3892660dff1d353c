"""What an indicator needs of the reporting templates, as rows."""

from collections.abc import Mapping, Sequence

import polars as pl

from orchestration.catalogue.dictionary import COVER, KINDS, NEED_SUFFIXES
from orchestration.catalogue.templates import Template


def needs_frame(needs: Sequence[tuple[str, str, str]], templates: Mapping[str, Template]) -> pl.DataFrame:
    """title, field, kind, when, cover. ``needs``: (``template`` or ``template.field``, "@", when) as partitioned."""
    rows = []
    for name, _, when in needs:
        template_name, _, field = name.partition(".")
        template = templates[template_name]
        rows.append(
            {
                "title": template.title,
                "field": template.field(field).title if field else None,
                "kind": KINDS[template.kind],
                "when": NEED_SUFFIXES.get(when, "本期"),
                "cover": COVER[template.cover],
            }
        )
    return pl.DataFrame(rows, schema=dict.fromkeys(("title", "field", "kind", "when", "cover"), pl.String))


def fields_frame(template: Template) -> pl.DataFrame:
    """title, name, required, note of every field."""
    rows = [
        {"title": field.title, "name": field.name, "required": "必填" if field.required else "选填", "note": field.note}
        for field in template.fields
    ]
    return pl.DataFrame(rows, schema=dict.fromkeys(("title", "name", "required", "note"), pl.String))
