"""白城市 2020 in the served edition: the city's own numbers, and the cases planned around its clauses."""

from decimal import Decimal
from pathlib import Path

import pytest

from orchestration.release import open_edition
from orchestration.settings import get_settings

CITY = "220800000000"
COUNTIES = {
    "洮北区": "220802000000", "镇赉县": "220821000000", "通榆县": "220822000000", "洮南市": "220881000000",
    "大安市": "220882000000",
}  # fmt: skip


@pytest.fixture(scope="module")
def edition(demo_home: Path):
    with open_edition(get_settings(demo_home)) as connection:
        yield connection


def rows(edition, sql: str) -> list[tuple]:
    return edition.execute(sql).fetchall()


def by_county(edition, sql: str) -> dict[str, tuple]:
    names = {code: name for name, code in COUNTIES.items()}
    return {names[code]: tuple(rest) for code, *rest in rows(edition, sql) if code in names}


@pytest.mark.parametrize(
    ("figure", "published"),
    [("unexited_population", 1526), ("unstable_exited_population", 2206), ("marginal_population", 4755)],
)
def test_the_three_key_groups_are_those_of_the_document(edition, figure: str, published: int) -> None:
    found = rows(
        edition,
        "select published_value, warehouse_value, state from marts.fct_figure "
        f"where scheme = 'baicheng-2020' and figure = '{figure}' and period in ('2020-09', '2020-10')",
    )
    assert found == [(published, published, "agrees")] * 2


def test_the_poor_leave_poverty_after_november_but_for_one_household(edition) -> None:
    found = dict(
        rows(
            edition,
            "select period, cast(value as integer) from marts.fct_indicator where indicator_code = 'poor_population' "
            f"and division_code = '{CITY}' and value is not null",
        )
    )
    assert found["2020-09"] == found["2020-10"] == found["2019-10"] == 1526
    assert 1 <= found["2020-12"] <= 5 < found["2020-11"] < 1526
    states = by_county(
        edition,
        "select division_code, state from marts.fct_milestone "
        "where scheme = 'baicheng-2020' and milestone = 'poor_population@12-31' and period = '2020-12'",
    )
    assert states == {name: ("missed" if name == "大安市" else "met",) for name in COUNTIES}


def test_lending_on_either_side_of_forty_and_fifty_percent(edition) -> None:
    """通榆县 exactly 40 %, 大安市 exactly 50 %, 洮南市 below; marginal households are counted apart."""
    bands = by_county(
        edition,
        "select division_code, band from marts.fct_target "
        "where scheme = 'baicheng-2020' and target = 'loan_household_rate' and period = '2020-12'",
    )
    assert {name: band for name, (band,) in bands.items()} == {
        "洮北区": "stretch", "镇赉县": "target", "通榆县": "target", "洮南市": "below", "大安市": "stretch",
    }  # fmt: skip
    rates = by_county(
        edition,
        "select division_code, value from marts.fct_indicator "
        "where indicator_code = 'loan_household_rate' and period = '2020-12'",
    )
    assert rates["通榆县"] == (Decimal("0.4"),) and rates["大安市"] == (Decimal("0.5"),)
    ((marginal,),) = rows(
        edition,
        "select value from marts.fct_indicator where indicator_code = 'loan_marginal_rate' and period = '2020-12' "
        f"and division_code = '{CITY}'",
    )
    assert Decimal("0.29") < marginal <= Decimal("0.3")


def test_eighteen_and_sixty_five_may_borrow_sixty_six_may_not(edition) -> None:
    """Born 1955-12-31, 1954-12-31, 1954-12-15, 2002-12-31 and 2003-01-01, each living alone in one village."""
    found = rows(
        edition,
        "select period, cast(denominator as integer) from marts.fct_indicator "
        "where indicator_code = 'loan_household_rate' and division_code = '220802100204' and value is not null "
        "order by 1",
    )
    assert found == [("2020-09", 3), ("2020-10", 3), ("2020-11", 3), ("2020-12", 2)]


