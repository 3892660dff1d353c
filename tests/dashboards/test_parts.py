"""The parts pages are made of: figures, workbooks, editions, queries."""

import threading
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import duckdb
import edition_files
import openpyxl
import polars as pl
import pytest
import sample

from dashboards.charts.common import progress_chart, ranking_chart
from dashboards.edition import QUERIES, Edition, _statement, current_edition, later, published_editions, query
from dashboards.parts.export import Sheet, workbook
from dashboards.parts.tables import MOST_LISTED, Column, shown, table
from dashboards.words import common as words
from orchestration.errors import GuatuError

EDITION = Edition("2022-06_0002", "2022-06", datetime(2022, 7, 6, 8), datetime(2022, 7, 6, 9), 2, Path("x.duckdb"))


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        ("money", Decimal("104938200.00"), "10,493.82"),
        ("money", Decimal("50"), "0.01"),
        ("money", Decimal("-3000"), "-0.30"),
        ("rate", Decimal("0.635150"), "63.52%"),
        ("rate", Decimal("0.00005"), "0.01%"),
        ("rate", Decimal("-0.00001"), "0.00%"),
        ("points", Decimal("-0.25"), "-25.00"),
        ("moves", 0, "持平"),
        ("moves", -2, "▼降2位"),
        ("count", 0, "0"),
        ("rate", None, "— 未报送"),
    ],
)
def test_figures_of_the_field(kind, value, text):
    assert shown({"x": value, "state": "missing"}, Column("x", "", kind, reason="state")) == text


def test_zero_and_missing_differ():
    column = Column("x", "", "money", reason="state")
    assert shown({"x": Decimal(0), "state": "value"}, column) == "0.00"
    assert shown({"x": None, "state": "not_applicable"}, column) == "— 不适用"


def test_long_table_says_what_it_leaves_out():
    html = table(pl.DataFrame({"x": range(700)}), [Column("x", "数", "count")], "无")
    assert html.count("<tr") == 501
    assert "共 700 行" in html


def test_every_state_of_the_contract_has_words():
    assert set(words.MILESTONES) == {"met", "missed", "not_due", "pending_benchmark", "no_data"}
    assert set(words.BANDS) == {"stretch", "target", "floor", "below"}
    assert set(words.OUTCOMES) == {"accepted", "partial", "refused", "duplicate"}
    assert set(words.RANKING_STATES) == {"ranked", "not_assessed", "pending_announcement"}
    assert set(words.STAGES) == {"not_started", "in_progress", "finished", "accepted"}
    assert set(words.ACTION_STATES) == {
        "proposed", "absorbed", "insufficient_units", "needs_review", "pending_announcement", "verified", "confirmed",
        "changed", "waived", "carried_out",
    }  # fmt: skip


def test_lights_are_told_apart_without_colour():
    for badges in (words.MILESTONES, words.BANDS, words.OUTCOMES, words.LIGHTS, words.STAGES, words.SIXTY_DAYS):
        symbols = [badge.symbol for badge in badges.values()]
        assert len(set(symbols)) == len(symbols)


def test_workbook_reads_back_with_edition_formats_and_no_formula():
    frame = pl.DataFrame(
        {"name": ["=cmd|' /C calc'!A0", "+1+1"], "paid": [Decimal("27325.9"), None], "rate": [Decimal("0.26045"), None]}
    ).with_columns(state=pl.lit("missing"))
    columns = [
        Column("name", "单位"),
        Column("paid", "支出(万元)", "money", reason="state"),
        Column("rate", "进度", "rate", reason="state"),
    ]
    book = openpyxl.load_workbook(BytesIO(workbook("资金进度", EDITION, [Sheet("各单位", frame, columns)])))
    sheet = book["各单位"]
    assert sheet["A1"].value == "资金进度 · 各单位"
    assert "2022-06_0002" in sheet["A2"].value
    assert [cell.value for cell in sheet[3]] == ["单位", "支出(万元)", "进度"]
    assert sheet["A4"].value == "=cmd|' /C calc'!A0" and sheet["A4"].data_type == "s"
    assert sheet["A5"].data_type == "s"
    assert sheet["B4"].value == 2.73 and sheet["B4"].number_format == "#,##0.00"
    assert sheet["C4"].value == 0.2605 and sheet["C4"].number_format == "0.00%"
    assert sheet["B5"].value == "— 未报送"
    assert sheet.freeze_panes == "B4"
    assert sheet.auto_filter.ref == "A3:C5"
    assert book.custom_doc_props["edition_id"].value == "2022-06_0002"


