"""奖惩:每条建议依据哪一条款、对谁、多少钱、处于什么状态。"""

from html import escape

import polars as pl
import streamlit as st

from dashboards import words
from dashboards.edition import query
from dashboards.export import Sheet, download
from dashboards.frame import choose, only, open_page
from dashboards.tables import Column, figure, table
from orchestration.reports.wording import month

view = open_page("奖惩", scoped=False)
periods = query(view.edition, "action_periods")["period"].to_list()
if not periods:
    st.info("该版本没有奖惩建议:没有方案的奖惩条款被触发。", icon=":material/info:")
    st.stop()

nearest = next((period for period in periods if period <= view.period), periods[-1])
boxes = st.columns(5)
with boxes[0]:
    period = choose("期别", "period", periods, month, nearest)
actions = query(view.edition, "actions", period=period).with_columns(
    pl.col("name").fill_null(pl.col("division_code")),
    object_title=pl.coalesce("object_title", "object"),
    action_title=pl.coalesce("action_title", pl.col("kind").replace(words.ACTION_KINDS)),
)


def pick(position: int, label: str, key: str, column: str, wording: dict[str, str]) -> str | None:
    """One filter over the codes present; None for 全部."""
    present = actions[column].unique(maintain_order=True).drop_nulls().to_list()
    with boxes[position]:
        picked = choose(label, key, [words.ALL, *present], lambda code: words.with_all(wording, code), words.ALL)
    return None if picked == words.ALL else picked


schemes = dict(actions.select("scheme", "scheme_title").iter_rows())
objects = dict(actions.select("object", "object_title").iter_rows())
states = {code: badge.label for code, badge in words.ACTION_STATES.items()} | {"proposed": "拟办(建议)"}
filters = {
    "scheme": pick(1, "方案", "scheme", "scheme", schemes),
    "object": pick(2, "对象", "object", "object", objects),
    "kind": pick(3, "方式", "kind", "kind", words.ACTION_KINDS),
    "state": pick(4, "状态", "state", "state", states),
}
for column, value in filters.items():
    actions = only(actions, column, value)
badges = {
    code: words.action_badge(*code.split(":")) for code in actions["kind_state"].unique(maintain_order=True).to_list()
}
actions = actions.with_columns(
    note=pl.when(pl.col("absorber_title").is_not_null())
    .then(pl.format("被“{}”吸收", "absorber_title"))
    .otherwise(pl.col("reason"))
)
COLUMNS = [
    Column("name", "单位"),
    Column("kind_state", "状态", "badge", badges=badges),
    Column("object_title", "对象"),
    Column("action_title", "措施"),
    Column("amount", "金额(万元)", "money"),
    Column("rank", "名次", "count"),
    Column("rank_from_bottom", "倒数", "count"),
    Column("score", "得分", "score"),
    Column("note", "说明"),
    Column("clause_title", "条款"),
]
DETAILS = [*COLUMNS, Column("quote", "条款原文"), Column("source", "出处"), Column("ranking_title", "排名")]

proposed = actions.filter(pl.col("state") == "proposed")
rewards = proposed.filter(pl.col("amount") > 0)
deductions = proposed.filter(pl.col("amount") < 0)
st.html(
    f'<div class="g-total"><span>建议 <b>{proposed.height}</b> 条</span>'
    f"<span>拟奖励 <b>{figure((rewards['amount'].sum() or 0) / 10000, 2)}</b> 万元({rewards.height} 条)</span>"
    f"<span>拟扣减 <b>{figure((deductions['amount'].sum() or 0) / 10000, 2)}</b> 万元({deductions.height} 条)</span>"
    f"<span>不计入合计 <b>{actions.height - proposed.height}</b> 条(被吸收、待通报、需研究等)</span></div>"
    '<p class="g-note">涉及个人的一律为建议,须核实并经审定后方可执行。</p>'
)
st.subheader("建议清单")
st.html(table(actions, COLUMNS, "没有符合筛选条件的建议。"))

left, right = st.columns([2, 3], gap="large")
with left:
    st.subheader("按状态汇总")
    labels = {code: badge.label for code, badge in badges.items()}
    sums = actions.with_columns(label=pl.col("kind_state").replace(labels)).group_by("label", maintain_order=True)
    sums = sums.agg(
        pl.first("kind_state"),
        pl.len().alias("rows"),
        # only what is proposed adds up to money
        pl.when((pl.col("state") == "proposed").all() & (pl.col("amount").count() > 0))
        .then(pl.col("amount").sum())
        .alias("amount"),
    )
    SUMS = [
        Column("kind_state", "状态", "badge", badges=badges),
        Column("rows", "条数", "count"),
        Column("amount", "金额(万元)", "money"),
    ]
    st.html(table(sums, SUMS, "没有可汇总的建议。"))
with right:
    st.subheader("依据条款")
    clauses = actions.filter(pl.col("quote").is_not_null()).unique("clause_id", maintain_order=True)
    st.html(
        "".join(
            f'<div class="g-clause"><b>{escape(row["clause_title"] or row["clause_id"])}</b><br>'
            f"<q>{escape(row['quote'])}</q><small>{escape(row['scheme_title'] or row['scheme'])}</small></div>"
            for row in clauses.iter_rows(named=True)
        )
        or '<p class="g-empty">没有可引用的条款。</p>'
    )
download(f"奖惩建议_{period}", view.edition, [Sheet("建议", actions, DETAILS)], key="export_actions")
