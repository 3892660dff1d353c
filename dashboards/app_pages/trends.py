"""趋势:任一指标、任意单位、任意月份,方案的目标和节点画在图上;区划变更前后接续。"""

import polars as pl
import streamlit as st

from dashboards.charts.common import CONFIG
from dashboards.charts.trends import MOST_LINES, trend_chart
from dashboards.edition import query
from dashboards.parts.choices import choose_many
from dashboards.parts.export import Sheet, download
from dashboards.parts.frame import choose, open_page
from dashboards.parts.review_badge import STANDING, standing
from dashboards.parts.tables import Column, table
from dashboards.words import common as words
from orchestration.reports.wording import month

view = open_page("趋势")
offered = query(view.edition, "trend_indicators")
if offered.is_empty():
    st.info("该版本没有任何指标值。请先接收报送文件并运行 guatu run。", icon=":material/info:")
    st.stop()
indicators = {row["indicator_code"]: row for row in offered.iter_rows(named=True)}
periods = sorted(query(view.edition, "periods")["period"].to_list())
first_likely = next((code for code in words.KEY_INDICATORS if code in indicators), next(iter(indicators)))

boxes = st.columns([4, 2, 2])
with boxes[0]:
    code = choose("指标", "indicator", list(indicators), lambda key: indicators[key]["title"], first_likely)
with boxes[2]:
    last = choose("止", "to", periods[::-1], month, view.period)
started = f"{int(last[:4]) - 1}{last[4:]}"
earlier = [period for period in periods if period <= last]
with boxes[1]:
    first = choose("起", "from", earlier, month, next(period for period in earlier if period >= started))
indicator = indicators[code]

units = query(
    view.edition, "trend_units", indicator=code, division=view.division.code, prefix=view.division.prefix
)  # fmt: skip
if units.is_empty():
    st.info(f"{view.division.name}没有“{indicator['title']}”的值。请换一个指标或范围。", icon=":material/info:")
    st.stop()
named = {row["division_code"]: row for row in units.iter_rows(named=True)}


def unit_label(division: str) -> str:
    row = named[division]
    place = f"{row['township_name']}·" if row["township_name"] else ""
    return f"{place}{row['name']}({words.LEVEL_TITLES.get(row['level'], row['level'])})"


inside = [key for key in named if key.startswith(view.division.prefix)]
default = inside[:4] or list(named)[:1]
chosen = choose_many(f"单位(至多 {MOST_LINES} 个)", "units", list(named), unit_label, default, MOST_LINES)
is_wide = view.division.level in ("province", "prefecture")
if is_wide and indicator["grain"] == "village" and "village" not in set(units["level"]):
    st.caption("要比较村,请把上方的“范围”选到县或乡镇。")
if not chosen:
    st.info("请至少选择一个单位。", icon=":material/info:")
    st.stop()

scope = {"indicator": code, "codes": ",".join(chosen), "first": first, "last": last}
values = query(view.edition, "trend_values", **scope)
bands = query(view.edition, "trend_bands", **scope)
schemes = dict(bands.select("scheme", "scheme_title").unique(maintain_order=True).iter_rows())
if schemes:
    picked = choose(
        "画出方案要求", "bands", [words.ALL, *schemes, "none"],
        lambda key: {words.ALL: "全部方案", "none": "不画"}.get(key) or schemes[key], words.ALL,
    )  # fmt: skip
    bands = bands if picked == words.ALL else bands.filter(pl.col("scheme") == picked)
months = [period for period in periods if first <= period <= last]
changed = {
    named[key]["name"]: named[key]["valid_from"]
    for key in chosen
    if named[key]["predecessor_code"] and named[key]["valid_from"]
}

st.subheader(f"{indicator['title']} · {month(first)}至{month(last)}")
if values.filter(pl.col("value").is_not_null()).is_empty():
    st.info("所选单位在这段时间没有值(未报送或不适用)。请换单位或放宽起止月份。", icon=":material/info:")
else:
    figure = trend_chart(values, bands, months, indicator["unit"], changed)
    st.plotly_chart(figure, theme=None, config=CONFIG, key="trend_chart", alt=f"{indicator['title']}逐月变化图")
    hollow = "空心点为部分村未报;" if "partial" in values["state"].to_list() else ""
    bridged = "区划变更前的月份按原区划接续;" if values["is_former"].any() else ""
    st.html(f'<p class="g-note">断开处为未报送或不适用,不作 0 处理;{hollow}{bridged}菱形为节点要求,虚线为目标。</p>')

DETAIL = [
    Column("name", "单位"),
    Column("period", "期别"),
    Column("standing", "核定", "badge", badges=STANDING),
    Column("value", "值", "measure", reason="state", unit="unit"),
    Column("numerator", "分子", "measure"),
    Column("denominator", "分母", "measure"),
    Column("coverage", "覆盖率", "rate"),
    Column("former", "口径"),
]
detail = values.with_columns(
    unit=pl.lit(indicator["unit"]),
    former=pl.when("is_former").then(pl.lit("变更前区划")).otherwise(pl.lit("本区划")),
    standing=pl.Series(
        [standing(view.edition, row["period"], row["division_code"]) for row in values.iter_rows(named=True)],
        dtype=pl.String,
    ),
).sort("period", descending=True, maintain_order=True)
st.subheader("逐月数值")
st.html(table(detail, DETAIL, "没有数值。"))
RULES = [
    Column("scheme_title", "方案"),
    Column("title", "要求"),
    Column("period", "期别"),
    Column("floor", "底线", "measure", unit="unit"),
    Column("target_value", "目标或节点", "measure", unit="unit"),
    Column("stretch", "争取", "measure", unit="unit"),
]
rules = bands.with_columns(unit=pl.lit(indicator["unit"]))
sheets = [Sheet("逐月数值", detail, DETAIL), Sheet("方案要求", rules, RULES)]
download(f"{indicator['title']}_{first}_{last}", view.edition, sheets, key="export_trends")
