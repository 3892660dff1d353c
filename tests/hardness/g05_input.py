"""Files mutated with known truth are taken in: nothing wrongly accepted, no traceback, no hang, memory bounded."""

import multiprocessing
import os
import random
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from hardness.g05_damage import bombs, damaged, understated
from hardness.g05_judge import Tally, judge
from hardness.g05_mutations import File, as_workbook, lay_out, make
from hardness.g05_office import RECEIVED, Table, open_office, table, templates
from hardness.goal import Outcome, Size
from orchestration.intake import Submission, SubmissionResult, ingest, read_ledger
from orchestration.settings import PROJECT_ROOT, Settings, get_settings

LABEL = "G5"
FILES = 10_000
BATCH = 250
LONGEST_SECONDS = 60
"""For one file, on a machine that has other work to do."""
PARENT_MB, CHILD_MB = 600, 4096


@dataclass
class Batch:
    """What one call brought: the tally, its slowest file, and the most memory either process has held."""

    tally: Tally
    slowest: float = 0.0
    parent_mb: int = 0
    child_mb: int = 0


def run(home: Path, size: Size) -> Outcome:
    """Batches of a few hundred files, each in an office of its own; every third through the command line."""
    files = size.of(FILES, 60)
    batches = -(-files // BATCH)
    office = open_office(home / "office")
    whole = size.share >= 1
    seed = size.seed * 1000
    jobs = [(home, office, seed + n, min(BATCH, files - n * BATCH), n % 10 == 3, whole) for n in range(batches)]
    jobs.append((home, office, seed + 999, 0, False, whole))  # the bombs, and what is too large
    if not whole:
        done = [_batch(*job) for job in jobs]
    else:
        with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
            done = list(pool.map(_batch, *zip(*jobs, strict=True)))
    return _outcome(done, files)


def _outcome(done: Sequence[Batch], files: int) -> Outcome:
    tally = Tally()
    for batch in done:
        tally.add(batch.tally)
    slowest = max(batch.slowest for batch in done)
    parent, child = max(batch.parent_mb for batch in done), max(batch.child_mb for batch in done)
    failures = list(tally.wrong[:20])
    if len(tally.wrong) > 20:
        failures.append(f"and {len(tally.wrong) - 20} files more")
    if tally.files < files:
        failures.append(f"{tally.files} of {files} files recorded")
    if tally.read != tally.accepted + tally.rejected:
        failures.append(f"{tally.read} rows read are not {tally.accepted} + {tally.rejected}")
    if slowest > LONGEST_SECONDS:
        failures.append(f"one file took {slowest:.0f} s")
    if parent > PARENT_MB or child > CHILD_MB:
        failures.append(f"memory: parent {parent} MB, reader {child} MB")
    figures = (
        f"{tally.files} files, {tally.read} rows = {tally.accepted} accepted + {tally.rejected} rejected; "
        f"{tally.wrongly_accepted} wrongly accepted, {tally.wrongly_rejected} wrongly rejected; "
        f"{tally.refused} files refused; slowest file {slowest:.1f} s, parent {parent} MB, reader {child} MB"
    )
    return Outcome(figures, tuple(failures))


def _batch(home: Path, office: Path, seed: int, count: int, by_command: bool, whole: bool) -> Batch:
    """Makes files, takes them in with one call, and judges each; ``count`` 0: the bombs and the giants.

    ``whole``: bombs and giants at full size; else a tenth of it, against limits a tenth as high.
    """
    folder = home / f"batch{seed}"
    shutil.copytree(office, folder / "home")
    settings = get_settings(folder / "home")
    rng = random.Random(seed)
    if count:
        made = files(rng, count)
    else:
        made = extremes(rng, 1.0 if whole else 0.1)
        settings = settings if whole else settings.model_copy(update={"max_file_mb": 51, "read_memory_mb": 1024})
    paths = dict(_written(folder / "files", made))
    if not count:
        paths |= _giants(folder / "files", made[0], 1 << 30 if whole else 100 << 20)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    batch = Batch(Tally())
    try:
        taken = _by_command(settings, folder / "files") if by_command else _taken(settings, list(paths), batch)
        batch.tally = judge(settings, [(paths[path], submission) for path, submission in taken])
    except Exception as error:
        batch.tally.wrong += (f"batch {seed}: {type(error).__name__}: {error}"[:500],)
    batch.parent_mb = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) >> 10
    batch.child_mb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10
    shutil.rmtree(folder)
    return batch


