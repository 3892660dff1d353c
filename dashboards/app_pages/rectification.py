"""问题整改:销号率、按问题来源看与逐个问题、逾期清单,各单位与全年走势。"""

import streamlit as st

from dashboards.business import issue_sources
from dashboards.business.scheme_lists import listed, show_list
from dashboards.charts.business import rates_chart, years_chart
from dashboards.charts.common import CONFIG
from dashboards.edition import query
from dashboards.parts.export import Sheet, download
from dashboards.parts.frame import open_page
from dashboards.parts.tables import Column, figure
from dashboards.parts.unit_board import say_nothing_reported, unit_board

RATE = "rectification_rate"
INDICATORS = (RATE, "overdue_rectifications")
OVERDUE = [
    Column("division_name", "单位"),
    Column("entity_id", "问题编号"),
    Column("value", "逾期(日)", "count"),
    Column("reason", "责任单位与期限"),
    Column("scheme_title", "方案"),
]

view = open_page("问题整改")
scope = {"period": view.period, "division": view.division.code}
board = unit_board(view, INDICATORS)
if board.is_empty:
    say_nothing_reported(view, INDICATORS, "问题整改")
    st.stop()
st.html(board.cards())
own = board.scope.row(0, named=True)
if own["denominator"] is not None:
    found, closed = own["denominator"], own["numerator"]
    st.html(
        f'<div class="g-total"><span>发现问题 <b>{figure(found, 0)}</b> 个</span>'
        f"<span>✔ 已销号 <b>{figure(closed, 0)}</b> 个</span>"
        f"<span>△ 未销号 <b>{figure(found - closed, 0)}</b> 个</span></div>"
    )
sheets = issue_sources.show(view)
st.subheader("逾期未整改")
overdue = listed(view, "overdue_rectifications")
show_list(view, "overdue_rectifications", overdue, OVERDUE, "没有逾期未整改的问题。")
year = int(view.period[:4])
limits = query(view.edition, "target_lines", **scope, indicators=RATE)
months = query(view.edition, "indicator_months", **scope, indicator=RATE, year=year)
left, right = st.columns(2, gap="large")
with left:
    st.subheader("各单位整改")
    st.html(board.table("没有整改数据。"))
    st.subheader("销号率走势")
    if months.is_empty():
        st.html('<p class="g-empty">这两年没有销号率。</p>')
    else:
        st.plotly_chart(
            years_chart(months, year, "%"), theme=None, config=CONFIG, key="closed_months", alt="销号率两年对照"
        )
with right:
    st.subheader("各单位销号率")
    if board.rows.filter(board.rows["indicator_code"] == RATE)["value"].is_null().all():
        st.html('<p class="g-empty">没有发现问题,无销号率可言。</p>')
    else:
        st.plotly_chart(
            rates_chart(board.rows, (RATE,), limits), theme=None, config=CONFIG, key="closed", alt="各单位销号率"
        )
download(
    f"问题整改_{view.division.name}_{view.period}",
    view.edition,
    [Sheet("各单位", board.units, board.columns), Sheet("逾期未整改", overdue, OVERDUE), *sheets],
    key="export_rectification",
)
