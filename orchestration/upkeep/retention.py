"""``guatu expire``: what has been kept long enough. Nothing expires unless a setting says after how many years.

Editions have a rule of their own (``keep_editions``), kept at every publishing. The lake's rows stay: they are what is
counted. An original that expires is written down like one that was erased, so that archive and ledger still fit.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from orchestration.intake.lake import write_atomically
from orchestration.intake.ledger import Submission, repair
from orchestration.intake.originals import original, replaced_originals
from orchestration.intake.taking import intake_lock
from orchestration.records.journal import append
from orchestration.settings import Settings, now
from orchestration.upkeep.home import upkeep_lock


@dataclass(frozen=True)
class Expired:
    """Annotated workbooks and originals past their time, oldest first."""

    receipts: tuple[Path, ...]
    originals: tuple[Path, ...]


def expire(settings: Settings, person: str, list_only: bool = False, at: datetime | None = None) -> Expired:
    """Removes what has been kept long enough by ``at``, the present unless given, and writes down which originals."""
    moment = at or now()
    with upkeep_lock(settings), intake_lock(settings):
        submissions = repair(settings)
        found = Expired(_receipts(settings, submissions, moment), _originals(settings, submissions, moment))
        if list_only:
            return found
        if found.originals:
            record = {
                "at": moment.isoformat(timespec="seconds"), "person": person, "reason": "保存期满", "kind": "retention",
                "originals": {path.name: None for path in found.originals},
            }  # fmt: skip
            append(settings.erasures, record)
        for path in (*found.originals, *found.receipts):
            path.unlink(missing_ok=True)
        for path in found.receipts:
            _without_workbook(settings.receipts / f"{path.name.split('_')[0]}.json")
        return found


def _before(submissions: list[Submission], years: int | None, moment: datetime) -> list[Submission]:
    """Those received more than so many years ago; none where nothing expires."""
    if years is None:
        return []
    day = min(moment.day, 28)
    limit = moment.replace(year=moment.year - years, day=day)
    return [line for line in submissions if line.received_at < limit]


def _receipts(settings: Settings, submissions: list[Submission], moment: datetime) -> tuple[Path, ...]:
    old = _before(submissions, settings.keep_receipts_years, moment)
    return tuple(path for line in old for path in sorted(settings.receipts.glob(f"{line.submission_id}_*.xlsx")))


def _originals(settings: Settings, submissions: list[Submission], moment: datetime) -> tuple[Path, ...]:
    """Originals that only old submissions are of: the same file may have been handed in again since."""
    replaced = replaced_originals(settings)
    old = _before(submissions, settings.keep_originals_years, moment)
    young = {line.sha256 for line in submissions if line not in old}
    names = dict.fromkeys(line.sha256 for line in old if line.sha256 not in young)
    paths = (original(settings, name, replaced) for name in names)
    return tuple(path for path in paths if path is not None and path.is_file())


def _without_workbook(receipt: Path) -> None:
    if receipt.is_file():
        record = json.loads(receipt.read_text(encoding="utf-8")) | {"annotated_workbook": None}
        text = json.dumps(record, ensure_ascii=False, indent=1)
        write_atomically(receipt, lambda out: out.write_text(text + "\n", encoding="utf-8"))