def test_a_long_list_says_how_many_there_are_and_its_export_reads_them():
    first, every = (pl.DataFrame({"name": [str(i) for i in range(rows)]}) for rows in (2, 7))
    columns = [Column("name", "单位")]
    assert "g-note" not in table(first, columns, "", rows=2)
    assert "共 1,701 行,此处显示前 500 行;其余见导出表。" in table(first, columns, "", rows=1701)
    assert "共 50,001 行,此处显示前 500 行,导出表含前 50,000 行" in table(first, columns, "", rows=50_001)

    def second_line(sheet: Sheet) -> tuple[str, int]:
        page = openpyxl.load_workbook(BytesIO(workbook("名单", EDITION, [sheet])))["名单"]
        return page["A2"].value, page.max_row - 3

    words, rows = second_line(Sheet("名单", first, columns, 7, lambda: every))
    assert rows == 7 and words.endswith("金额单位:万元")
    words, rows = second_line(Sheet("名单", first, columns, 1701, lambda: every))
    assert rows == 7 and "共 1,701 行,此表为前 7 行,请选下级区划分别导出" in words


def test_a_list_cut_by_its_query_is_not_called_whole():
    frame = pl.DataFrame({"name": ["村"] * MOST_LISTED})
    columns = [Column("name", "单位")]
    assert "导出表含前 10,000 行;要看其余的,请选下级区划" in table(frame, columns, "")
    assert "其余见导出表" in table(frame.head(9_999), columns, "")
    page = openpyxl.load_workbook(BytesIO(workbook("名单", EDITION, [Sheet("名单", frame, columns)])))["名单"]
    assert "此表为前 10,000 行" in page["A2"].value


def test_export_of_nothing_is_still_a_workbook():
    empty = pl.DataFrame(schema={"name": pl.String})
    book = openpyxl.load_workbook(BytesIO(workbook("排名", EDITION, [Sheet("排名", empty, [Column("name", "单位")])])))
    assert book["排名"]["A3"].value == "单位"


def test_newest_edition_first_and_link_decides_the_current(tmp_path):
    edition_files.write_sample(tmp_path)
    editions = published_editions(tmp_path)
    assert [edition.sequence for edition in editions] == [2, 1]
    assert current_edition(tmp_path, editions).edition_id == "2022-06_0002"
    (tmp_path / "broken.json").write_text("{", encoding="utf-8")
    (tmp_path / "broken.duckdb").write_bytes(b"")
    (tmp_path / "2022-07_0003.json").write_text("{}", encoding="utf-8")
    assert [edition.sequence for edition in published_editions(tmp_path)] == [2, 1]


def test_nothing_published_is_a_sentence(tmp_path):
    with pytest.raises(GuatuError, match="还没有发布任何版本"):
        current_edition(tmp_path, published_editions(tmp_path))


def test_an_open_view_keeps_its_edition_while_a_new_one_is_published(tmp_path):
    edition_files.write_sample(tmp_path)
    before = current_edition(tmp_path, published_editions(tmp_path))
    asked = {"period": "2022-06", "division": sample.PREFECTURE}
    first = query(before, "indicators", **asked)
    tables = sample.sample_tables()
    edition_files.write_edition(tmp_path, {**tables, "fct_indicator": []}, 3)
    assert query(before, "indicators", **asked).equals(first)
    after = current_edition(tmp_path, published_editions(tmp_path))
    assert after.sequence == 3 and query(after, "indicators", **asked).is_empty()


