"""Roles × pages × links × exports × SQL × reports: no personal value reaches who may not see it, nor a file or log."""

import asyncio
import random
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from hardness import g07_files, g07_forged
from hardness.g07_office import Canary, Person, canaries, enter, people, take_in
from hardness.g07_scan import Finder, readable
from hardness.goal import Outcome, Size
from hardness.viewer import Run, Viewer
from hardness.web import Server, serving
from orchestration.settings import Settings

LABEL = "G7"
PAGES = (
    "", "ranking", "actions", "warnings", "unit", "submit", "review", "funds", "projects", "monitoring", "employment",
    "rectification", "assets", "quality", "trends", "dictionary", "schemes", "sql", "audit", "accounts",
)  # fmt: skip
AT_ONCE = 4
BOXES_AND_OPTIONS = (3, 1)
"""How many choices of a page are made to find links, and how many values of each."""
SMALL_VISITS = 40
ADDRESS = re.compile(r'location\.pathname \+ "\?([^"]*)"')
REFUSED = ("没有“", "只能", "请登录", "没有报送", "还没有")


@dataclass
class Tally:
    """What was looked at, and what was seen that should not have been."""

    counts: Counter[str] = field(default_factory=Counter)
    leaks: set[str] = field(default_factory=set)
    seen: set[tuple[str, str]] = field(default_factory=set)
    """(person, kind of canary) seen rightly: without any the search would prove nothing."""

    def look(self, finder: Finder, person: Person, where: str, text: str, own_workbook: bool = False) -> None:
        self.counts["bytes"] += len(text)
        for value in finder.found(text):
            canary = finder.canaries[value]
            if may_see(person, canary, own_workbook):
                self.seen.add((person.login, canary.kind))
            else:
                self.leaks.add(f"{person.login} was sent a {canary.kind} of {canary.code} by {where}")


def may_see(person: Person, canary: Canary, own_workbook: bool) -> bool:
    """By the rules' words: names and the like only in the submitter's own annotated workbook, households only with a
    purpose that opens them, and nothing of another division."""
    if not person.answers_for(canary.code):
        return False
    return {"secret": own_workbook, "number": person.opens or own_workbook, "place": True}[canary.kind]


def run(home: Path, size: Size) -> Outcome:
    settings = take_in(home / "home", months=size.of(4, least=2), far=size.share >= 0.5)
    everyone = people(settings)
    finder = Finder(canaries(settings))
    tally = Tally()
    chance = random.Random(size.seed)
    with serving(settings.root) as server:
        asyncio.run(_crawl(server, settings, finder, everyone, tally, chance, size))
        forged = asyncio.run(g07_forged.attempts(server, settings))
        written = server.log.read_text(encoding="utf-8", errors="replace")
    for name, text in [("the server's log", written), ("the audit journal", settings.audit.read_text("utf-8"))]:
        hits = {value for value in finder.found(text) if finder.canaries[value].kind != "place"}
        tally.leaks |= {f"{name} holds a {finder.canaries[value].kind}" for value in hits}
    g07_files.queries(settings, finder, everyone, tally, most=size.of(100, 8))
    g07_files.reports(settings, finder, tally, home / "reports", every=size.share >= 0.5)
    g07_files.folders(settings, finder, tally)
    blind = {"township+", "department+", "administrator+"} - {who for who, kind in tally.seen if kind == "number"}
    failures = [*sorted(tally.leaks), *forged.failures]
    failures += [] if tally.counts["documents"] else ["no document was made: nothing was proven of them"]
    failures += [f"{login} saw no household at all: the search proves nothing" for login in sorted(blind)]
    failures += [f"a page failed: {error}" for error in sorted(tally.counts) if error.startswith("error ")]
    c = tally.counts
    figures = (
        f"{len(finder.canaries)} canaries, {len(everyone)} people × {len(PAGES)} pages: {c['runs']} runs, "
        f"{c['exports']} exports, {c['queries']} queries, {c['documents']} documents, {c['files']} files, "
        f"{c['bytes'] / 1e6:.0f} MB, {forged.tried} forged identities: {len(tally.leaks)} seen, {forged.let_in} let in"
    )
    return Outcome(figures, tuple(failures[:40]))


