"""The ledger: one JSON line per submission, append-only; the line is the submission's commit.

Each line carries a hash over itself and the line before, so that a changed byte shows.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from orchestration.errors import GuatuError
from orchestration.intake.originals import Replaced, original, replaced_originals
from orchestration.records.chain import (
    UnreadableLine,
    add_line,
    encode,
    first_broken,
    first_rewritten,
    link,
    mend_end,
    read_chain,
)
from orchestration.records.heads import keep_head, lost_from, read_head
from orchestration.settings import Settings

Outcome = Literal["accepted", "partial", "refused", "duplicate"]
_TIME = "%Y-%m-%dT%H:%M:%S.%f"


@dataclass(frozen=True)
class Submission:
    """One line of the ledger. ``received_at`` is a naive Asia/Shanghai timestamp."""

    submission_id: int
    sha256: str
    file_name: str
    template: str | None
    scope_code: str | None
    period: str | None
    received_at: datetime
    outcome: Outcome
    rows_read: int = 0
    rows_accepted: int = 0
    rows_rejected: int = 0
    rows_warned: int = 0
    reason: str | None = None
    chain: str = ""

    @property
    def in_effect(self) -> bool:
        """Whether it changes the warehouse: neither refused nor a duplicate."""
        return self.outcome in ("accepted", "partial")

    @property
    def order(self) -> tuple[datetime, int]:
        """Later is greater: by receipt time, then by intake."""
        return self.received_at, self.submission_id

    def record(self) -> dict[str, Any]:
        """The ledger's JSON object, keys in their fixed order."""
        record = asdict(self)
        record["received_at"] = self.received_at.strftime(_TIME)
        return record


def chained(submission: Submission, previous: str | None) -> Submission:
    """The submission with its chain hash: sha256 over the previous chain and this record."""
    return replace(submission, chain=link(submission.record(), previous))


def read_ledger(settings: Settings) -> list[Submission]:
    """All submissions in the order of intake; a torn last line (a killed run) is left out.

    Raises GuatuError ``ledger_damaged`` when a whole line cannot be read.
    """
    return _submissions(settings.ledger)


def submissions_of(lines: bytes) -> list[Submission]:
    """The submissions of whole lines of a ledger."""
    return [_submission(json.loads(line)) for line in lines.splitlines()]


def append(settings: Settings, submission: Submission, previous: Sequence[Submission]) -> Submission:
    """Commit a submission: write its line and force it to disk. Returns it with its chain hash."""
    line = chained(submission, previous[-1].chain if previous else None)
    add_line(settings.ledger, encode(line.record()))
    keep_head(settings.ledger, len(previous) + 1, line.chain)
    return line


def repair(settings: Settings) -> list[Submission]:
    """Cut off what a killed run left of its last line; returns the ledger. Only under the lock.

    Raises GuatuError ``ledger_damaged`` where a line does not fit its chain, or lines are missing from the end: nothing
    is built upon a changed ledger.
    """
    head = read_head(settings.ledger)
    submissions = _submissions(settings.ledger)
    file = read_chain(settings.ledger)
    broken = first_broken(file.records)
    if broken is not None:
        submission = submissions[broken]
        raise GuatuError(
            "ledger_damaged",
            f"台账中报送 {submission.submission_id} 的内容被改动过(与校验链不符);"
            "请运行 guatu doctor 查明,从备份恢复后再接收文件",
            f"submission {submission.submission_id} of the ledger does not fit its chain",
        )
    lost = lost_from(head, [submission.chain for submission in submissions])
    if lost is not None:
        raise GuatuError(
            "ledger_damaged",
            f"{_lost(lost)};请运行 guatu doctor 查明,从备份恢复后再接收文件",
            f"the ledger lost lines from line {lost} on",
        )
    mend_end(settings.ledger, file)
    return submissions


def verify_ledger(settings: Settings) -> list[str]:
    """What is wrong with ledger and archive, in Chinese; empty when all is whole."""
    head = read_head(settings.ledger)
    try:
        submissions = read_ledger(settings)
    except GuatuError as error:
        return [error.message_zh]
    file = read_chain(settings.ledger)
    changed = {first_broken(file.records), first_rewritten(settings.ledger, file.records)}
    replaced = replaced_originals(settings)
    problems = []
    for position, submission in enumerate(submissions):
        where = f"台账第 {position + 1} 行(报送 {submission.submission_id})"
        if submission.submission_id != position + 1:
            problems.append(f"{where}编号不连续")
        if position in changed:
            problems.append(f"{where}与其校验链不符,内容被改动过")
        problems += [f"{where}{what}" for what in _missing_files(settings, submission, replaced)]
    lost = lost_from(head, [submission.chain for submission in submissions])
    return [*problems, *([] if lost is None else [_lost(lost)])]


def file_sha256(path: Path) -> str:
    """SHA-256 of a file, read in pieces."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _lost(line: int) -> str:
    return f"台账丢了行:第 {line} 行起没有了,或被改写过(与 ledger.jsonl.head 记下的末行不符)"


def _missing_files(settings: Settings, submission: Submission, replaced: Replaced) -> list[str]:
    from orchestration.intake.lake import lake_file

    problems = []
    kept = original(settings, submission.sha256, replaced)
    if kept is not None and not kept.is_file():
        problems.append(f"的原件 {kept.name} 不在归档中")
    elif kept is not None and file_sha256(kept) != kept.name:
        problems.append(f"的原件 {kept.name} 与其校验值不符")
    if submission.rows_accepted and not lake_file(settings, submission).is_file():
        problems.append("的入库数据文件缺失")
    return problems


def _submission(record: dict[str, Any]) -> Submission:
    return Submission(**{**record, "received_at": datetime.strptime(record["received_at"], _TIME)})


def _submissions(path: Path) -> list[Submission]:
    submissions: list[Submission] = []
    try:
        for record in read_chain(path).records:
            submissions.append(_submission(record))
    except (ValueError, TypeError, KeyError) as error:
        line = error.number if isinstance(error, UnreadableLine) else len(submissions) + 1
        raise GuatuError(
            "ledger_damaged",
            f"台账 {path} 第 {line} 行读不出来,可能被改动过;请从备份恢复后再接收文件",
            f"line {line} of the ledger cannot be read: {path}",
        ) from None
    return submissions
