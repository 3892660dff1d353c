"""Receipts (回执): a JSON record per submission, and an annotated workbook where cells need attention."""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from orchestration.catalogue.template_versions import Form
from orchestration.catalogue.templates import Template
from orchestration.intake.annotation import (
    MAX_ROWS_IN_PLACE,
    Annotation,
    build_workbook,
)
from orchestration.intake.headers import PERIOD_FIELD, PERIOD_TITLE
from orchestration.intake.lake import PROBLEM_SCHEMA, write_atomically
from orchestration.intake.ledger import Submission
from orchestration.intake.reader import ChildFailed, Reader
from orchestration.intake.reading import ReadResult
from orchestration.settings import Settings

_LISTED_IN_JSON = 100
_OUTCOMES = {"accepted": "已接收", "partial": "部分接收", "refused": "退回", "duplicate": "重复报送"}
_ID_NUMBER = r"[1-9][0-9]{5}(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])[0-3][0-9]{4}[0-9Xx]"
_PHONE_OR_OLD_ID = r"(^|[^0-9])(?:1[3-9][0-9]{9}|[1-9][0-9]{7}(?:0[1-9]|1[0-2])[0-3][0-9]{4})($|[^0-9])"
_HIDDEN = "***"


@dataclass(frozen=True)
class Notes:
    """What the receipt says about the reading of a file besides the ledger's record.

    ``form``: what the table was made from; ``remark``: a sentence on a form that was out of date.
    """

    read: ReadResult | None = None
    blank_rows: int = 0
    total_rows: int = 0
    text: pl.DataFrame | None = None
    problems: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=PROBLEM_SCHEMA))
    form: Form | None = None
    remark: str | None = None


def masked(problems: pl.DataFrame, template: Template) -> pl.DataFrame:
    """Problems fit for the warehouse: values of personal fields, and id or mobile numbers anywhere, hidden."""
    personal = [f.name for f in template.fields if f.pii]
    value = pl.col("value").str.slice(0, 200).str.replace_all(_ID_NUMBER, _HIDDEN)
    value = value.str.replace_all(_PHONE_OR_OLD_ID, "${1}" + _HIDDEN + "${2}")
    hidden = pl.when(pl.col("field").is_in(personal) & pl.col("value").is_not_null()).then(pl.lit(_HIDDEN))
    return problems.with_columns(value=hidden.otherwise(value))


def summary(submission: Submission) -> str:
    """One sentence on the outcome, as it stands on the receipt."""
    counts = (
        f"读入 {submission.rows_read} 行,接收 {submission.rows_accepted} 行,"
        f"退回 {submission.rows_rejected} 行,提醒 {submission.rows_warned} 行"
    )
    reason = f"。原因:{submission.reason}" if submission.reason else ""
    return f"第 {submission.submission_id} 号报送 {_OUTCOMES[submission.outcome]}:{counts}{reason}"


def write_receipt(
    settings: Settings, reader: Reader, submission: Submission, template: Template | None, notes: Notes
) -> None:
    """Write ``receipts/<id>.json`` and, where rows were rejected or warned, the annotated workbook."""
    workbook = None
    if template is not None and (submission.rows_rejected or submission.rows_warned):
        workbook = _workbook_name(submission)
        annotation = _annotation(submission, template, notes)
        write_atomically(
            settings.receipts / workbook,
            lambda out: _write_workbook(settings, reader, submission, notes, annotation, out),
        )
    write_record(settings, submission, template, notes, workbook)


def write_record(
    settings: Settings, submission: Submission, template: Template | None, notes: Notes, workbook: str | None = None
) -> None:
    """Write ``receipts/<id>.json``; ``workbook`` is the name of the annotated one beside it."""
    text = json.dumps(_record(submission, template, notes, workbook), ensure_ascii=False, indent=1)
    write_atomically(
        settings.receipts / f"{submission.submission_id}.json",
        lambda out: out.write_text(text + "\n", encoding="utf-8"),
    )


def remark_on(settings: Settings, submission: Submission) -> str | None:
    """What the receipt of a submission says on the form it was made from, if that was out of date."""
    try:
        text = (settings.receipts / f"{submission.submission_id}.json").read_text(encoding="utf-8")
    except OSError:
        return None
    return json.loads(text).get("remark")


def _record(submission: Submission, template: Template | None, notes: Notes, workbook: str | None) -> dict[str, object]:
    record = submission.record()
    del record["chain"]
    read = notes.read
    problems = notes.problems
    listed: list[dict[str, object]] = []
    if template is not None and not problems.is_empty():
        titles = _titles(template)
        listed = masked(problems.head(_LISTED_IN_JSON), template).to_dicts()
        listed = [{**item, "title": titles[str(item["field"])]} for item in listed]
    return {
        **record,
        "template_title": template.title if template else None,
        "summary": summary(submission),
        "sheet": read.sheet if read else None,
        "header_row": read.header_row if read and read.header_row else None,
        "blank_rows": notes.blank_rows,
        "total_rows": notes.total_rows,
        "ignored_columns": list(read.ignored) if read else [],
        "form": notes.form.title if notes.form else None,
        "cancelled_columns": list(read.dropped) if read else [],
        "remark": notes.remark,
        "problem_count": problems.height,
        "problems": listed,
        "annotated_workbook": workbook,
    }


def _write_workbook(
    settings: Settings,
    reader: Reader,
    submission: Submission,
    notes: Notes,
    annotation: Annotation,
    out: Path,
) -> None:
    original = settings.archive / submission.sha256
    small = notes.read is not None and notes.read.rows <= MAX_ROWS_IN_PLACE
    if small and notes.read is not None and notes.read.is_workbook and _is_zip(original):
        try:
            reader.call("annotate_copy", original, out, annotation)
            return
        except ChildFailed:
            # a copy of this very workbook cannot be made: its rows go into a new one
            pass
    build_workbook(out, annotation, notes.text if small else None)


def _annotation(submission: Submission, template: Template, notes: Notes) -> Annotation:
    return Annotation(
        problems=notes.problems,
        titles=_titles(template),
        positions=notes.read.positions if notes.read else {},
        sheet=notes.read.sheet if notes.read else None,
        summary="。".join(part for part in (summary(submission), notes.remark) if part),
        created_at=submission.received_at,
        header_row=notes.read.header_row if notes.read else 0,
        file_reason=submission.reason if notes.problems.is_empty() else None,
    )


def _titles(template: Template) -> dict[str, str]:
    return {PERIOD_FIELD: PERIOD_TITLE, **{f.name: f.title for f in template.fields}}


def _workbook_name(submission: Submission) -> str:
    stem = submission.file_name.rsplit(".", 1)[0]
    clean = re.sub(r'[\\/:*?"<>|\x00-\x1f]', "_", stem)
    while len(clean.encode("utf-8")) > 180:
        clean = clean[:-1]
    return f"{submission.submission_id}_{clean}.xlsx"


def _is_zip(path: Path) -> bool:
    with path.open("rb") as handle:
        return handle.read(2) == b"PK"
