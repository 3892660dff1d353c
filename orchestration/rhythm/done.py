"""The done-journal (``rhythm.jsonl``): one record a step, and the day the rhythm began."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from orchestration.records.journal import append_checked, checked_entries
from orchestration.rhythm.steps import Key, Step
from orchestration.settings import Settings

Outcome = Literal["told", "made", "empty", "settled", "expired"]
"""What became of a step: people told; documents made (and people told); a document with nothing to write;
nobody owes anything; too late to remind."""
BEGINS = "begin"


@dataclass(frozen=True)
class Done:
    """One step done. ``files``: name → SHA-256; ``sent``: whether a notice went out."""

    what: str
    scheme: str
    cadence: str
    occurrence: str
    day: date
    outcome: Outcome
    sent: bool
    files: Mapping[str, str]
    edition: str | None
    message_id: str | None
    recorded_at: datetime

    @property
    def key(self) -> Key:
        return (self.what, self.scheme, self.cadence, self.occurrence)


def begin(settings: Settings, day: date) -> date:
    """The day the rhythm began, which is ``day`` where it had not: nothing of before is ever caught up."""
    path = settings.rhythm

    def first(before: list[dict[str, Any]]) -> list[Mapping[str, Any]]:
        return [] if before else [{"what": BEGINS, "day": day.isoformat()}]

    append_checked(path, first)
    return _began(checked_entries(path)) or day


def began(settings: Settings) -> date | None:
    """The day the rhythm began; None where it has not."""
    path = settings.rhythm
    return _began(checked_entries(path)) if path.exists() else None


def all_done(settings: Settings) -> list[Done]:
    """Every step done, oldest record first. Raises GuatuError ``journal_damaged``."""
    path = settings.rhythm
    records = checked_entries(path) if path.exists() else []
    return [_typed(record) for record in records if record["what"] != BEGINS]


def record(
    settings: Settings,
    step: Step,
    outcome: Outcome,
    recorded_at: datetime,
    sent: bool = False,
    files: Mapping[str, str] | None = None,
    edition: str | None = None,
    message_id: str | None = None,
) -> Done | None:
    """Writes a step down as done; None where it was already: a key stands in the journal once."""
    line = {
        "what": step.what,
        "scheme": step.scheme,
        "cadence": step.cadence,
        "occurrence": step.occurrence,
        "day": step.day.isoformat(),
        "outcome": outcome,
        "sent": sent,
        "files": dict(files or {}),
        "edition": edition,
        "message_id": message_id,
        "recorded_at": recorded_at.isoformat(),
    }

    def once(before: list[dict[str, Any]]) -> list[Mapping[str, Any]]:
        known = {_typed(each).key for each in before if each["what"] != BEGINS}
        return [] if step.key in known else [line]

    written = append_checked(settings.rhythm, once)
    return _typed(written[0]) if written else None


def _began(records: list[dict[str, Any]]) -> date | None:
    return next((date.fromisoformat(each["day"]) for each in records if each["what"] == BEGINS), None)


def _typed(line: Mapping[str, Any]) -> Done:
    names = ("what", "scheme", "cadence", "occurrence", "outcome", "sent", "files", "edition", "message_id")
    return Done(
        **{name: line[name] for name in names},
        day=date.fromisoformat(line["day"]),
        recorded_at=datetime.fromisoformat(line["recorded_at"]),
    )
