"""Every published edition has its marts once more under Chinese names, and so has every cut of it."""

from pathlib import Path

import duckdb
import pytest

from orchestration.access.roles import grant, load_roles
from orchestration.access.rules import load_rules
from orchestration.access.scoped import cut
from orchestration.catalogue.marts import load_marts
from orchestration.release import chinese_views
from orchestration.settings import get_settings

SEEDS, PROJECT = get_settings().seeds, get_settings().dbt_project


def test_every_documented_mart_has_titles_of_its_own():
    marts = load_marts(PROJECT)
    assert marts["fct_indicator"].title == "指标值"
    untitled = [mart.name for mart in marts.values() if mart.title == mart.name]
    assert untitled == [], "请在 _marts.yml 中给出 config.meta.title"
    assert all(column.title.isprintable() and len(column.title) <= 20 for m in marts.values() for column in m.columns)


def test_two_columns_of_one_title_are_refused(tmp_path: Path):
    folder = tmp_path / "models" / "marts"
    folder.mkdir(parents=True)
    column = "{name: %s, description: 金额;%s, data_type: varchar}"
    text = f"models: [{{name: fct_x, description: 一行, columns: [{column % ('a', '甲')}, {column % ('b', '乙')}]}}]"
    (folder / "_marts.yml").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match="标题重复"):
        load_marts(tmp_path)


@pytest.fixture
def edition(tmp_path: Path) -> Path:
    path = tmp_path / "2022-06_0001.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            """
            create schema marts;
            create table marts.dim_division as
            select '520502000000' as division_code, '七星关区' as name, 'county' as level,
                null::varchar as predecessor_code,
                '520000000000' as province_code, '520500000000' as prefecture_code, '520502000000' as county_code,
                null::varchar as township_code;
            create table marts.fct_household as
            select '2022-06' as period, 'H' || range as household_id,
                case when range < 2 then '520502000000' else '520523000000' end as village_code, 3 as member_count,
                12345.67::decimal(18, 2) as net_income_per_capita
            from range(4);
            create table marts.fct_undocumented as select 1 as x;
            """
        )
        columns = {
            "dim_division": ["division_code", "name", "level", "predecessor_code"],
            "fct_household": ["period", "household_id", "village_code", "member_count", "net_income_per_capita"],
            "fct_undocumented": ["x"],
        }
        assert chinese_views.create_chinese_views(connection, columns, load_marts(PROJECT)) == ["行政区划", "农户"]
    return path


def test_the_views_say_the_same_under_other_names(edition: Path):
    with duckdb.connect(str(edition), read_only=True) as connection:
        rows = connection.execute('select "户编号", "行政村", "家庭人口" from 中文."农户" order by 1').fetchall()
        plain = connection.execute(
            "select household_id, village_code, member_count from marts.fct_household order by 1"
        )
        assert rows == plain.fetchall()


def test_a_cut_edition_shows_no_more_under_chinese_names(edition: Path, tmp_path: Path):
    held = grant(load_roles(SEEDS), "a", "甲", "township", ("520502000000",))
    target = tmp_path / "cut.duckdb"
    cut(edition, target, held, load_rules(SEEDS), b"key")
    with duckdb.connect(str(target), read_only=True) as connection:
        rows = connection.execute('select "户编号", "行政村", "人均纯收入" from 中文."农户"').fetchall()
    assert len(rows) == 2 and {row[1] for row in rows} == {"520502000000"}
    assert all(code.startswith("户") and len(code) == 17 for code, _, _ in rows)
    assert {float(income) for _, _, income in rows} == {12300.0}
