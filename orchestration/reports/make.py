"""Writes the documents and annexes of a period from one published edition, whole files or none."""

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from orchestration.catalogue.indicators import load_reference
from orchestration.errors import GuatuError
from orchestration.reports.annex import annex_workbook
from orchestration.reports.annex_csv import annex_csv
from orchestration.reports.compose import compose
from orchestration.reports.context import Context
from orchestration.reports.document import Document
from orchestration.reports.facts import Facts, active_schemes, read_facts, read_head
from orchestration.reports.geography import load_geography
from orchestration.reports.kinds import Kind, load_kinds
from orchestration.reports.pdf import as_pdf
from orchestration.reports.returned import returned_files
from orchestration.reports.selection import check_period, choose_kinds, choose_schemes
from orchestration.reports.source import open_edition
from orchestration.reports.word import as_docx
from orchestration.settings import get_settings

SMALL_COUNT = "small_count"
"""The parameter of ``seeds/reference/parameters.csv`` that says which counts of people are not published."""


def make_reports(
    edition_path: Path,
    period: str,
    out_dir: Path,
    division: str | None = None,
    scheme: str | None = None,
    kinds: Sequence[str] | None = None,
    public: bool = False,
    number: str | None = None,
    as_csv: bool = False,
    seeds: Path | None = None,
    is_provisional: Callable[[str], bool] | None = None,
    spoken_of: str | None = None,
) -> list[Path]:
    """Write ``<out_dir>/<period>/<unit>_<scheme>_<kind>.pdf`` and ``.docx``, and ``…_附表.xlsx``; return their paths.

    Without ``division`` and ``scheme``: the documents of each scheme in force in the period with a unit ranked or held
    to a target or milestone, for the scheme's own division. With a division: the schemes whose territory contains
    it. ``kinds``: codes of ``seeds/reports``; None for those made with every edition, empty for all; ``public`` keeps
    the kinds everyone may read. ``number`` is the 发文字号 of the one document asked for. ``as_csv`` writes the annex
    as CSV as well. ``is_provisional``: whether a division's month was not approved yet; documents then say so.
    ``spoken_of``: the time the documents speak of, in words, where it is not the period (half a month written from the
    month before).
    Reads the edition and nothing else but the kinds' own words; the same edition gives the same bytes. A period later
    than the edition's, an unknown kind, scheme or division, or a scheme not in force raise GuatuError.
    """
    settings = get_settings()
    seeds = seeds or settings.seeds
    chosen_kinds = choose_kinds(load_kinds(seeds), kinds, public)
    with open_edition(edition_path) as edition:
        head = read_head(edition)
        check_period(head, period)
        geography = load_geography(edition)
        active = active_schemes(edition, period)
        folder = out_dir / period
        written: list[Path] = []
        documents: list[tuple[str, Context]] = []
        for chosen in choose_schemes(edition, geography, period, division, scheme):
            facts = read_facts(edition, head, geography, chosen, division or chosen.division_code, period)
            for kind in chosen_kinds:
                for unit in _units(facts, kind, scheme is not None or chosen.code in active, division is not None):
                    about = facts
                    if kind.needs == "villages" and unit != facts.division_code:
                        about = read_facts(edition, head, geography, chosen, unit, period)
                    context = Context(
                        about,
                        edition,
                        kind,
                        unit,
                        settings.due_day,
                        _treatments(seeds),
                        _small_count(seeds),
                        is_provisional is not None and is_provisional(facts.division_code),
                        spoken_of,
                    )
                    documents.append((f"{unit}_{chosen.code}", context))
        if number is not None and len(documents) != 1:
            raise GuatuError(
                "one_document_wanted",
                f"发文字号只能给一份公文,现在选中 {len(documents)} 份;请用 --kind、--scheme、--division 选定一份",
                f"a number belongs to one document, {len(documents)} chosen; narrow with --kind, --scheme, --division",
            )
        for stem, context in documents:
            document = compose(context, number)
            written += _documents(folder, f"{stem}_{context.kind.name}", document)
            if context.kind.workbook:
                written.append(_write(folder / f"{stem}_附表.xlsx", annex_workbook(context.facts)))
                if as_csv:
                    written += [
                        _write(folder / f"{stem}_附表_{name}.csv", content)
                        for name, content in annex_csv(context.facts).items()
                    ]
        return written


def _documents(folder: Path, stem: str, document: Document) -> Iterator[Path]:
    yield _write(folder / f"{stem}.pdf", as_pdf(document))
    yield _write(folder / f"{stem}.docx", as_docx(document))


def _units(facts: Facts, kind: Kind, assessed: bool, chosen: bool) -> list[str]:
    """Whom to write a document of this kind about; nobody where there is nothing to write.

    ``chosen``: the division was asked for by name. Sheets of a page a village are then made for a county or more too,
    one document a township, which is how they are printed, checked and handed out.
    """
    if kind.needs == "returned":
        return sorted({row["scope_code"] for row in returned_files(facts) if facts.inside(row["scope_code"])})
    if kind.needs == "actions" and not facts.actions:
        return []
    if kind.needs == "villages":
        return _townships(facts) if assessed and (chosen or _is_small(facts)) else []
    if kind.per == "acted_unit":
        named = [
            row["division_code"]
            for row in facts.actions
            if row["kind"] in kind.action_kinds and row["state"] in ("proposed", "verified", "confirmed", "changed")
        ]
        return list(dict.fromkeys(named))
    return [facts.division_code] if assessed else []


def _is_small(facts: Facts) -> bool:
    return facts.geography.level(facts.division_code) in ("township", "village")


def _townships(facts: Facts) -> list[str]:
    """The division itself where it is a township or a village, else the townships below it in code order."""
    if _is_small(facts):
        return [facts.division_code]
    found, todo = [], [facts.division_code]
    while todo:
        code = todo.pop()
        if facts.geography.level(code) == "township":
            found.append(code)
        else:
            todo += facts.geography.children(code)
    return sorted(found)


def _treatments(seeds: Path) -> dict[str, str]:
    rows = load_reference(seeds, "disclosure").iter_rows(named=True)
    return {row["indicator_code"]: row["treatment"] for row in rows}


def _small_count(seeds: Path) -> int:
    rows = load_reference(seeds, "parameters").iter_rows(named=True)
    return next(int(row["value"]) for row in rows if row["parameter"] == SMALL_COUNT)


def _write(path: Path, content: bytes) -> Path:
    """Write through a neighbour and rename, so that a reader never meets half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    partial.write_bytes(content)
    partial.replace(path)
    return path
