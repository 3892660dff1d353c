"""Published and looked at on and on, everything stays level; a publisher that stops shows on every page and alarms."""

import os
import re
import shutil
import statistics
import time
from dataclasses import astuple, dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from hardness import office
from hardness.campaign import SOAK_MINUTES
from hardness.g14_pages import page_names, view
from hardness.g14_publisher import stopped_publisher
from hardness.goal import Outcome, Size
from orchestration.settings import Settings, get_settings

LABEL = "G14"
CYCLES = 120
PAUSE_SECONDS = 5.0
"""Between two cycles of a soak by minutes."""
KEPT = 5
"""Editions kept: the folder is full after so many."""


@dataclass(frozen=True)
class Level:
    """What the viewing and publishing process holds at the end of a cycle: MB, and numbers."""

    memory: float
    files: int
    threads: int
    disk: float


ALLOWED = Level(memory=40.0, files=4, threads=4, disk=4.0)
"""How much each may drift over the half that counts; before it, caches fill."""


def run(home: Path, size: Size) -> Outcome:
    cycles, minutes = size.of(CYCLES, least=8), float(os.environ.get(SOAK_MINUTES, "0"))
    levels, views, problems = _apart(_soak, home / "soak", cycles, minutes)
    drift, grown = level_of(levels, ALLOWED, size.share)
    pages, banners, alarms, stopped = stopped_publisher(home / "soak", real=size.share >= 1.0)
    figures = (
        f"{len(levels)} publishes, {views} page views, {len(problems)} errors; drift {drift}; "
        f"publisher stopped: on {banners} of {pages} pages, {alarms} alarm"
    )
    return Outcome(figures, (*problems[:10], *grown, *stopped))


def level_of(levels: list[Level], allowed: Level, share: float) -> tuple[str, list[str]]:
    """The drift over the second half in words, and what drifted beyond what is allowed.

    A small form ends while caches still fill: all but the disk may drift by ten times as much.
    """
    half = levels[len(levels) // 2 :]
    words, grown = [], []
    names = ("memory", "files", "threads", "disk")
    for position, name in enumerate(names):
        series = [astuple(level)[position] for level in half]
        drift = statistics.linear_regression(range(len(series)), series).slope * len(series)
        limit = astuple(allowed)[position] * (10 if name != "disk" and share < 1 else 1)
        words.append(f"{name} {drift:+.1f} of {series[-1]:.0f}")
        if drift > limit:
            grown.append(f"{name} grew by {drift:.1f} over {len(series)} cycles")
    return ", ".join(words), grown


def _apart(work: object, *arguments: object) -> tuple[list[Level], int, list[str]]:
    ours, theirs = office.forks().Pipe()
    process = office.forks().Process(target=work, args=(*arguments, theirs))
    process.start()
    theirs.close()
    try:
        return ours.recv()
    finally:
        process.join()


def _soak(home: Path, cycles: int, minutes: float, answer: Connection) -> None:
    """Each cycle: an edition under a new name, pages of it, a query, and what a township may see of it."""
    os.environ |= {"GUATU_HOME": str(home), "GUATU_ACCESS": "open", "GUATU_KEEP_EDITIONS": str(KEPT)}
    settings = get_settings()
    levels: list[Level] = []
    problems: list[str] = []
    warehouse = _built(settings)
    until = time.monotonic() + minutes * 60
    views = 0
    while time.monotonic() < until if minutes else len(levels) < cycles:
        views += _cycle(settings, warehouse, len(levels), problems)
        levels.append(_level(home))
        time.sleep(PAUSE_SECONDS if minutes else 0)
    answer.send((levels, views, problems))


def _built(settings: Settings) -> Path:
    """The warehouse of a small office, built once and kept beside it; its first edition is served."""
    kept = settings.root.with_name("warehouse.duckdb")

    def keep(phase: str) -> None:
        if phase == "publish":
            (built,) = settings.work.glob(f"{office.PERIOD}_*/warehouse.duckdb")
            shutil.copyfile(built, kept)

    office.month(office.opened(settings.root), keep)
    return kept


def _cycle(settings: Settings, warehouse: Path, number: int, problems: list[str]) -> int:
    from orchestration.access.roles import grant, load_roles
    from orchestration.access.scoped import scoped_edition
    from orchestration.release import next_edition_id, open_edition, publish, run_lock

    with run_lock(settings):
        edition_id = next_edition_id(settings, office.PERIOD)
        publish(settings, warehouse, office.PERIOD, office.AS_OF, edition_id)
    with open_edition(settings) as connection:
        if not connection.execute("select count(*) from fct_indicator").fetchone()[0]:
            problems.append(f"{edition_id} is empty")
    township = grant(load_roles(settings.seeds), "灵山镇", "灵山镇", "township", ("411521103000",))
    scoped_edition(settings, edition_id, township)
    names = page_names()
    for name in (names[0], names[1 + number % (len(names) - 1)]):
        if trouble := view(name)[1]:
            problems.append(trouble)
    return 2


def _level(home: Path) -> Level:
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    disk = sum(path.stat().st_size for path in home.rglob("*") if path.is_file() and not path.is_symlink())
    return Level(
        memory=int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024,
        files=len(os.listdir("/proc/self/fd")),
        threads=int(re.search(r"Threads:\s+(\d+)", status)[1]),
        disk=disk / 2**20,
    )
