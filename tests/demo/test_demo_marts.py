"""The demonstration end to end: what was planned when its files were drawn up is what the served edition says."""

from decimal import Decimal
from pathlib import Path

import pytest

from orchestration.release import list_editions, open_edition
from orchestration.settings import get_settings

LINGSHAN = "411521103000"


@pytest.fixture(scope="module")
def edition(demo_home: Path):
    with open_edition(get_settings(demo_home)) as connection:
        yield connection


def rows(edition, sql: str) -> list[tuple]:
    return edition.execute(sql).fetchall()


def test_rewards_of_the_three_rounds(edition) -> None:
    """前三名 +3 万 / +2 万,后三名 −5 千 / −3 千;并列的檀墩村倒数第一;彭庄村名次未公布。"""
    found = rows(
        edition,
        "select ranking, name, amount from marts.fct_action join marts.dim_division using (division_code) "
        "where scheme = 'lingshan-2018' and object = 'village_funds' and fct_action.state = 'proposed' order by all",
    )
    assert found == [
        ("round-2018-07", "檀墩村", Decimal(-5000)),
        ("round-2018-07", "祁堂村", Decimal(-5000)),
        ("round-2018-07", "董桥村", Decimal(30000)),
        ("round-2018-07", "长山村", Decimal(30000)),
        ("round-2018-08", "大马村", Decimal(20000)),
        ("round-2018-08", "檀墩村", Decimal(-3000)),
        ("round-2018-08", "袁冲村", Decimal(20000)),
        ("round-2018-09", "祁堂村", Decimal(-3000)),
        ("round-2018-09", "长山村", Decimal(20000)),
        ("round-2018-09", "高寨村", Decimal(-3000)),
    ]


def test_removal_proposals_absorb_the_lighter(edition) -> None:
    found = rows(
        edition,
        "select ranking, name, kind, absorbed_by from marts.fct_action join marts.dim_division using (division_code) "
        "where object = 'party_secretary' and name = '祁堂村' and ranking = 'round-2018-09' order by kind",
    )
    assert found == [
        ("round-2018-09", "祁堂村", "organisational_measure", "LS2018-25"),
        ("round-2018-09", "祁堂村", "public_criticism", "LS2018-25"),
        ("round-2018-09", "祁堂村", "removal_proposal", None),
    ]


def test_june_ranking_of_bijie(edition) -> None:
    found = rows(
        edition,
        "select name, score, rank from marts.fct_ranking join marts.dim_division using (division_code) "
        "where ranking = 'monthly-expenditure' and edition_period = '2022-06' order by rank",
    )
    planned = ["58.00", "56.00", "54.00", "52.00", "50.00", "48.60", "38.00", "36.00"]
    names = ["七星关区", "金沙县", "大方县", "黔西市", "织金县", "赫章县", "威宁彝族回族苗族自治县", "纳雍县"]
    assert found == [
        (name, Decimal(score), place) for place, (name, score) in enumerate(zip(names, planned, strict=True), start=1)
    ]


def test_august_tie_shares_the_rank(edition) -> None:
    found = rows(
        edition,
        "select name, rank, rank_from_bottom from marts.fct_ranking join marts.dim_division using (division_code) "
        "where ranking = 'monthly-expenditure' and edition_period = '2022-08' and rank = 3 order by 1",
    )
    assert found == [("大方县", 3, 5), ("黔西市", 3, 5)]


def test_interviews(edition) -> None:
    """纳雍三月到十二月每月;威宁三月到八月。"""
    found = rows(
        edition,
        "select left(name, 2), min(edition_period), max(edition_period), count(*) from marts.fct_action "
        "join marts.dim_division using (division_code) "
        "where scheme = 'bijie-2022' and kind = 'interview' group by 1 order by 1",
    )
    assert found == [("威宁", "2022-03", "2022-08", 6), ("纳雍", "2022-03", "2022-12", 10)]


def test_half_year_expenditure_milestone(edition) -> None:
    """织金恰好 50%;赫章靠高于省均 47.90% 完成;纳雍、威宁未完成。"""
    found = dict(
        (name, (state, branch))
        for name, state, branch in rows(
            edition,
            "select left(name, 2), fct_milestone.state, branch from marts.fct_milestone "
            "join marts.dim_division using (division_code) "
            "where milestone = 'linkage_expenditure_rate@06-30' and period = '2022-06'",
        )
    )
    assert found["织金"] == ("met", "absolute")
    assert found["赫章"] == ("met", "benchmark")
    assert found["纳雍"] == found["威宁"] == ("missed", None)


def test_unsafe_houses_milestone_names_two_villages(edition) -> None:
    found = rows(
        edition,
        "select name from marts.fct_milestone join marts.dim_division using (division_code) "
        "where milestone = 'unsafe_houses@08-15' and period = '2018-09' and fct_milestone.state = 'missed' order by 1",
    )
    assert found == [("檀墩村",), ("祁堂村",)]


def test_poverty_incidence_of_lingshan_falls(edition) -> None:
    found = rows(
        edition,
        "select period, numerator from marts.fct_indicator where indicator_code = 'poverty_incidence' "
        f"and division_code = '{LINGSHAN}' and value is not null order by 1",
    )
    assert [(period, int(poor)) for period, poor in found] == [
        ("2018-06", 93), ("2018-07", 93), ("2018-08", 78), ("2018-09", 47),
    ]  # fmt: skip


def test_wall_chart_of_lingshan_has_49_projects(edition) -> None:
    found = rows(
        edition,
        "select count(*), count(distinct batch), count(distinct category), sum(planned_amount) from marts.fct_project "
        "where period = '2018-09' and project_year = 2018",
    )
    assert found == [(49, 3, 4, Decimal("19860000.00"))]


def test_every_submission_accounts_for_its_rows(edition) -> None:
    found = dict(rows(edition, "select outcome, count(*) from marts.fct_submission group by 1"))
    assert found == {"accepted": 315, "partial": 2, "refused": 3, "duplicate": 1}
    assert rows(
        edition, "select count(*) from marts.fct_submission where rows_read <> rows_accepted + rows_rejected"
    ) == [(0,)]


def test_three_editions_and_their_reports(demo_home: Path) -> None:
    settings = get_settings(demo_home)
    assert [edition.period for edition in list_editions(settings)] == ["2018-09", "2022-06", "2022-12"]
    for period in ("2018-09", "2022-06", "2022-12"):
        kinds = {path.suffix for path in (settings.reports / period).iterdir()}
        assert kinds == {".pdf", ".docx", ".xlsx"}


def test_the_wall_chart_has_its_49_projects(edition) -> None:
    """项目库中 2018 年的项目 49 个,与方案公布的一致;之后没有再报的月份库内无值,不当作不一致。"""
    found = rows(
        edition,
        "select period, warehouse_value, state from marts.fct_figure "
        "where figure = 'integrated_fund_projects' and period <= '2018-09' order by period",
    )
    assert found == [(f"2018-{month:02d}", Decimal(49), "agrees") for month in (7, 8, 9)]
