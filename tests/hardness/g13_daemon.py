"""A daemon of the rhythm for the campaign: keeps a clock moving, and a SIGKILL of its own ends it at random points.

Only the rendering of a document is replaced, by two small files a kind; the clock is the file ``clock`` of the home.
"""

import os
import random
import signal
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from hardness import rhythm_office
from orchestration import notify, reports
from orchestration.rhythm import keep, owing
from orchestration.settings import Settings, get_settings


def set_clock(home: Path, day: date) -> None:
    """Moves the clock forward; whoever sets it back (a daemon that was slower than the other) does nothing."""
    clock = home / "clock"
    if clock.exists() and read_clock(home) >= day:
        return
    home.mkdir(parents=True, exist_ok=True)
    partial = clock.with_name(f"clock.{os.getpid()}")
    partial.write_text(str(day), encoding="utf-8")
    partial.replace(clock)


def read_clock(home: Path) -> date:
    """The day it is."""
    return date.fromisoformat((home / "clock").read_text(encoding="utf-8"))


def work(home: Path, seeds: Path, receiver: str, seed: int, kill: float, last_day: date) -> None:
    """Passes until the clock is past ``last_day``; before and after each act it dies with the chance ``kill``."""
    settings = get_settings(home).model_copy(update={"seeds": seeds, "notify": SecretStr(receiver)})
    chance = random.Random(seed)

    def perhaps_die() -> None:
        if chance.random() < kill:
            os.kill(os.getpid(), signal.SIGKILL)  # nothing is flushed, closed or tidied up

    def write_documents(
        edition: Path, period: str, out: Path, scheme: str, kinds: Sequence[str], **_unused: Any
    ) -> list[Path]:
        written = []
        for kind in kinds:
            for suffix in ("pdf", "docx"):
                path = out / period / f"990000000000_{scheme}_{kind}.{suffix}"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(f"{scheme} {period} {kind} {edition.stem}", encoding="utf-8")
                written.append(path)
                perhaps_die()
        return written

    def tell(installation: Settings, message: notify.Message) -> bool:
        perhaps_die()
        sent = notify.send(installation, message)
        perhaps_die()
        return sent

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
    while (today := read_clock(home)) <= last_day:
        result = keep.keep(settings, today, tell=tell)
        if result.problems:
            raise SystemExit(str(result.problems))
        following = today + timedelta(days=chance.choice([1, 1, 1, 2, 5, 12]))
        set_clock(home, min(following, last_day) if today < last_day else following)
