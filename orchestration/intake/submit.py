"""One submission from end to end: read, recognise, judge, decide. Nothing is written here."""

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

import polars as pl

from orchestration.catalogue.template_versions import (
    Form,
    accepted_lists,
    form_at,
    form_titled,
    retired_labels,
)
from orchestration.catalogue.templates import Template
from orchestration.intake.cells import Reading, parse_period
from orchestration.intake.divisions import Divisions, DivisionTree, common_prefix, prefix_overlap
from orchestration.intake.files import FileName
from orchestration.intake.headers import PERIOD_FIELD
from orchestration.intake.ledger import Outcome, Submission
from orchestration.intake.messages import refusal
from orchestration.intake.outdated import lacking, refusal_for_form, remark, template_as_read
from orchestration.intake.reader import RawFile
from orchestration.intake.reading import ReadResult
from orchestration.intake.receipts import Notes
from orchestration.intake.rules import Context, accepted_rows, count_rows, data_rows, judge, problems


@dataclass(frozen=True)
class Verdict:
    """What becomes of a file; the row counts follow the ledger's rules."""

    template: str | None
    scope_code: str | None
    period: str | None
    outcome: Outcome
    rows_read: int = 0
    rows_rejected: int = 0
    rows_warned: int = 0
    reason: str | None = None
    accepted: pl.DataFrame = field(default_factory=pl.DataFrame)
    notes: Notes = field(default_factory=Notes)


@dataclass(frozen=True)
class Knowledge:
    """What a file is judged against: catalogue, divisions and the submissions before it."""

    templates: Mapping[str, Template]
    forms: Mapping[str, Sequence[Form]]
    codes: Mapping[str, Mapping[str, str]]
    divisions: Divisions
    submissions: Sequence[Submission]

    def tree(self, period: str) -> DivisionTree:
        return self.divisions.tree(self.submissions, period, last_day(period))

    def form_read(self, template: str, read: ReadResult) -> Form:
        """The form a table was made from."""
        return form_titled(self.forms[template], read.version)

    def form_due(self, place: FileName) -> Form:
        """The form in force in a file's month."""
        return form_at(self.forms[place.template], place.period)


def last_day(period: str) -> date:
    """The last day of a period YYYY-MM."""
    year, month = int(period[:4]), int(period[5:])
    return date(year, month, calendar.monthrange(year, month)[1])


def duplicate_of(known: Knowledge, place: FileName, sha256: str, received_at: datetime) -> Submission | None:
    """The submission that a file merely repeats.

    That is the newest one in effect of the same template and period whose scope overlaps, if it has the
    same scope and the same bytes.
    """
    # the divisions template makes the tree, so its own scopes go by the digits of their codes
    overlap = prefix_overlap if place.template == "divisions" else known.tree(place.period).overlap
    overlapping = [
        s
        for s in known.submissions
        if s.in_effect
        and s.template == place.template
        and s.period == place.period
        and s.received_at <= received_at
        and overlap(str(s.scope_code), place.scope_code)
    ]
    if not overlapping:
        return None
    newest = max(overlapping, key=lambda s: s.order)
    return newest if (newest.scope_code, newest.sha256) == (place.scope_code, sha256) else None


def duplicate_verdict(place: FileName, original: Submission) -> Verdict:
    reason = refusal("duplicate", str(original.submission_id))
    return Verdict(place.template, place.scope_code, place.period, "duplicate", reason=reason)


