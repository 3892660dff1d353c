"""A small office: one township, a handful of files, run in processes that can be killed, and watched by a reader.

Child processes are forked from a server that has imported everything, so that a kill costs no imports.
"""

import re
import shutil
from dataclasses import dataclass
from datetime import datetime
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any

import duckdb

from orchestration.settings import Settings, get_settings

FILES = Path(__file__).parents[1] / "golden" / "files"
PERIOD = "2018-07"
RECEIVED = datetime(2018, 8, 1, 9)
AS_OF = datetime(2018, 8, 6)
PAYMENTS = "资金支付台账_411521103000_2018-07"
HEAVY = (
    "orchestration.build",
    "orchestration.catalogue",
    "orchestration.cli",
    "orchestration.intake",
    "orchestration.records.decisions",
    "orchestration.release",
    "orchestration.cadence.deliveries",
    "dbt.cli.main",
    "dbt.adapters.duckdb",
    "hardness.office",
)


def forks() -> ForkServerContext:
    """Where child processes come from."""
    context = get_context("forkserver")
    context.set_forkserver_preload(list(HEAVY))
    return context


def opened(home: Path) -> Settings:
    """An office with its first files in the inbox and nothing done yet."""
    settings = get_settings(home)
    shutil.copytree(FILES, settings.inbox)
    return settings


def hand_in(settings: Settings, number: int) -> str:
    """One more payments file into the inbox, like no other; returns its name."""
    text = (FILES / f"{PAYMENTS}.csv").read_text(encoding="utf-8")
    name = f"{PAYMENTS}_{number:05d}.csv"
    row = f"411521103000,K{number},A2,2018-07-16,进度款,{number},是\n"
    partial = settings.inbox / f".{name}"
    settings.inbox.mkdir(parents=True, exist_ok=True)
    partial.write_text(text + row, encoding="utf-8")
    partial.rename(settings.inbox / name)
    return name


def month(
    settings: Settings, say: Any = None, period: str = PERIOD, as_of: datetime = AS_OF, resumes: bool = True
) -> None:
    """Ingest, build, publish, as the job does; ``resumes``: a build that is whole is published, not made again."""
    from orchestration.build import build, clear_work, finished_build
    from orchestration.errors import GuatuError
    from orchestration.intake import ingest_inbox
    from orchestration.release import next_edition_id, publish, run_lock

    tell = say or (lambda phase: None)
    with run_lock(settings):
        tell("ingest")
        ingest_inbox(settings, RECEIVED)
        edition_id = next_edition_id(settings, period)
        try:
            if not resumes:
                clear_work(settings)
            finished_build(settings, edition_id)
        except GuatuError:
            tell("build")
            result = build(settings, period, as_of, edition_id)
            if not result.ok:
                raise RuntimeError(result.summary) from None
        tell("publish")
        publish(settings, *finished_build(settings, edition_id), edition_id)
        clear_work(settings)
        tell("done")


def seen(database: Path) -> dict[str, tuple[int, int]]:
    """Rows and a sum over the rows of every mart of an edition's file."""
    with duckdb.connect(str(database), read_only=True, config={"threads": 1}) as connection:
        tables = connection.execute("select table_name from duckdb_tables() where schema_name = 'marts'").fetchall()
        return {
            table: connection.execute(f"select count(*), coalesce(sum(hash(t)), 0) from marts.{table} as t").fetchone()
            for (table,) in tables
        }


@dataclass
class Watched:
    """What a reader met: how often it looked, editions seen, and what was wrong."""

    reads: int
    editions: int
    errors: list[str]


def watch(home: Path, stop: Connection, pause: float = 0.02) -> None:
    """Reads the edition served again and again until told to stop, then answers with a ``Watched``.

    Each look: the edition is there (once one was), is what its sidecar says, is not older than before, and the rows of
    an edition never change.
    """
    from orchestration.release import current_edition, open_edition

    settings = get_settings(home)
    result = Watched(0, 0, [])
    known: dict[str, dict[str, tuple[int, int]]] = {}
    before = 0
    while not stop.poll(pause):
        try:
            edition = current_edition(settings)
            if edition is None:
                if before:
                    result.errors.append("nothing served any more")
                continue
            result.reads += 1
            if edition.sequence < before:
                result.errors.append(f"stepped back from {before} to {edition.sequence}")
            before = edition.sequence
            if edition.edition_id not in known:
                rows = seen(settings.published / f"{edition.edition_id}.duckdb")
                known[edition.edition_id] = rows
                if {table: count for table, (count, _) in rows.items()} != edition.tables:
                    result.errors.append(f"{edition.edition_id} is not what its record says")
            with open_edition(settings, edition.edition_id) as connection:
                table = "fct_submission"
                (name,) = connection.execute("select edition_id from dim_edition").fetchone()
                rows_now = connection.execute(
                    f"select count(*), coalesce(sum(hash(t)), 0) from {table} as t"
                ).fetchone()
                if name != edition.edition_id or rows_now != known[edition.edition_id][table]:
                    result.errors.append(f"{edition.edition_id} holds rows of another edition")
        except Exception as error:
            result.errors.append(f"{type(error).__name__}: {re.sub(r'/[^ ]*/', '', str(error))[:160]}")
    result.editions = len(known)
    stop.recv()
    stop.send(result)
