"""A process that keeps the rhythm while a clock moves, and that a SIGKILL of its own ends at random points.

``rhythm_child.py SEED KILL LAST_DAY``: settings from the environment; the clock is the file ``clock`` of the home.
"""

import os
import random
import signal
import sys
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import rhythm_office

from orchestration import notify, reports
from orchestration.rhythm import keep, owing
from orchestration.settings import Settings, get_settings

chance = random.Random(int(sys.argv[1]))
kill = float(sys.argv[2])


def perhaps_die() -> None:
    """Nothing is flushed, closed or tidied up."""
    if chance.random() < kill:
        os.kill(os.getpid(), signal.SIGKILL)


def write_documents(
    edition: Path, period: str, out: Path, scheme: str, kinds: Sequence[str], **_unused: Any
) -> list[Path]:
    """Two small files a kind, in the place and manner of the real ones."""
    written = []
    for kind in kinds:
        for suffix in ("pdf", "docx"):
            path = out / period / f"990000000000_{scheme}_{kind}.{suffix}"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"{scheme} {period} {kind} {edition.stem}", encoding="utf-8")
            written.append(path)
            perhaps_die()
    return written


def tell(settings: Settings, message: notify.Message) -> bool:
    perhaps_die()
    sent = notify.send(settings, message)
    perhaps_die()
    return sent


def main() -> None:
    settings = get_settings()
    record = keep.record

    def record_and_die(*words: Any, **names: Any) -> Any:
        written = record(*words, **names)
        perhaps_die()
        return written

    reports.make_reports = write_documents
    keep.record = record_and_die
    divisions, units = rhythm_office.divisions(settings), rhythm_office.support_units(settings)
    owing.divisions_on = lambda _settings, _day: divisions
    owing.support_units_of = lambda _settings: units
    clock, last_day = settings.root / "clock", date.fromisoformat(sys.argv[3])
    while (today := date.fromisoformat(clock.read_text(encoding="utf-8"))) <= last_day:
        result = keep.keep(settings, today, tell=tell)
        if result.problems:
            raise SystemExit(str(result.problems))
        following = today + timedelta(days=chance.choice([1, 1, 1, 2, 5, 12]))
        partial = clock.with_name("clock.partial")
        partial.write_text(str(min(following, last_day) if today < last_day else following), encoding="utf-8")
        partial.replace(clock)


main()
