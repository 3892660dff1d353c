"""Counties of an invented province, a PostgreSQL of their own, and processes that submit, share, build and read."""

import os
import random
import re
import shutil
import signal
import subprocess
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any

from orchestration.settings import Settings, get_settings

FILES = Path(__file__).parents[1] / "golden" / "files"
DIVISIONS = "行政区划表_410000000000_2018-06.csv"
PAYMENTS = "资金支付台账_411521103000_2018-07"
PROVINCE = "410000000000"
PERIOD, RECEIVED, AS_OF = "2018-07", datetime(2018, 8, 1, 9), datetime(2018, 8, 6)
PROGRAMS = next((path for path in (Path("/usr/lib/postgresql/15/bin"),) if (path / "initdb").exists()), None)
HEAVY = (
    "orchestration.build",
    "orchestration.catalogue",
    "orchestration.cadence.deliveries",
    "orchestration.intake.taking",
    "orchestration.records.decisions",
    "orchestration.release",
    "orchestration.sharing.gather",
    "orchestration.sharing.marts",
    "orchestration.sharing.push",
    "sharing_office",
)


def forks() -> ForkServerContext:
    """Where child processes come from: a server that has imported everything, so that a kill costs no imports."""
    context = get_context("forkserver")
    context.set_forkserver_preload(list(HEAVY))
    return context


def in_this_environment(settings: dict[str, str], target: Callable[..., None], *arguments: object) -> None:
    """What a child runs: its server may be an older one of the same tests, which knows other settings or none."""
    os.environ.update(settings)
    target(*arguments)


def own_settings() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name.startswith("GUATU_")}


@contextmanager
def postgres() -> Iterator[str]:
    """A cluster of its own on a socket no other has; yields the address up to the database's name."""
    assert PROGRAMS is not None
    folder = Path(tempfile.mkdtemp(prefix="guatu_pg_"))
    user = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.getuid() == 0 else {}  # not for root
    quiet: dict[str, Any] = {**user, "check": True, "stdout": subprocess.DEVNULL, "cwd": folder}
    try:
        if user:
            shutil.chown(folder, "postgres", "postgres")
        folder.chmod(0o755)
        data = str(folder / "data")
        subprocess.run([PROGRAMS / "initdb", "-D", data, "-A", "trust", "-U", "guatu", "--no-sync"], **quiet)
        options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=off -c max_connections=200"
        control = [PROGRAMS / "pg_ctl", "-D", data, "-w"]
        subprocess.run([*control, "-o", options, "-l", str(folder / "log"), "start"], **quiet)
        try:
            yield f"host={folder} user=guatu dbname="
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], **quiet)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def new_database(address: str, name: str) -> str:
    """An empty database; what to set as the shared lake's address."""
    assert PROGRAMS is not None
    host = address.split()[0].removeprefix("host=")
    subprocess.run([PROGRAMS / "createdb", "-h", host, "-U", "guatu", name], check=True)
    return f"postgres:{address}{name}"


def county_files(folder: Path, county: str, counties: Sequence[str]) -> Path:
    """The files of 灵山镇 as if they were of another county, every number its own, and the province's divisions."""
    folder.mkdir(parents=True)
    for path in FILES.iterdir():
        text = path.read_text(encoding="utf-8")
        if path.name == DIVISIONS:
            _divisions(folder, text, counties)
            continue
        text = re.sub(r"\b411521(\d{6})\b", rf"{county}\1", text)
        text = re.sub(r"(?<=,)([HPXAZR]\d+)(?=,)", rf"{county}\1", text)
        (folder / path.name.replace("411521", county)).write_text(text, encoding="utf-8")
    return folder


def _divisions(folder: Path, text: str, counties: Sequence[str]) -> None:
    titles, *rows = text.splitlines()
    above = [row for row in rows if not row.startswith("411521")]
    below = [row for row in rows if row.startswith("411521")]
    every = [re.sub(r"\b411521(\d{6})\b", rf"{county}\1", row) for county in counties for row in below]
    (folder / DIVISIONS).write_text("\n".join([titles, *above, *every]) + "\n", encoding="utf-8")


def one_more(folder: Path, county: str, number: int) -> Path:
    """One more payments file of a county, like no other."""
    text = (folder / f"{PAYMENTS}.csv".replace("411521", county)).read_text(encoding="utf-8")
    path = folder / f"{PAYMENTS}_{number:05d}.csv".replace("411521", county)
    path.write_text(
        f"{text}{county}103000,{county}K{number},{county}A2,2018-07-16,进度款,{number},是\n", encoding="utf-8"
    )
    return path


def publish_month(settings: Settings) -> None:
    """Builds and publishes the month as the job does."""
    from orchestration.build import build, clear_work
    from orchestration.release import next_edition_id, publish, run_lock

    with run_lock(settings):
        edition_id = next_edition_id(settings, PERIOD)
        result = build(settings, PERIOD, AS_OF, edition_id)
        if not result.ok:
            raise RuntimeError(result.summary)
        publish(settings, result.database, PERIOD, AS_OF, edition_id)
        clear_work(settings)


@dataclass
class Account:
    """What the shared lake holds against what the offices' own ledgers say."""

    submissions: int = 0
    rows: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)


