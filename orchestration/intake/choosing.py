"""Choosing the sheet, the template and the form (表样) a file is read by. Runs in the reading process.

Today's forms decide wherever their titles do, whatever the month: a former form is taken only where it explains more
of the header, or as much and the sheet says by its columns or by its 表样版本 that it was made from it.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from orchestration.intake.headers import Header, TemplateTitles, find_header
from orchestration.intake.sheets import Refused, Sheet

FORM_LABEL = "表样版本"
"""Before the month whose form a blank workbook was made for: in its first row and in its custom properties."""

_FORM_CELL = re.compile(rf"{FORM_LABEL}:([0-9]{{4}}-[0-9]{{2}})")


def choose(
    sheets: Iterable[Sheet], candidates: Sequence[TemplateTitles], wanted: str | None, made_for: str | None
) -> tuple[Sheet, Header]:
    """The first sheet whose header has every required column of a form; else the best to say what is missing.

    ``candidates``: of each template today's form first. ``made_for``: the month of the form the workbook names.
    Raises Refused where no header is found, or several templates fit as well.
    """
    today = [t for t in candidates if t.version is None]
    former = [t for t in candidates if t.version is not None]
    outdated: tuple[Sheet, list[Header]] | None = None
    partial: tuple[Sheet, list[Header]] | None = None
    for sheet in sheets:
        headers, older = _headers(sheet, today), _headers(sheet, former)
        complete = [h for h in headers if not h.missing]
        if complete:
            first = _best(complete, today)
            same = [h for h in older if h.template == first.template and not h.missing]
            return sheet, _own_form([first, *same], sheet, candidates, made_for)
        if outdated is None and any(not h.missing for h in older):
            outdated = sheet, [h for h in older if not h.missing]
        for header in (*headers, *older):
            if partial is None or header.score > partial[1][0].score:
                partial = sheet, [header, *(h for h in older if h.template == header.template)]
    if outdated is not None:
        sheet, headers = outdated
        first = _best(headers, candidates)
        return sheet, _own_form([h for h in headers if h.template == first.template], sheet, candidates, made_for)
    if partial is None or wanted is None:
        raise Refused("no_header")
    sheet, headers = partial
    return sheet, _own_form(headers, sheet, candidates, made_for)


def _headers(sheet: Sheet, forms: Sequence[TemplateTitles]) -> list[Header]:
    found = (find_header(sheet.top[0], sheet.merges, form) for form in forms)
    return [header for header in found if header is not None]


def _best(headers: Sequence[Header], forms: Sequence[TemplateTitles]) -> Header:
    """The header with the most columns; raises Refused where two templates have as many."""
    best = max(h.score for h in headers)
    first, *others = [h for h in headers if h.score == best]
    named = [next(t.title for t in forms if t.name == h.template) for h in (first, *others)]
    if len(set(named)) > 1:
        raise Refused("ambiguous_template", "、".join(named))
    return first


def _own_form(headers: Sequence[Header], sheet: Sheet, forms: Sequence[TemplateTitles], made_for: str | None) -> Header:
    """Of one template's forms the one the sheet was made from; of equals the newest, which comes first."""
    month = _named_month(sheet) or made_for
    months = {(t.name, t.version): (t.since, t.until) for t in forms}

    def fit(header: Header) -> tuple[int, bool, bool, int]:
        since, until = months[header.template, header.version]
        return header.score, header.exact, month is not None and since <= month <= until, len(header.dropped)

    return max(headers, key=fit)


def _named_month(sheet: Sheet) -> str | None:
    """The month after 表样版本 in the first rows of the sheet, if it is there."""
    for row in sheet.top[0]:
        for cell in row:
            if isinstance(cell, str) and FORM_LABEL in cell:
                match = _FORM_CELL.search("".join(unicodedata.normalize("NFKC", cell).split()))
                if match:
                    return match.group(1)
    return None
