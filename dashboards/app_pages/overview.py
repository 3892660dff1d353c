"""总览:挂图作战。一个月的情况在一屏之内,详情在下面。"""

import polars as pl
import streamlit as st

from dashboards.edition import query
from dashboards.leaders.movement import CHANGES, between_editions, corrections, in_words
from dashboards.leaders.wall import COMING, OWING, coming, show_side, show_tiles
from dashboards.parts.export import Sheet, download
from dashboards.parts.frame import open_page
from dashboards.parts.tables import Column, key_figures, legend, light_board, table
from dashboards.words import common as words

TROUBLE = [
    Column("name", "单位"),
    Column("missed_milestones", "未达标节点", blank="无"),
    Column("last_ranks", "排名靠后", blank="无"),
    Column("overdue_projects", "逾期项目(个)", "count", reason="overdue_state"),
    Column("proposals", "拟采取措施", blank="无"),
]
REPORTING = [
    Column("title", "报表"),
    Column("villages_covered", "已报村数", "count"),
    Column("villages_expected", "应报村数", "count"),
    Column("covered_rate", "报送率", "rate"),
    Column("owing_units", "未报齐的下级单位"),
]
SUBMISSIONS = [
    Column("outcome", "接收结果", "badge", badges=words.OUTCOMES),
    Column("files", "文件", "count"),
    Column("rows_read", "读取行", "count"),
    Column("rows_accepted", "接收行", "count"),
    Column("rows_rejected", "退回行", "count"),
    Column("rows_warned", "提示行", "count"),
]
INDICATORS = [
    Column("title", "指标"),
    Column("value", "本月", "measure", reason="state", unit="unit"),
    Column("previous_value", "上月", "measure", unit="unit"),
    Column("year_ago_value", "上年同月", "measure", unit="unit"),
    Column("coverage", "覆盖率", "rate"),
]
LIGHTS_AT_ONCE, FIGURES_AT_ONCE = 7, 6


def main_figures(frame: pl.DataFrame) -> pl.DataFrame:
    """The key indicators, in their order; those never asked of this division (not in the frame) are left out."""
    order = {code: position for position, code in enumerate(words.KEY_INDICATORS)}
    known = frame.filter(pl.col("indicator_code").is_in(list(order)))
    known = known.with_columns(position=pl.col("indicator_code").replace_strict(order, return_dtype=pl.Int32))
    return known.sort(pl.col("value").is_null(), "position").head(FIGURES_AT_ONCE)


view = open_page("总览")
scope = {"period": view.period, "division": view.division.code}
inside = {"period": view.period, "prefix": view.division.prefix}

indicators = query(view.edition, "indicators", **scope)
figures = main_figures(indicators)
st.html(key_figures(figures if not figures.is_empty() else indicators.head(FIGURES_AT_ONCE)))

lights = query(view.edition, "lights", **inside)
standing = query(view.edition, "standing", **inside)
owing = query(view.edition, "owing", **inside, division=view.division.code)
next_ones = coming(view)
left, right = st.columns([6, 5], gap="medium")
with left:
    show_tiles(view, lights["title"].unique(maintain_order=True).to_list())
with right:
    show_side(view, standing, next_ones, owing)

left, right = st.columns(2, gap="large")
with left:
    st.subheader("红绿灯:节点与目标")
    st.html(legend() + light_board(lights.head(LIGHTS_AT_ONCE), "本月没有到期或在途的节点与目标。"))
    if lights.height > LIGHTS_AT_ONCE:
        with st.expander(f"其余节点与目标({lights.height - LIGHTS_AT_ONCE}项)"):
            st.html(light_board(lights.slice(LIGHTS_AT_ONCE), ""))
    st.subheader("较上一版本的更正")
    if view.former is None:
        st.html('<p class="g-empty">本期别此前没有发布过版本。</p>')
    else:
        former = query(view.former, "indicators", **scope)
        corrected = in_words(corrections(former, indicators, view.division.name))
        places = between_editions(query(view.former, "standing", **inside), standing)
        unchanged = f"与上一版本 {view.former.edition_id} 相比,本范围的指标、名次、节点没有变化。"
        st.html(table(pl.concat([corrected, places]), CHANGES, unchanged))
with right:
    st.subheader("谁需要盯办")
    trouble = query(view.edition, "trouble", **inside, division=view.division.code)
    st.html(table(trouble, TROUBLE, "本月没有未达标、排名靠后、项目逾期或拟约谈的单位。"))
    st.subheader("还缺什么")
    reporting = query(view.edition, "reporting", **scope)
    st.html(table(reporting, REPORTING, "本月应报的报表已全部报齐。"))
    st.subheader("报送文件")
    st.html(table(query(view.edition, "submissions", **inside), SUBMISSIONS, "本月本范围没有报送文件。"))

with st.expander(f"全部指标({indicators.height}项)"):
    st.html(table(indicators, INDICATORS, "没有指标。"))
download(
    f"总览_{view.division.name}_{view.period}",
    view.edition,
    [
        Sheet("指标", indicators, INDICATORS),
        Sheet("盯办", trouble, TROUBLE),
        Sheet("未报", reporting, REPORTING),
        Sheet("快到节点", next_ones, COMING),
        Sheet("欠报方", owing, OWING),
    ],
    key="export_overview",
)
