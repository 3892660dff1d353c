"""奖惩:红黑榜,每条建议依据哪一条款、对谁、多少钱、处于什么状态;核实、审定、申诉在本页记录。"""

from html import escape

import polars as pl
import streamlit as st

from dashboards.edition import query
from dashboards.leaders.record_panel import show_records
from dashboards.leaders.recorded import RECORDS
from dashboards.leaders.red_black import FOLDED, badges, board, is_reward, sums_by_state, totals
from dashboards.leaders.tiles import unit_address
from dashboards.parts.export import Sheet, download
from dashboards.parts.frame import choose, only, open_page
from dashboards.parts.review_badge import badge_of_units
from dashboards.parts.tables import Column, table
from dashboards.words import common as words
from orchestration.catalogue.indicators import load_reference
from orchestration.reports.wording import month
from orchestration.settings import get_settings

view = open_page("奖惩", scoped=False)
periods = query(view.edition, "action_periods")["period"].to_list()
if not periods:
    st.info("该版本没有奖惩建议:没有方案的奖惩条款被触发。", icon=":material/info:")
    st.stop()

nearest = next((period for period in periods if period <= view.period), periods[-1])
boxes = st.columns(5)
with boxes[0]:
    period = choose("期别", "period", periods, month, nearest)
every = query(view.edition, "actions", period=period).with_columns(
    pl.col("name").fill_null(pl.col("division_code")),
    object_title=pl.coalesce("object_title", "object"),
    action_title=pl.coalesce("action_title", pl.col("kind").replace(words.ACTION_KINDS)),
    note=pl.when(pl.col("absorber_title").is_not_null())
    .then(pl.format("被“{}”吸收", "absorber_title"))
    .otherwise(pl.col("reason")),
)
consequences = load_reference(get_settings().seeds, "consequences")
kinds = {row["kind"]: row for row in consequences.iter_rows(named=True)}
titles = {code: row["title"] for code, row in kinds.items()}


def pick(position: int, label: str, key: str, column: str, wording: dict[str, str]) -> str | None:
    """One filter over the codes present; None for 全部."""
    present = every[column].unique(maintain_order=True).drop_nulls().to_list()
    with boxes[position]:
        picked = choose(label, key, [words.ALL, *present], lambda code: words.with_all(wording, code), words.ALL)
    return None if picked == words.ALL else picked


schemes = dict(every.select("scheme", "scheme_title").iter_rows())
objects = dict(load_reference(get_settings().seeds, "objects").select("object", "title").iter_rows())
states = {code: badge.label for code, badge in words.ACTION_STATES.items()} | {"proposed": "拟办(建议)"}
filters = {
    "scheme": pick(1, "方案", "scheme", "scheme", schemes),
    "object": pick(2, "对象", "object", "object", objects),
    "kind": pick(3, "方式", "kind", "kind", titles),
    "state": pick(4, "状态", "state", "state", states),
}
actions = every
for column, value in filters.items():
    actions = only(actions, column, value)
shown = badges(actions, kinds)
addresses = {code: unit_address(code, view.edition.edition_id, period) for code in actions["division_code"].unique()}
COLUMNS = [
    Column("name", "单位"),
    Column("kind_state", "状态", "badge", badges=shown),
    Column("object_title", "对象"),
    Column("action_title", "措施"),
    Column("amount", "金额(万元)", "money"),
    Column("rank", "名次", "count"),
    Column("rank_from_bottom", "倒数", "count"),
    Column("score", "得分", "score"),
    Column("note", "说明"),
    Column("effect_until", "效力至", "day", blank=""),
    Column("clause_title", "条款", hint="quote"),
]
DETAILS = [
    *COLUMNS, Column("proposed_amount", "建议金额(万元)", "money"), Column("person", "经办人", blank=""),
    Column("decision_reason", "决定理由", blank=""), Column("quote", "条款原文"), Column("source", "出处"),
    Column("ranking_title", "排名"),
]  # fmt: skip

counted = badge_of_units(view.edition, period, actions["division_code"].drop_nulls())
st.html(totals(actions) + f'<p class="g-note">{counted} 涉及个人的一律为建议,须核实并经审定后方可执行。</p>')
folded = actions.filter(pl.col("state").is_in(list(FOLDED)))
standing = actions.filter(~pl.col("state").is_in([*FOLDED, "pending_announcement"]))
rewards = pl.Series([is_reward(kind, kinds) for kind in standing["kind"]], dtype=pl.Boolean)
red, black = st.columns(2, gap="large")
with red:
    st.subheader("红榜")
    st.html(board("red", standing.filter(rewards), shown, addresses, "没有上红榜的单位。"))
with black:
    st.subheader("黑榜")
    lowest = standing.filter(~rewards).sort("rank_from_bottom", nulls_last=True, maintain_order=True)
    st.html(board("black", lowest, shown, addresses, "没有上黑榜的单位。"))
st.subheader("建议清单")
st.html(table(actions.filter(~pl.col("state").is_in(list(FOLDED))), COLUMNS, "没有符合筛选条件的建议。"))
if not folded.is_empty():
    with st.expander(f"已被吸收或不执行的({folded.height}条)"):
        st.html(table(folded, COLUMNS, ""))

left, right = st.columns([2, 3], gap="large")
with left:
    st.subheader("按状态汇总")
    SUMS = [
        Column("kind_state", "状态", "badge", badges=shown),
        Column("rows", "条数", "count"),
        Column("amount", "金额(万元)", "money"),
    ]
    st.html(table(sums_by_state(actions, shown), SUMS, "没有可汇总的建议。"))
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

recorded = show_records(view.edition, period, actions, titles, objects)
download(
    f"奖惩建议_{period}",
    view.edition,
    [Sheet("建议", actions, DETAILS), Sheet("决定与申诉", recorded, RECORDS)],
    key="export_actions",
)
