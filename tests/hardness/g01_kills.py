"""Killed anywhere in intake, build and publishing: nothing lost, nothing doubled, the served edition whole."""

import csv
import os
import random
import signal
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import polars as pl

from hardness import office
from hardness.goal import Outcome, Size
from orchestration.intake import read_ledger, verify_ledger
from orchestration.release import current_edition
from orchestration.settings import Settings, get_settings

LABEL = "G1"
KILLS = 500
PHASES = ("ingest", "build", "publish")
TOUCHES = {
    "open", "os.rename", "os.remove", "os.symlink", "os.link", "os.mkdir", "os.rmdir", "os.truncate", "os.chmod",
    "shutil.move", "shutil.rmtree", "shutil.copyfile",
}  # fmt: skip
"""What the interpreter announces before it touches a file."""


@dataclass
class Tally:
    """What was counted over all kills of one office."""

    kills: Counter[str] = field(default_factory=Counter)
    points: set[str] = field(default_factory=set)
    whole_runs: int = 0
    files: int = 0
    rows: int = 0
    lost: int = 0
    doubled: int = 0
    reads: int = 0
    editions: int = 0
    failures: list[str] = field(default_factory=list)


def run(home: Path, size: Size) -> Outcome:
    wanted = size.of(KILLS, least=9)
    offices = 2 if wanted > 50 else 1
    tallies = [Tally() for _ in range(offices)]
    threads = [
        threading.Thread(target=_guarded, args=(home / str(number), wanted // offices, size.seed + number, tally))
        for number, tally in enumerate(tallies)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kills = sum((tally.kills for tally in tallies), Counter())
    named = set().union(*(tally.points for tally in tallies))

    def total(name: str) -> int:
        return sum(getattr(tally, name) for tally in tallies)

    figures = (
        f"{kills.total()} kills ({', '.join(f'{phase} {kills[phase]}' for phase in PHASES)}; "
        f"{len(named)} named points), "
        f"{total('files')} files with {total('rows')} rows: {total('lost')} lost, {total('doubled')} doubled; "
        f"{total('reads')} reads over {total('editions')} editions, "
        f"{sum(len(tally.failures) for tally in tallies)} errors or steps back"
    )
    return Outcome(figures, tuple(failure for tally in tallies for failure in tally.failures[:10]))


def _guarded(home: Path, kills: int, seed: int, tally: Tally) -> None:
    try:
        _one_office(home, kills, seed, tally)
    except Exception as error:
        tally.failures.append(f"broke off: {type(error).__name__}: {error}")


def _one_office(home: Path, kills: int, seed: int, tally: Tally) -> None:
    chance = random.Random(seed)
    context = office.forks()
    settings = office.opened(home)
    touches, seconds = _undisturbed(settings)
    handed = 1
    ours, theirs = context.Pipe()
    reader = context.Process(target=office.watch, args=(home, theirs), daemon=True)
    reader.start()
    while tally.kills.total() < kills:
        phase = PHASES[tally.kills.total() % 3]
        handed += 1
        office.hand_in(settings, handed)
        at = chance.randrange(touches[phase]) if chance.random() < 0.5 else None
        _one_kill(settings, phase, at, chance.uniform(0, seconds[phase]), tally)
        if tally.kills.total() % 50 == 0:
            tally.failures += verify_ledger(settings)
    for _ in range(2):  # the first may publish what a killed one had built
        _finish(settings)
    time.sleep(0.3)
    ours.send("stop")
    watched = ours.recv()
    reader.join()
    tally.reads, tally.editions = watched.reads, watched.editions
    tally.failures += watched.errors
    _account(settings, handed, tally)
    _same_as_undisturbed(settings, home.with_name(f"{home.name}_twin"), handed, tally)


def _worker(home: Path, say: Connection, phase: str | None, at: int | None) -> None:
    """One month; dies by its own hand before the ``at``-th touch of a file in ``phase``."""
    settings = get_settings(home)
    here = {"phase": "", "count": 0}
    root = str(home)

    def enter(name: str) -> None:
        here.update(phase=name, count=0)
        say.send((name, time.monotonic()))

    def touched(event: str, arguments: tuple[Any, ...]) -> None:
        if event not in TOUCHES or not arguments or root not in str(arguments[0]):
            return
        if event == "open" and isinstance(arguments[1], str) and not set(arguments[1]) & set("wax+"):
            return
        here["count"] += 1
        if at is not None and here["phase"] == phase and here["count"] > at:
            say.send((_name(event, str(arguments[0]), root), time.monotonic()))
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(touched)

    def tell(name: str) -> None:
        say.send((f"touched {here['count']}", 0.0))
        enter(name)

    office.month(settings, tell, resumes=phase != "build")


def _name(event: str, path: str, root: str) -> str:
    """A touch's name without what differs from run to run."""
    relative = path.removeprefix(root).strip("/")
    return f"{event} " + "".join("#" if c.isdigit() else c for c in relative)


def _attempt(
    settings: Settings, phase: str | None = None, at: int | None = None, after: float | None = None
) -> tuple[list[tuple[str, float]], int]:
    """One month in a process of its own, killed ``after`` so many seconds of ``phase``: what it said, its exit code."""
    context = office.forks()
    ours, theirs = context.Pipe()
    process = context.Process(target=_worker, args=(settings.home, theirs, phase, at))
    process.start()
    theirs.close()
    said: list[tuple[str, float]] = []
    while True:
        try:
            said.append(ours.recv())
        except EOFError:
            break
        if after is not None and said[-1][0] == phase:
            time.sleep(after)
            process.kill()
    process.join(timeout=60)
    ours.close()
    return said, process.exitcode if process.exitcode is not None else 99


def _finish(settings: Settings) -> list[tuple[str, float]]:
    said, code = _attempt(settings)
    if code:
        raise RuntimeError(f"a month nobody disturbed ended with {code}")
    return said


def _undisturbed(settings: Settings) -> tuple[dict[str, int], dict[str, float]]:
    """How many touches each phase has, and how long it takes, where one file waits: from a run nobody disturbs."""
    _finish(settings)
    office.hand_in(settings, 1)
    said = _finish(settings)
    phases = [(name, moment) for name, moment in said if not name.startswith("touched")]
    counts = [int(name.split()[1]) for name, _ in said if name.startswith("touched")]
    touches = {name: counts[position + 1] for position, (name, _) in enumerate(phases[:-1])}
    seconds = {name: phases[position + 1][1] - moment for position, (name, moment) in enumerate(phases[:-1])}
    return touches, seconds


def _one_kill(settings: Settings, phase: str, at: int | None, after: float, tally: Tally) -> None:
    said, code = _attempt(settings, phase, at, after if at is None else None)
    if code == 0:
        tally.whole_runs += 1
        return
    if code != -signal.SIGKILL:
        tally.failures.append(f"a run ended with {code} in {said[-1][0] if said else 'its start'}")
        tally.kills["none"] += 1  # so that a run that always fails does not run for ever
        return
    names = [name for name, _ in said if not name.startswith("touched")]
    tally.kills[next(name for name in reversed(names) if name in (*PHASES, "done"))] += 1
    if names[-1] not in (*PHASES, "done"):
        tally.points.add(names[-1])


def _account(settings: Settings, handed: int, tally: Tally) -> None:
    """Every file handed in is recorded once, and its rows lie in the lake once."""
    first = [path.name for path in office.FILES.iterdir()]
    expected = {name: _rows_of(office.FILES / name) for name in first}
    base = expected[f"{office.PAYMENTS}.csv"]
    expected |= {f"{office.PAYMENTS}_{number:05d}.csv": base + 1 for number in range(1, handed + 1)}
    recorded = Counter(line.file_name for line in read_ledger(settings))
    in_lake: Counter[int] = Counter()
    for path in settings.lake.glob("*/period=*/*.parquet"):
        in_lake[int(path.stem)] += pl.read_parquet(path).height
    ids = {line.file_name: line.submission_id for line in read_ledger(settings)}
    for name, rows in expected.items():
        tally.files += 1
        tally.rows += rows
        kept = in_lake.pop(ids.get(name, 0), 0)
        tally.lost += max(0, rows - kept) + (recorded[name] == 0)
        tally.doubled += max(0, kept - rows) + max(0, recorded[name] - 1)
    tally.doubled += in_lake.total()
    tally.failures += [f"{tally.lost} lost"] * bool(tally.lost) + [f"{tally.doubled} doubled"] * bool(tally.doubled)
    left = [path.name for path in settings.inbox.iterdir()]
    left += [path.name for path in settings.work.iterdir() if path.name.startswith("reading-") or path.name[:2] == "20"]
    left += [str(path) for folder in (settings.archive, settings.published) for path in folder.glob(".*")]
    tally.failures += [f"left behind: {name}" for name in left]
    tally.failures += verify_ledger(settings)


def _rows_of(path: Path) -> int:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return sum(1 for _ in csv.reader(lines)) - 1


def _same_as_undisturbed(settings: Settings, twin_home: Path, handed: int, tally: Tally) -> None:
    """An office that was never disturbed, given the same files, publishes the same content."""
    twin = office.opened(twin_home)
    for number in range(1, handed + 1):
        if number == 1:  # the first month had only the first files: the numbers of submissions follow the order
            _finish(twin)
        office.hand_in(twin, number)
    _finish(twin)
    served, expected = current_edition(settings), current_edition(twin)
    if served is None or expected is None or served.table_hashes.keys() != expected.table_hashes.keys():
        tally.failures.append("no edition to compare")
        return
    differ = [
        table
        for table, value in expected.table_hashes.items()
        if table != "dim_edition" and served.table_hashes[table] != value
    ]
    tally.failures += [f"{table} differs from an undisturbed office" for table in differ]
