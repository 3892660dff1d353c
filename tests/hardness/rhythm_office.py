"""An installation for tests of the rhythm: the shipped schemes and one with every interval, and editions all year."""

import shutil
from calendar import monthrange
from datetime import date, datetime
from pathlib import Path
from typing import get_args

import polars as pl

from orchestration.catalogue.cadences import Every
from orchestration.catalogue.schemes import load_schemes
from orchestration.errors import GuatuError
from orchestration.notify import Message
from orchestration.release import Edition
from orchestration.rhythm.files import Made
from orchestration.settings import PROJECT_ROOT, Settings, get_settings

EVERY_INTERVAL = "example-2022"
FIRST_DAY, LAST_DAY = date(2021, 1, 1), date(2022, 12, 31)
"""The two years the scheme with every interval holds for."""
TITLES = {"half_month": "半月通报", "month": "月通报", "quarter": "季通报"}


def office(folder: Path) -> Settings:
    """An empty installation in a folder, with seeds of its own beside it."""
    return get_settings(folder / "home").model_copy(update={"seeds": seeds_with_every_interval(folder)})


def seeds_with_every_interval(folder: Path) -> Path:
    """Seeds with a scheme of two years that has a cadence of every interval, and one of a month with a daily one."""
    seeds = folder / "seeds"
    shutil.copytree(PROJECT_ROOT / "seeds", seeds, ignore=shutil.ignore_patterns("boundaries"))
    intervals = [every for every in get_args(Every) if every not in ("day", "once")]
    _write(seeds, EVERY_INTERVAL, FIRST_DAY, LAST_DAY, intervals)
    _write(seeds, "example-days-2022", date(2022, 6, 1), date(2022, 6, 20), ["day", "once"])
    return seeds


def publish_halves(settings: Settings, year: int) -> None:
    """An edition as of the 15th and one as of the end of every month; their databases are never opened."""
    settings.published.mkdir(parents=True, exist_ok=True)
    before = len(list(settings.published.glob("*.json")))
    for number in range(before, before + 24):
        month = (number - before) // 2 + 1
        day = 15 if number % 2 == 0 else monthrange(year, month)[1]
        edition = Edition(
            edition_id=f"{year}-{month:02d}_{number + 1:04d}",
            period=f"{year}-{month:02d}",
            as_of=datetime(year, month, day, 18),
            published_at=datetime(year, month, day, 19),
            sequence=number + 1,
            tables={},
            table_hashes={},
            logical_hash="",
        )
        (settings.published / f"{edition.edition_id}.json").write_text(edition.model_dump_json(), encoding="utf-8")
        (settings.published / f"{edition.edition_id}.duckdb").touch()


def divisions(settings: Settings) -> pl.DataFrame:
    """Each scheme's division, with two of every level below."""
    rows: dict[str, tuple[str, str, str | None]] = {}
    for scheme in load_schemes(settings.seeds).values():
        if scheme.division:
            rows[scheme.division] = ("示例区划", "prefecture", None)
            for number, level in enumerate(("county", "township", "village"), 1):
                for which in (1, 2):
                    code = f"{scheme.division[:8]}{number}{which}00"
                    rows[code] = (f"示例{level}{which}", level, scheme.division)
    records = [(code, *rest) for code, rest in rows.items()]
    return pl.DataFrame(records, schema=["division_code", "name", "level", "parent_code"], orient="row")


def support_units(settings: Settings) -> dict[str, list[str]]:
    """A supporting unit for every division."""
    return {code: ["示例局"] for code in divisions(settings)["division_code"]}


class Told:
    """Keeps the messages; fails while ``away``."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.away = False

    def __call__(self, _settings: Settings, message: Message) -> bool:
        if self.away:
            raise GuatuError("notify_failed", "没有送到", "did not take it")
        self.messages.append(message)
        return True


def no_documents(*_asked: object) -> Made:
    """In place of writing documents."""
    return Made({"2022-01/x.pdf": "0"}, "2022-01_0001")


def _write(seeds: Path, code: str, valid_from: date, valid_to: date, intervals: list[str]) -> None:
    cadences = [
        f"  - {{code: each_{every}, title: {TITLES.get(every, '台账')}, sender: 示例办, recipients: [示例局], "
        f"every: {every}, times: {2 if every == 'week' else 1}, clause: EX-01}}"
        for every in intervals
    ]
    text = [
        f"scheme: {code}",
        "title: 示例办法",
        "issuer: 示例办",
        "division: '990000000000'",
        f"valid_from: {valid_from}",
        f"valid_to: {valid_to}",
        "source: 示例",
        "cadences:",
        *cadences,
        "clauses:",
        f"  - {{id: EX-01, title: 按期报送, kind: cadence, quote: 按期报送, element: cadence each_{intervals[0]}}}",
    ]
    (seeds / "schemes" / f"{code}.yml").write_text("\n".join(text) + "\n", encoding="utf-8")
