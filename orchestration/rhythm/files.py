"""The documents of an occurrence, from the edition that carries its interval."""

import hashlib
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from orchestration.catalogue.cadences import Cadence
from orchestration.catalogue.schemes import Scheme
from orchestration.release import Edition, current_edition, list_editions
from orchestration.reports import wording
from orchestration.reports.kinds import Kind, load_kinds
from orchestration.rhythm.steps import Step, last_month
from orchestration.settings import Settings

HALF = 15
"""The day of a month its first half ends on."""
SCRATCH = "rhythm-documents-"


@dataclass(frozen=True)
class Made:
    """Documents written: path below the installation's reports → SHA-256, and the edition they speak of."""

    files: Mapping[str, str]
    edition: str


def kinds_for(settings: Settings, cadence: Cadence) -> list[Kind]:
    """The kinds of document written in this interval."""
    return [kind for kind in load_kinds(settings.seeds).values() if kind.cadence == cadence.every]


@dataclass(frozen=True)
class Ground:
    """What the documents are written from: an edition, a month of it, the time spoken of where that is another."""

    edition: Edition
    period: str
    spoken_of: str | None = None


def ground_for(settings: Settings, step: Step, scheme: Scheme, cadence: Cadence) -> Ground | None:
    """The edition served, else the newest, that carries the whole interval; None: not yet there.

    Half a month has no edition of its own, since reports are handed in by the month: its documents are written from the
    edition made in that half, else from the newest month at hand that the scheme holds in, and say both.
    """
    period = last_month(cadence.every, step.opens_on)
    served = current_edition(settings)
    editions = sorted(list_editions(settings), key=lambda each: (each == served, each.sequence))
    if cadence.every == "half_month":
        return _half_month(editions, step, period, f"{scheme.valid_from:%Y-%m}")
    known = [edition for edition in editions if edition.period >= period]
    return Ground(known[-1], period) if known else None


def _half_month(editions: Sequence[Edition], step: Step, month: str, first_month: str) -> Ground | None:
    in_first = step.opens_on.day <= HALF
    spoken_of = f"{wording.month(month)}{'上' if in_first else '下'}半月"
    own = [each for each in editions if each.period == month and _is_first_half(each, month) == in_first]
    known = own or [each for each in editions if each.period >= first_month]
    return Ground(known[-1], min(known[-1].period, month), spoken_of) if known else None


def make_files(settings: Settings, step: Step, scheme: Scheme, cadence: Cadence) -> Made | None:
    """Writes ``reports/<month of the data>/<document>_<occurrence>.*``; None while no edition carries the interval.

    The same edition gives the same names and bytes, so a pass cut short and begun again leaves each file once.
    """
    from orchestration.records.reviews import provisional_in
    from orchestration.reports import make_reports

    ground = ground_for(settings, step, scheme, cadence)
    if ground is None:
        return None
    edition, period = ground.edition, ground.period
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
            spoken_of=ground.spoken_of,
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
