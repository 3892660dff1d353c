"""Golden cases: a township of seven villages small enough to work out by hand; ``working`` shows the arithmetic."""

import csv
from decimal import Decimal, InvalidOperation
from pathlib import Path

import duckdb
import pytest

from orchestration.release import open_edition
from orchestration.settings import get_settings

HERE = Path(__file__).parent
PERIOD = "2018-07"


def cases() -> list[dict[str, str]]:
    with (HERE / "expected.csv").open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines, delimiter=";"))


def shown(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def same(found: object, expected: str) -> bool:
    try:
        return Decimal(shown(found)) == Decimal(expected)
    except InvalidOperation:
        return shown(found) == expected


@pytest.fixture(scope="module")
def marts(golden_home: Path):
    with open_edition(get_settings(golden_home)) as connection:
        yield connection


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case['key']}:{case['column']}")
def test_worked_out_by_hand(case: dict[str, str], marts: duckdb.DuckDBPyConnection) -> None:
    key = dict(part.split("=", 1) for part in case["key"].split(","))
    month = "edition_period" if case["mart"] in ("fct_ranking", "fct_action") else "period"
    where = " and ".join(f"{name} = ?" for name in [month, *key])
    rows = marts.execute(
        f"select {case['column']} from marts.{case['mart']} where {where}", [PERIOD, *key.values()]
    ).fetchall()
    assert len(rows) >= 1, "没有这一行"
    assert all(same(row[0], case["expected"]) for row in rows[:1]), f"{rows} ≠ {case['expected']}({case['working']})"


def test_the_rewards_add_up(marts: duckdb.DuckDBPyConnection) -> None:
    """Three villages share the first three places, three the last three: 3 × 30,000 − 3 × 5,000."""
    total = marts.execute("select sum(amount) from marts.fct_action where state = 'proposed'").fetchone()
    assert total == (Decimal("75000.00"),)
