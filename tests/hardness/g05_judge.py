"""Holds what became of the files against what had to become of them."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from hardness.g05_mutations import File
from orchestration.intake import Submission
from orchestration.settings import Settings


@dataclass
class Tally:
    """What was counted over the files; ``wrong`` names each file that fell."""

    files: int = 0
    read: int = 0
    accepted: int = 0
    rejected: int = 0
    refused: int = 0
    wrongly_accepted: int = 0
    wrongly_rejected: int = 0
    wrong: tuple[str, ...] = ()

    def add(self, other: "Tally") -> None:
        """Adds what another batch counted."""
        for name in ("files", "read", "accepted", "rejected", "refused", "wrongly_accepted", "wrongly_rejected"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.wrong += other.wrong


def judge(settings: Settings, taken: Sequence[tuple[File, Submission]]) -> Tally:
    """Accounts, outcome, and every accepted row, of all files of one call."""
    tally = Tally()
    before: Submission | None = None
    for file, submission in taken:
        tally.files += 1
        tally.read += submission.rows_read
        tally.accepted += submission.rows_accepted
        tally.rejected += submission.rows_rejected
        tally.refused += submission.outcome == "refused"
        found = list(_accounts(settings, submission))
        if file.judged and not found:
            found += _outcome(settings, file, submission, before, tally)
        if found:
            tally.wrong += (f"{file.name} ({file.kind}) {submission.outcome}: {'; '.join(found)[:400]}",)
        before = submission
    return tally


def _accounts(settings: Settings, submission: Submission) -> Iterator[str]:
    """Rows read are accepted or rejected, the lake holds exactly the accepted ones, and there is a receipt."""
    if submission.rows_read != submission.rows_accepted + submission.rows_rejected:
        yield f"{submission.rows_read} read, {submission.rows_accepted} + {submission.rows_rejected}"
    if submission.outcome in ("refused", "duplicate") and submission.rows_accepted:
        yield f"{submission.outcome}, but {submission.rows_accepted} rows accepted"
    if len(accepted(settings, submission)) != submission.rows_accepted:
        yield f"{submission.rows_accepted} accepted, {len(accepted(settings, submission))} in the lake"
    if submission.outcome in ("refused", "duplicate") and not submission.reason:
        yield "no reason"
    try:
        receipt = json.loads((settings.receipts / f"{submission.submission_id}.json").read_text(encoding="utf-8"))
        if receipt["outcome"] != submission.outcome:
            yield "another outcome on the receipt"
    except (OSError, ValueError):
        yield "no receipt"


def accepted(settings: Settings, submission: Submission) -> dict[int, dict[str, object]]:
    """Accepted rows by row number, as they stand in the lake."""
    folder = settings.lake / str(submission.template) / f"period={submission.period}"
    path = folder / f"{submission.submission_id}.parquet"
    if not path.exists():
        return {}
    frame = pl.read_parquet(path).drop("submission_id", "received_at", "period")
    return {row.pop("row_number"): row for row in frame.to_dicts()}


def _outcome(
    settings: Settings, file: File, submission: Submission, before: Submission | None, tally: Tally
) -> Iterator[str]:
    if file.again and before is not None and before.in_effect:
        if submission.outcome != "duplicate":
            yield "not told to be a duplicate"
        return
    if submission.outcome == "refused":
        if not file.refused and not file.either:
            tally.wrongly_rejected += len(file.rows)
            yield f"refused without need: {submission.reason}"
        return
    if file.refused and not file.either:
        tally.wrongly_accepted += submission.rows_accepted
        yield "not refused"
        return
    assert file.table is not None
    if (submission.template, submission.period) != (file.table.template.name, file.table.period):
        yield f"taken for {submission.template} {submission.period}"
    rows = accepted(settings, submission)
    for number, row in rows.items():
        truth = file.rows.get(number)
        if truth is None:
            tally.wrongly_accepted += 1
            yield f"row {number} had to be rejected"
        elif row != truth:
            tally.wrongly_accepted += 1
            differing = [f"{k} {row[k]!r} is not {truth[k]!r}" for k in row if row[k] != truth[k]]
            yield f"row {number}: {', '.join(differing)}"
    for number, truth in file.rows.items():
        if truth is not None and number not in rows:
            tally.wrongly_rejected += 1
            yield f"row {number} was rejected without need"
    if submission.rows_read != len(file.rows):
        yield f"{submission.rows_read} rows read of {len(file.rows)}"