def test_photovoltaic_income_below_at_and_above_eighty_percent(edition) -> None:
    found = by_county(
        edition,
        "select division_code, value, band from marts.fct_target "
        "where scheme = 'baicheng-2020' and target = 'pv_wage_share' and period = '2020-12'",
    )
    assert found == {
        "洮北区": (Decimal("0.86"), "target"), "镇赉县": (Decimal("0.83"), "target"),
        "通榆县": (Decimal("0.80"), "target"), "洮南市": (Decimal("0.78"), "below"),
        "大安市": (Decimal("0.81"), "target"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("milestone", "missed"),
    [
        ("rectification_rate@10-31", {"镇赉县", "通榆县"}),  # closed on 1 November; still open
        ("education_rate@10-31", {"大安市"}),
        ("insurance_rate@10-31", {"洮南市"}),
        ("housing_rate@10-31", {"洮南市"}),
        ("water_rate@10-31", set()),
        ("completion_rate@12-31", {"洮南市"}),
    ],
)
def test_who_misses_the_deadlines(edition, milestone: str, missed: set[str]) -> None:
    """洮北区's last problem is closed on 31 October itself and counts. The state stays that of the checkpoint."""
    for period in {"2020-12", "2020-10" if milestone.endswith("10-31") else "2020-12"}:
        found = by_county(
            edition,
            "select division_code, state from marts.fct_milestone "
            f"where scheme = 'baicheng-2020' and milestone = '{milestone}' and period = '{period}'",
        )
        assert {name for name, (state,) in found.items() if state == "missed"} == missed
        assert {name for name, (state,) in found.items() if state == "met"} == set(COUNTIES) - missed


def test_overdue_problems_are_listed(edition) -> None:
    found = rows(
        edition,
        "select division_code, count(*) from marts.fct_list where scheme = 'baicheng-2020' "
        "and list = 'overdue_rectifications' and period = '2020-12' group by 1",
    )
    assert found == [(COUNTIES["通榆县"], 2)]
    ((unfinished,),) = rows(
        edition,
        "select division_code from marts.fct_list where scheme = 'baicheng-2020' and list = 'overdue_projects' "
        "and period = '2020-12'",
    )
    assert unfinished == COUNTIES["洮南市"]
    ((due,),) = rows(
        edition,
        "select count(*) from marts.fct_list where scheme = 'baicheng-2020' and list = 'loans_due' "
        "and period = '2020-12'",
    )
    assert due > 0


def test_no_finding_that_was_not_planned(edition) -> None:
    """The projects' money is not handed in, which says nothing of them; a house and a pupil fail their standard."""
    found = rows(
        edition,
        f"select distinct code from marts.fct_finding where left(division_code, 4) = '{CITY[:4]}' order by 1",
    )
    assert [code for (code,) in found] == ["count_jump", "unsafe_house_in_finished_village", "wrong_exit"]


def test_money_no_ledger_speaks_of_is_unknown_and_not_zero(edition) -> None:
    ((projects, allocated, paid),) = rows(
        edition,
        "select count(*), count(allocated), count(paid) from marts.fct_project "
        f"where left(division_code, 4) = '{CITY[:4]}'",
    )
    assert projects > 0 and (allocated, paid) == (0, 0)
    ((elsewhere,),) = rows(edition, "select count(*) from marts.fct_project where allocated = 0")
    assert elsewhere > 0


def test_monthly_visits_of_the_key_groups(edition) -> None:
    """Four households of 通榆县 were not called on in November."""
    found = rows(
        edition,
        "select period, division_code, cast(denominator - numerator as integer) from marts.fct_indicator "
        "where indicator_code = 'monitored_visit_rate' and level = 'county' and left(division_code, 4) = '2208' "
        "and numerator < denominator",
    )
    assert found == [("2020-11", COUNTIES["通榆县"], 4)]


def test_migrant_workers_against_the_year_before(edition) -> None:
    """镇赉县 has 30 fewer, 通榆县 exactly as many; the city six more."""
    found = by_county(
        edition,
        "select division_code, cast(numerator - denominator as integer), band from marts.fct_target "
        "join marts.fct_indicator using (period, division_code, indicator_code) "
        "where scheme = 'baicheng-2020' and target = 'migrant_year_ratio' and period = '2020-10'",
    )
    assert found == {
        "洮北区": (12, "target"), "镇赉县": (-30, "below"), "通榆县": (0, "target"), "洮南市": (9, "target"),
        "大安市": (15, "target"),
    }  # fmt: skip


def test_incomes_that_fell_by_a_fifth(edition) -> None:
    """Of 10,000 yuan a head: 8,000 and 7,000 are counted, 8,100 is not."""
    found = rows(
        edition,
        "select division_code, cast(value as integer) from marts.fct_indicator "
        "where indicator_code = 'income_drop_households' and period = '2020-10' and level = 'county' and value > 0",
    )
    assert found == [(COUNTIES["洮北区"], 2)]


def test_tasks_of_the_city_and_its_counties(edition) -> None:
    found = dict(
        rows(
            edition,
            "select task, cast(achieved as double) from marts.fct_task where scheme = 'baicheng-2020' "
            f"and period = '2020-12' and division_code = '{CITY}'",
        )
    )
    assert found["consumption_cabinets"] == 306
    assert found["household_survey_coverage_rate"] == 1
    assert len(found) == 8
    zones = by_county(
        edition,
        "select division_code, cast(achieved as integer), rate < 1 from marts.fct_task "
        "where scheme = 'baicheng-2020' and task = 'consumption_zones' and period = '2020-12'",
    )
    assert zones == {
        "洮北区": (3, False), "镇赉县": (2, False), "通榆县": (2, False), "洮南市": (2, False), "大安市": (1, True),
    }  # fmt: skip
