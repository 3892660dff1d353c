"""查询: written, run, stopped by its limit, kept, exported; on what the person may see, and nobody else's."""

import io
import json
from decimal import Decimal

import openpyxl
import polars as pl
import pytest
from analyst_edition import write_analyst_sample
from test_pages import page_html

from dashboards.analysis import sql_catalogue, workbench
from dashboards.analysis.sql_result import as_csv, as_parquet, as_workbook, result_frame
from dashboards.edition import current_edition, published_editions
from orchestration.errors import GuatuError
from orchestration.release.query import QueryResult
from orchestration.settings import get_settings


@pytest.fixture
def edition(home):
    write_analyst_sample(home / "published")
    return home


def run(app, sql: str):
    app.session_state["sql_text"] = sql
    app.run()
    app.button(key="sql_run").click().run()
    assert not app.exception
    return app


def test_a_query_with_chinese_names(open_page, edition):
    condition = """ "区划" = '520500000000' and "指标" = 'linkage_expenditure_rate' """
    sql = f'select "期别", "值" from 中文."指标值" where {condition} order by 1'
    app = run(open_page("sql"), sql)
    assert not app.error
    frame = app.dataframe[0].value
    assert list(frame.columns) == ["期别", "值"] and len(frame) == 6
    history = workbench.load(get_settings(), "operator").history
    assert history[0].sql == sql and history[0].outcome == "6 行" and history[0].edition == "2022-06_0002"


def test_an_older_edition(open_page, edition):
    app = run(open_page("sql", edition="2022-06_0001"),
              "select value from fct_indicator where indicator_code = 'monitored_households' "
              "and division_code = '520500000000'")  # fmt: skip
    assert [float(value) for value in app.dataframe[0].value["value"]] == [790.0]


def test_the_row_limit_is_said(open_page, edition):
    app = run(open_page("sql", rows="1000"), "select * from range(5000)")
    assert "已达行数上限,只取前 1,000 行" in page_html(app)
    assert len(app.dataframe[0].value) == 1000


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("select * from read_csv('/etc/passwd')", "不能使用函数 read_csv"),
        ("drop table marts.fct_indicator", "只能执行一条只读查询"),
        ("select nosuch from fct_indicator", "查询有误"),
        ("selec 1", "查询有误"),
    ],
)
def test_what_may_not_or_cannot_run_says_so(open_page, edition, sql, said):
    app = run(open_page("sql"), sql)
    assert said in app.error[0].value
    assert workbench.load(get_settings(), "operator").history[0].outcome.startswith(said[:4])


def test_an_endless_query_is_ended_by_its_limit(open_page, edition):
    app = run(open_page("sql", seconds="8"), "select count(*) from range(100000000000000)")
    assert "查询超过 8 秒" in app.error[0].value


def test_nothing_written_and_nothing_found(open_page, edition):
    app = open_page("sql")
    app.button(key="sql_run").click().run()
    assert "请先写一条查询" in app.info[0].value
    app = run(app, "select * from fct_indicator where false")
    assert "没有符合条件的行" in app.info[0].value


def test_save_take_up_and_remove(open_page, edition):
    app = run(open_page("sql"), "select 1 as one")
    app.text_input(key="sql_name").set_value("我的查询")
    app.button(key="sql_save").click().run()
    assert [saved.name for saved in workbench.load(get_settings(), "operator").saved] == ["我的查询"]
    again = open_page("sql", saved="我的查询")
    assert again.session_state["sql_text"] == "select 1 as one"
    again.button(key="sql_drop").click().run()
    assert workbench.load(get_settings(), "operator").saved == ()


def test_an_example_from_the_catalogue(open_page, edition):
    app = open_page("sql", table="fct_indicator")
    assert "一行一个期别、区划、指标。" in page_html(app)
    next(button for button in app.button if button.label == "填入示例查询").click().run()
    assert app.session_state["sql_text"] == 'select *\nfrom 中文."指标值"\nlimit 100'
    app.button(key="sql_run").click().run()
    assert not app.error and len(app.dataframe[0].value) == 100


def test_completion_knows_tables_columns_and_functions(open_page, edition):
    open_page("sql")
    folder = edition / "published"
    catalogue = sql_catalogue.tables(current_edition(folder, published_editions(folder)))
    names = {word.name for word in sql_catalogue.words(catalogue)}
    assert {"fct_indicator", '中文."指标值"', "indicator_code", '"指标"', "round("} <= names
    assert "read_csv(" not in names


def test_workbenches_are_private_whole_and_stay_in_their_folder(home):
    settings = get_settings()
    workbench.save(settings, "../../etc/某人", "甲", "select 1")
    workbench.save(settings, "other", "乙", "select 2")
    paths = sorted((home / "workbench").glob("*.json"))
    assert len(paths) == 2 and all(path.parent == home / "workbench" for path in paths)
    assert [saved.name for saved in workbench.load(settings, "other").saved] == ["乙"]
    assert all(path.stat().st_mode & 0o077 == 0 for path in paths)
    assert all(json.loads(path.read_text(encoding="utf-8")) for path in paths)


def test_history_is_bounded_and_repeats_stand_once(home, monkeypatch):
    monkeypatch.setattr(workbench, "MOST_HISTORY", 3)
    settings = get_settings()
    for number in (1, 2, 3, 4, 4):
        bench = workbench.remember(settings, "a", f"select {number}", "e", 0.1, "1 行")
    assert [run.sql for run in bench.history] == ["select 4", "select 3", "select 2"]


def test_a_damaged_workbench_is_said_and_not_overwritten(home):
    settings = get_settings()
    workbench.save(settings, "a", "甲", "select 1")
    path = next((home / "workbench").glob("*.json"))
    path.write_text("{", encoding="utf-8")
    with pytest.raises(GuatuError, match="无法读取"):
        workbench.save(settings, "a", "乙", "select 2")
    assert path.read_text(encoding="utf-8") == "{"


RESULT = QueryResult(
    ["名称", "名称", "金额", "人数", "列表"],
    [("=1+1", "@x", Decimal("12.50"), 3, [1, 2]), ("-2", None, None, 2**70, None)],
    ("VARCHAR", "VARCHAR", "DECIMAL(18,2)", "HUGEINT", "INTEGER[]"),
)


def test_exports_keep_numbers_and_disarm_text():
    frame = result_frame(RESULT)
    assert frame.columns == ["名称", "名称_2", "金额", "人数", "列表"]
    assert frame["金额"].to_list() == [Decimal("12.50"), None]
    text = as_csv(frame)
    assert text.startswith(b"\xef\xbb\xbf")
    lines = text.decode("utf-8-sig").splitlines()
    assert lines[1] == "'=1+1,'@x,12.50,3,\"[1, 2]\"" and lines[2].startswith("-2,,,")
    book = openpyxl.load_workbook(io.BytesIO(as_workbook(frame, [("版本", "e"), ("查询", "=select 1")])))
    sheet = book["查询结果"]
    assert sheet["A2"].value == "=1+1" and sheet["A2"].data_type == "s"
    assert sheet["C2"].value == 12.5 and sheet["C3"].value is None
    assert book["说明"]["B2"].data_type == "s"
    assert pl.read_parquet(io.BytesIO(as_parquet(frame))).equals(frame)
