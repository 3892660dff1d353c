"""总览:一个月的情况在一屏之内。"""

from decimal import Decimal

import polars as pl
import streamlit as st

from dashboards import words
from dashboards.edition import query
from dashboards.export import Sheet, download
from dashboards.frame import View, open_page
from dashboards.tables import Column, key_figures, legend, light_board, measured, table
from orchestration.reports.wording import DASH, change

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
CHANGES = [Column("unit_name", "单位"), Column("title", "事项"), Column("before", "之前"), Column("after", "现在"),
           Column("moved", "变化")]  # fmt: skip

LIGHTS_AT_ONCE = 7


def main_figures(frame: pl.DataFrame) -> pl.DataFrame:
    """The key indicators, in their order; those never asked of this division (not in the frame) are left out."""
    order = {code: position for position, code in enumerate(words.KEY_INDICATORS)}
    known = frame.filter(pl.col("indicator_code").is_in(list(order)))
    known = known.with_columns(position=pl.col("indicator_code").replace_strict(order, return_dtype=pl.Int32))
    return known.sort(pl.col("value").is_null(), "position").head(8)


def in_words(frame: pl.DataFrame) -> pl.DataFrame:
    """Figures and states of changes as text: columns unit_name, title, before, after, moved."""
    rows = []
    for row in frame.iter_rows(named=True):
        if row["state"] is None:
            unit, former, value = row["unit"], row["previous_value"], row["value"]
            texts = (_text(former, unit), _text(value, unit), change(value, former, unit))
        else:
            former_badge, badge = words.MILESTONES[row["former_state"]], words.MILESTONES[row["state"]]
            texts = (f"{former_badge.symbol} {former_badge.label}", f"{badge.symbol} {badge.label}", DASH)
        rows.append((row["unit_name"], row["title"], *texts))
    return pl.DataFrame(rows, schema=[column.key for column in CHANGES], orient="row")


def _text(value: Decimal | None, unit: str | None) -> str:
    return DASH if value is None else measured(value, unit)


def corrections(view: View, current: pl.DataFrame) -> pl.DataFrame:
    """Indicators of this division and month that read otherwise in the edition before (a later correction)."""
    former = query(view.former, "indicators", period=view.period, division=view.division.code)
    joined = current.join(former.select("indicator_code", former="value"), on="indicator_code", how="left")
    changed = joined.filter(pl.col("value").ne_missing(pl.col("former")))
    return changed.select(
        "title", "unit", "value", previous_value="former", unit_name=pl.lit(view.division.name),
        state=pl.lit(None, pl.String), former_state=pl.lit(None, pl.String),
    )  # fmt: skip


view = open_page("总览")
scope = {"period": view.period, "division": view.division.code}
inside = {"period": view.period, "prefix": view.division.prefix}

indicators = query(view.edition, "indicators", **scope)
figures = main_figures(indicators)
st.html(key_figures(figures if not figures.is_empty() else indicators.head(8)))

left, right = st.columns(2, gap="large")
with left:
    st.subheader("红绿灯:节点与目标")
    lights = query(view.edition, "lights", **inside)
    st.html(legend() + light_board(lights.head(LIGHTS_AT_ONCE), "本月没有到期或在途的节点与目标。"))
    if lights.height > LIGHTS_AT_ONCE:
        with st.expander(f"其余节点与目标({lights.height - LIGHTS_AT_ONCE}项)"):
            st.html(light_board(lights.slice(LIGHTS_AT_ONCE), ""))
with right:
    st.subheader("谁需要盯办")
    trouble = query(view.edition, "trouble", **scope, prefix=view.division.prefix)
    st.html(table(trouble, TROUBLE, "本月没有未达标、排名靠后、项目逾期或拟约谈的单位。"))

left, right = st.columns(2, gap="large")
with left:
    st.subheader("较上月的变化")
    changes = in_words(query(view.edition, "changes", **scope, prefix=view.division.prefix))
    st.html(table(changes, CHANGES, "与上月相比没有变化,或上月没有数据。"))
    st.subheader("较上一版本的更正")
    if view.former is None:
        st.html('<p class="g-empty">本期别此前没有发布过版本。</p>')
    else:
        corrected = in_words(corrections(view, indicators))
        st.html(table(corrected, CHANGES, f"与上一版本 {view.former.edition_id} 相比,本范围的指标没有变化。"))
with right:
    st.subheader("还缺什么")
    reporting = query(view.edition, "reporting", **scope)
    st.html(table(reporting, REPORTING, "本月应报的报表已全部报齐。"))
    st.subheader("报送文件")
    submissions = query(view.edition, "submissions", **inside)
    st.html(table(submissions, SUBMISSIONS, "本月本范围没有报送文件。"))

INDICATORS = [
    Column("title", "指标"),
    Column("value", "本月", "measure", reason="state", unit="unit"),
    Column("previous_value", "上月", "measure", unit="unit"),
    Column("year_ago_value", "上年同月", "measure", unit="unit"),
    Column("coverage", "覆盖率", "rate"),
]
with st.expander(f"全部指标({indicators.height}项)"):
    st.html(table(indicators, INDICATORS, "没有指标。"))
download(
    f"总览_{view.division.name}_{view.period}",
    view.edition,
    [Sheet("指标", indicators, INDICATORS), Sheet("盯办", trouble, TROUBLE), Sheet("未报", reporting, REPORTING)],
    key="export_overview",
)
