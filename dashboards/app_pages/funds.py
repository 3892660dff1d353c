"""资金进度:各县下达、安排、支出,对照序时与节点;逐级下钻到文号、安排、项目、逐笔支付;以前年度该收回的。"""

import polars as pl
import streamlit as st

from dashboards.business import fund_payments
from dashboards.charts.common import CONFIG, progress_chart
from dashboards.edition import query
from dashboards.parts.export import Sheet, download
from dashboards.parts.frame import choose, only, open_page
from dashboards.parts.tables import Column, shown, table
from dashboards.parts.unit_board import unit_board
from dashboards.words import common as words
from dashboards.words.fund_columns import MILESTONES, PROJECTS, RECEIPTS, SURPLUS
from orchestration.reports.wording import SIGNIFICANT_DIGITS, month

view = open_page("资金进度")
scope = {"period": view.period, "prefix": view.division.prefix}
offered = query(view.edition, "fund_choices", **scope)
if offered.is_empty():
    place = f"{month(view.period)}{view.division.name}"
    st.info(f"{place}没有资金数据(未报送)。请选择其他期别或范围。", icon=":material/info:")
    st.stop()


def present(column: str) -> list[str]:
    """全部, and the codes there are."""
    return [words.ALL, *offered[column].unique().sort().to_list()]


def named(receipts: pl.DataFrame) -> pl.DataFrame:
    """Receipts with their type in words, and their own number where the document's is not known."""
    return receipts.with_columns(
        fund_type_title=pl.col("source_level").replace(words.FUND_LEVELS)
        + pl.col("fund_type").replace(words.FUND_TYPES),
        document_no=pl.coalesce("document_no", "receipt_id"),
    )


years = [str(year) for year in offered["fund_year"].unique().sort(descending=True)]
boxes = st.columns(4)
with boxes[0]:
    year = int(choose("资金年度", "year", years, lambda y: f"{y}年", view.period[:4]))
with boxes[1]:
    level = choose(
        "资金级次", "level", present("source_level"), lambda code: words.with_all(words.FUND_LEVELS, code), words.ALL
    )
with boxes[2]:
    fund_type = choose(
        "资金类型", "type", present("fund_type"), lambda code: words.with_all(words.FUND_TYPES, code), words.ALL
    )
RATES = {"linkage_expenditure_rate": "衔接资金支出进度", "expenditure_rate": "全部资金支出进度"}
with boxes[3]:
    indicator = choose("支出口径", "rate", list(words.PROGRESS_INDICATORS), RATES.__getitem__)
chosen = {
    "fund_year": year,
    "source_level": None if level == words.ALL else level,
    "fund_type": None if fund_type == words.ALL else fund_type,
}

UNITS = [
    Column("name", "单位"),
    Column("issued", "下达(万元)", "money", reason="fund_state"),
    Column("allocated", "安排(万元)", "money", reason="fund_state"),
    Column("paid", "支出(万元)", "money", reason="fund_state"),
    Column("allocation_rate", "衔接资金安排率", "rate", reason="allocation_state"),
    Column("expenditure_rate", RATES[indicator], "rate", reason="expenditure_state"),
]
units = query(view.edition, "fund_units", **scope, division=view.division.code, indicator=indicator, **chosen)
st.subheader("各单位资金")
st.html(table(units, UNITS, "没有资金数据。", marked="is_scope"))

names = dict(units.select("division_code", "name").iter_rows())
first = next((code for code in names if code != view.division.code), view.division.code)
county = choose("查看单位", "unit", list(names), names.__getitem__, first)
milestones = query(view.edition, "milestones", period=view.period, division=county)
left, right = st.columns([2, 3], gap="large")
with left:
    st.subheader(f"{view.period[:4]}年支出进度与序时")
    progress = query(view.edition, "fund_progress", **scope, division=view.division.code, indicator=indicator)
    lines = milestones.filter(pl.col("indicator_code") == indicator)
    if progress.is_empty():
        st.html('<p class="g-empty">本年度还没有这一口径的支出进度。</p>')
    else:
        figure = progress_chart(progress, county, lines)
        st.plotly_chart(figure, theme=None, config=CONFIG, key="progress_chart", alt=f"{names[county]}支出进度图")
with right:
    st.subheader(f"{names[county]}节点完成情况")
    st.html(table(milestones, MILESTONES[:-1], "该单位没有节点要求。"))

county_level = next((row["level"] for row in only(units, "division_code", county).iter_rows(named=True)), "county")
prefix = county[: SIGNIFICANT_DIGITS[county_level]]
receipts = named(query(view.edition, "fund_receipts", period=view.period, prefix=prefix, **chosen))
st.subheader(f"{names[county]}资金文号与60日时限")
st.html(table(receipts, RECEIPTS, "该单位没有符合条件的资金文件。"))

sheets = [Sheet("各单位资金", units, UNITS), Sheet("节点", milestones, MILESTONES), Sheet("文号", receipts, RECEIPTS)]
if not receipts.is_empty():
    numbers = dict(receipts.select("receipt_id", "document_no").iter_rows())
    receipt = choose("查看文号", "receipt", list(numbers), numbers.__getitem__)
    projects = query(view.edition, "fund_projects", period=view.period, receipt_id=receipt).with_columns(
        overdue_text=pl.col("overdue").replace_strict(
            {True: "✖ 逾期", False: "否"}, default=None, return_dtype=pl.String
        )
    )
    st.subheader(f"{numbers[receipt]} 安排到的项目")
    one = receipts.row(by_predicate=pl.col("receipt_id") == receipt, named=True)
    steps = [f"{column.title} <b>{shown(one, column)}</b>" for column in RECEIPTS if column.kind == "money"]
    steps.insert(3, f"项目 <b>{projects.height}</b> 个")
    st.html(f'<div class="g-total">{" → ".join(f"<span>{step}</span>" for step in steps)}</div>')
    st.html(table(projects, PROJECTS, "这份文件的资金还没有安排到项目。", marked="overdue"))
    sheets.append(Sheet("安排与项目", projects, PROJECTS))
    sheets += fund_payments.show(view, receipt, numbers[receipt], projects)

st.subheader("以前年度未支出的资金")
surplus = named(query(view.edition, "fund_surplus", **scope))
board = unit_board(view, ("surplus_rate", "recallable_amount"))
st.html(board.cards())
st.html(table(surplus, SURPLUS, "以前年度的资金已全部支出,或没有报送。"))
st.html('<p class="g-note">上年资金未支出的为结余,更早年度的应收回;下达减净支出,按文号列。</p>')
sheets.append(Sheet("以前年度未支出", surplus, SURPLUS))
download(f"资金进度_{view.division.name}_{view.period}", view.edition, sheets, key="export_funds")
