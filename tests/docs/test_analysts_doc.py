"""The analysts' guide: every query in it passes the sandbox and runs on tables as the marts are documented."""

import re
from pathlib import Path

import duckdb
import pytest

from orchestration.catalogue.marts import load_marts
from orchestration.release.chinese_views import create_chinese_views
from orchestration.sandbox.statement import check_statement
from orchestration.settings import get_settings

GUIDE = (Path(__file__).parents[2] / "docs" / "analysts.zh-CN.md").read_text(encoding="utf-8")
QUERIES = re.findall(r"```sql\n(.*?)```", GUIDE, flags=re.S)
QUERIES += re.findall(r"guatu sql (?:--as \S+ )?'([^']+)'", GUIDE)


def test_the_guide_has_queries():
    assert len(QUERIES) >= 6


@pytest.fixture(scope="module")
def empty_edition():
    marts = load_marts(get_settings().dbt_project)
    with duckdb.connect() as connection:
        connection.execute("create schema marts")
        for mart in marts.values():
            columns = ", ".join(f'"{column.name}" {column.data_type}' for column in mart.columns)
            connection.execute(f'create table marts."{mart.name}" ({columns})')
        create_chinese_views(connection, {m.name: [c.name for c in m.columns] for m in marts.values()}, marts)
        connection.execute("set search_path = 'marts'")
        yield connection


@pytest.mark.parametrize("sql", QUERIES, ids=lambda sql: " ".join(sql.split())[:40])
def test_the_queries_run(empty_edition: duckdb.DuckDBPyConnection, sql: str):
    check_statement(sql)
    empty_edition.execute(sql).fetchall()