def account(settings: Settings, homes: dict[str, Path]) -> Account:
    """Every submission of every office is there once, with its rows once."""
    from orchestration.catalogue.templates import load_templates
    from orchestration.intake import read_ledger
    from orchestration.intake.divisions import code_prefix
    from orchestration.sharing.lake import open_lake

    found = Account()
    with open_lake(settings) as shared, shared.at_one_moment():
        lines = Counter(shared.rows("select office, submission_id from shared.main.submissions"))
        rows: Counter[tuple[str, int]] = Counter()
        for template in load_templates(settings.seeds):
            query = f"select office, submission_id, count(*) from shared.lake.{template} group by all"
            rows.update({(office, number): count for office, number, count in shared.rows(query)})
    for office, home in homes.items():
        for line in read_ledger(get_settings(home)):
            if line.scope_code is not None and not line.scope_code.startswith(code_prefix(office)):
                continue
            key = (office, line.submission_id)
            there, has = lines.pop(key, 0), rows.pop(key, 0)
            found.submissions += 1
            found.rows += line.rows_accepted
            found.lost += [f"{key} lost"] * (there < 1 or has < line.rows_accepted)
            found.doubled += [f"{key} is there {there} times with {has} rows"] * (there > 1 or has > line.rows_accepted)
    found.doubled += [f"{key} is nobody's" for key in (*lines, *rows)]
    return found


def inconsistent(shared: Any) -> list[str]:
    """What is wrong within one moment of the shared lake: half a submission, half an edition, or two of one."""
    wrong = []
    with shared.at_one_moment():
        promised = Counter()
        for office, number, rows in shared.rows(
            "select office, submission_id, rows_accepted from shared.main.submissions"
        ):
            if (office, number) in promised:
                wrong.append(f"{office}/{number} twice")
            promised[office, number] = rows
        for template in ("fund_payments", "households", "persons", "projects"):
            query = f"select office, submission_id, count(*) from shared.lake.{template} group by all"
            for office, number, rows in shared.rows(query):
                if promised[office, number] != rows:
                    wrong.append(f"{office}/{number} has {rows} rows of {promised[office, number]}")
        editions = dict(shared.rows("select office, edition_id from shared.main.editions"))
        if editions:  # the tables of marts are made with the first
            named = shared.rows("select office, edition_id from shared.marts.dim_edition")
            if dict(named) != editions or len(named) != len(editions):
                wrong.append(f"editions {editions}, their marts {named}")
            for mart in ("fct_submission", "fct_indicator", "fct_household"):
                query = "select office, sum(row_count) from shared.main.parts where mart = ? group by all"
                told = dict(shared.rows(query, [mart]))
                has = dict(shared.rows(f"select office, count(*) from shared.marts.{mart} group by all"))
                if told != has:
                    wrong.append(f"{mart}: {told} told, {has} there")
    return wrong


def read_on(home: Path, stop: Connection) -> None:
    """Reads the shared lake again and again until told to stop; answers how often, and what was wrong."""
    from orchestration.sharing.lake import open_lake

    reads, wrong = 0, []
    with open_lake(get_settings(home)) as shared:
        while not stop.poll(0.5):
            try:
                wrong += inconsistent(shared)
                reads += 1
            except Exception as error:
                wrong.append(f"{type(error).__name__}: {str(error)[:200]}")
    stop.recv()
    stop.send((reads, wrong))


def submit_on(home: Path, files: Path, county: str, rounds: Sequence[int], seed: int, point: str | None) -> None:
    """A county's office: takes its files in, shares, goes on with one file more a round, builds and shares its edition.

    ``point``: where it dies by its own hand, at a random round: ``acknowledge`` after the shared lake's commit and
    before anything else is done, ``commit`` while a commit is on its way, ``edition`` amid sharing the edition.
    """
    from orchestration.intake import ingest, read_ledger
    from orchestration.sharing.lake import open_lake
    from orchestration.sharing.marts import push_edition
    from orchestration.sharing.push import push_submissions

    settings = get_settings(home)
    if point in ("acknowledge", "commit"):
        _die_in_transaction(random.Random(seed), at_commit=point == "commit")
    known = {line.file_name for line in read_ledger(settings)}
    if left := [path for path in sorted(files.iterdir()) if path.name not in known]:  # killed amid taking them in
        ingest(settings, left, RECEIVED)
    for number in rounds:
        path = one_more(files, county, number)
        if path.name not in known:
            ingest(settings, [path], RECEIVED)
        with open_lake(settings) as shared:
            push_submissions(settings, shared, f"{county}000000")
    publish_month(settings)
    if point == "edition":
        _die_in_transaction(random.Random(seed), at_commit=seed % 2 == 0, after=1)
    with open_lake(settings) as shared:
        push_edition(settings, shared, f"{county}000000")


def _die_in_transaction(chance: random.Random, at_commit: bool, after: int | None = None) -> None:
    from orchestration.sharing.lake import SharedLake

    left = [after if after is not None else chance.randint(2, 8)]
    plain: Callable[..., Any] = SharedLake.in_transaction

    def dying(self: SharedLake, work: Callable[[], Any]) -> Any:
        left[0] -= 1
        if left[0] == 0 and at_commit:
            shot = f"sleep {chance.uniform(0.0, 0.15):.3f}; kill -9 {os.getpid()}"
            subprocess.Popen(["/bin/sh", "-c", shot])
        result = plain(self, work)
        if left[0] == 0 and not at_commit:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    SharedLake.in_transaction = dying  # type: ignore[method-assign]


def build_on(home: Path, stop: Connection) -> None:
    """The province: gathers, builds and publishes again and again until told to stop; answers how often."""
    from orchestration.sharing.gather import gather
    from orchestration.sharing.lake import open_lake

    settings = get_settings(home)
    built, wrong = 0, []
    while not stop.poll(1.0):
        try:
            with open_lake(settings) as shared:
                gather(settings, shared)
            publish_month(settings)
            built += 1
        except Exception as error:
            wrong.append(f"{type(error).__name__}: {str(error)[:200]}")
    stop.recv()
    stop.send((built, wrong))
