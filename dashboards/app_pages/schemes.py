"""方案:逐条列出原文、承载它的要素和眼下的数字,公布数字的出入和不能计算的原因。"""

from html import escape

import polars as pl
import streamlit as st

from dashboards.edition import query
from dashboards.parts.choices import search_words
from dashboards.parts.export import Sheet, download
from dashboards.parts.facts import fact_table
from dashboards.parts.frame import choose, open_page
from dashboards.parts.tables import Column, table
from dashboards.words import common as words
from orchestration.catalogue import load_schemes
from orchestration.catalogue.clause_words import clause_carrier
from orchestration.reports.wording import day, month
from orchestration.settings import get_settings

view = open_page("方案", scoped=False)
schemes = query(view.edition, "scheme_heads", period=view.period)
if schemes.is_empty():
    st.info("该版本没有方案。请用当前程序重新运行 guatu run。", icon=":material/info:")
    st.stop()
listed = {row["scheme"]: row for row in schemes.iter_rows(named=True)}
boxes = st.columns([4, 2, 2, 3])
with boxes[0]:
    key = choose(f"方案(共 {len(listed)} 个)", "scheme", list(listed), lambda one: listed[one]["title"])
scheme = listed[key]
with boxes[1]:
    periods = query(view.edition, "periods")["period"].to_list()
    period = choose("期别", "period", periods, month, view.period)
clauses = query(view.edition, "scheme_clauses", scheme=key, period=period)
kinds = clauses["kind"].unique(maintain_order=True).to_list()
with boxes[2]:
    kind = choose("类别", "kind", [words.ALL, *kinds], lambda one: words.with_all(words.CLAUSE_KINDS, one), words.ALL)
with boxes[3]:
    wanted = search_words("查找", "find", "条款号或原文中的字")

held = "长期" if scheme["valid_to"] is None else day(scheme["valid_to"])
number = f",{scheme['document_no']}" if scheme["document_no"] else ""
st.subheader(scheme["title"])
FACTS = {
    "印发": f"{scheme['issuer']}{number}",
    "适用": f"{scheme['division_name'] or '原文未载地名,暂不适用于任何单位'}({scheme['division_code'] or '—'})",
    "施行": f"{day(scheme['valid_from'])}至{held}({'本期施行中' if scheme['is_in_force'] else '本期不在施行期'})",
    "来源": scheme["source"],
    "区划和施行期的由来": scheme["note"] or "原文写明",
}
st.html(fact_table(FACTS))
same = [row for row in listed.values() if row["scheme"] != key and row["division_code"] == scheme["division_code"]]
if scheme["division_code"] and same:
    named = "、".join(f"{row['title']}({day(row['valid_from'])}起)" for row in same)
    st.html(f'<p class="g-note">同一区划的其他版本和方案:{escape(named)}</p>')

seeds = get_settings().seeds
carried = clauses.filter(pl.col("state") == "carried")
st.html(
    f'<div class="g-total"><span>条款 <b>{clauses.height}</b> 条</span><span>已承载 <b>{carried.height}</b> 条</span>'
    f"<span>不能计算 <b>{clauses.height - carried.height}</b> 条</span>"
    f"<span>公布数字有出入 <b>{clauses['contradicts'].sum()}</b> 条</span></div>"
)
shown = clauses if kind == words.ALL else clauses.filter(pl.col("kind") == kind)
searched = pl.concat_str(["clause_id", "quote", "title"], separator=" ", ignore_nulls=True)
shown = shown.filter(*(searched.str.contains(word, literal=True) for word in wanted.split()))
shown = shown.with_columns(
    kind_title=pl.col("kind").replace(words.CLAUSE_KINDS),
    carrier=pl.Series(
        [clause_carrier(seeds, key, row["element"], row["state"] == "carried") for row in shown.iter_rows(named=True)],
        dtype=pl.String,
    ),
)
if shown.is_empty():
    st.info("没有符合条件的条款。请换一个类别或清空查找。", icon=":material/info:")
for row in shown.iter_rows(named=True):
    badge = "✔ 已承载" if row["state"] == "carried" else "○ 不能计算"
    tone = "good" if row["state"] == "carried" else "idle"
    conflict = '<span class="g-badge g-bad">✖ 公布数字有出入</span>' if row["contradicts"] else ""
    numbers = escape(row["numbers"]) if row["numbers"] else "— 尚无数字"
    st.html(
        f'<div class="g-clause"><span class="g-badge g-{tone}">{badge}</span> {conflict}<b> {escape(row["clause_id"])} '
        f"{escape(row['title'] or '')}</b> <small>{escape(row['kind_title'])}</small><q>{escape(row['quote'])}</q>"
        f"<small>由何承载:{escape(row['carrier'])}</small><small>眼下的数字:{numbers}</small></div>"
    )

FIGURES = [
    Column("title", "公布的数字"),
    Column("period", "期别"),
    Column("published_value", "公布", "measure", reason="state", unit="unit"),
    Column("warehouse_value", "库内", "measure", reason="state", unit="unit"),
    Column("difference", "相差", "measure", unit="unit"),
    Column("state", "对账", "badge", badges=words.FIGURES),
    Column("clause_id", "条款"),
]
figures = query(view.edition, "scheme_figures", scheme=key, period=period)
if not figures.is_empty():
    st.subheader("公布的数字与库内对账")
    st.html(table(figures, FIGURES, ""))
catalogued = load_schemes(seeds).get(key)
contradictions = catalogued.contradictions if catalogued else ()
if contradictions:
    st.subheader("原文自相矛盾之处")
for told in contradictions:
    quotes = "".join(f"<q>{escape(quote)}</q><br>" for quote in told.quotes)
    st.html(
        f'<div class="g-clause"><b>✖ {escape(told.title)}</b><br>{quotes}<small>取法:{escape(told.note)}</small></div>'
    )
CLAUSES = [
    Column("clause_id", "条款"),
    Column("title", "名称"),
    Column("kind_title", "类别"),
    Column("quote", "原文"),
    Column("carrier", "由何承载"),
    Column("numbers", "眼下的数字"),
]
sheets = [Sheet("条款", shown, CLAUSES), Sheet("公布的数字", figures, FIGURES)]
download(f"{scheme['title']}_{period}", view.edition, sheets, key="export_scheme")
