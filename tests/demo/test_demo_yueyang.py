"""岳阳县 2019 in the served edition: the county's own numbers, and the cases planned around its clauses."""

from decimal import Decimal
from pathlib import Path

import pytest

from orchestration.release import open_edition
from orchestration.settings import get_settings

COUNTY = "430621000000"
GONGTIAN, MAOTIAN, YUETIAN, HUANGSHA, ZHANGGUYING = (
    "430621108000", "430621109000", "430621110000", "430621104000", "430621111000",
)  # fmt: skip
JUST_HUNDRED, ABOVE_HUNDRED = "430621108251", "430621108250"


@pytest.fixture(scope="module")
def edition(demo_home: Path):
    with open_edition(get_settings(demo_home)) as connection:
        yield connection


def rows(edition, sql: str) -> list[tuple]:
    return edition.execute(sql).fetchall()


def bands(edition, target: str, period: str, level: str) -> dict[str, str]:
    return dict(
        rows(
            edition,
            "select division_code, band from marts.fct_target join marts.dim_division using (division_code) "
            f"where scheme = 'yueyang-2019' and fct_target.target = '{target}' and period = '{period}' "
            f"and level = '{level}' and fct_target.state = 'value'",
        )
    )


def test_the_figures_are_those_of_the_document(edition) -> None:
    """46 villages as the county reports them, 22,998 persons out of poverty, 4,139 who are to follow."""
    found = rows(
        edition,
        "select figure, cast(published_value as integer), cast(warehouse_value as integer), state "
        "from marts.fct_figure where scheme = 'yueyang-2019' and period = '2019-11' order by 1",
    )
    assert found == [
        ("exited_population", 22998, 22998, "agrees"),
        ("exited_villages", 46, 46, "agrees"),
        ("planned_exit_population", 4139, 4139, "agrees"),
    ]


def test_the_county_has_46_poor_villages(edition) -> None:
    found = rows(
        edition,
        "select count(*) from marts.dim_division where level = 'village' and village_type = 'poor' "
        f"and county_code = '{COUNTY}'",
    )
    assert found == [(46,)]


def test_all_leave_poverty_who_were_to_but_for_one_household(edition) -> None:
    """In December the published 22,998 no longer holds: the year's exits have come to it."""
    ((left, exited, state),) = rows(
        edition,
        "select cast(denominator - numerator as integer), cast(warehouse_value as integer), fct_figure.state "
        "from marts.fct_indicator join marts.fct_figure using (period, division_code) "
        "where fct_indicator.indicator_code = 'exit_plan_rate' and figure = 'exited_population' "
        f"and period = '2019-12' and division_code = '{COUNTY}'",
    )
    assert 1 <= left <= 5
    assert (exited, state) == (22998 + 4139 - left, "differs")
    missed = rows(
        edition,
        "select division_code from marts.fct_milestone where scheme = 'yueyang-2019' "
        "and milestone = 'exit_plan_rate@12-31' and period = '2019-12' and state = 'missed' order by 1",
    )
    assert missed == [(COUNTY,), (YUETIAN,)]


def test_one_house_is_left_unrepaired_after_november(edition) -> None:
    """Repaired in December: the milestone stays missed in its village, its township and the county."""
    found = rows(
        edition,
        "select level from marts.fct_milestone join marts.dim_division using (division_code) "
        "where scheme = 'yueyang-2019' and milestone = 'unsafe_houses@11-30' and period = '2019-12' "
        "and fct_milestone.state = 'missed' order by level",
    )
    assert found == [("county",), ("township",), ("village",)]


@pytest.mark.parametrize(
    ("target", "reached", "below"),
    [
        ("loan_overdue_rate", {GONGTIAN: "0.01", ZHANGGUYING: "0.01"}, {HUANGSHA: "0.0101", MAOTIAN: "0.025"}),
        ("loan_npl_rate", {ZHANGGUYING: "0.01"}, {MAOTIAN: "0.025"}),
        ("reimbursement_rate", {GONGTIAN: "0.9"}, {MAOTIAN: "0.895"}),
    ],
)
def test_exactly_at_the_line_passes(edition, target: str, reached: dict[str, str], below: dict[str, str]) -> None:
    found = bands(edition, target, "2019-12", "township")
    assert {code for code, band in found.items() if band == "below"} == set(below)
    values = dict(
        rows(
            edition,
            f"select division_code, value from marts.fct_indicator where indicator_code = '{target}' "
            "and period = '2019-12' and level = 'township' and left(division_code, 6) = '430621'",
        )
    )
    for code, value in (reached | below).items():
        assert values[code] == Decimal(value)