async def _crawl(
    server: Server, settings: Settings, finder: Finder, everyone: list[Person], tally: Tally, chance: random.Random,
    size: Size,
) -> None:  # fmt: skip
    links = {page: [""] for page in PAGES}
    if size.share >= 0.5:
        links = await _links(server, enter(settings, "guide+", "administrator", ()), chance)
    every = [(person, page, query) for person in everyone for page in PAGES for query in links[page]]
    telling = [visit for visit in every if visit[0].opens and visit[1:] == ("monitoring", "")]
    chosen = every if size.share >= 0.5 else [*telling, *chance.sample(every, min(len(every), SMALL_VISITS))]
    gate = asyncio.Semaphore(AT_ONCE)

    async def walk(person: Person) -> None:
        async with gate, Viewer(server.base, person.cookies) as viewer:
            for visitor, page, query in chosen:
                if visitor is person:
                    await _look(viewer, finder, person, tally, page, query)

    await asyncio.gather(*(walk(person) for person in everyone))


async def _look(viewer: Viewer, finder: Finder, person: Person, tally: Tally, page: str, query: str) -> None:
    """One link: the page as sent, and every file it offers."""
    sent = await viewer.open(page, query)
    tally.counts["runs"] += 1
    where = f"{page or 'overview'}?{query}"
    _count_errors(sent, page, tally)
    tally.look(finder, person, where, sent.text)
    if page == "sql" and any(button.label == "填入示例查询" for button in sent.elements("button")):
        sent = await _query(viewer, sent)
        tally.look(finder, person, f"{where} run", sent.text)
    for button in list(sent.elements("download_button")):
        data = await viewer.download(button.deferred_file_id) if button.deferred_file_id else None
        if data is None:
            tally.counts[f"error {page}: {button.label} gave nothing"] += 1
            continue
        tally.counts["exports"] += 1
        own = button.label.startswith("下载批注表")
        suffix = button.label.removeprefix("导出 ") if button.label.startswith("导出 ") else "xlsx"
        name = f"x.{ {'Excel': 'xlsx'}.get(suffix, suffix) }".replace(" ", "")
        tally.look(finder, person, f"{where} → {button.label}", readable(name, data), own)


async def _query(viewer: Viewer, sent: Run) -> Run:
    """Households asked for on the query page: the table chosen, its example filled in and run."""
    for box in sent.elements("selectbox"):
        if box.label == "表":
            wanted = next((option for option in box.options if option.endswith("fct_household")), box.options[0])
            viewer.choose(box.id, wanted)
    sent = await viewer.rerun()
    for label in ("填入示例查询", "运行"):
        button = next(button for button in sent.elements("button") if button.label == label)
        sent = await viewer.rerun(pressed=button.id)
    return sent


async def _links(server: Server, guide: Person, chance: random.Random) -> dict[str, list[str]]:
    """The addresses that somebody who sees everything could hand on: each page as it opens, and after some choices."""
    links: dict[str, list[str]] = {}
    boxes, options = BOXES_AND_OPTIONS
    async with Viewer(server.base, guide.cookies) as viewer:
        for page in PAGES:
            sent = await viewer.open(page)
            links[page] = ["", *_addresses(sent)]
            offered = [box for box in sent.elements("selectbox") if len(box.options) > 1 and box.label != "用途"]
            for box in chance.sample(offered, min(boxes, len(offered))):
                for option in chance.sample(list(box.options), min(options, len(box.options))):
                    viewer.widgets = {}
                    viewer.choose(box.id, option)
                    links[page] += _addresses(await viewer.rerun())
            links[page] = list(dict.fromkeys(links[page]))
    return links


def _addresses(sent: Run) -> list[str]:
    return [found for html in sent.elements("html") for found in ADDRESS.findall(html.body)]


def _count_errors(sent: Run, page: str, tally: Tally) -> None:
    for error in sent.errors:
        if not any(words in error for words in REFUSED):
            tally.counts[f"error {page}: {error[:120]}"] += 1
