"""What people put on record in the demonstration shows in the edition served last."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest

from orchestration.release import open_edition
from orchestration.settings import get_settings


@pytest.fixture(scope="module")
def edition(demo_home: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_edition(get_settings(demo_home)) as connection:
        yield connection


def test_an_interview_was_held_and_one_waived(edition: duckdb.DuckDBPyConnection) -> None:
    found = edition.execute(
        "select left(name, 2), edition_period, fct_action.state from fct_action "
        "join dim_division using (division_code) "
        "where scheme = 'bijie-2022' and kind = 'interview' and edition_period in ('2022-03', '2022-04') order by all"
    ).fetchall()
    assert found == [
        ("威宁", "2022-03", "proposed"),
        ("威宁", "2022-04", "waived"),
        ("纳雍", "2022-03", "carried_out"),
        ("纳雍", "2022-04", "proposed"),
    ]


def test_a_veto_gives_the_lowest_grade_and_bars_honours_to_the_end_of_the_year(
    edition: duckdb.DuckDBPyConnection,
) -> None:
    grades = edition.execute(
        "select grade_title, state from fct_grade where scheme = 'yueyang-2019' and grade is not null order by all"
    ).fetchall()
    assert grades == [("好", "decided"), ("较差", "veto")]
    barred = edition.execute(
        "select object, effect_from, effect_until from fct_action "
        "where scheme = 'yueyang-2019' and kind = 'honours_barred' order by all"
    ).fetchall()
    year = (date(2019, 1, 1), date(2019, 12, 31))
    assert barred == [("deputy_leaders", *year), ("unit_leaders", *year)]


def test_the_best_grade_has_its_range_of_money(edition: duckdb.DuckDBPyConnection) -> None:
    """好:2 万元至 10 万元。"""
    found = edition.execute(
        "select amount, amount_to, state from fct_action where trigger = 'grade_good' and kind = 'reward'"
    ).fetchall()
    assert found == [(20000, 100000, "proposed")]


def test_a_support_unit_is_graded_by_its_name(edition: duckdb.DuckDBPyConnection) -> None:
    found = edition.execute(
        "select unit is not null, grade_title from fct_grade "
        "where scheme = 'biyang-2016' and grade is not null order by 1"
    ).fetchall()
    assert found == [(False, "脱贫任务完成较好"), (True, "脱贫任务完成较好")]


def test_a_ledger_counts_once_both_offices_have_it(edition: duckdb.DuckDBPyConnection) -> None:
    """七期:通榆县第二期晚到一处,镇赉县第三期缺一处,经开区一期未送;其余都按时。"""
    found = edition.execute(
        "select left(sender_name, 2), state from fct_cadence where scheme = 'baicheng-2020' and cadence = 'job_ledger'"
    ).fetchall()
    counted = Counter((state for name, state in found if name != "吉林"))
    assert counted == {"on_time": 5 * 7 - 2, "late": 1, "partly": 1}
    assert ("通榆", "late") in found and ("镇赉", "partly") in found