def test_what_was_overdue_is_paid_in_january(edition) -> None:
    found = bands(edition, "loan_overdue_rate", "2020-01", "township")
    assert {code for code, band in found.items() if band == "below"} == {MAOTIAN}


def test_loans_that_fall_due_within_a_month_are_listed(edition) -> None:
    found = rows(
        edition,
        "select period, count(*) from marts.fct_list where scheme = 'yueyang-2019' and list = 'loans_due' group by 1",
    )
    assert found == [("2020-01", 15)]


def test_no_finding_that_was_not_planned(edition) -> None:
    """The money of the projects is not handed in, which says nothing of them; exits of December make counts jump."""
    found = rows(
        edition,
        f"select distinct code from marts.fct_finding where left(division_code, 6) = '{COUNTY[:6]}' order by 1",
    )
    assert [code for (code,) in found] == ["count_jump", "unsafe_house_in_finished_village"]


def test_team_sizes_and_the_village_of_exactly_a_hundred(edition) -> None:
    """Three in poor villages, two in others above 100 registered persons: one of each is short; 100 owes none."""
    found = rows(
        edition,
        "select division_code, village_type, fct_target.state from marts.fct_target "
        "join marts.dim_division using (division_code) "
        "where scheme = 'yueyang-2019' and indicator_code = 'team_size_rate' "
        "and period = '2019-12' and band = 'below' order by village_type",
    )
    assert [(kind, state) for _, kind, state in found] == [("non_poor", "value"), ("poor", "value")]
    states = dict(
        rows(
            edition,
            "select division_code, state from marts.fct_indicator where indicator_code = 'team_size_rate' "
            f"and period = '2019-12' and division_code in ('{JUST_HUNDRED}', '{ABOVE_HUNDRED}')",
        )
    )
    assert states == {JUST_HUNDRED: "not_applicable", ABOVE_HUNDRED: "value"}


def test_twenty_days_are_enough_nineteen_are_not(edition) -> None:
    ((absent, members),) = rows(
        edition,
        "select cast(denominator - numerator as integer), cast(denominator as integer) from marts.fct_indicator "
        f"where indicator_code = 'attendance_rate' and period = '2019-12' and division_code = '{COUNTY}'",
    )
    assert absent == 1
    assert members == 46 * 3 - 1 + 158 * 2 - 1 - 2


def test_the_yearly_assessment_ranks_the_townships(edition) -> None:
    """Known in January 2020; two share the third place, the lake's office is not assessed."""
    found = rows(
        edition,
        "select name, rank, rank_from_bottom, fct_ranking.state from marts.fct_ranking "
        "join marts.dim_division using (division_code) where ranking = 'townships-2019' "
        "and edition_period = '2020-01' order by rank nulls last, name",
    )
    assert found[:5] == [
        ("公田镇", 1, 14, "ranked"), ("荣家湾镇", 2, 13, "ranked"), ("张谷英镇", 3, 11, "ranked"),
        ("黄沙街镇", 3, 11, "ranked"), ("新墙镇", 5, 10, "ranked"),
    ]  # fmt: skip
    assert found[-2:] == [("毛田镇", 14, 1, "ranked"), ("东洞庭湖管理处", None, None, "not_assessed")]


def test_every_task_has_its_answer(edition) -> None:
    found = dict(
        rows(
            edition,
            "select task, rate from marts.fct_task where scheme = 'yueyang-2019' and period = '2019-12'",
        )
    )
    assert len(found) == 18
    assert found["poor_labour_trained"] == Decimal("1.06")
    assert found["new_labour_transfer"] == Decimal("0.98")
    assert found["transformer_capacity"] == 1
    assert found["poor_village_cable_tv_rate"] < 1
    assert found["exited_unsafe_houses"] is None  # a target of 0 has no share
