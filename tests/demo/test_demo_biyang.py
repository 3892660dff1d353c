"""泌阳县 at the end of 2016 in the served edition: the county's own numbers come out, and so does what was planted."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from orchestration.catalogue.lint import lint_files
from orchestration.release import open_edition
from orchestration.settings import get_settings

BIYANG = "411726000000"
PERIOD = "2016-12"


@pytest.fixture(scope="module")
def edition(demo_home: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_edition(get_settings(demo_home)) as connection:
        yield connection


def rows(edition: duckdb.DuckDBPyConnection, sql: str) -> list[tuple]:
    return edition.execute(sql).fetchall()


def test_the_county_s_own_numbers_agree(edition: duckdb.DuckDBPyConnection) -> None:
    """31 村、14774 人从台账数出;考核对象数和政策标准由部门填报。"""
    found = rows(
        edition,
        "select figure, cast(warehouse_value as integer), state from marts.fct_figure "
        f"where scheme = 'biyang-2016' and period = '{PERIOD}' order by figure",
    )
    assert found == [
        ("assessed_key_villages", 68, "agrees"),
        ("assessed_other_villages", 25, "agrees"),
        ("assessed_townships", 22, "agrees"),
        ("education_grant_from", 400, "agrees"),
        ("education_grant_to", 5000, "agrees"),
        ("exited_persons", 14774, "agrees"),
        ("exited_villages", 31, "agrees"),
        ("insurance_premium_subsidy", 150, "agrees"),
        ("supplementary_insurance_subsidy", 90, "agrees"),
    ]


def test_31_of_68_poor_villages_have_all_ten_items(edition: duckdb.DuckDBPyConnection) -> None:
    found = rows(
        edition,
        "select band, count(*) from marts.fct_target "
        f"where scheme = 'biyang-2016' and target = 'ten_items_rate' and period = '{PERIOD}' group by 1 order by 1",
    )
    assert found == [("below", 37), ("target", 31)]


def test_each_missing_item_fails_its_own_villages(edition: duckdb.DuckDBPyConnection) -> None:
    """37 poor villages lack one item each, ten items in turn: 4 the first seven, 3 the three the county adds."""
    found = rows(
        edition,
        "select numerator, denominator from marts.fct_indicator where indicator_code = 'ten_items_rate' "
        f"and division_code = '{BIYANG}' and period = '{PERIOD}'",
    )
    assert found == [(31, 68)]
    by_item = rows(
        edition,
        "select item, count(*) from marts.fct_village_exit join marts.dim_division "
        "on village_code = division_code "
        f"where fct_village_exit.period = '{PERIOD}' and dim_division.county_code = '{BIYANG}' "
        "and dim_division.village_type = 'poor' and result = 'fail' "
        "and item in ('road', 'drinking_water', 'broadcast') group by 1 order by 1",
    )
    assert by_item == [("broadcast", 4), ("drinking_water", 4), ("road", 4)]


def test_the_year_s_exits_were_planned_but_for_nine_villages(edition: duckdb.DuckDBPyConnection) -> None:
    """两户一村、九个村没按计划脱贫,帮扶单位因此排在后面;其余 59 个单位并列第一。"""
    found = rows(
        edition,
        "select rank, count(*), bool_and(value = 1) from marts.fct_support_unit "
        f"where county_code = '{BIYANG}' and period = '{PERIOD}' and indicator_code = 'exit_plan_rate' "
        "group by 1 order by 1",
    )
    assert found[0] == (1, 59, True)
    assert sum(count for _, count, _ in found) == 68
    assert found[1][0] == 60


def test_ranking_of_the_22_townships_with_four_ties(edition: duckdb.DuckDBPyConnection) -> None:
    found = rows(
        edition,
        "select name, score, rank, rank_from_bottom from marts.fct_ranking join marts.dim_division "
        f"using (division_code) where ranking = 'townships-2016' and edition_period = '{PERIOD}' order by rank, name",
    )
    assert len(found) == 22
    assert found[:4] == [
        ("泰山庙镇", Decimal("97.15"), 1, 22),
        ("杨家集镇", Decimal("96.40"), 2, 20),
        ("羊册镇", Decimal("96.40"), 2, 20),
        ("花园街道", Decimal("95.60"), 4, 19),
    ]
    assert found[-1] == ("黄山口乡", Decimal("85.50"), 22, 1)
    places = [rank for _, _, rank, _ in found]
    assert sorted({rank for rank in places if places.count(rank) == 2}) == [2, 5, 12, 15]


def test_a_dividend_of_1999_99_is_not_2000(edition: duckdb.DuckDBPyConnection) -> None:
    """恰好 2000 元达标;差 1 分的盘古村及其乡、县未达;下碑寺村空白的一户两头都不计。"""
    found = rows(
        edition,
        "select name from marts.fct_target join marts.dim_division using (division_code) "
        f"where target = 'dividend_rate' and period = '{PERIOD}' and band = 'below' order by division_code",
    )
    assert found == [("泌阳县",), ("盘古乡",), ("盘古村",)]
    linked = rows(
        edition,
        "select linkage.numerator - dividend.denominator from marts.fct_indicator as dividend "
        "join marts.fct_indicator as linkage using (division_code, period) "
        "where dividend.indicator_code = 'dividend_rate' and linkage.indicator_code = 'linkage_rate' "
        f"and division_code = '{BIYANG}' and period = '{PERIOD}'",
    )
    assert linked == [(1,)]


def test_money_by_form_of_support(edition: duckdb.DuckDBPyConnection) -> None:
    found = rows(
        edition,
        "select funding_form, count(*), cast(sum(allocated) as integer), cast(sum(paid) as integer) "
        "from marts.fct_project join marts.dim_division using (division_code) "
        f"where period = '{PERIOD}' and county_code = '{BIYANG}' and project_year = 2016 group by 1 order by 1",
    )
    assert found == [
        ("award_for_subsidy", 22, 7_270_000, 7_124_600),
        ("construction", 68, 60_000_000, 51_000_000),
        ("direct_relief", 22, 6_700_000, 6_700_000),
        ("industry", 68, 14_000_000, 12_880_000),
    ]


def test_the_income_gain_is_537_yuan_a_household(edition: duckdb.DuckDBPyConnection) -> None:
    found = rows(
        edition,
        "select task, round(achieved, 2), target from marts.fct_task "
        f"where scheme = 'biyang-2016' and period = '{PERIOD}' and task = 'household_program_income_gain'",
    )
    assert found == [("household_program_income_gain", Decimal("537.19"), Decimal(500))]


def test_the_linter_tells_what_the_report_contradicts_itself_in() -> None:
    """按户的 537 元写成按人;带动 28006440 人;村数与年份粘连。"""
    seeds = get_settings().seeds
    found = [
        finding.message
        for finding in lint_files([seeds / "schemes" / "biyang-2016.yml"], seeds)
        if finding.code == "contradiction"
    ]
    assert len(found) == 3
    assert any("537元" in message for message in found)
    assert any("28006440" in message for message in found)


def test_the_county_keeps_its_divisions_after_the_province_s_file(edition: duckdb.DuckDBPyConnection) -> None:
    """2018 年省级区划表只列罗山县,泌阳县另行报送后仍在册。"""
    found = rows(
        edition, f"select level, count(*) from marts.dim_division where county_code = '{BIYANG}' group by 1 order by 1"
    )
    assert found == [("county", 1), ("township", 22), ("village", 355)]
