"""Taking files in: under one lock, file by file, each recorded whole or not at all.

Order of writing per submission: archive, accepted rows, problems, receipt, then the ledger's line, which is
the commit; an inbox file is removed after that. A run killed anywhere leaves at most files of the next
number, which the following run deletes before it starts.
"""

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from orchestration.catalogue.template_versions import load_forms
from orchestration.catalogue.templates import load_codes, load_templates
from orchestration.clock import present
from orchestration.errors import GuatuError
from orchestration.intake.divisions import Divisions
from orchestration.intake.files import FileName, collect_files, order_files, parse_name, recorded_name
from orchestration.intake.lake import (
    ensure_lake,
    remove_leftovers,
    write_atomically,
    write_problems,
    write_rows,
)
from orchestration.intake.ledger import Submission, append, file_sha256, repair
from orchestration.intake.locked import Restating, held_to_locks
from orchestration.intake.reader import RawFile, Reader
from orchestration.intake.receipts import masked, write_receipt
from orchestration.intake.submit import Knowledge, Verdict, assess, duplicate_of, duplicate_verdict
from orchestration.settings import Settings
from orchestration.upkeep.home import require_format

_LOCK_SECONDS = 600
_KEEP_READ_ROWS = 20_000


@dataclass(frozen=True)
class SubmissionResult:
    """A submission as recorded, and the path it came from."""

    submission: Submission
    path: Path


Progress = Callable[[int, int, SubmissionResult], None]
"""Called after each file with its position from 1, the number of files, and its result."""


def ingest(
    settings: Settings,
    paths: Sequence[Path],
    received_at: datetime | None = None,
    progress: Progress | None = None,
    restating: Restating | None = None,
) -> list[SubmissionResult]:
    """Take in files, and the files of folders; divisions first, then by name.

    ``received_at`` is a naive Asia/Shanghai time, the present unless given. ``restating``: who corrects locked months,
    and why; without it a file that would change one is refused. Every file ends up as one line
    of the ledger, whatever is wrong with it; files inside the inbox are removed once recorded. Raises
    GuatuError for a path that does not exist, a damaged ledger, a second intake that does not end, or a clock that has
    gone back.
    """
    templates, codes = load_templates(settings.seeds), load_codes(settings.seeds)
    forms = load_forms(settings.seeds)
    with intake_lock(settings):
        moment = received_at or present(settings)
        files = collect_files(paths)
        _require_own(settings, files)
        submissions = repair(settings)
        remove_leftovers(settings, submissions)
        ensure_lake(settings, templates)
        _finish_removal(settings, submissions)
        known = Knowledge(templates, forms, codes, Divisions(settings), submissions)
        with Reader(settings, forms) as reader:
            intake = _Intake(settings, reader, known, submissions, moment, restating)
            return list(intake.take_all(files, progress))


def ingest_inbox(
    settings: Settings, received_at: datetime | None = None, progress: Progress | None = None
) -> list[SubmissionResult]:
    """Take in everything that lies in the inbox."""
    settings.inbox.mkdir(parents=True, exist_ok=True)
    return ingest(settings, [settings.inbox], received_at, progress)


@dataclass(frozen=True)
class _Intake:
    """The state of one call. ``submissions`` is the ledger, growing as files are recorded."""

    settings: Settings
    reader: Reader
    known: Knowledge
    submissions: list[Submission]
    received_at: datetime
    restating: Restating | None

    def take_all(self, files: Sequence[Path], progress: Progress | None) -> Iterator[SubmissionResult]:
        names = {f: parse_name(f.name, self.known.templates) for f in files}
        early: dict[Path, RawFile] = {}
        template_of: dict[Path, str | None] = {}
        for file, name in names.items():
            if name is not None:
                template_of[file] = name.template
                continue
            # a file whose name says nothing may hold divisions, and those go first
            sha256 = _archive(self.settings, file)
            if sha256 is None:
                continue
            raw = self.reader.read(self.settings.archive / sha256, None)
            template_of[file] = raw.result.template
            if raw.table is None or raw.table.height <= _KEEP_READ_ROWS:
                early[file] = raw
        ordered = order_files(files, template_of)
        for position, file in enumerate(ordered, start=1):
            taken = self._take(file, names[file], early.pop(file, None))
            if taken is None:  # its owner took it back
                continue
            result = SubmissionResult(taken, file)
            if progress is not None:
                progress(position, len(ordered), result)
            yield result

    def _take(self, file: Path, name: FileName | None, raw: RawFile | None) -> Submission | None:
        sha256 = _archive(self.settings, file)
        if sha256 is None:
            return None
        verdict = self._verdict(sha256, name, raw)
        template = self.known.templates.get(str(verdict.template))
        verdict = held_to_locks(self.settings, verdict, template, self.restating, sha256, self.received_at)
        submission = Submission(
            submission_id=len(self.submissions) + 1,
            sha256=sha256,
            file_name=recorded_name(file),
            template=verdict.template,
            scope_code=verdict.scope_code,
            period=verdict.period,
            received_at=self.received_at,
            outcome=verdict.outcome,
            rows_read=verdict.rows_read,
            rows_accepted=verdict.rows_read - verdict.rows_rejected,
            rows_rejected=verdict.rows_rejected,
            rows_warned=verdict.rows_warned,
            reason=verdict.reason,
        )
        self._write(submission, verdict)
        in_inbox = file.is_relative_to(self.settings.inbox)
        if in_inbox:
            _announce_removal(self.settings, file, submission)
        recorded = append(self.settings, submission, self.submissions)
        self.submissions.append(recorded)
        if in_inbox:
            _finish_removal(self.settings, self.submissions)
        return recorded

    def _verdict(self, sha256: str, name: FileName | None, raw: RawFile | None) -> Verdict:
        if name is not None:
            original = duplicate_of(self.known, name, sha256, self.received_at)
            if original is not None:
                return duplicate_verdict(name, original)
        if raw is None:
            raw = self.reader.read(self.settings.archive / sha256, name.template if name else None)
        return assess(self.known, name, raw, sha256, self.received_at)

    def _write(self, submission: Submission, verdict: Verdict) -> None:
        template = self.known.templates.get(str(verdict.template))
        if template is not None:
            write_rows(self.settings, submission, template, verdict.accepted)
            if not verdict.notes.problems.is_empty():
                write_problems(self.settings, submission, masked(verdict.notes.problems, template))
        as_read = verdict.notes.form.template if verdict.notes.form else template
        write_receipt(self.settings, self.reader, submission, as_read, verdict.notes)


