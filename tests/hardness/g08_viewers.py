"""Fifty people look while editions are published: no error, no step back, warm pages in time, memory level."""

import asyncio
import random
import re
import sys
import time
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from statistics import mean, quantiles

from hardness.g07_office import COUNTY, NEIGHBOUR, TOWNSHIP, Person, enter, take_in
from hardness.goal import Outcome, Size
from hardness.viewer import Viewer
from hardness.web import Server, serving
from orchestration.release import current_edition, list_editions, publish
from orchestration.settings import Settings, get_settings

LABEL = "G8"
TESTS = Path(__file__).parents[1]
PAGES = ("", "ranking", "actions", "warnings", "funds", "projects", "monitoring", "rectification", "quality", "trends")
THINK_SECONDS = 15.0
"""What a person takes to read a page before going on, on average."""
BETWEEN_SECONDS = 15.0
"""Between two publishes; ten in as many minutes of a real office would be a bad day."""
WARM_P95_SECONDS = 3.0
LEVEL = 1.25
"""The last memory readings may be so many times those before them."""
REACHES = (("leader", (COUNTY,)), ("analyst", ()), ("township", (TOWNSHIP,)), ("department", (COUNTY,)),
           ("township", (NEIGHBOUR,)))  # fmt: skip
EDITION = re.compile(r"版本 (\d{4}-\d{2}_(\d{4}))")


@dataclass
class Watch:
    """What the viewers met. ``warm``: seconds of views of an edition somebody with the same reach had opened."""

    stop: asyncio.Event
    views: int = 0
    warm: list[float] = field(default_factory=list)
    cold: list[float] = field(default_factory=list)
    memory_mb: list[float] = field(default_factory=list)
    opened: set[tuple[str, tuple[str, ...], str, str]] = field(default_factory=set)
    editions: set[str] = field(default_factory=set)
    failures: list[str] = field(default_factory=list)


def run(home: Path, size: Size) -> Outcome:
    settings = _office(home, size)
    count, publishes = size.of(50, 6), size.of(10, 2)
    everyone = [enter(settings, f"viewer{n}", *REACHES[n % len(REACHES)]) for n in range(count)]
    with serving(settings.root) as server:
        watch = asyncio.run(_look(server, settings, everyone, publishes, size))
    published = {edition.edition_id for edition in list_editions(settings)}
    failures = [*watch.failures]
    if watch.editions - published:
        failures.append(f"editions were shown that were not published: {sorted(watch.editions - published)}")
    if len(watch.editions) < 2:
        failures.append("nobody saw a new edition: nothing was proven")
    p95 = quantiles(watch.warm, n=20)[-1] if len(watch.warm) > 20 else max(watch.warm, default=0.0)
    if p95 > WARM_P95_SECONDS:
        failures.append(f"warm p95 {p95:.1f} s is over {WARM_P95_SECONDS:.0f} s")
    former, last = _thirds(watch.memory_mb)
    if size.share >= 0.5 and last > former * LEVEL:
        failures.append(f"memory grew from {former:.0f} to {last:.0f} MB over the last publishes")
    figures = (
        f"{count} viewers, {publishes} publishes, {watch.views} views, {len(watch.editions)} editions seen: "
        f"{len(watch.failures)} errors; warm p95 {p95:.2f} s ({len(watch.warm)}), first of a reach "
        f"{mean(watch.cold or [0]):.2f} s ({len(watch.cold)}); memory {former:.0f} → {last:.0f} MB"
    )
    return Outcome(figures, tuple(failures[:20]))


def _office(home: Path, size: Size) -> Settings:
    """罗山县's four months in full, or the tests' sample where only the way is to be tried."""
    if size.share >= 0.5:
        return take_in(home / "home", months=4, far=False)
    sys.path.insert(0, str(TESTS / "dashboards"))
    import business_rows

    settings = get_settings(home / "home")
    business_rows.write_business_edition(settings.published)
    return settings


async def _look(server: Server, settings: Settings, everyone: list[Person], publishes: int, size: Size) -> Watch:
    watch = Watch(asyncio.Event())
    hurry = 1.0 if size.share >= 0.5 else 0.1
    chances = random.Random(size.seed)
    tasks = [
        asyncio.create_task(_view(server, person, watch, random.Random(chances.random()), THINK_SECONDS * hurry))
        for person in everyone
    ]
    edition = current_edition(settings)
    source = settings.published / f"{edition.edition_id}.duckdb"
    await asyncio.sleep(2 * BETWEEN_SECONDS * hurry)
    for _ in range(publishes):
        await asyncio.to_thread(publish, settings, source, edition.period, datetime(2023, 1, 10))
        await asyncio.sleep(BETWEEN_SECONDS * hurry)
        watch.memory_mb.append(server.memory_mb)
    watch.stop.set()
    for ended in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(ended, BaseException):
            watch.failures.append(f"a viewer was cut off: {type(ended).__name__}: {ended}")
    return watch


async def _view(server: Server, person: Person, watch: Watch, chance: random.Random, think: float) -> None:
    """One person: a page, time to read it, another page; the edition shown never goes back."""
    newest = 0
    await asyncio.sleep(chance.uniform(0, think))
    async with Viewer(server.base, person.cookies) as viewer:
        while not watch.stop.is_set():
            page = chance.choice(PAGES)
            started = time.monotonic()
            sent = await viewer.open(page)
            seconds = time.monotonic() - started
            watch.views += 1
            watch.failures += [f"{page or 'overview'}: {error[:120]}" for error in sent.errors]
            shown = EDITION.search(sent.text)
            if shown is None:
                watch.failures.append(f"{page or 'overview'} shows no edition")
                continue
            view = (person.role, person.divisions, shown[1], page)
            (watch.warm if view in watch.opened else watch.cold).append(seconds)
            watch.opened.add(view)
            watch.editions.add(shown[1])
            if int(shown[2]) < newest:
                watch.failures.append(f"{person.login} saw edition {shown[2]} after {newest:04d}")
            newest = int(shown[2])
            await asyncio.sleep(chance.expovariate(1 / think))


def _thirds(readings: list[float]) -> tuple[float, float]:
    """Mean of the readings of the middle third, and of the last."""
    third = max(1, len(readings) // 3)
    return mean(readings[-2 * third : -third] or readings), mean(readings[-third:])
