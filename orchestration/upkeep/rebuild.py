"""``guatu rebuild``: the lake and the receipts again, from the archive, the ledger and this repository alone.

Every submission is read and judged anew in the order of intake, knowing only what came before it, and must come out as
the ledger says: same outcome, same rows. What does not is told; nothing is replaced then.
"""

import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from orchestration.catalogue.template_versions import load_forms
from orchestration.catalogue.templates import Template, load_codes, load_templates
from orchestration.errors import GuatuError
from orchestration.intake.divisions import Divisions
from orchestration.intake.files import parse_name
from orchestration.intake.lake import ensure_lake, lake_file, problems_folder, write_problems, write_rows
from orchestration.intake.ledger import Submission, repair, verify_ledger
from orchestration.intake.locked import refused_for_lock
from orchestration.intake.messages import refusal
from orchestration.intake.originals import original, replaced_originals
from orchestration.intake.reader import Reader
from orchestration.intake.receipts import masked, write_receipt
from orchestration.intake.submit import Knowledge, Verdict, assess
from orchestration.intake.taking import intake_lock
from orchestration.release import run_lock
from orchestration.settings import Settings
from orchestration.upkeep.home import require_format, upkeep_lock

AREAS = ("lake", "receipts")
Progress = Callable[[int, int], None]
"""Called with submissions done and in all."""


@dataclass(frozen=True)
class Rebuilt:
    """What was made again. ``differing``: what did not come out as the ledger says, in Chinese, one a submission."""

    submissions: int
    rows: int
    differing: tuple[str, ...]


def rebuild(
    settings: Settings, progress: Callable[[int, int], None] | None = None, check_only: bool = False
) -> Rebuilt:
    """Makes lake and receipts again beside the present ones and, unless ``check_only``, puts them in their place.

    Nothing is put in place where something differs. Raises GuatuError ``ledger_damaged`` where ledger or archive are
    not whole, ``ingest_busy``, ``busy``, ``upkeep_busy``.
    """
    require_format(settings)
    with upkeep_lock(settings), run_lock(settings), intake_lock(settings):
        submissions = repair(settings)
        _require_originals(settings)
        folder = settings.work / "rebuild"
        shutil.rmtree(folder, ignore_errors=True)
        try:
            found = _rebuild_into(settings.model_copy(update={"home": folder}), settings, submissions, progress)
            if not found.differing and not check_only:
                _put_in_place(settings, folder)
            return found
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _require_originals(settings: Settings) -> None:
    """The lake may be gone; the archive may not."""
    lost = [problem for problem in verify_ledger(settings) if "入库数据文件缺失" not in problem]
    if lost:
        raise GuatuError(
            "ledger_damaged",
            f"不能重建:{lost[0]}{f'(共 {len(lost)} 处)' if len(lost) > 1 else ''}。请先从备份恢复台账和归档",
            f"cannot rebuild: ledger or archive are not whole ({len(lost)} places)",
        )


def _rebuild_into(
    scratch: Settings, settings: Settings, submissions: list[Submission], progress: Progress | None
) -> Rebuilt:
    templates, codes, forms = load_templates(settings.seeds), load_codes(settings.seeds), load_forms(settings.seeds)
    replaced = replaced_originals(settings)
    scratch.root.mkdir(parents=True)
    scratch.archive.symlink_to(settings.archive.resolve())
    ensure_lake(scratch, templates)
    before: list[Submission] = []
    known = Knowledge(templates, forms, codes, Divisions(scratch), before)
    rows = 0
    differing: list[str] = []
    with Reader(scratch, forms) as reader:
        for position, line in enumerate(submissions, start=1):
            kept = original(settings, line.sha256, replaced)
            verdict = _verdict(known, reader, line, kept)
            if verdict is None:
                differing += _carry_over(settings, scratch, line)
            else:
                differing += _differences(line, verdict)
                _write(scratch, reader, replace(line, sha256=kept.name) if kept else line, verdict, templates)
                rows += verdict.accepted.height
            before.append(line)
            if progress is not None:
                progress(position, len(submissions))
    return Rebuilt(len(submissions), rows, tuple(differing))


def _verdict(known: Knowledge, reader: Reader, line: Submission, kept: Path | None) -> Verdict | None:
    """What the file is judged to be, knowing what came before it; None where no original is kept."""
    if line.outcome == "duplicate":
        return Verdict(line.template, line.scope_code, line.period, "duplicate", reason=line.reason)
    if kept is None:
        return None
    name = parse_name(line.file_name, known.templates)
    verdict = assess(known, name, reader.read(kept, name.template if name else None), line.sha256, line.received_at)
    locked = str(line.reason).endswith(refusal("month_locked", "").strip())
    if line.outcome == "refused" and locked and verdict.outcome in ("accepted", "partial"):
        return refused_for_lock(verdict, str(line.reason))
    return verdict


def _carry_over(settings: Settings, scratch: Settings, line: Submission) -> list[str]:
    """Of a submission whose original is no longer kept, what is there now; a sentence where nothing is."""
    number = line.submission_id
    data = lake_file(settings, line)
    if line.rows_accepted and not data.is_file():
        return [f"第 {number} 号报送({line.file_name})的原件已不保存,入库数据文件又缺失,不能重建"]
    beside = [problems_folder(settings) / f"{number}.parquet", *settings.receipts.glob(f"{number}[._]*")]
    for path in (data, *beside):
        if path.is_file():
            target = scratch.root / path.relative_to(settings.root)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, target)
    return []


def _differences(line: Submission, verdict: Verdict) -> list[str]:
    """How the file now comes out otherwise than the ledger says, in one Chinese sentence, or nothing."""
    where = f"第 {line.submission_id} 号报送({line.file_name})"
    told = (line.template, line.scope_code, line.period, line.outcome)
    found = (verdict.template, verdict.scope_code, verdict.period, verdict.outcome)
    counts = [(line.rows_read, verdict.rows_read), (line.rows_rejected, verdict.rows_rejected)]
    if line.outcome == "duplicate" or (told == found and all(was == now for was, now in counts)):
        return []
    reason = f":{verdict.reason}" if verdict.reason else ""
    return [
        f"{where}台账为 {line.outcome}、读取 {line.rows_read} 行、退回 {line.rows_rejected} 行,"
        f"现在为 {verdict.outcome}、读取 {verdict.rows_read} 行、退回 {verdict.rows_rejected} 行{reason}"
    ]


def _write(
    scratch: Settings, reader: Reader, line: Submission, verdict: Verdict, templates: Mapping[str, Template]
) -> None:
    template = templates.get(str(line.template))
    if template is not None:
        write_rows(scratch, line, template, verdict.accepted)
        write_problems(scratch, line, masked(verdict.notes.problems, template))
    form = verdict.notes.form
    write_receipt(scratch, reader, line, form.template if form else template, verdict.notes)


def _put_in_place(settings: Settings, folder: Path) -> None:
    """One rename an area. A kill between them leaves an area missing, which the next ``rebuild`` makes again."""
    for area in AREAS:
        present, former = settings.root / area, folder / f"former-{area}"
        if present.exists():
            os.replace(present, former)
        os.replace(folder / area, present)