@contextmanager
def intake_lock(settings: Settings) -> Iterator[None]:
    """Held by whoever writes the ledger or the lake. Raises GuatuError ``ingest_busy``, and ``home_newer`` for a
    directory that a newer program has changed."""
    require_format(settings)
    settings.root.mkdir(parents=True, exist_ok=True)
    lock = FileLock(settings.root / ".ingest.lock", timeout=_LOCK_SECONDS)
    try:
        with lock:
            yield
    except Timeout:
        raise GuatuError(
            "ingest_busy",
            "另一次接收一直没有结束;请等它完成,或用 guatu doctor 查看",
            "another ingest is still running: wait for it, or see guatu doctor",
        ) from None


def _archive(settings: Settings, file: Path) -> str | None:
    """Keep a file byte for byte under its SHA-256, which is returned; None where the file is no longer there."""
    partial = settings.archive / f".{file.name[:60]}.tmp"
    digest = hashlib.sha256()
    try:
        with file.open("rb") as source, partial.open("wb") as target:
            while piece := source.read(1 << 20):
                digest.update(piece)
                target.write(piece)
        kept = settings.archive / digest.hexdigest()
        if not kept.exists():
            write_atomically(kept, lambda out: shutil.move(partial, out))
            kept.chmod(0o444)
    except PermissionError:
        raise GuatuError(
            "file_not_readable",
            f"没有权限读取 {file} 或写入归档文件夹,请检查权限后重试",
            f"no permission to read {file} or to write the archive",
        ) from None
    except FileNotFoundError:
        if file.exists():
            raise
        return None
    finally:
        partial.unlink(missing_ok=True)
    return digest.hexdigest()


def _require_own(settings: Settings, files: Sequence[Path]) -> None:
    """Where the ledger follows the shared lake's, a line of this directory's own would break its order."""
    if files and settings.gathered.exists():
        raise GuatuError(
            "gathered_home",
            f"{settings.root} 的报送是从共享库汇入的,这里不接收文件。"
            "请在报送单位自己的数据目录接收,再用 guatu share push",
            "this home's submissions are gathered from the shared lake: hand files in at the office's own home",
            exit_code=2,
        )


def _note(settings: Settings) -> Path:
    return settings.inbox / ".taking.json"


def _announce_removal(settings: Settings, file: Path, submission: Submission) -> None:
    """Note which inbox file a submission is, before its line is written.

    A run killed between the line and the removal can then be told apart from the same file handed in again.
    """
    state = file.stat()
    note = {
        "submission_id": submission.submission_id,
        "sha256": submission.sha256,
        "path": str(file.relative_to(settings.inbox)),
        "size": state.st_size,
        "mtime_ns": state.st_mtime_ns,
    }
    text = json.dumps(note)  # ASCII, which also keeps a name that is no text
    write_atomically(_note(settings), lambda out: out.write_text(text, encoding="utf-8"))


def _finish_removal(settings: Settings, submissions: Sequence[Submission]) -> None:
    """Remove the inbox file noted, if its submission is recorded and the file is still that very one."""
    path = _note(settings)
    if not path.exists():
        return
    try:
        note = json.loads(path.read_text(encoding="utf-8"))
        file = settings.inbox / note["path"]
        recorded = submissions[note["submission_id"] - 1 :][:1]
        if recorded and recorded[0].sha256 == note["sha256"] and file.is_file():
            state = file.stat()
            same = (state.st_size, state.st_mtime_ns) == (note["size"], note["mtime_ns"])
            if same and file_sha256(file) == note["sha256"]:
                file.unlink()
    except (ValueError, KeyError):
        pass
    path.unlink(missing_ok=True)
