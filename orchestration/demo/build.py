"""Writes the demo's files, batch by batch in the order of receipt."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path

from orchestration.catalogue.templates import Template, load_templates
from orchestration.demo.baicheng import baicheng_files
from orchestration.demo.baota import baota_files
from orchestration.demo.bijie import bijie_files
from orchestration.demo.biyang import biyang_files
from orchestration.demo.luoshan import luoshan_files
from orchestration.demo.places import Place, read_places
from orchestration.demo.sheets import DemoFile
from orchestration.demo.small import small_files
from orchestration.demo.yueyang import yueyang_files
from orchestration.demo.ziyang import ziyang_files
from orchestration.settings import Settings

DEFAULT_SEED = 20180707
PlaceFiles = Callable[[int, Mapping[str, Template], Sequence[Place]], list[DemoFile]]
PLACES: tuple[tuple[str, PlaceFiles], ...] = (
    ("411521", luoshan_files),
    ("5205", bijie_files),
    ("2208", baicheng_files),
    ("430621", yueyang_files),
    ("411726", biyang_files),
    ("610602", baota_files),
    ("610924", ziyang_files),
    ("small", small_files),
)
"""The reference file of each place's divisions, and what makes its files."""


@dataclass(frozen=True)
class DemoBatch:
    """Files that arrived together: take ``folder`` in with ``received_at``."""

    received_at: datetime
    folder: Path
    files: tuple[Path, ...]


def make_demo(settings: Settings, out_dir: Path, seed: int = DEFAULT_SEED) -> list[DemoBatch]:
    """Writes all demo submissions below ``out_dir``; returns the batches in the order they are to be taken in.

    The same seed gives the same bytes. Households and persons are invented and say so; divisions are real.
    """
    templates = load_templates(settings.seeds)
    files = [file for name, files_of in PLACES for file in files_of(seed, templates, read_places(settings.seeds, name))]
    files.sort(key=lambda file: (file.received_at, file.name))
    return [
        _write_batch(out_dir, number, received_at, list(batch))
        for number, (received_at, batch) in enumerate(groupby(files, key=lambda file: file.received_at), start=1)
    ]


def _write_batch(out_dir: Path, number: int, received_at: datetime, files: list[DemoFile]) -> DemoBatch:
    folder = out_dir / f"{number:03d}_{received_at:%Y-%m-%d_%H%M}"
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for file in files:
        path = folder / file.name
        path.write_bytes(file.data)
        paths.append(path)
    return DemoBatch(received_at, folder, tuple(paths))
