"""紫阳县 and the places of the short documents in the served edition: figures, targets and tasks as drawn up."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from orchestration.release import open_edition
from orchestration.settings import get_settings


@pytest.fixture(scope="module")
def edition(demo_home: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_edition(get_settings(demo_home)) as connection:
        yield connection


def rows(edition: duckdb.DuckDBPyConnection, sql: str) -> list[tuple]:
    return edition.execute(sql).fetchall()


def share(edition: duckdb.DuckDBPyConnection, division: str, indicator: str, period: str) -> tuple:
    """Numerator and denominator of one division."""
    return rows(
        edition,
        "select numerator, denominator from marts.fct_indicator where period = "
        f"'{period}' and division_code = '{division}' and indicator_code = '{indicator}'",
    )[0]


def test_the_speech_s_numbers_agree(edition: duckdb.DuckDBPyConnection) -> None:
    found = rows(
        edition,
        "select figure, cast(warehouse_value as integer), state from marts.fct_figure "
        "where scheme = 'ziyang-2021' and period = '2021-12' order by figure",
    )
    assert found == [
        ("exited_poor_villages", 133, "agrees"),
        ("first_secretaries", 133, "agrees"),
        ("rural_income_2015", 8051, "agrees"),
        ("rural_income_2020", 10861, "agrees"),
        ("temporary_party_branches", 176, "agrees"),
        ("villages_with_clinic", 176, "agrees"),
        ("villages_with_collective", 133, "agrees"),
    ]


def test_ziyang_s_assets_are_kept_and_their_income_distributed(edition: duckdb.DuckDBPyConnection) -> None:
    """120 项资产 117 项有管护主体;经营性资产收益 120 万元分配 108 万元,公益性和到户类没有收益,不计。"""
    ziyang = "610924000000"
    assert share(edition, ziyang, "keeper_rate", "2021-12") == (117, 120)
    assert share(edition, ziyang, "distribution_rate", "2021-12") == (1_080_000, 1_200_000)


def test_longshan_s_titles_by_value(edition: duckdb.DuckDBPyConnection) -> None:
    """确权按原值计:经营性、公益性各 20 项每项 25 万元,到户类 10 项每项 10 万元,4 项经营性资产未确权。"""
    assert share(edition, "433130000000", "titled_rate", "2021-12") == (10_000_000, 11_000_000)
    assert share(edition, "433130000000", "keeper_rate", "2021-12") == (48, 50)


def test_zhecheng_names_one_unsafe_house_and_one_patient(edition: duckdb.DuckDBPyConnection) -> None:
    found = rows(
        edition,
        "select target, name from marts.fct_target join marts.dim_division using (division_code) "
        "where scheme = 'zhecheng-2021' and period = '2021-12' and band = 'below' order by 1, division_code",
    )
    assert found == [
        ("family_doctor_rate", "柘城县"),
        ("family_doctor_rate", "陈青集镇"),
        ("family_doctor_rate", "李集村"),
        ("unsafe_houses", "柘城县"),
        ("unsafe_houses", "陈青集镇"),
        ("unsafe_houses", "砖桥村"),
    ]


def test_the_eight_works_of_shimen(edition: duckdb.DuckDBPyConnection) -> None:
    found = rows(
        edition,
        "select task, rate from marts.fct_task where scheme = 'shimen' and period = '2022-12' order by task",
    )
    assert found == [
        ("courtyard_remediation", Decimal("1.05")),
        ("dry_toilet_remediation", Decimal(1)),
        ("group_3_parking_area", Decimal(1)),
        ("homestay_conversion", Decimal("0.64")),
        ("link_road_km", Decimal("0.84")),
        ("office_parking_area", Decimal(1)),
        ("orchard_upgrade_mu", Decimal(1)),
        ("waste_bins", Decimal("0.95")),
    ]


def test_a_number_struck_out_is_no_zero(edition: duckdb.DuckDBPyConnection) -> None:
    found = rows(
        edition,
        "select distinct scheme, published_value, state from marts.fct_figure "
        "where scheme in ('shimen', 'jiangxi-2016') and published_value is null order by 1",
    )
    assert found == [("jiangxi-2016", None, "redacted"), ("shimen", None, "redacted")]


def test_yuanhu_is_visited_every_two_months_until_one_is_missed(edition: duckdb.DuckDBPyConnection) -> None:
    """上半年每户三次,达标;下半年一户少一次,全年五次,不够六次。"""
    found = rows(
        edition,
        "select period, round(value, 4), band from marts.fct_target "
        "where scheme = 'yuanhu' and period in ('2022-06', '2022-12') order by 1",
    )
    assert found == [("2022-06", Decimal(1), "target"), ("2022-12", Decimal("0.9167"), "below")]


def test_yuanhe_s_households_by_class(edition: duckdb.DuckDBPyConnection) -> None:
    """文件没有量化规则,只显示分类监测:7 个村各一户三类监测对象。"""
    assert share(edition, "431281107000", "monitored_households", "2022-12") == (21, None)


def test_schemes_without_a_division_stay_without_values(edition: duckdb.DuckDBPyConnection) -> None:
    """县名、镇名略去的方案只登记条款,不算到任何区划。"""
    for table in ("fct_target", "fct_task", "fct_milestone"):
        assert rows(
            edition, f"select count(*) from marts.{table} where scheme in ('inspection-2021', 'jiangxi-2016')"
        ) == [(0,)]
    carried = rows(
        edition,
        "select scheme, count(*) from marts.dim_scheme_clause "
        "where scheme in ('inspection-2021', 'jiangxi-2016') group by 1 order by 1",
    )
    assert carried == [("inspection-2021", 5), ("jiangxi-2016", 1)]
