"""单位画像:一个县、乡镇或村的得分、名次及来历、退出项、目标、项目、资金、疑点和欠报。"""

from html import escape

import polars as pl
import streamlit as st

from dashboards.charts.common import CONFIG
from dashboards.charts.unit import rank_history
from dashboards.edition import query
from dashboards.parts.export import Sheet, download
from dashboards.parts.frame import choose, open_page
from dashboards.parts.review_badge import badge
from dashboards.parts.tables import key_figures, table
from dashboards.townships import profile
from dashboards.townships.receipts import read_receipt, workbook_button
from dashboards.web import session
from dashboards.words import common as words
from dashboards.words import unit_columns as columns
from orchestration.reports.checkup import EXIT_ITEMS, HOUSEHOLD_ITEMS
from orchestration.reports.wording import month

view = open_page("单位画像", scoped=False)
held = session.current()
periods = query(view.edition, "periods")["period"].to_list()
first, *boxes = st.columns(4)
with first:
    period = choose("期别", "period", periods, month, view.period)
unit, row = profile.choose_unit(boxes, view.edition, period, held.divisions)
st.html(
    f'<div class="g-total"><span><b>{escape(unit.name)}</b></span><span>{escape(profile.subtitle(row))}</span>'
    f"<span>{month(period)} {badge(view.edition, period, unit.code)}</span></div>"
)
scope = {"period": period, "division": unit.code}
inside = {"period": period, "prefix": unit.prefix}
figures = profile.main_figures(query(view.edition, "indicators", **scope))
if not figures.is_empty():
    st.html(key_figures(figures))

st.subheader("得分与名次")
ranks = query(view.edition, "profile_ranks", **scope).reverse()
if ranks.is_empty():
    st.html('<p class="g-empty">到本月为止没有对该单位排名。</p>')
else:
    left, right = st.columns([2, 3], gap="large")
    with left:
        st.plotly_chart(
            rank_history(ranks.reverse()), theme=None, config=CONFIG, key="rank_history", alt=f"{unit.name}名次图"
        )
    with right:
        st.html(table(ranks, columns.RANKS, ""))
        places = {profile.place_key(place): place for place in ranks.iter_rows(named=True)}
        chosen = places[choose("为什么是这个名次", "why", list(places), lambda key: profile.place_title(places[key]))]
    with st.expander("名次的来历、差距和最小变动", expanded=chosen["state"] == "ranked"):
        st.html(profile.why(view.edition, chosen, unit.code))

left, right = st.columns(2, gap="large")
with left:
    st.subheader("贫困村退出(1+7+2)")
    if unit.level == "village":
        exits, shown = profile.exit_items(query(view.edition, "profile_exit", **scope)), columns.EXITS
    else:
        counted = query(view.edition, "profile_exit_villages", **inside)
        exits, shown = profile.titled_items(counted, EXIT_ITEMS), columns.EXITS_INSIDE
    st.html(table(exits, shown, "本月没有村情监测数据,不判定退出项。"))
with right:
    st.subheader("指标对照目标")
    targets = query(view.edition, "profile_targets", **scope)
    st.html(table(targets, columns.TARGETS, "没有对该单位规定目标。"))

st.subheader("两不愁三保障未达标的户")
if held.households == "none":
    st.html('<p class="g-empty">您的角色看不到农户;如工作需要,请在左侧填写用途。</p>')
else:
    counts = query(view.edition, "household_items", **inside).rename({"pass": "passed", "fail": "failed"})
    counts = profile.titled_items(counts, HOUSEHOLD_ITEMS)
    failing = dict(counts.filter(pl.col("failed") > 0).select("item", "title").iter_rows())
    left, right = st.columns([2, 3], gap="large")
    with left:
        st.html(table(counts, columns.HOUSEHOLDS, "本月没有农户台账。"))
    with right:
        if failing and st.toggle("列出未达标的户", key="show_households"):
            item = choose("未达标项", "item", list(failing), failing.__getitem__, "exit_standard")
            households = query(view.edition, "profile_households", **inside, item=item)
            st.html(table(households, columns.LISTED, "没有未达标的户。"))
            if held.households == "masked":
                st.html('<p class="g-note">户编号为代号,收入取整到百元。需要原样的,请在左侧填写用途。</p>')

st.subheader("项目与资金")
projects = query(view.edition, "profile_projects", **inside)
st.html(table(projects, columns.PROJECTS, "没有落在该单位的项目。", marked="overdue"))
if overdue := projects["overdue"].sum():
    st.html(f'<p class="g-note">加粗为逾期项目,共 {overdue} 个。</p>')
if unit.level != "village":
    funds = query(view.edition, "profile_funds", **scope).with_columns(
        type_title=pl.col("source_level").replace(words.FUND_LEVELS) + pl.col("fund_type").replace(words.FUND_TYPES)
    )
    st.html(table(funds, columns.FUNDS, "本月没有该单位的资金数据。"))

left, right = st.columns(2, gap="large")
with left:
    st.subheader("疑点与整改")
    findings = query(view.edition, "profile_findings", **inside)
    st.html(table(findings, columns.FINDINGS, "跨表核对没有发现疑点。"))
with right:
    st.subheader("还欠的报表")
    owing = query(view.edition, "profile_owing", **scope, prefix=unit.prefix)
    st.html(table(owing, columns.OWING, "应报的报表已全部报齐,或没有施行中的方案要求。"))

st.subheader("报送与退回")
submissions = query(view.edition, "profile_submissions", **scope, prefix=unit.prefix)
st.html(table(submissions, columns.SUBMISSIONS, "本月没有该单位的报送,或不在您的范围之内。"))
returned = submissions.filter((pl.col("rows_rejected") > 0) | (pl.col("rows_warned") > 0)).head(6)
for number in returned["submission_id"].to_list():
    if record := read_receipt(number):
        workbook_button(record, held, key=f"workbook_{number}")
sheets = [
    Sheet("名次", ranks, columns.RANKS),
    Sheet("退出项", exits, shown),
    Sheet("目标", targets, columns.TARGETS),
    Sheet("项目", projects, columns.PROJECTS),
    Sheet("疑点", findings, columns.FINDINGS),
    Sheet("欠报", owing, columns.OWING),
]
download(f"单位画像_{unit.name}_{period}", view.edition, sheets, key="export_unit")
