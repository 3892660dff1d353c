"""The ways past the pages: a person's own SQL in every form it is taken away, documents, and what lies on disk."""

from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from dashboards.analysis.sql_result import as_csv, as_parquet, as_workbook, result_frame
from hardness.g07_office import TOWNSHIP, Person
from hardness.g07_scan import Finder, readable, texts_in
from orchestration.access import identity
from orchestration.access.querying import query_granted
from orchestration.access.rules import load_rules
from orchestration.errors import GuatuError
from orchestration.release import current_edition
from orchestration.reports import make_reports
from orchestration.settings import Settings

if TYPE_CHECKING:
    from hardness.g07_canaries import Tally

ORIGINALS = ("archive/", "lake/", "receipts/", "inbox/", "access/", "workbench/")
"""Where submissions lie as they came, and what only their owner's account reads."""
MOST_ROWS = 20_000


def queries(settings: Settings, finder: Finder, everyone: list[Person], tally: "Tally", most: int) -> None:
    """Every mart with rows of households, whole, for everyone who may query; as csv, xlsx and parquet."""
    personal = [table for table, rule in load_rules(settings.seeds).items() if rule.personal is not None]
    tables = [*personal, "fct_project", "fct_asset", "fct_submission"]
    # first what tells most: households, for those who must not have them
    order = sorted(product(everyone, tables), key=lambda pair: (pair[1] != "fct_household", pair[0].opens))
    for person, table in order[:most]:
        held = identity.by_secret(settings, person.secret).grant
        try:
            result = query_granted(settings, held, f"select * from {table}", max_rows=MOST_ROWS)
        except GuatuError as error:
            if error.code != "not_allowed" or held.may("sql"):
                tally.leaks.add(f"{person.login} could not query {table}: {error.message_en}")
            continue
        if not held.may("sql"):
            tally.leaks.add(f"{person.login} may not query and did")
        tally.counts["queries"] += 1
        frame = result_frame(result)
        files = {"csv": as_csv(frame), "xlsx": as_workbook(frame.head(2000), []), "parquet": as_parquet(frame)}
        for suffix, data in files.items():
            tally.look(finder, person, f"select * from {table} as {suffix}", readable(f"x.{suffix}", data))


def reports(settings: Settings, finder: Finder, tally: "Tally", out: Path, every: bool) -> None:
    """Every kind of document of every month (or the newest): never a name or number of a person; the public ones no
    household."""
    edition = current_edition(settings)
    database = settings.published / f"{edition.edition_id}.duckdb"
    with duckdb.connect(str(database), read_only=True) as connection:
        found = connection.execute("select distinct period from marts.fct_reporting order by period").fetchall()
    periods = [period for (period,) in found]
    divisions = (None, TOWNSHIP) if every else (None,)
    for period, division, public in product(periods if every else periods[-1:], divisions, (False, True)):
        folder = out / f"{division}_{public}"
        for path in make_reports(database, period, folder, division, kinds=[], public=public, as_csv=True):
            tally.counts["documents"] += 1
            for value in finder.found(readable(path.name, path.read_bytes())):
                kind = finder.canaries[value].kind
                if kind == "secret" or (public and kind == "number"):
                    tally.leaks.add(f"the {'public ' if public else ''}document {path.name} holds a {kind}")


def folders(settings: Settings, finder: Finder, tally: "Tally") -> None:
    """Everything the product wrote but originals: editions, cuts of them, work, histories of runs, journals."""
    for name, text in texts_in(settings.root, ORIGINALS):
        tally.counts["files"] += 1
        hits = {finder.canaries[value].kind for value in finder.found(text)} & {"secret"}
        tally.leaks |= {f"the file {name} holds a {kind}" for kind in hits}