def assess(known: Knowledge, name: FileName | None, raw: RawFile, sha256: str, received_at: datetime) -> Verdict:
    """Decide on a file that has been read. ``name`` is what its name says, if it says all."""
    read = raw.result
    if raw.table is None:
        template = name.template if name else read.template
        return _refused(name, template, _why_not_read(known, name, read), read.rows, Notes(read))
    text, blank_rows, total_rows = data_rows(raw.table)
    notes = Notes(read, blank_rows, total_rows, text)
    place = name
    if place is None:
        found = _place_from_rows(known, str(read.template), text)
        if isinstance(found, str):
            return _refused(None, read.template, found, text.height, notes)
        place = found
        original = duplicate_of(known, place, sha256, received_at)
        if original is not None:
            return duplicate_verdict(place, original)
    form, due = known.form_read(place.template, read), known.form_due(place)
    notes = replace(notes, form=form, remark=remark(form, due, read, place.period))
    if titles := lacking(form, due, read):
        reason = refusal_for_form(form, due, titles, place.period)
        return _refused(place, place.template, reason, text.height, notes)
    tree = known.tree(place.period)
    if place.template != "divisions" and place.scope_code not in tree:
        return _refused(place, place.template, refusal("unknown_scope", place.scope_code), text.height, notes)
    if text.is_empty():
        return _nil_return(known, place, notes)
    forms = known.forms[place.template]
    context = Context(
        template=template_as_read(form, due),
        scope_code=place.scope_code,
        period=place.period,
        last_day=last_day(place.period),
        period_from_name=name is not None,
        tree=tree,
        reading=Reading(
            accepted_lists(forms, known.codes, place.period),
            read.date1904,
            retired_labels(forms, known.codes, place.period),
        ),
    )
    return _judged(place, context, notes)


def _why_not_read(known: Knowledge, name: FileName | None, read: ReadResult) -> str:
    """The reason of a refusal at reading; where a column is missing because of its form, it says so."""
    if read.code == "missing_column" and name is not None:
        form, due = known.form_read(name.template, read), known.form_due(name)
        if titles := lacking(form, due, read):
            return refusal_for_form(form, due, titles, name.period)
    return refusal(read.code or "", read.detail)


def _judged(place: FileName, context: Context, notes: Notes) -> Verdict:
    text, read = notes.text, notes.read
    assert text is not None and read is not None
    table = judge(text, context, read.multipliers)
    found = problems(table, context.template)
    rejected = count_rows(found, ["error"])
    if rejected * 5 > text.height:
        found = found.filter(pl.col("severity") == "error")
        reason = refusal("too_many_rejected", f"{text.height} 行中有 {rejected} 行有错误")
        notes = replace(notes, problems=found)
        return _refused(place, place.template, reason, text.height, notes)
    return Verdict(
        place.template,
        place.scope_code,
        place.period,
        "partial" if rejected else "accepted",
        rows_read=text.height,
        rows_rejected=rejected,
        rows_warned=count_rows(found, ["warning"]),
        accepted=accepted_rows(table),
        notes=replace(notes, problems=found),
    )


def _nil_return(known: Knowledge, place: FileName, notes: Notes) -> Verdict:
    template = known.templates[place.template]
    if not template.nil_return:
        reason = refusal("nil_not_allowed", template.title)
        return _refused(place, place.template, reason, 0, notes)
    return Verdict(place.template, place.scope_code, place.period, "accepted", notes=notes)


def _refused(place: FileName | None, template: str | None, reason: str, rows: int, notes: Notes) -> Verdict:
    return Verdict(
        template,
        place.scope_code if place else None,
        place.period if place else None,
        "refused",
        rows_read=rows,
        rows_rejected=rows,
        reason=reason,
        notes=notes,
    )


def _place_from_rows(known: Knowledge, template_name: str, text: pl.DataFrame) -> FileName | str:
    """Scope and period of a file whose name does not say them, or the reason why it is refused."""
    if text.is_empty():
        return refusal("nil_without_name")
    periods = _periods(text)
    if len(periods) != 1:
        return refusal("no_period")
    period = periods[0]
    division = known.templates[template_name].division
    codes = text.filter(pl.col(division).str.contains(r"^[0-9]{12}$"))[division].unique().sort().to_list()
    if template_name == "divisions":
        scope = common_prefix(codes) if codes else None
    else:
        scope = known.tree(period).deepest_cover(codes)
    return FileName(template_name, scope, period) if scope else refusal("no_scope")


def _periods(text: pl.DataFrame) -> list[str]:
    if PERIOD_FIELD not in text.columns:
        return []
    return parse_period(text[PERIOD_FIELD]).values.drop_nulls().unique().to_list()
