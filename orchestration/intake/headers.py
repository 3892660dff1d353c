"""Finding the header row of a table, and the template it belongs to.

Works on plain lists of cells, so that it can run in the reading process without the catalogue.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

PERIOD_TITLE = "期别"
PERIOD_FIELD = "period"
MAX_TITLE_ROWS = 10

_BRACKETS = re.compile(r"[(\[【〔]([^()\[\]【】〔〕]*)[)\]】〕]$")
_SCALE = re.compile(r"[百千万亿]")
_MULTIPLIERS = {"万元": 10_000, "千元": 1_000}

Merge = tuple[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True)
class TemplateTitles:
    """One form of a template as the header reader needs it: normalised title -> field name.

    A former form (``version``) knows today's titles too, for a sheet may carry a few of them. ``required``: its own
    titles; ``renamed``: those no longer in use; ``absent``: fields it did not have; ``dropped``: titles of columns
    cancelled since; ``since`` and ``until``: the months it was in force.
    """

    name: str
    title: str
    fields: Mapping[str, str]
    required: frozenset[str]
    money: frozenset[str]
    percent: frozenset[str]
    id_numbers: frozenset[str]
    version: str | None = None
    since: str = ""
    until: str = ""
    renamed: frozenset[str] = frozenset()
    absent: frozenset[str] = frozenset()
    dropped: frozenset[str] = frozenset()


@dataclass(frozen=True)
class HeaderColumn:
    """A recognised column: its place in the sheet and the factor its unit asks for."""

    index: int
    field: str
    title: str
    multiplier: int = 1


@dataclass(frozen=True)
class Header:
    """The header row chosen in one sheet for one form of a template; ``exact``: every column of the form is there."""

    template: str
    version: str | None
    row: int
    score: int
    columns: tuple[HeaderColumn, ...]
    ignored: tuple[str, ...]
    missing: tuple[str, ...]
    duplicated: tuple[str, ...]
    bad_units: tuple[str, ...]
    dropped: tuple[str, ...]
    exact: bool


def normalise_title(value: Any) -> tuple[str, tuple[str, ...]]:
    """A header cell after NFKC, without white space, split into title and trailing brackets."""
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", "" if value is None else str(value)))
    brackets: list[str] = []
    while match := _BRACKETS.search(text):
        if match.start() == 0:
            break
        brackets.append(match.group(1))
        text = text[: match.start()]
    return text, tuple(brackets)


def fill_merged(rows: Sequence[Sequence[Any]], merges: Sequence[Merge]) -> tuple[list[list[Any]], set]:
    """Repeat the top-left value over merged ranges; also the (row, column) cells so filled."""
    filled = [list(row) for row in rows]
    repeated: set[tuple[int, int]] = set()
    for (top, left), (bottom, right) in merges:
        if top >= len(filled) or left >= len(filled[top]):
            continue
        value = filled[top][left]
        for row in range(top, min(bottom, len(filled) - 1) + 1):
            for column in range(left, min(right, len(filled[row]) - 1) + 1):
                filled[row][column] = value
                if column != left:
                    repeated.add((row, column))
    return filled, repeated


def find_header(top: Sequence[Sequence[Any]], merges: Sequence[Merge], template: TemplateTitles) -> Header | None:
    """The header row of ``template`` among the first rows of a sheet, or None if no title matches.

    Of the rows that match the most titles the last one counts (two header rows). Up to ten title
    rows may precede the header; the second of two header rows may be one row further down.
    """
    rows, repeated = fill_merged(top[: MAX_TITLE_ROWS + 2], merges)
    titles = [[normalise_title(cell) for cell in row] for row in rows]
    scores = [len({template.fields[t] for t, _ in row if t in template.fields}) for row in titles]
    if len(scores) == MAX_TITLE_ROWS + 2 and scores[MAX_TITLE_ROWS] == 0:
        scores.pop()
    best = max(scores, default=0)
    if best == 0:
        return None
    row = max(i for i, score in enumerate(scores) if score == best)
    return _describe(titles[row], row, best, {c for r, c in repeated if r == row}, template)


def _describe(
    titles: list[tuple[str, tuple[str, ...]]],
    row: int,
    score: int,
    repeated: set[int],
    template: TemplateTitles,
) -> Header:
    columns: list[HeaderColumn] = []
    ignored, duplicated, bad_units, dropped = [], [], [], []
    seen: set[str] = set()
    present = {t for i, (t, _) in enumerate(titles) if i not in repeated}
    under_todays_title = {template.fields[t] for t in present & set(template.fields) - template.renamed}
    for index, (title, brackets) in enumerate(titles):
        if not title or index in repeated:
            continue
        if title in template.dropped:
            dropped.append(title)
            continue
        if title not in template.fields or (title in template.renamed and template.fields[title] in under_todays_title):
            ignored.append(title)
            continue
        if title in seen:
            duplicated.append(title)
            continue
        seen.add(title)
        multiplier, readable = _unit(title, brackets, template)
        if not readable:
            bad_units.append(f"{title}({')('.join(reversed(brackets))})")
        columns.append(HeaderColumn(index, template.fields[title], title, multiplier))
    found = {column.field for column in columns} | {PERIOD_FIELD}
    missing = tuple(t for t, field in template.fields.items() if t in template.required and field not in found)
    return Header(
        template.name, template.version, row, score, tuple(columns), tuple(ignored), missing, tuple(duplicated),
        tuple(bad_units), tuple(dropped), exact=found == {*template.fields.values()} - template.absent,
    )  # fmt: skip


def _unit(title: str, brackets: tuple[str, ...], template: TemplateTitles) -> tuple[int, bool]:
    """Factor of a column's unit, and whether the unit can be used at all."""
    multiplier = 1
    for bracket in brackets:
        if bracket in _MULTIPLIERS and title in template.money and multiplier == 1:
            multiplier = _MULTIPLIERS[bracket]
        elif _SCALE.search(bracket.replace("百分", "") if title in template.percent else bracket):
            return 1, False
    return multiplier, True