def files(rng: random.Random, count: int) -> list[File]:
    """Files of every template in turn, one in five damaged, some handed in twice; each of a month of its own."""
    known = list(templates().values())
    made: list[File] = []
    for number in range(count):
        template, turn = known[number % len(known)], number // len(known)
        first = 2080 if template.name == "divisions" else 2000  # what it says must hold for no other file
        file = make(rng, table(rng, template, f"{first + turn // 12}-{turn % 12 + 1:02d}"))
        draw = rng.random()
        if draw < 0.2:
            file = damaged(rng, file)
        made.append(file)
        if 0.2 <= draw < 0.23:
            stem, _, extension = file.name.rpartition(".")
            made.append(replace(file, name=f"{stem}_{number}再报.{extension}", again=True))
    return made[:count]


def extremes(rng: random.Random, scale: float) -> list[File]:
    """Everything that is made to exhaust a reader, between two workbooks that are in order."""
    first, last = _plain_workbook(rng, "2001-01"), _plain_workbook(rng, "2001-03")
    made = []
    for number, bomb in enumerate(bombs(_plain_workbook(rng, "2002-01"), scale), 1):
        period = f"2002-{number:02d}"
        filled = replace(bomb.table, period=period) if bomb.table else None
        made.append(replace(bomb, name=bomb.name.replace("2002-01", period), table=filled))
    return [first, *made, understated(_plain_workbook(rng, "2001-02"), scale), last]


def _plain_workbook(rng: random.Random, period: str) -> File:
    filled: Table = table(rng, templates()["loans"], period)
    layout = lay_out(filled)
    content, numbers = as_workbook(layout)
    rows = {n: line.truth for n, line in zip(numbers, filled.lines, strict=True)}
    return File(f"小额信贷台账_{filled.scope}_{period}.xlsx", content, "xlsx in order", filled, rows)


def _written(folder: Path, made: Sequence[File]) -> list[tuple[Path, File]]:
    """Each in a folder of its own, numbered so that the order of names is the order made."""
    written = []
    for number, file in enumerate(made):
        path = folder / f"{number:05d}" / file.name
        path.parent.mkdir(parents=True)
        path.write_bytes(file.content)
        written.append((path, file))
    return written


def _giants(folder: Path, example: File, length: int) -> dict[Path, File]:
    """Files beyond the limit: nothing but a hole, and a table with a hole behind it; and a name that is no text."""
    hole = folder / "giant" / "小额信贷台账_411726_2003-01.csv"
    tail = folder / "giant" / "小额信贷台账_411726_2003-02.xlsx"
    hole.parent.mkdir()
    for path, start in ((hole, b""), (tail, example.content)):
        path.write_bytes(start)
        os.truncate(path, length)
    odd = folder / "giant" / os.fsdecode("小额信贷台账_411726_2003-03_".encode() + b"\xff\xfe.csv")
    odd.write_bytes(b"")
    wrong = replace(example, refused=True, rows={})
    return {path: replace(wrong, name=ascii(path.name), kind="giant") for path in (hole, tail, odd)}


def _taken(settings: Settings, paths: list[Path], batch: Batch) -> list[tuple[Path, Submission]]:
    last = time.monotonic()

    def note(position: int, count: int, result: SubmissionResult) -> None:
        nonlocal last
        batch.slowest, last = max(batch.slowest, time.monotonic() - last), time.monotonic()

    results = ingest(settings, paths, received_at=RECEIVED, progress=note)
    return [(result.path, result.submission) for result in sorted(results, key=lambda r: r.path)]


def _by_command(settings: Settings, folder: Path) -> list[tuple[Path, Submission]]:
    """``guatu ingest`` on the folder; it may say what it refused, and nothing else, on its error output."""
    command = [sys.executable, "-m", "orchestration.cli", "ingest", str(folder), "--home", str(settings.root)]
    ended = subprocess.run(
        [*command, "--received-at", RECEIVED.isoformat()], capture_output=True, cwd=PROJECT_ROOT, check=False
    )
    complaints = ended.stderr.decode(errors="replace")
    if ended.returncode not in (0, 1) or "Traceback" in complaints:
        raise RuntimeError(f"exit {ended.returncode}: {complaints[-300:]}")
    by_content: dict[str, list[Path]] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            by_content.setdefault(path.name, []).append(path)
    recorded = [s for s in read_ledger(settings) if s.template != "divisions" or s.received_at == RECEIVED]
    return sorted((by_content[s.file_name].pop(0), s) for s in recorded)
