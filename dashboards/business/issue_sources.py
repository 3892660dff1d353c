"""Issues by where they were found (问题来源): how many are closed, open and overdue, and the single issues."""

import polars as pl
import streamlit as st

from dashboards.charts.business import parts_chart
from dashboards.charts.common import CONFIG
from dashboards.edition import query
from dashboards.parts.export import Sheet
from dashboards.parts.frame import View, choose
from dashboards.parts.newer_tables import NO_TABLE, rows_if_there
from dashboards.parts.tables import Column, table
from dashboards.words import common as words
from dashboards.words.business import ISSUE_SOURCES, ISSUE_STATES

SOURCES = [
    Column("title", "问题来源"),
    Column("found", "发现(个)", "count"),
    Column("closed", "已销号(个)", "count"),
    Column("open", "未销号且未逾期(个)", "count"),
    Column("overdue", "逾期未销号(个)", "count"),
    Column("closed_rate", "销号率", "rate"),
]
ISSUES = [
    Column("issue_id", "问题编号"),
    Column("state", "状态", "badge", badges=ISSUE_STATES),
    Column("title", "问题来源"),
    Column("category", "问题类别"),
    Column("unit", "责任单位"),
    Column("division_name", "单位"),
    Column("found_on", "发现日期", "day"),
    Column("due_on", "整改期限", "day"),
    Column("closed_on", "销号日期", "day"),
]


def show(view: View) -> list[Sheet]:
    """A chart and a table by source, then the issues of a source chosen in the link; what of it can be exported."""
    inside = {"period": view.period, "prefix": view.division.prefix}
    st.subheader("问题来源")
    sources = rows_if_there(view.edition, "issue_sources", **inside)
    if sources is None:
        st.html(NO_TABLE)
        return []
    sources = sources.with_columns(
        title=pl.when("is_whole").then(pl.lit("合计")).otherwise(pl.col("source").replace(ISSUE_SOURCES))
    )
    if sources.is_empty():
        st.html(table(sources, SOURCES, "到期末没有发现问题,或没有报送问题台账。"))
        return []
    left, right = st.columns(2, gap="large")
    with left:
        chart = parts_chart(sources.filter(~pl.col("is_whole")), ISSUE_STATES)
        st.plotly_chart(chart, theme=None, config=CONFIG, key="issue_sources", alt="各来源问题的整改状态")
    with right:
        st.html(table(sources, SOURCES, "", marked="is_whole"))
        st.html('<p class="g-note">状态按期末:期末以后销号的,当期仍为未销号。</p>')
    codes = sources.filter(~pl.col("is_whole"))["source"].to_list()
    wording = {words.ALL: "全部来源", **ISSUE_SOURCES}
    source = choose("查看来源", "source", [words.ALL, *codes], lambda code: wording.get(code, code), words.ALL)
    issues = query(view.edition, "issue_rows", **inside, source=None if source == words.ALL else source).with_columns(
        title=pl.col("source").replace(ISSUE_SOURCES)
    )
    st.html(table(issues, ISSUES, "该来源没有问题。", marked="is_overdue"))
    return [Sheet("问题来源", sources, SOURCES), Sheet("问题", issues, ISSUES)]