@pytest.mark.parametrize("read", [query, lambda *asked, **named: later(*asked, **named)()], ids=["page", "export"])
def test_an_edition_that_lacks_a_table_is_told_on_the_page_and_in_an_export(tmp_path, read):
    edition_files.write_edition(tmp_path, {}, 1)
    edition = current_edition(tmp_path, published_editions(tmp_path))
    with duckdb.connect(str(edition.path)) as connection:
        connection.execute("drop table marts.fct_indicator")
    with pytest.raises(GuatuError, match="缺少本页所需的表或列"):
        read(edition, "indicators", period="2022-06", division=sample.PREFECTURE)


def test_threads_read_side_by_side(tmp_path):
    edition_files.write_sample(tmp_path)
    edition = current_edition(tmp_path, published_editions(tmp_path))
    wrong: list[str] = []

    def read(code: str) -> None:
        for period in sample.MONTHS * 3:
            rows = query(edition, "indicators", period=period, division=code)
            value = rows.filter(pl.col("indicator_code") == "expenditure_rate")["value"][0]
            if value != Decimal(sample.EXPENDITURE[code].split()[sample.MONTHS.index(period)]):
                wrong.append(f"{code} {period} {value}")

    codes = [code for code in sample.EXPENDITURE if code != "520581000000"]
    threads = [threading.Thread(target=read, args=(code,)) for code in codes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_queries_read_marts_only():
    for path in QUERIES.rglob("*.sql"):
        text = _statement(path.relative_to(QUERIES).with_suffix("").as_posix()).lower()
        assert "{{" not in text, path.name
        assert "marts." in text or "schema_name = 'marts'" in text, path.name
        assert "read_" not in text and "attach" not in text, path.name


def test_ranking_chart_keeps_first_and_last_of_many_units():
    frame = pl.DataFrame(
        {
            "name": [f"第{n}村" for n in range(100)], "division_code": [str(n) for n in range(100)],
            "score": [Decimal(200 - n) for n in range(100)], "rank": range(1, 101),
            "rank_from_bottom": range(100, 0, -1), "state": ["ranked"] * 100,
        }
    )  # fmt: skip
    figure = ranking_chart(frame, "分", 2, 3, 3)
    drawn = [label for trace in figure.data for label in trace.y]
    assert len(drawn) == 40 and "1  第0村" in drawn and "100  第99村" in drawn
    assert {trace.marker.symbol for trace in figure.data} == {"triangle-up", "circle", "x"}


def test_ranking_chart_takes_its_groups_from_the_scheme_and_drops_nobody():
    """前二后一的方案按其自身的名数标出;公布名次而无参评单位数的单位没有倒数名次,仍要画出。"""
    frame = pl.DataFrame(
        {
            "name": ["甲村", "乙村", "丙村", "丁村"], "division_code": ["1", "2", "3", "4"],
            "score": [Decimal(90), Decimal(80), Decimal(70), Decimal(60)], "rank": [1, 2, 3, 9],
            "rank_from_bottom": [9, 8, None, 1], "state": ["ranked"] * 4,
        }
    )  # fmt: skip
    traces = {trace.name: list(trace.y) for trace in ranking_chart(frame, "分", 2, 2, 1).data}
    assert traces == {"前二名": ["1  甲村", "2  乙村"], "其他": ["3  丙村"], "后一名": ["9  丁村"]}


def test_progress_chart_draws_even_pace_and_checkpoints():
    frame = pl.DataFrame(
        {"period": ["2022-01", "2022-02"], "division_code": ["a", "a"], "name": ["甲县", "甲县"],
         "value": [Decimal("0.1"), Decimal("0.2")]}
    )  # fmt: skip
    milestones = pl.DataFrame({"checkpoint": [datetime(2022, 6, 30).date()], "threshold": [Decimal("0.5")]})
    figure = progress_chart(frame, "a", milestones)
    traces = {trace.name: trace for trace in figure.data}
    assert traces["序时进度"].y[5] == 50
    assert list(traces["节点要求"].y) == [50.0]
    assert list(traces["甲县"].y) == [10.0, 20.0]
