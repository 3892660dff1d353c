"""The same files give the same content: whatever the threads, the order, the time zone, the language, the hash seed."""

import json
import os
import random
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from hardness import office
from hardness.goal import Outcome, Size
from orchestration.settings import PROJECT_ROOT, get_settings

LABEL = "G10"
PLACE = "610602"
"""A county of the demonstration, whose files are built at full size; the small form has the small office."""
RECEIVED, AS_OF = datetime(2022, 7, 5, 9), datetime(2022, 7, 6)


@dataclass(frozen=True)
class Way:
    """One way of doing the same: environment, cores, and the order the files come in."""

    name: str
    environment: dict[str, str] = field(default_factory=dict)
    cores: int = 0
    order: str = "name"


WAYS = (
    Way("plain", {"TZ": "Asia/Shanghai", "PYTHONHASHSEED": "0"}),
    Way("one core", {"POLARS_MAX_THREADS": "1"}, cores=1),
    Way("files reversed", order="reversed"),
    Way("files shuffled", {"PYTHONHASHSEED": "7"}, order="shuffled"),
    Way("UTC", {"TZ": "UTC"}),
    Way("Los Angeles, another hash seed", {"TZ": "America/Los_Angeles", "PYTHONHASHSEED": "4294967295"}),
    Way("Kiritimati, language C", {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "LANG": "C"}),
    Way("many threads", {"POLARS_MAX_THREADS": "16", "OMP_NUM_THREADS": "16"}),
)
CHILD = "import sys; from hardness.g10_same import one; one(*sys.argv[1:])"


def run(home: Path, size: Size) -> Outcome:
    ways = WAYS if size.share >= 1 else [WAYS[0], WAYS[size.seed % 2 + 4]]
    files = written_files(home / "files", full=size.share >= 1)
    chance = random.Random(size.seed)
    found = {way.name: _content(home / str(number), way, files, chance) for number, way in enumerate(ways)}
    first = found[ways[0].name]
    failures = [
        f"{name}: {', '.join(sorted(t for t in first if other.get(t) != first[t])[:5])} differ"
        for name, other in found.items()
        if other != first
    ]
    same = sum(other == first for other in found.values())
    rows = sum(count for count, _ in first.values())
    figures = (
        f"{len(files)} files, {len(first)} tables with {rows} rows, built in {len(ways)} ways: {same} with equal hashes"
    )
    return Outcome(figures, tuple(failures))


def written_files(folder: Path, full: bool) -> list[Path]:
    """The files to take in, in a folder of their own."""
    folder.mkdir(parents=True)
    if full:
        from orchestration.catalogue.templates import load_templates
        from orchestration.demo.build import DEFAULT_SEED, PLACES
        from orchestration.demo.places import read_places

        seeds = get_settings(folder).seeds
        of_place = dict(PLACES)[PLACE](DEFAULT_SEED, load_templates(seeds), read_places(seeds, PLACE))
        contents = {file.name: file.data for file in of_place}
    else:
        contents = {path.name: path.read_bytes() for path in office.FILES.iterdir()}
    for name, data in contents.items():
        (folder / name).write_bytes(data)
    return sorted(folder.iterdir())


def _content(home: Path, way: Way, files: Sequence[Path], chance: random.Random) -> dict[str, tuple[int, str]]:
    ordered = list(files)
    if way.order == "reversed":
        ordered.reverse()
    elif way.order == "shuffled":
        chance.shuffle(ordered)
    listed = home.with_name(f"{home.name}.txt")
    listed.write_text("\n".join(map(str, ordered)), encoding="utf-8")
    paths = os.pathsep.join([str(PROJECT_ROOT), str(PROJECT_ROOT / "tests")])
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(home), str(listed), str(way.cores)],
        env={**os.environ, "PYTHONPATH": paths, **way.environment},
        capture_output=True,
    )
    if done.returncode:
        raise RuntimeError(f"{way.name}: {done.stderr.decode('utf-8', 'replace')[-300:]}")
    return {table: (count, value) for table, (count, value) in json.loads(done.stdout.splitlines()[-1]).items()}


def one(home: str, listed: str, cores: str) -> None:
    """Takes the files in, in the order listed, builds and publishes; prints rows and hash of each table as JSON."""
    if int(cores):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: int(cores)])
    from orchestration.intake import ingest, read_ledger
    from orchestration.release import current_edition

    settings = get_settings(Path(home))
    ingest(settings, [Path(line) for line in Path(listed).read_text(encoding="utf-8").splitlines()], RECEIVED)
    period = max(line.period for line in read_ledger(settings) if line.in_effect)
    office.month(settings, period=period, as_of=AS_OF)
    edition = current_edition(settings)
    print(json.dumps({table: (edition.tables[table], value) for table, value in edition.table_hashes.items()}))
