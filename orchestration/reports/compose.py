"""Puts the parts of one document together: a kind's words filled in from the facts, its sections, its annexes."""

from orchestration.reports import wording
from orchestration.reports.context import Context
from orchestration.reports.document import Document, Imprint
from orchestration.reports.parts import ANNEXES, SECTIONS

WORKBOOK = "考核情况附表（电子表格）"


def compose(context: Context, number: str | None = None) -> Document:
    """The document of a kind, without layout. ``number`` is the 发文字号 the office gave, never made up here."""
    facts, kind = context.facts, context.kind
    words = _words(context)
    sections = [section for name in kind.sections for section in SECTIONS[name](context)]
    return Document(
        form=kind.form,
        landscape=kind.landscape,
        edition_id=facts.head.edition_id,
        period=facts.period,
        as_of=facts.head.as_of,
        red_head=kind.red_head.format(**words),
        number=number or f"〔{facts.head.as_of.year}〕　号",
        title=kind.title.format(**words),
        addressees=kind.addressees.format(**words),
        opening=kind.opening.format(**words),
        sections=sections,
        annexes=[annex for name in kind.annexes for annex in ANNEXES[name](context)],
        enclosures=[WORKBOOK] if kind.workbook else [],
        issuer=words["issuer"],
        date=wording.day(facts.head.as_of.date()),
        footer=f"数据版本 {facts.head.edition_id} · 数据截至 {wording.moment(facts.head.as_of)}"
        + (" · 暂定（未核定）" if context.is_provisional else ""),
        imprint=_imprint(context, words),
    )


def _imprint(context: Context, words: dict[str, str]) -> Imprint | None:
    """The day of printing is that of the as-of time, as 成文日期 is: nothing in a document hangs on today."""
    kind = context.kind
    if not kind.printer:
        return None
    copies, printer = kind.copies.format(**words), kind.printer.format(**words)
    return Imprint(copies, printer, wording.day(context.facts.head.as_of.date()))


def _words(context: Context) -> dict[str, str]:
    facts = context.facts
    geography, division = facts.geography, facts.division_code
    own = division == facts.scheme.division_code
    units = _units(context)
    asked_for = facts.cadences_of(context.kind.cadence)
    asked = [row["recipients"] for row in asked_for if row["recipients"]]
    issuer = (facts.scheme.issuer if own else None) or geography.full_name(division)
    above = geography.parent(division)
    return {
        "month": wording.month(facts.period),
        "span": context.span(),
        "scheme": wording.typeset(facts.scheme.title),
        "division": geography.full_name(division),
        "unit": geography.full_name(context.unit),
        "issuer": issuer,
        "units": units,
        "recipients": wording.typeset(asked[0]) if own and asked else f"{units}、各有关单位",
        "as_of": wording.moment(facts.head.as_of),
        "upper": geography.full_name(above) if above is not None and geography.knows(above) else "",
        "sender": wording.typeset(asked_for[0]["sender"]) if own and asked_for else issuer,
    }


def _units(context: Context) -> str:
    """各 with the levels directly below the division, as one addresses them."""
    geography = context.facts.geography
    children = geography.children(context.facts.division_code)
    levels = list(dict.fromkeys(level for code in children if (level := geography.level(code))))
    titles = [f"各{wording.LEVEL_TITLES[level]}" for level in levels if level in wording.LEVEL_TITLES]
    return "、".join(titles) or geography.full_name(context.facts.division_code)
