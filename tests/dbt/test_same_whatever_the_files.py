"""The same rows give the same marts, however they are cut into files, in whatever order, and sent how often."""

import csv
import random
from collections import defaultdict
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from orchestration.build import build
from orchestration.intake import ingest
from orchestration.settings import get_settings

FILES = Path(__file__).parents[1] / "golden" / "files"
PERIOD = "2018-07"
ON_TIME, IN_TIME_AGAIN = datetime(2018, 8, 3, 9), datetime(2018, 8, 4, 16)
SPEAKS_OF_FILES = {"dim_edition", "fct_submission", "fct_rejected_row"}
"""Marts that are about the submissions themselves."""
ABOUT_FILES = "rejected_row_rate"
"""The indicator that counts rows as they were sent."""
VILLAGE = "行政村代码"


def built(home: Path, deliveries: list[tuple[datetime, list[Path]]]) -> Path:
    """The warehouse of the files delivered one call after another."""
    settings = get_settings(home)
    for received_at, paths in deliveries:
        results = ingest(settings, paths, received_at)
        outcomes = {result.submission.outcome for result in results}
        assert outcomes <= {"accepted", "duplicate"}, [result.submission.reason for result in results]
    result = build(settings, PERIOD, datetime(2018, 8, 31), f"{PERIOD}_0001")
    assert result.ok, result.summary
    return result.database


def different_marts(one: Path, other: Path) -> list[str]:
    """Names of the marts whose sets of rows differ."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{one}' as one (read_only); attach '{other}' as other (read_only)")
        names = connection.execute(
            "select table_name from duckdb_tables() where database_name = 'one' and schema_name = 'marts' order by all"
        ).fetchall()
        assert len(names) > 30
        found = []
        for (name,) in names:
            where = f"where indicator_code <> '{ABOUT_FILES}'" if name == "fct_indicator" else ""
            left, right = (f"select * from {side}.marts.{name} {where}" for side in ("one", "other"))
            query = f"select count(*) from ((({left}) except all ({right})) union all (({right}) except all ({left})))"
            if name not in SPEAKS_OF_FILES and connection.execute(query).fetchone() != (0,):
                found.append(name)
        return found


def golden() -> list[Path]:
    """The files, the division tree first: it must be known before the rows that use it."""
    return sorted(FILES.iterdir(), key=lambda path: (not path.name.startswith("行政区划表"), path.name))


@pytest.fixture(scope="module")
def together(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("together"), [(ON_TIME, golden())])


def test_in_any_order(together: Path, tmp_path: Path) -> None:
    tree, *others = golden()
    random.Random(20180707).shuffle(others)
    one_by_one = built(tmp_path, [(ON_TIME, [path]) for path in (tree, *others)])
    assert different_marts(together, one_by_one) == []


def test_sent_again(together: Path, tmp_path: Path) -> None:
    """Every file comes a second time with its rows in another order, before the day it was due."""
    again = tmp_path / "again"
    again.mkdir()
    for path in golden():
        header, *rows = path.read_text(encoding="utf-8").splitlines()
        (again / path.name).write_text("\n".join([header, *reversed(rows)]) + "\n", encoding="utf-8")
    twice = built(tmp_path / "home", [(ON_TIME, golden()), (IN_TIME_AGAIN, sorted(again.iterdir()))])
    assert different_marts(together, twice) == []


def test_cut_village_by_village(together: Path, tmp_path: Path) -> None:
    """The township's sheets come as one file a village; a village without rows hands in a sheet without rows."""
    pieces: list[Path] = []
    for path in golden():
        with path.open(encoding="utf-8") as lines:
            rows = list(csv.DictReader(lines))
        if not rows or VILLAGE not in rows[0]:
            pieces.append(path)
            continue
        by_village: dict[str, list[dict[str, str]]] = defaultdict(list)
        for row in rows:
            by_village[row[VILLAGE]].append(row)
        title, _, period = path.stem.split("_")
        for village in (f"411521103{n}" for n in range(201, 208)):
            if title == "村情监测表" and village not in by_village:
                continue  # a sheet of one row a village has no nil return
            piece = tmp_path / f"{title}_{village}_{period}.csv"
            with piece.open("w", encoding="utf-8", newline="") as lines:
                writer = csv.DictWriter(lines, list(rows[0]))
                writer.writeheader()
                writer.writerows(by_village[village])
            pieces.append(piece)
    assert len(pieces) > len(golden())
    tree = [path for path in pieces if path.name.startswith("行政区划表")]
    cut = built(tmp_path / "home", [(ON_TIME, tree), (ON_TIME, [path for path in pieces if path not in tree])])
    assert different_marts(together, cut) == []


def test_a_changed_row_is_noticed(together: Path, tmp_path: Path) -> None:
    changed = tmp_path / "files"
    changed.mkdir()
    for path in golden():
        text = path.read_text(encoding="utf-8")
        (changed / path.name).write_text(text.replace("19999.99", "20000.00"), encoding="utf-8")
    other = built(tmp_path / "home", [(ON_TIME, sorted(changed.iterdir()))])
    assert "fct_village_exit" in different_marts(together, other)
