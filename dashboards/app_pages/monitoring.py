"""监测帮扶:两不愁三保障逐项达标、监测对象与风险消除、走访;名单按权限显示。"""

import polars as pl
import streamlit as st

from dashboards.business.scheme_lists import NO_HOUSEHOLDS, household_note
from dashboards.charts.business import items_chart, parts_chart
from dashboards.charts.common import CONFIG
from dashboards.edition import later, query
from dashboards.parts.export import Sheet, download
from dashboards.parts.frame import choose, open_page
from dashboards.parts.newer_tables import NO_TABLE, rows_if_there
from dashboards.parts.tables import MOST_EXPORTED, ROWS_SHOWN, Column, figure, table
from dashboards.parts.unit_board import say_nothing_reported, unit_board
from dashboards.web import session
from dashboards.words.business import (
    EXIT_ITEMS,
    HOUSEHOLD_TYPES,
    MONITORED,
    MONITORED_TYPES,
    MONITORING_FINDINGS,
    RESULTS,
    SEVERITIES,
)
from orchestration.catalogue.templates import load_codes
from orchestration.settings import get_settings

INDICATORS = (
    "monitored_households", "risk_cleared_rate", "measure_rate", "monitored_visit_rate", "visit_rate",
    "unmonitored_below_line", "exit_standard_rate", "dropouts", "insurance_rate", "unsafe_houses", "water_rate",
    "income_drop_households",
)  # fmt: skip
TYPES = [
    Column("type_title", "监测对象类型"),
    Column("households", "户数", "count"),
    Column("members", "人口", "count"),
    Column("failing", "有未达标项(户)", "count"),
    Column("unknown", "有未知项(户)", "count"),
]
CAUSES = [
    Column("title", "风险类型"),
    Column("monitored", "监测中(户)", "count"),
    Column("monitored_members", "监测中(人)", "count"),
    Column("taken_in", "累计纳入(户)", "count"),
    Column("cleared", "风险已消除(户)", "count"),
]
FINDINGS = [
    Column("title", "核对发现"),
    Column("severity", "程度", "badge", badges=SEVERITIES),
    Column("findings", "条数", "count"),
    Column("department", "核改部门"),
    Column("cure", "怎样处置"),
]
HOUSEHOLDS = [
    Column("household_id", "户编号"),
    Column("village_name", "村"),
    Column("type_title", "户类型"),
    Column("monitored", "监测对象", "badge", badges=MONITORED),
    Column("member_count", "人口", "count"),
    Column("net_income_per_capita", "人均纯收入(元)", "score", reason="income_state"),
    *(Column(item, title, "badge", badges=RESULTS) for item, title in EXIT_ITEMS.items()),
]


def titled(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(type_title=pl.col("household_type").replace(HOUSEHOLD_TYPES))


view = open_page("监测帮扶")
inside = {"period": view.period, "prefix": view.division.prefix}
board = unit_board(view, INDICATORS)
if board.is_empty:
    say_nothing_reported(view, INDICATORS, "监测帮扶")
    st.stop()
st.html(board.cards())
sees_households = session.current().households != "none"
cleared = next(row for row in board.scope.iter_rows(named=True) if row["indicator_code"] == "risk_cleared_rate")

left, right = st.columns(2, gap="large")
with left:
    st.subheader("两不愁三保障与饮水、收入(建档立卡户)")
    items = query(view.edition, "household_items", **inside)
    if not sees_households:
        st.info(NO_HOUSEHOLDS, icon=":material/lock:")
    elif items.is_empty():
        st.html('<p class="g-empty">本月没有建档立卡户的台账。</p>')
    else:
        st.plotly_chart(
            items_chart(items, EXIT_ITEMS, RESULTS), theme=None, config=CONFIG, key="exit_items", alt="逐项达标户数"
        )
        st.html('<p class="g-note">未知:台账没有填,既不算达标,也不进达标率的分母。</p>')
with right:
    st.subheader("监测对象")
    if cleared["denominator"] is not None:
        st.html(
            f'<div class="g-total"><span>累计纳入 <b>{figure(cleared["denominator"], 0)}</b> 户</span>'
            f"<span>✔ 风险已消除 <b>{figure(cleared['numerator'], 0)}</b> 户</span></div>"
        )
    types = titled(query(view.edition, "monitored_types", **inside))
    st.html(table(types, TYPES, "本月没有监测对象。" if sees_households else NO_HOUSEHOLDS))
    st.subheader("应纳未纳、快进快出、错退与应退")
    findings = query(view.edition, "finding_counts", **inside).filter(pl.col("code").is_in(MONITORING_FINDINGS))
    st.html(table(findings, FINDINGS, "没有这类核对发现。" if sees_households else NO_HOUSEHOLDS))
st.subheader("致贫返贫风险类别")
risks = {code: title for title, code in load_codes(get_settings().seeds)["poverty_cause"].items()}
causes = rows_if_there(view.edition, "monitored_causes", period=view.period, division=view.division.code)
if causes is None:
    st.html(NO_TABLE)
    causes = pl.DataFrame()
else:
    causes = causes.with_columns(title=pl.col("risk_type").replace(risks | {"not_stated": "未填"}))
    left, right = st.columns(2, gap="large")
    with left:
        watched = causes.filter(pl.col("monitored") > 0)
        if not watched.is_empty():
            figure = parts_chart(watched, MONITORED_TYPES, "户")
            st.plotly_chart(figure, theme=None, config=CONFIG, key="risks", alt="监测对象按风险类别")
    with right:
        st.html(table(causes, CAUSES, "到本月没有纳入过监测对象,或农户台账没有报。"))
st.subheader("各单位监测帮扶")
st.html(board.table("没有监测帮扶数据。"))

st.subheader("农户名单")
kinds = {"monitored": "监测对象"} | {item: f"建档立卡户:{title}" for item, title in EXIT_ITEMS.items()}
boxes = st.columns(2)
with boxes[0]:
    kind = choose("名单", "households", list(kinds), kinds.__getitem__)
with boxes[1]:
    result = choose("结果", "result", ["fail", "unknown", "pass"], lambda code: RESULTS[code].label)
if kind == "monitored":
    st.html('<p class="g-note">监测对象名单不按结果筛选。</p>')
    listed = int(types["households"].sum())
else:
    listed = int(items.filter(pl.col("item") == kind)[result].sum())
households = titled(query(view.edition, "household_rows", **inside, kind=kind, result=result, most=ROWS_SHOWN))
every = later(view.edition, "household_rows", **inside, kind=kind, result=result, most=MOST_EXPORTED)
if note := household_note():
    st.html(f'<p class="g-note">{note}</p>')
if sees_households:
    st.html(table(households, HOUSEHOLDS, "名单上没有农户。", rows=listed))
download(
    f"监测帮扶_{view.division.name}_{view.period}",
    view.edition,
    [
        Sheet("各单位", board.units, board.columns),
        Sheet("监测对象类型", types, TYPES),
        Sheet("风险类别", causes, CAUSES),
        Sheet("农户名单", households, HOUSEHOLDS, listed, lambda: titled(every())),
    ],
    key="export_monitoring",
)
