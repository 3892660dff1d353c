"""The documents of an occurrence, from the edition that carries its interval."""

import hashlib
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from orchestration.catalogue.cadences import Cadence
from orchestration.release import Edition, current_edition, list_editions
from orchestration.reports.kinds import Kind, load_kinds
from orchestration.rhythm.steps import Step, last_month
from orchestration.settings import Settings

HALF = 15
"""The day of a month its first half ends on."""
SCRATCH = "rhythm-"


@dataclass(frozen=True)
class Made:
    """Documents written: path below the installation's reports → SHA-256, and the edition they speak of."""

    files: Mapping[str, str]
    edition: str


def kinds_for(settings: Settings, cadence: Cadence) -> list[Kind]:
    """The kinds of document written in this interval."""
    return [kind for kind in load_kinds(settings.seeds).values() if kind.cadence == cadence.every]


def edition_for(settings: Settings, step: Step, cadence: Cadence) -> Edition | None:
    """The edition to write from: the one served, else the newest that carries the whole interval; None: not yet there.

    A document on half a month speaks of the edition's own half, so that edition has to be of the same one.
    """
    period = last_month(cadence.every, step.opens_on)
    known = [edition for edition in list_editions(settings) if edition.period >= period]
    if cadence.every == "half_month":
        in_first = step.opens_on.day <= HALF
        known = [edition for edition in known if _is_first_half(edition, period) == in_first]
    served = current_edition(settings)
    return served if served in known else known[-1] if known else None


def make_files(settings: Settings, step: Step, cadence: Cadence) -> Made | None:
    """Writes ``reports/<month>/<document>_<occurrence>.*``; None while no edition carries the interval.

    The same edition gives the same names and bytes, so a pass cut short and begun again leaves each file once.
    """
    from orchestration.records.reviews import provisional_in
    from orchestration.reports import make_reports

    edition = edition_for(settings, step, cadence)
    if edition is None:
        return None
    period = last_month(cadence.every, step.opens_on)
    settings.work.mkdir(parents=True, exist_ok=True)
    folder = settings.reports / period
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.work, prefix=SCRATCH) as scratch:
        written = make_reports(
            settings.published / f"{edition.edition_id}.duckdb",
            period,
            Path(scratch),
            scheme=step.scheme,
            kinds=[kind.kind for kind in kinds_for(settings, cadence)],
            seeds=settings.seeds,
            is_provisional=provisional_in(settings, edition.edition_id, period),
        )
        files = {}
        for path in written:
            name = f"{path.stem}_{step.occurrence}{path.suffix}"
            files[f"{period}/{name}"] = hashlib.sha256(path.read_bytes()).hexdigest()
            path.replace(folder / name)
    return Made(files, edition.edition_id)


def clear_scratch(settings: Settings) -> None:
    """Removes what passes cut short left behind. The caller holds the pass's lock."""
    for folder in settings.work.glob(f"{SCRATCH}*"):
        shutil.rmtree(folder, ignore_errors=True)


def _is_first_half(edition: Edition, month: str) -> bool:
    return f"{edition.as_of:%Y-%m-%d}" <= f"{month}-{HALF}"
