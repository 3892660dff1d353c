"""Months of the calendar with downtime, kills and two daemons: each report and each notice's step exactly once."""

import random
import time
from collections import Counter
from datetime import date, timedelta
from hashlib import sha256
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path

from hardness import rhythm_office
from hardness.g13_daemon import read_clock, set_clock, work
from hardness.goal import Outcome, Size
from hardness.receiver import Receiver, listening
from orchestration.cadence.occurrences import occurrences
from orchestration.catalogue.schemes import load_schemes
from orchestration.notify import Message
from orchestration.records.journal import broken_at
from orchestration.rhythm.done import Done, all_done
from orchestration.settings import Settings

LABEL = "G13"
MONTHS = 24
KILL = 0.01
"""Chance of a death before and after each act of a pass."""
PATIENCE_SECONDS = 1200
SETTLED = timedelta(days=32)
"""What fell due so soon after the beginning may have been reminded of before it."""
AFTER = timedelta(days=20)
"""The clock goes on past the last month, so that its own chases are seen."""


def run(home: Path, size: Size) -> Outcome:
    months = size.of(MONTHS, least=2)
    first = rhythm_office.FIRST_DAY
    end = _months_later(first, months)
    settings = rhythm_office.office(home)
    for year in (2021, 2022):
        rhythm_office.publish_halves(settings, year)
    chance = random.Random(size.seed)
    set_clock(settings.root, first)
    with listening() as receiver:
        kills, off = _live_through(settings, receiver, chance, end + AFTER)
        numbers = Counter(receiver.numbers())
        marked = sum(notice["title"].startswith("(可能重复)") for notice in receiver.taken)
    done = all_done(settings)
    doubled = sum(numbers.values()) - len(numbers)
    figures = (
        f"{months} months, two daemons, {kills} kills, {off} days off: {len(done)} steps, "
        f"{sum(len(each.files) for each in done)} documents, {len(numbers)} notices, {doubled} came again "
        f"({marked} marked as perhaps again)"
    )
    return Outcome(figures, tuple(wrongs(settings, done, numbers, first, end, kills, marked)))


def wrongs(
    settings: Settings, done: list[Done], numbers: Counter[str], first: date, end: date, kills: int, marked: int
) -> list[str]:
    """What does not hold: of the journal, the documents on disk and the notices a receiver took."""
    found = [] if broken_at(settings.rhythm) is None else ["the journal is broken"]
    times = Counter(each.key for each in done)
    found += [f"{key} was done {count} times" for key, count in times.items() if count > 1]
    asked = _asked(settings, first, end)
    found += [f"{key} was never done" for key in sorted(asked - times.keys())]
    if not any(key[0] == "make" for key in asked):
        found.append("no report fell due: nothing was tried")
    written = [pair for each in done for pair in each.files.items()]
    there = {
        path.relative_to(settings.reports).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in settings.reports.rglob("*")
        if path.is_file()
    }
    if len(dict(written)) != len(written):
        found.append("two occurrences share a document")
    if there != dict(written):
        found.append(f"{len(there)} documents on disk are not the {len(written)} of the journal")
    told = {each.message_id for each in done if each.sent}
    found += [f"{len(told - numbers.keys())} notices never came"] if told - numbers.keys() else []
    # a reminder sent just before a kill, and too late to repeat when the power came back
    late = {Message("", "", each.key).message_id for each in done if each.outcome == "expired"}
    found += [f"{len(others)} notices about nothing"] if (others := numbers.keys() - told - late) else []
    doubled = sum(numbers.values()) - len(numbers)
    if doubled > min(kills, marked):
        found.append(f"{doubled} notices came again after {kills} kills, {marked} of them marked")
    return found


def _asked(settings: Settings, first: date, end: date) -> set[tuple[str, str, str, str]]:
    """The steps that must have been done, worked out from the cadences' occurrences."""
    asked = set()
    for scheme in load_schemes(settings.seeds).values():
        for cadence in scheme.cadences if scheme.division else ():
            what = "make" if "通报" in cadence.title else "remind"
            for each in occurrences(cadence, scheme.valid_from, scheme.valid_to):
                if first + SETTLED <= each.due_on < end:
                    asked |= {(act, scheme.scheme, cadence.code, each.occurrence) for act in (what, "chase")}
    return asked


def _live_through(settings: Settings, receiver: Receiver, chance: random.Random, last_day: date) -> tuple[int, int]:
    """Two daemons at a time until the clock is past the last day: (kills, days both were off)."""
    context = get_context("forkserver")
    context.set_forkserver_preload(["hardness.g13_daemon"])
    kills = off = 0
    daemons: list[BaseProcess] = []
    deadline = time.monotonic() + PATIENCE_SECONDS
    while read_clock(settings.root) <= last_day:
        if time.monotonic() > deadline:
            raise TimeoutError(f"only {read_clock(settings.root)} after {PATIENCE_SECONDS} s")
        while len(daemons) < 2:
            seed = chance.randrange(10**9)
            given = (settings.root, settings.seeds, receiver.url(), seed, KILL, last_day)
            daemons.append(context.Process(target=work, args=given))
            daemons[-1].start()
        daemons[0].join(chance.uniform(0.5, 3.0))
        if chance.random() < 0.2:  # a power cut in the middle of anything
            for daemon in daemons:
                daemon.kill()
                daemon.join()
            days = chance.choice([0, 1, 9, 20])
            off += days
            set_clock(settings.root, min(read_clock(settings.root) + timedelta(days=days), last_day))
        ended = [daemon for daemon in daemons if not daemon.is_alive()]
        kills += sum((daemon.exitcode or 0) < 0 for daemon in ended)
        if broken := [daemon.exitcode for daemon in ended if (daemon.exitcode or 0) > 0]:
            raise RuntimeError(f"a daemon ended with {broken[0]}")
        daemons = [daemon for daemon in daemons if daemon not in ended]
    for daemon in daemons:
        daemon.join()
    return kills, off


def _months_later(day: date, months: int) -> date:
    index = day.month - 1 + months
    return date(day.year + index // 12, index % 12 + 1, 1)
