"""An office for G7: invented households of three townships in three counties' trees, taken in, built and published.

Every name, identity number, telephone and loan number of the demonstration's rows is unlike any other text, and every
household's number begins with its village: each of them is a canary that also says whose it is.
"""

import atexit
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import groupby
from pathlib import Path

import duckdb

from orchestration.access import accounts, sessions
from orchestration.access.accounts import Account
from orchestration.build import build, clear_work
from orchestration.catalogue.templates import load_templates
from orchestration.demo.build import DEFAULT_SEED
from orchestration.demo.luoshan import luoshan_files
from orchestration.demo.places import read_places
from orchestration.demo.small import small_files
from orchestration.errors import GuatuError
from orchestration.intake import ingest
from orchestration.release import publish
from orchestration.settings import PROJECT_ROOT, Settings, get_settings

PASSWORD = "春耕备耕要抓紧,不误农时"
COUNTY, TOWNSHIP, NEIGHBOUR, FAR = "411521000000", "411521103000", "411521104000", "411424000000"
SECRETS = {
    "households": ("head_name", "head_id_number", "phone", "helper_name"),
    "persons": ("name", "id_number"),
    "loans": ("loan_id",),
    "visits": ("visitor",),
    "team_attendance": ("member_name",),
}
"""Fields that nobody may be shown in any form, by template; an annotated workbook gives the submitter its own back."""
NUMBERS = {"households": "household_id", "persons": "person_id", "team_attendance": "member_id"}
"""Fields that say which household or person: for those who may open households."""
PLACES = {"fct_project": "project_id", "fct_fund_payment": "payment_id", "fct_asset": "asset_id"}
"""Rows about no household: for those who may see the division."""


@dataclass(frozen=True)
class Person:
    """An account with its cookie; ``opens``: a purpose is stated that opens households."""

    login: str
    role: str
    divisions: tuple[str, ...]
    secret: str
    opens: bool = False

    @property
    def cookies(self) -> dict[str, str]:
        return {"guatu": self.secret}

    def answers_for(self, code: str) -> bool:
        """Whether a division or a household's number lies in what the person may see."""
        return (self.role in ("analyst", "administrator") and not self.divisions) or any(
            code.startswith(own[:6] if own.endswith("000000") else own[:9]) for own in self.divisions
        )


@dataclass(frozen=True)
class Canary:
    """``kind``: secret, number or place. ``code``: the division whose it is."""

    kind: str
    code: str


def take_in(home: Path, months: int, far: bool) -> Settings:
    """An office of ``months`` months of 罗山县 (and, ``far``, of other counties), taken in, built and published."""
    shutil.copytree(_built(months, far), home, symlinks=True)
    return get_settings(home)


@cache
def _built(months: int, far: bool) -> Path:
    """The office as first made; others of this process are copies."""
    folder = Path(tempfile.mkdtemp(prefix="office_"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    settings = get_settings(folder / "home").model_copy(update={"seeds": PROJECT_ROOT / "seeds"})
    templates = load_templates(settings.seeds)
    files = luoshan_files(DEFAULT_SEED, templates, read_places(settings.seeds, "411521"))
    if far:
        files += small_files(DEFAULT_SEED, templates, read_places(settings.seeds, "small"))
    files.sort(key=lambda file: (file.received_at, file.name))
    period, until = f"2018-{5 + months:02d}", datetime(2018, 6 + months, 20, 18)
    if far:
        period, until = "2021-12", datetime(2022, 1, 10, 18)
    came = [file for file in files if file.received_at <= until]
    for received_at, batch in groupby(came, key=lambda file: file.received_at):
        handed_in = folder / "handed_in" / f"{received_at:%Y%m%d%H%M}"
        handed_in.mkdir(parents=True)
        for file in batch:
            (handed_in / file.name).write_bytes(file.data)
        ingest(settings, [handed_in], received_at)
    result = build(settings, period, until, f"{period}_0001")
    if not result.ok:
        raise RuntimeError(result.summary)
    publish(settings, result.database, period, until, result.edition_id)
    clear_work(settings)
    return settings.root


def people(settings: Settings) -> list[Person]:
    """One account a role and reach, each signed in; those with ``+`` have stated a purpose."""
    wanted = {
        "leader": ("leader", (COUNTY,)),
        "leader+": ("leader", (COUNTY,)),
        "township": ("township", (TOWNSHIP,)),
        "township+": ("township", (TOWNSHIP,)),
        "neighbour+": ("township", (NEIGHBOUR,)),
        "department": ("department", (COUNTY,)),
        "department+": ("department", (COUNTY,)),
        "far+": ("department", (FAR,)),
        "analyst": ("analyst", ()),
        "analyst+": ("analyst", ()),
        "analyst_of_one+": ("analyst", (NEIGHBOUR,)),
        "administrator": ("administrator", ()),
        "administrator+": ("administrator", ()),
    }
    return [enter(settings, name, role, divisions) for name, (role, divisions) in wanted.items()]


def enter(settings: Settings, name: str, role: str, divisions: tuple[str, ...]) -> Person:
    """An account of that role, signed in; a name ending in ``+`` states a purpose."""
    login = name.replace("+", ".purpose")
    _add(settings, login, role, divisions)
    secret = sessions.start(settings, login)
    if name.endswith("+"):
        sessions.state_purpose(settings, secret, "visit", minutes=600)
    opens = name.endswith("+") and role in ("township", "department", "administrator")
    return Person(name, role, divisions, secret, opens)


def _add(settings: Settings, login: str, role: str, divisions: tuple[str, ...]) -> Account | None:
    try:
        return accounts.add(settings, login, login, role, divisions, password=PASSWORD, must_change=False)
    except GuatuError as error:
        if error.code != "account_exists":
            raise
    return None


def canaries(settings: Settings) -> dict[str, Canary]:
    """Every personal value of the lake and every place's own row of the edition, with whose it is."""
    return {value: Canary(kind, code) for kind, value, code in _values(settings)}


def _values(settings: Settings) -> Iterator[tuple[str, str, str]]:
    with duckdb.connect() as connection:
        for template in {*SECRETS, *NUMBERS}:
            files = (settings.lake / template).rglob("*.parquet")
            if not any(files):
                continue
            rows = f"read_parquet('{settings.lake / template}/**/*.parquet', union_by_name = true)"
            fields = [("secret", name) for name in SECRETS.get(template, ())]
            fields += [("number", NUMBERS[template])] if template in NUMBERS else []
            for kind, name in fields:
                for value, code in connection.execute(
                    f"select {name}, min(village_code) from {rows} where {name} is not null group by {name}"
                ).fetchall():
                    yield kind, value, code
        connection.execute(f"attach '{settings.published / 'current.duckdb'}' as edition (read_only)")
        for table, name in PLACES.items():
            for value, code in connection.execute(
                f"select {name}, min(division_code) from edition.marts.{table} where {name} is not null group by {name}"
            ).fetchall():
                yield "place", value, code
