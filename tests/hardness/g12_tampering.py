"""Ledger, audit and originals: every changed byte and every cut is noticed; each view and export is on record first."""

import asyncio
import random
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from hardness.g07_office import Person, enter
from hardness.goal import Outcome, Size
from hardness.viewer import Viewer
from hardness.web import Server, serving
from orchestration.access import audit
from orchestration.errors import GuatuError
from orchestration.intake import ingest, read_ledger, verify_ledger
from orchestration.settings import Settings, get_settings

LABEL = "G12"
TESTS = Path(__file__).parents[1]
PAGE, HELD = "monitoring", "411521000000"
"""A page that shows households, and the county of the sample edition that has some."""


@dataclass
class Count:
    """How many were tried and noticed, by what was done; and what was not."""

    flips: int = 0
    cuts: int = 0
    noticed: int = 0
    failures: list[str] = field(default_factory=list)


def run(home: Path, size: Size) -> Outcome:
    settings = get_settings(home / "home")
    chance = random.Random(size.seed)
    ingest(settings, [TESTS / "golden" / "files"], datetime(2018, 8, 4, 9))
    for number in range(40):
        audit.write(settings, f"user{number % 5}", "township", "export", object="排名", rows=number)
    count = Count()
    _tamper(settings, chance, count, flips=size.of(200, 24), cuts=size.of(60, 12))
    books = asyncio.run(_on_record(settings, size))
    figures = (
        f"{count.flips} byte flips and {count.cuts} cuts in ledger, audit and {len(read_ledger(settings))} originals: "
        f"{count.noticed} noticed; {books.figures}"
    )
    return Outcome(figures, (*count.failures, *books.failures))


def _tamper(settings: Settings, chance: random.Random, count: Count, flips: int, cuts: int) -> None:
    originals = [settings.archive / line.sha256 for line in read_ledger(settings)]
    books: list[tuple[Path, Callable[[], bool]]] = [
        (settings.ledger, lambda: verify_ledger(settings) != []),
        (settings.audit, lambda: audit.broken_at(settings) is not None),
    ]
    for number in range(flips):
        path, noticed = [*books, (chance.choice(originals), books[0][1])][number % 3]
        whole = path.read_bytes()
        at, mask = chance.randrange(len(whole)), chance.randrange(1, 256)
        _change(path, whole[:at] + bytes([whole[at] ^ mask]) + whole[at + 1 :])
        count.flips += 1
        _judge(count, noticed(), f"{path.name[:16]}: byte {at} changed by {mask:#x}")
        _change(path, whole)
    for number in range(cuts):
        path, noticed = [*books, (chance.choice(originals), books[0][1])][number % 3]
        whole = path.read_bytes()
        ends = [at + 1 for at, byte in enumerate(whole[:-1]) if byte == 10]
        at = chance.choice(ends) if ends and number % 2 else chance.randrange(len(whole) - 1)
        _change(path, whole[:at])
        count.cuts += 1
        _judge(count, noticed(), f"{path.name[:16]}: cut at byte {at} of {len(whole)}")
        if path == settings.audit:
            _judge_refusal(settings, count, at)
        _change(path, whole)
    if verify_ledger(settings) or audit.broken_at(settings) is not None:
        count.failures.append("what was put back is not whole: the checks prove nothing")


def _judge(count: Count, noticed: bool, what: str) -> None:
    count.noticed += noticed
    if not noticed:
        count.failures.append(f"{what}: not noticed")


def _judge_refusal(settings: Settings, count: Count, at: int) -> None:
    """A journal that was cut takes no further entry: what it would have recorded does not happen."""
    try:
        audit.write(settings, "user", "township", "export")
    except GuatuError:
        return
    count.failures.append(f"the audit, cut at byte {at}, was written on")


def _change(path: Path, data: bytes) -> None:
    path.chmod(0o644)  # originals are read-only, and whoever tampers is not held by that
    path.write_bytes(data)


async def _on_record(settings: Settings, size: Size) -> Outcome:
    """Several people at once look at households and take files away; the journal has each, and once."""
    sys.path.insert(0, str(TESTS / "dashboards"))
    import business_rows

    business_rows.write_business_edition(settings.published)
    people = [enter(settings, f"office{n}+", "department", (HELD,)) for n in range(size.of(6, 2))]
    failures: list[str] = []
    with serving(settings.root) as server:
        first = await _visit(server, people[0], views=1, exports=1)
        entries = _entries(settings)
        a_view, an_export = entries["view_personal"], entries["export"]
        if not a_view or an_export != 1:
            failures.append(f"one view and one export left {a_view} and {an_export} entries")
        times = size.of(25, 3)
        taken = await asyncio.gather(*(_visit(server, person, times, times) for person in people))
        views, exports = first[0] + sum(v for v, _ in taken), first[1] + sum(e for _, e in taken)
        entries = _entries(settings)
        if (entries["view_personal"], entries["export"]) != (views * a_view, exports):
            failures.append(
                f"{views} views of {a_view} tables and {exports} exports left "
                f"{entries['view_personal']} and {entries['export']} entries"
            )
        refused = await _without_a_record(server, settings, people[0], failures)
    figures = (
        f"{views} views × {a_view} tables + {exports} exports = {sum(entries.values())} entries; "
        f"{refused} asked for without a record, none given"
    )
    return Outcome(figures, tuple(failures))


async def _visit(server: Server, person: Person, views: int, exports: int) -> tuple[int, int]:
    """(runs of the page that showed it, files received)."""
    seen = given = 0
    async with Viewer(server.base, person.cookies) as viewer:
        for _ in range(views):
            sent = await viewer.open(PAGE)
            seen += not sent.errors
        buttons = [button.deferred_file_id for button in sent.elements("download_button")]
        for number in range(exports if buttons else 0):
            given += await viewer.download(buttons[number % len(buttons)]) is not None
    return seen, given


async def _without_a_record(server: Server, settings: Settings, person: Person, failures: list[str]) -> int:
    """The journal loses its end, then its place is taken: no view of households and no file until it is back."""
    kept = settings.audit.with_name("kept.jsonl")
    asked = 0
    async with Viewer(server.base, person.cookies) as viewer:
        sent = await viewer.open(PAGE)
        buttons = [button.deferred_file_id for button in sent.elements("download_button")]
        if not buttons:
            failures.append("the page offers no file: nothing was proven")
        for spoil in (_cut_end, _take_place):
            shutil.copyfile(settings.audit, kept)
            spoil(settings.audit)
            asked += 2
            if not (await viewer.open(PAGE)).errors:
                failures.append(f"{spoil.__name__}: households were shown without a record")
            if buttons and await viewer.download(buttons[0]) is not None:
                failures.append(f"{spoil.__name__}: a file was given without a record")
            if settings.audit.is_dir():
                settings.audit.rmdir()
            shutil.copyfile(kept, settings.audit)
        if (await viewer.open(PAGE)).errors:
            failures.append("nothing is shown though the journal is back")
    return asked


def _cut_end(path: Path) -> None:
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))


def _take_place(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _entries(settings: Settings) -> dict[str, int]:
    """Views and exports on record by those who visit here."""
    found = {"view_personal": 0, "export": 0}
    for entry in audit.read(settings):
        if entry["who"].startswith("office") and entry["what"] in found:
            found[entry["what"]] += 1
    return found
