"""The demonstration built on Apache Spark is the one built on DuckDB, cell by cell; the comparison sees what differs.

The demonstration's smallest edition; ``make spark`` compares every edition of a home.
"""

import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import duckdb
import pytest

from benchmarks.spark_build import LEFT_OUT, Compared, compare, months_of
from orchestration.release import list_editions
from orchestration.settings import PROJECT_ROOT, get_settings

READ_BY_A_BUILD = ("format.json", "lake", "ledger.jsonl", "decisions.jsonl", "deliveries.jsonl")
MART = (
    "select code, cast(amount as decimal(18, 2)) as amount "
    "from (values ('a', 1.25), ('b', null), ('b', null)) as t(code, amount)"
)
"""A mart with a missing value and a row that stands twice."""

needs_spark = pytest.mark.skipif(
    find_spec("pyspark") is None or shutil.which("java") is None,
    reason="needs Java 17 and the dependency group spark: make install-optional",
)


@needs_spark
def test_every_cell_of_the_demonstration_is_the_same(demo_home: Path, tmp_path: Path) -> None:
    """In a process of its own, for Java keeps its memory as long as the process that started it lives."""
    smallest = min(list_editions(get_settings(demo_home)), key=lambda edition: sum(edition.tables.values()))
    published = [f"published/{smallest.edition_id}.{kind}" for kind in ("json", "duckdb")]
    (tmp_path / "published").mkdir()
    for name in (*READ_BY_A_BUILD, *published):
        copy = shutil.copytree if (demo_home / name).is_dir() else shutil.copy2
        copy(demo_home / name, tmp_path / name)
    command = [sys.executable, "-m", "benchmarks.spark_build", str(tmp_path), smallest.edition_id]
    done = subprocess.run(command, cwd=PROJECT_ROOT, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr[-3000:]
    marts = len(smallest.tables) - len(LEFT_OUT)
    assert f"{marts} of {marts} marts equal" in done.stdout


@pytest.mark.parametrize(
    ("there", "expected"),
    [
        (MART, Compared("fct_thing", 3, 6, 0, 0)),
        (f"{MART} order by code desc", Compared("fct_thing", 3, 6, 0, 0)),
        (MART.replace("1.25", "1.26"), Compared("fct_thing", 3, 6, 1, 1, ("amount",))),
        (MART.replace("('b', null), ", "('b', 0), "), Compared("fct_thing", 3, 6, 1, 1, ("amount",))),
        (MART.replace(", ('b', null))", ")"), Compared("fct_thing", 3, 6, 1, 0, ("code", "amount"))),
        (MART.replace(", ('b', null))", ", ('b', null), ('b', null))"), Compared("fct_thing", 3, 6, 0, 1)),
        (f"select code from ({MART})", Compared("fct_thing", 3, 6, 3, 0, ("amount",))),
        (None, Compared("fct_thing", 3, 6, 3, 0, ("not built",))),
    ],
    ids=["same", "other order", "a cent", "0 for missing", "row lost", "row doubled", "column lost", "no mart"],
)
def test_what_differs_is_seen(there: str | None, expected: Compared, tmp_path: Path) -> None:
    database, folder = tmp_path / "warehouse.duckdb", tmp_path / "marts.db" / "fct_thing"
    with duckdb.connect(str(database)) as connection:
        connection.execute(f"create schema marts; create table marts.fct_thing as {MART}")
        if there is not None:
            folder.mkdir(parents=True)
            connection.execute(f"copy ({there}) to '{folder / 'part-0.parquet'}' (format parquet)")
    assert compare(database, tmp_path) == [expected]
    assert expected.is_equal == (there in (MART, f"{MART} order by code desc"))


def test_editions_by_name_or_all(demo_home: Path) -> None:
    settings = get_settings(demo_home)
    editions = list_editions(settings)
    assert [month.edition_id for month in months_of(settings)] == [edition.edition_id for edition in editions]
    assert months_of(settings, [editions[0].edition_id])[0].as_of == editions[0].as_of
