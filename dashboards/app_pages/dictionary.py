"""指标字典:每个指标的口径、单位、所需模板、引用它的条款、血缘,以及所选单位的现值。"""

from html import escape

import polars as pl
import streamlit as st

from dashboards.analysis.definitions import fields_frame, needs_frame
from dashboards.charts.common import CONFIG
from dashboards.charts.lineage import lineage_chart
from dashboards.edition import query
from dashboards.parts.choices import search_words
from dashboards.parts.export import Sheet, download
from dashboards.parts.facts import fact_table
from dashboards.parts.frame import choose, open_page
from dashboards.parts.tables import Column, key_figures, table
from orchestration.catalogue import load_indicators, load_templates
from orchestration.catalogue.dictionary import BETTER, GRAINS
from orchestration.catalogue.lineage import lineage
from orchestration.reports.wording import month
from orchestration.settings import get_settings

view = open_page("指标字典")
every = query(view.edition, "dictionary_values", period=view.period, division=view.division.code)
if every.is_empty():
    st.info("该版本没有指标目录。请用当前程序重新运行 guatu run。", icon=":material/info:")
    st.stop()

boxes = st.columns([2, 3])
with boxes[0]:
    words = search_words("查找指标", "find", "名称、代码或口径中的字,如 户贷、income")
searched = pl.concat_str(
    ["title", "indicator_code", "numerator_zh", "denominator_zh", "documents"], separator=" ", ignore_nulls=True
).str.to_lowercase()
found = every.filter(*(searched.str.contains(word.lower(), literal=True) for word in words.split()))
if found.is_empty():
    st.info(f"没有含“{words}”的指标。请换一个词,或清空查找。", icon=":material/info:")
    st.stop()
rows = {row["indicator_code"]: row for row in found.iter_rows(named=True)}
with boxes[1]:
    code = choose(f"指标(共 {len(rows)} 个)", "indicator", list(rows), lambda key: f"{rows[key]['title']}  {key}")
row = rows[code]

settings = get_settings()
templates = load_templates(settings.seeds)
entry = next(load_indicators(settings.seeds).filter(pl.col("indicator_code") == code).iter_rows(named=True), {})
needs = [need.partition("@") for need in (entry.get("needs") or "").split()]

st.subheader(row["title"])
left, right = st.columns([3, 2], gap="large")
FACTS = {
    "代码": code,
    "单位": row["unit"] or "—",
    "方向": BETTER.get(row["better"], row["better"]),
    "分子(或数值)": row["numerator_zh"] or "—",
    "分母": row["denominator_zh"] or "没有分母(计数或金额)",
    "计算起点": f"{GRAINS.get(row['grain'], '区划与任务')},由此逐级向上汇总",
    "依据文件": row["documents"] or "—",
    "说明": row["note"] or "—",
}
with left:
    st.html(fact_table(FACTS))
with right:
    st.html(f'<p class="g-note">{escape(view.division.name)} {month(view.period)}</p>')
    st.html(key_figures(found.filter(pl.col("indicator_code") == code)))
    st.page_link(
        "app_pages/trends.py", label="看它的趋势", icon=":material/show_chart:", query_params={"indicator": code}
    )

NEEDS = [
    Column("title", "所需模板"),
    Column("field", "字段"),
    Column("kind", "性质"),
    Column("when", "期别"),
    Column("cover", "何时算已报"),
]
needed = needs_frame(needs, templates)
st.subheader("所需模板")
st.html(table(needed, NEEDS, "不依赖某一个模板:由报送情况本身计算。"))
for name in dict.fromkeys(name.partition(".")[0] for name, _, _ in needs):
    with st.expander(f"{templates[name].title}的字段"):
        fields = fields_frame(templates[name])
        named = [Column("title", "字段"), Column("name", "库内名"), Column("required", "填报"), Column("note", "要求")]
        st.html(table(fields, named, ""))

CLAUSES = [
    Column("clause_id", "条款"),
    Column("scheme_title", "方案"),
    Column("kinds", "用途"),
    Column("titles", "名称"),
    Column("quote", "原文"),
    Column("source", "来源文件"),
]
clauses = query(view.edition, "dictionary_clauses", indicator=code)
st.subheader("哪些方案用它")
st.html(table(clauses, CLAUSES, "没有方案条款直接引用这个指标。"))

st.subheader("血缘:从模板到结果表")
measures = [entry[key] for key in ("numerator_measure", "denominator_measure") if entry.get(key)]
sources = {name.partition(".")[0]: templates[name.partition(".")[0]].title for name, _, _ in needs}
steps = lineage(settings.work / "dbt" / "manifest.json", list(sources), measures)
if steps:
    figure = lineage_chart(steps, sources)
    st.plotly_chart(figure, theme=None, config=CONFIG, key="lineage_chart", alt=f"{row['title']}的血缘图")
    STEPS = [Column("name", "模型"), Column("reads", "读取"), Column("file", "文件")]
    listed = pl.DataFrame([{"name": s.name, "reads": "、".join(s.reads), "file": s.file} for s in steps])
    with st.expander("逐步列出"):
        st.html(table(listed, STEPS, ""))
else:
    st.info("本机还没有计算模型的解析结果,运行一次 guatu run 之后可见。", icon=":material/info:")

CATALOGUE = [
    Column("title", "指标"),
    Column("indicator_code", "代码"),
    Column("unit", "单位"),
    Column("numerator_zh", "分子(或数值)"),
    Column("denominator_zh", "分母"),
    Column("documents", "依据文件"),
    Column("value", f"{view.division.name}现值", "measure", reason="state", unit="unit"),
]
sheets = [Sheet("指标", found, CATALOGUE)]
download(f"指标字典_{view.division.name}_{view.period}", view.edition, sheets, key="export_dictionary")
