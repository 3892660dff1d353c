"""The ledger: one JSON line per submission, append-only; the line is the submission's commit.

Each line carries a hash over itself and the line before, so that a changed byte shows.
"""

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from orchestration.errors import GuatuError
from orchestration.settings import Settings

Outcome = Literal["accepted", "partial", "refused", "duplicate"]
_TIME = "%Y-%m-%dT%H:%M:%S.%f"
_START = "0" * 64


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
    record = submission.record()
    del record["chain"]
    text = (previous or _START) + json.dumps(record, ensure_ascii=False)
    return replace(submission, chain=hashlib.sha256(text.encode("utf-8")).hexdigest())


def read_ledger(settings: Settings) -> list[Submission]:
    """All submissions in the order of intake; a torn last line (a killed run) is left out.

    Raises GuatuError ``ledger_damaged`` when a whole line cannot be read.
    """
    return _parse(settings.ledger)[0]


def append(settings: Settings, submission: Submission, previous: Sequence[Submission]) -> Submission:
    """Commit a submission: write its line and force it to disk. Returns it with its chain hash."""
    line = chained(submission, previous[-1].chain if previous else None)
    path = settings.ledger
    path.parent.mkdir(parents=True, exist_ok=True)
    size = path.stat().st_size if path.exists() else 0
    try:
        with path.open("ab") as handle:
            handle.write(_encode(line))
            handle.flush()
            os.fsync(handle.fileno())
    except OSError:
        # a half-written line on a full disk must not stand before the next one
        if path.exists():
            os.truncate(path, size)
        raise
    return line


def repair(settings: Settings) -> list[Submission]:
    """Cut off what a killed run left of its last line; returns the ledger. Only under the lock.

    Raises GuatuError ``ledger_damaged`` where a line does not fit its chain: nothing is built upon a changed ledger.
    """
    submissions, good = _parse(settings.ledger)
    for before, submission in zip([None, *submissions], submissions, strict=False):
        if chained(submission, before.chain if before else None).chain != submission.chain:
            raise GuatuError(
                "ledger_damaged",
                f"台账中报送 {submission.submission_id} 的内容被改动过(与校验链不符);"
                "请运行 guatu doctor 查明,从备份恢复后再接收文件",
                f"submission {submission.submission_id} of the ledger does not fit its chain",
            )
    if not settings.ledger.exists():
        return submissions
    data = settings.ledger.read_bytes()
    if data != good:
        # only what differs is written, so that a kill here loses no line that was whole
        pairs = enumerate(zip(data, good, strict=False))
        whole = next((at for at, (has, wants) in pairs if has != wants), min(len(data), len(good)))
        with settings.ledger.open("r+b") as handle:
            handle.seek(whole)
            handle.write(good[whole:])
            handle.truncate()
            handle.flush()
            os.fsync(handle.fileno())
    return submissions


def verify_ledger(settings: Settings) -> list[str]:
    """What is wrong with ledger and archive, in Chinese; empty when all is whole."""
    try:
        submissions = read_ledger(settings)
    except GuatuError as error:
        return [error.message_zh]
    problems = []
    previous: str | None = None
    for position, submission in enumerate(submissions, start=1):
        where = f"台账第 {position} 行(报送 {submission.submission_id})"
        if submission.submission_id != position:
            problems.append(f"{where}编号不连续")
        if chained(submission, previous).chain != submission.chain:
            problems.append(f"{where}与其校验链不符,内容被改动过")
        previous = submission.chain
        problems += [f"{where}{what}" for what in _missing_files(settings, submission)]
    return problems


def file_sha256(path: Path) -> str:
    """SHA-256 of a file, read in pieces."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _missing_files(settings: Settings, submission: Submission) -> list[str]:
    from orchestration.intake.lake import lake_file

    problems = []
    original = settings.archive / submission.sha256
    if not original.is_file():
        problems.append(f"的原件 {submission.sha256} 不在归档中")
    elif file_sha256(original) != submission.sha256:
        problems.append(f"的原件 {submission.sha256} 与其校验值不符")
    if submission.rows_accepted and not lake_file(settings, submission).is_file():
        problems.append("的入库数据文件缺失")
    return problems


def _encode(submission: Submission) -> bytes:
    return (json.dumps(submission.record(), ensure_ascii=False) + "\n").encode("utf-8")


def _decode(line: bytes) -> Submission:
    record = json.loads(line)
    record["received_at"] = datetime.strptime(record["received_at"], _TIME)
    return Submission(**record)


def _parse(path: Path) -> tuple[list[Submission], bytes]:
    """The submissions of a ledger, and the bytes it should have (without a torn last line)."""
    if not path.exists():
        return [], b""
    data = path.read_bytes()
    *lines, rest = data.split(b"\n")
    submissions = []
    for number, line in enumerate(lines, start=1):
        try:
            submissions.append(_decode(line))
        except (ValueError, TypeError, KeyError):
            raise GuatuError(
                "ledger_damaged",
                f"台账 {path} 第 {number} 行读不出来,可能被改动过;请从备份恢复后再接收文件",
                f"line {number} of the ledger cannot be read: {path}",
            ) from None
    good = data[: len(data) - len(rest)]
    # a last line without its end of line was either torn, or is whole and lost just that byte
    whole = _whole_last(rest, submissions[-1].chain if submissions else None)
    if whole is not None:
        submissions.append(whole)
        good += _encode(whole)
    return submissions, good


def _whole_last(rest: bytes, previous: str | None) -> Submission | None:
    for candidate in (rest, rest[:-1]):
        try:
            submission = _decode(candidate)
        except (ValueError, TypeError, KeyError):
            continue
        if chained(submission, previous).chain == submission.chain:
            return submission
    return None
