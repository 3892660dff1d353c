"""下月预警:照此下去,下月谁会被约谈、哪些节点到期、还差多少。"""

import polars as pl
import streamlit as st

from dashboards.edition import query
from dashboards.leaders.tiles import with_address
from dashboards.parts.export import Sheet, download
from dashboards.parts.frame import open_page
from dashboards.parts.tables import Column, table
from dashboards.words import common as words
from orchestration.reports.wording import month

NAME = Column("name", "单位", link="address")
DUE = [Column("due_on", "到期", "day"), Column("days_left", "还有(天)", "count")]
CLAUSE = Column("clause_title", "条款", hint="quote")
INTERVIEWS = [
    NAME,
    Column("what_title", "排名"),
    Column("rank_from_bottom", "倒数", "count"),
    Column("value", "现在", "measure", unit="unit", reason="missing_state"),
    Column("needed", "下月末序时", "measure", unit="unit"),
    Column("amount_needed", "还需支付(万元)", "money", reason="missing_state"),
    Column("amount_a_day", "每日还需(万元)", "money", reason="missing_state"),
    *DUE,
    Column("message", "说明"),
    CLAUSE,
]
MILESTONES = [
    NAME,
    Column("what_title", "节点"),
    Column("value", "现在", "measure", unit="unit", reason="missing_state"),
    Column("needed", "要求", "measure", unit="unit"),
    Column("daily_pace", "每日还需", "pace", unit="unit", reason="missing_state"),
    *DUE,
    CLAUSE,
]
LOANS = [
    NAME,
    Column("value", "下月到期余额", "measure", unit="unit", reason="missing_state"),
    *DUE,
    Column("message", "说明"),
    CLAUSE,
]
CADENCES = [NAME, Column("what_title", "定期事项"), *DUE, Column("message", "说明"), CLAUSE]
PARTS = {
    "interview": ("下月可能被约谈", INTERVIEWS, "照目前进度,下月没有单位会被约谈。"),
    "milestone": ("下月到期的节点", MILESTONES, "下月没有到期而还差的节点。"),
    "loans_due": ("下月到期的贷款", LOANS, "下月没有到期的贷款。"),
    "cadence": ("下月应报的定期事项", CADENCES, "下月没有应报的定期事项。"),
}
view = open_page("下月预警")
found = query(view.edition, "warnings", period=view.period, division=view.division.code, prefix=view.division.prefix)
found = with_address(found, view.edition, view.period)
counts = dict(found.group_by("kind").len().iter_rows())
st.html(
    '<div class="g-total">'
    + "".join(f"<span>{title} <b>{counts.get(kind, 0)}</b></span>" for kind, (title, *_) in PARTS.items())
    + "</div>"
    f'<p class="g-note">按{month(view.period)}末的情况推算:其他单位照旧、本单位不再增加时,下月会怎样。'
    "约谈还需支付按现有下达额计算;下月再有资金下达,还需数随之增加。单位名称可点开看明细,条款上停留可看原文。</p>"
)
for kind, (title, columns, empty) in PARTS.items():
    st.subheader(title)
    st.html(table(found.filter(pl.col("kind") == kind), columns, empty))

RULES = [Column("clause_title", "条款"), Column("quote", "条款原文"), Column("scheme_title", "方案")]
with st.expander("依据的条款原文"):
    clauses = found.filter(pl.col("quote").is_not_null()).unique("quote", maintain_order=True)
    st.html(table(clauses, RULES, "没有可引用的条款。"))
st.html('<p class="g-note">约谈、处理等一律为建议,须核实并经审定后方可执行。</p>')
kinds = {code: words.Badge("", parts[0], "info") for code, parts in PARTS.items()}
ALL_COLUMNS = [
    Column("kind", "类别", "badge", badges=kinds), *MILESTONES[:-1], Column("amount_needed", "还需支付(万元)", "money"),
    Column("amount_a_day", "每日还需支付(万元)", "money"), CLAUSE, Column("quote", "条款原文"),
]  # fmt: skip
download(
    f"下月预警_{view.division.name}_{view.period}", view.edition, [Sheet("预警", found, ALL_COLUMNS)], "export_warnings"
)
