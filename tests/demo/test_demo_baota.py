"""宝塔区 in the served edition: each clause once kept to the boundary and once missed, as its files were drawn up."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from orchestration.release import open_edition
from orchestration.settings import get_settings

BAOTA = "610602000000"


@pytest.fixture(scope="module")
def edition(demo_home: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_edition(get_settings(demo_home)) as connection:
        yield connection


def rows(edition: duckdb.DuckDBPyConnection, sql: str) -> list[tuple]:
    return edition.execute(sql).fetchall()


def bands(edition: duckdb.DuckDBPyConnection, target: str, period: str, names: tuple[str, ...]) -> dict[str, tuple]:
    """Division name -> (value, band)."""
    found = rows(
        edition,
        "select name, value, band from marts.fct_target join marts.dim_division using (division_code) "
        f"where scheme = 'baota-2017' and target = '{target}' and period = '{period}'",
    )
    return {name: (value, band) for name, value, band in found if name in names}


def test_98_percent_passes_and_97_does_not(edition: duckdb.DuckDBPyConnection) -> None:
    found = bands(edition, "identification_accuracy", "2017-12", ("河庄坪镇", "李渠镇"))
    assert found == {"河庄坪镇": (Decimal("0.97"), "below"), "李渠镇": (Decimal("0.98"), "target")}


def test_95_percent_of_fields_passes(edition: duckdb.DuckDBPyConnection) -> None:
    found = bands(edition, "data_accuracy", "2017-12", ("姚店镇", "青化砭镇"))
    assert found == {"姚店镇": (Decimal("0.9475"), "below"), "青化砭镇": (Decimal("0.95"), "target")}


def test_interviews_and_measures_on_both_levels(edition: duckdb.DuckDBPyConnection) -> None:
    """识别不准约谈区级领导和乡镇主要、分管领导;数据不准约谈区扶贫局、调整乡镇主要领导。别的乡镇都没有。"""
    found = rows(
        edition,
        "select name, clause_id, object, kind, fct_action.state from marts.fct_action "
        "join marts.dim_division using (division_code) where scheme = 'baota-2017' order by clause_id, object",
    )
    assert found == [
        ("河庄坪镇", "BT2017-02", "deputy_leaders", "interview", "proposed"),
        ("河庄坪镇", "BT2017-02", "supervising_leaders", "interview", "proposed"),
        ("河庄坪镇", "BT2017-02", "township_leaders", "interview", "proposed"),
        ("姚店镇", "BT2017-04", "poverty_office_leaders", "interview", "proposed"),
        ("姚店镇", "BT2017-04", "township_leaders", "organisational_measure", "proposed"),
    ]


def test_surplus_of_2015_is_above_and_of_2016_exactly_five_percent(edition: duckdb.DuckDBPyConnection) -> None:
    assert bands(edition, "surplus_rate", "2016-12", ("宝塔区",)) == {"宝塔区": (Decimal("0.07"), "below")}
    assert bands(edition, "surplus_rate", "2017-12", ("宝塔区",)) == {"宝塔区": (Decimal("0.05"), "target")}


def test_money_of_before_2015_is_recalled_within_the_year(edition: duckdb.DuckDBPyConnection) -> None:
    """2016 年底 2013、2014 年的资金尚余 23 万元;重新安排支出后为 0,清单为空。"""
    assert bands(edition, "recallable_amount", "2016-12", ("宝塔区",)) == {"宝塔区": (Decimal(230_000), "below")}
    assert bands(edition, "recallable_amount", "2017-12", ("宝塔区",)) == {"宝塔区": (Decimal(0), "target")}
    listed = rows(
        edition,
        "select period, position, entity_id, value from marts.fct_list "
        "where scheme = 'baota-2017' and period in ('2016-12', '2017-12') order by position",
    )
    assert listed == [
        ("2016-12", 1, "ZB610602-2013-01", Decimal("150000.00")),
        ("2016-12", 2, "ZB610602-2014-01", Decimal("80000.00")),
    ]


def test_two_projects_of_2016_start_late(edition: duckdb.DuckDBPyConnection) -> None:
    found = rows(
        edition,
        "select period, numerator, denominator from marts.fct_indicator where indicator_code = 'start_rate' "
        f"and division_code = '{BAOTA}' and period in ('2016-12', '2017-12') order by 1",
    )
    assert found == [("2016-12", 36, 38), ("2017-12", 40, 40)]


def test_announcements_missing_before_and_after(edition: duckdb.DuckDBPyConnection) -> None:
    """李渠镇一个项目没有安排公示,姚店镇一个项目验收后没有竣工公示。"""
    found = bands(edition, "announcement_rate", "2017-12", ("李渠镇", "姚店镇", "青化砭镇"))
    half, whole = (Decimal("0.5"), "below"), (Decimal(1), "target")
    assert found == {"李渠镇": half, "姚店镇": half, "青化砭镇": whole}


def test_each_of_the_six_standards_is_enough(edition: duckdb.DuckDBPyConnection) -> None:
    """盘龙村六户各恰好达到一项;桃宝峪村五户六项都差一点,一户有一项空白,不计。"""
    found = rows(
        edition,
        "select name, numerator, denominator from marts.fct_indicator join marts.dim_division using (division_code) "
        "where indicator_code = 'industry_rate' and period = '2017-12' "
        "and name in ('南泥湾镇', '盘龙村', '桃宝峪村') and division_code like '610602108%' order by 3",
    )
    assert found == [("桃宝峪村", 0, 5), ("盘龙村", 6, 6), ("南泥湾镇", 36, 41)]


def test_one_village_misses_broadband_one_clinic_is_unknown(edition: duckdb.DuckDBPyConnection) -> None:
    found = rows(
        edition,
        "select band, state, count(*) from marts.fct_target where scheme = 'baota-2017' "
        "and target = 'seven_items_rate' and period = '2017-12' group by all order by all",
    )
    assert found == [("below", "value", 1), ("target", "value", 24), (None, "not_applicable", 1)]


@pytest.mark.parametrize(
    ("target", "village"), [("archive_rate", "东村村"), ("helper_rate", "川口村"), ("training_rate", "冯庄村")]
)
def test_one_village_misses_each_duty(edition: duckdb.DuckDBPyConnection, target: str, village: str) -> None:
    found = rows(
        edition,
        "select name from marts.fct_target join marts.dim_division using (division_code) "
        f"where scheme = 'baota-2017' and target = '{target}' and period = '2017-12' and band = 'below' "
        "and dim_division.level = 'village'",
    )
    assert found == [(village,)]


def test_support_units_share_places(edition: duckdb.DuckDBPyConnection) -> None:
    """八个单位按四项逐项排名:并列同名次,其后跳过。"""
    found = rows(
        edition,
        "select indicator_code, right(unit, 1), rank from marts.fct_support_unit "
        f"where county_code = '{BAOTA}' and period = '2017-12' order by 1, 2",
    )
    places: dict[str, list[int]] = {}
    for indicator, _, rank in found:
        places.setdefault(indicator, []).append(rank)
    assert places == {
        "exit_plan_rate": [1, 1, 1, 7, 1, 1, 8, 1],
        "exit_standard_rate": [1, 1, 1, 1, 8, 1, 1, 1],
        "measure_rate": [1, 1, 7, 1, 1, 7, 1, 1],
        "satisfaction_rate": [1, 3, 3, 5, 7, 5, 8, 1],
    }


def test_tasks_of_the_district_and_of_its_townships(edition: duckdb.DuckDBPyConnection) -> None:
    """19 个乡镇街道各一名副职、三名干部,冯庄乡只有两名。"""
    found = rows(
        edition,
        "select task, count(*), count(*) filter (where rate < 1) from marts.fct_task "
        "where scheme = 'baota-2017' and period = '2017-12' group by 1 order by 1",
    )
    assert found == [
        ("illness_household_plan_rate", 1, 0),
        ("labour_household_industry_rate", 1, 1),
        ("township_dedicated_staff", 19, 1),
        ("township_deputies", 19, 0),
    ]
