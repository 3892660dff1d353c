"""Of a country's edition a page reads the rows it asks for: counted in rows, never in seconds."""

import json

import duckdb
import pytest

from dashboards.edition import _statement

VILLAGES = 1_000_000
"""Of them 1,000 in each of 1,000 counties: several parts of the file in any order."""
COUNTY = {"division": "300500000000", "prefix": "300500", "period": "2022-06", "indicator": "poverty_incidence"}
BESIDE = """
create table marts.fct_fund (period varchar);
create table marts.fct_ranking (edition_period varchar);
create table marts.dim_scheme (division_code varchar, valid_from date, valid_to date);
create table marts.dim_indicator as
select 'poverty_incidence' as indicator_code, '贫困发生率' as title, '%' as unit, 'lower' as better,
    'village' as grain;
"""
"""Marts that a query names beside the large ones."""
COUNTRY = COUNTY | {"division": "300000000000", "prefix": "30"}
FIRST = {"kind": "monitored", "result": "fail", "most": "500"}


@pytest.fixture(scope="module")
def country() -> duckdb.DuckDBPyConnection:
    """The marts such a page reads, in the order publishing leaves them in."""
    connection = duckdb.connect()
    connection.execute(
        f"""
        create schema marts;
        create table marts.dim_division as
        select
            place.*, division_code as name, null::date as valid_from, null::varchar as predecessor_code,
            '300000000000' as province_code, null::varchar as prefecture_code,
            case when level = 'village' then left(division_code, 6) || '000000' end as county_code,
            null::varchar as township_code,
            case level when 'county' then '300000000000' when 'village' then left(division_code, 6) || '000000' end
                as parent_code
        from (
            select printf('%06d', 300000 + i // 1000) || printf('%06d', 100201 + i % 1000) as division_code,
                'village' as level from range({VILLAGES}) as r (i)
            union all
            select printf('%06d', 300000 + i) || '000000', 'county' from range(1, 1000) as r (i)
            union all
            select '300000000000', 'province'
        ) as place
        order by level, division_code;
        create table marts.fct_indicator as
        select '2022-06' as period, division_code, level, 'poverty_incidence' as indicator_code, 1 as value
        from marts.dim_division
        order by period, level, division_code;
        create table marts.fct_household as
        select '2022-06' as period, division_code as village_code, '1' as household_id, 'poor' as household_type,
            1 as member_count, 1 as net_income_per_capita, true as registered, true as monitored, 'pass' as income_ok,
            'pass' as food_ok, 'pass' as clothing_ok, 'pass' as education_ok, 'pass' as medical_ok,
            'fail' as housing_ok, 'pass' as water_ok, 'fail' as exit_standard
        from marts.dim_division where level = 'village' order by division_code;
        {BESIDE}
        """
    )
    return connection


@pytest.fixture
def town() -> duckdb.DuckDBPyConnection:
    """A township by itself, of whose villages one has a figure."""
    connection = duckdb.connect()
    connection.execute(
        f"""
        create schema marts;
        create table marts.dim_division as
        select *, null::varchar as province_code, null::varchar as prefecture_code, null::varchar as county_code,
            null::date as valid_from, null::varchar as predecessor_code
        from (
            values ('411521100000', '灵山镇', 'township', null, null),
                ('411521100201', '董桥村', 'village', '411521100000', '411521100000'),
                ('411521100202', '高寨村', 'village', '411521100000', '411521100000')
        ) as place (division_code, name, level, parent_code, township_code);
        create table marts.fct_indicator as
        select '2022-06' as period, level, division_code, 'poverty_incidence' as indicator_code,
            case when name <> '高寨村' then 1 end as value
        from marts.dim_division;
        {BESIDE}
        """
    )
    return connection


def read(country: duckdb.DuckDBPyConnection, name: str, mart: str, asked: dict[str, str]) -> tuple[int, int]:
    """(rows answered, rows of the mart the engine read) of a query of the pages."""
    statement = _statement(name)
    given = {key: value for key, value in asked.items() if f"${key}" in statement}
    answered = len(country.execute(statement, given).fetchall())
    (_, plan), *_ = country.execute(f"explain (analyze, format json) {statement}", given).fetchall()
    open_, rows = [json.loads(plan)], 0
    while open_:
        node = open_.pop()
        open_ += node.get("children", [])
        if str(node.get("extra_info", {}).get("Table", "")).endswith(mart):
            rows += node["operator_rows_scanned"]
    return answered, rows


@pytest.mark.parametrize(
    ("name", "mart", "asked", "answered"),
    [
        ("periods", "fct_indicator", COUNTY, 1),
        ("divisions", "fct_indicator", COUNTY, 1000),
        ("trend_indicators", "fct_indicator", COUNTY, 1),
        ("trend_units", "fct_indicator", COUNTY, 1002),
        ("trend_units", "fct_indicator", COUNTRY, 1000),
        ("household_items", "fct_household", COUNTY, 8),
        ("household_rows", "fct_household", COUNTRY | FIRST, 500),
    ],
)
def test_a_part_is_read(country, name: str, mart: str, asked: dict[str, str], answered: int) -> None:
    rows, scanned = read(country, name, mart, asked)
    assert rows == answered
    assert 0 < scanned < VILLAGES / 2


def test_villages_of_a_county_are_offered_and_those_of_a_country_are_not(country) -> None:
    def levels(asked: dict[str, str]) -> set[str]:
        given = {key: asked[key] for key in ("division", "prefix", "indicator")}
        return {row[2] for row in country.execute(_statement("trend_units"), given).fetchall()}

    assert levels(COUNTY) == {"province", "county", "village"}
    assert levels(COUNTRY) == {"province", "county"}


def test_a_township_without_a_county_has_its_months_and_units(town) -> None:
    asked = {"division": "411521100000", "prefix": "411521100", "period": "2022-06", "indicator": "poverty_incidence"}

    def answers(name: str) -> list[str]:
        statement = _statement(name)
        given = {key: value for key, value in asked.items() if f"${key}" in statement}
        return [row[0] for row in town.execute(statement, given).fetchall()]

    assert answers("periods") == ["2022-06"]
    assert answers("divisions") == ["411521100000"]
    assert answers("trend_indicators") == ["poverty_incidence"]
    assert answers("trend_units") == ["411521100000", "411521100201"]
