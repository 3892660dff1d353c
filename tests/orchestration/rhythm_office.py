"""An installation for tests of the rhythm: the shipped schemes and one with every interval, and editions all year."""

import shutil
from calendar import monthrange
from datetime import date, datetime
from pathlib import Path
from typing import get_args

import polars as pl

from orchestration.catalogue.cadences import Every
from orchestration.catalogue.schemes import Scheme, load_schemes
from orchestration.release import Edition
from orchestration.settings import PROJECT_ROOT, Settings, get_settings

EVERY_INTERVAL = "example-2022"
TITLES = {"half_month": "半月通报", "month": "月通报", "quarter": "季通报"}


def office(folder: Path) -> Settings:
    """Seeds with a scheme of 2022 that has a cadence of every interval, and one of a month with a daily one."""
    seeds = folder / "seeds"
    shutil.copytree(PROJECT_ROOT / "seeds", seeds, ignore=shutil.ignore_patterns("boundaries"))
    intervals = [every for every in get_args(Every) if every not in ("day", "once")]
    _write(seeds, EVERY_INTERVAL, date(2022, 1, 1), date(2022, 12, 31), intervals)
    _write(seeds, "example-days-2022", date(2022, 6, 1), date(2022, 6, 20), ["day", "once"])
    return get_settings(folder / "home").model_copy(update={"seeds": seeds})


def publish_halves(settings: Settings, year: int) -> None:
    """An edition as of the 15th and one as of the end of every month; their databases are never opened."""
    settings.published.mkdir(parents=True)
    for number in range(24):
        month = number // 2 + 1
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


def schemes_of(settings: Settings, year: int) -> list[Scheme]:
    """The schemes with a division whose validity touches the year."""
    known = load_schemes(settings.seeds).values()
    return [s for s in known if s.division and s.valid_from.year <= year <= s.valid_to.year]


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
