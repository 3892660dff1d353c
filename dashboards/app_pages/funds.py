"""资金进度:各县下达、安排、支出,对照序时与节点;逐级下钻到文号、安排、项目。"""

import polars as pl
import streamlit as st

from dashboards import words
from dashboards.charts import CONFIG, progress_chart
from dashboards.edition import query
from dashboards.export import Sheet, download
from dashboards.frame import choose, only, open_page
from dashboards.tables import Column, table
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
MILESTONES = [
    Column("title", "节点"),
    Column("checkpoint", "时限", "day"),
    Column("state", "状态", "badge", badges=words.MILESTONES),
    Column("value", "完成", "measure", reason="state", unit="unit"),
    Column("threshold", "要求", "measure", unit="unit"),
    Column("benchmark", "上级平均", "measure", reason="benchmark_state", unit="unit"),
    Column("branch", "达标依据", "badge", badges=words.BRANCHES),
    Column("daily_pace", "每日还需", "pace", reason="pace_state", unit="unit"),
    Column("scheme_title", "方案"),
]
milestones = query(view.edition, "milestones", period=view.period, division=county)
left, right = st.columns([2, 3], gap="large")
with left:
    st.subheader(f"{view.period[:4]}年支出进度与序时")
    progress = query(view.edition, "fund_progress", **scope, division=view.division.code, indicator=indicator)
    lines = milestones.filter(pl.col("indicator_code") == indicator)
    figure = progress_chart(progress, county, lines)
    st.plotly_chart(figure, theme=None, config=CONFIG, key="progress_chart", alt=f"{names[county]}支出进度图")
with right:
    st.subheader(f"{names[county]}节点完成情况")
    st.html(table(milestones, MILESTONES[:-1], "该单位没有节点要求。"))

RECEIPTS = [
    Column("document_no", "文号"),
    Column("issued_on", "下达日期", "day"),
    Column("sixty_day_state", "60日安排", "badge", badges=words.SIXTY_DAYS),
    Column("due_60_on", "60日期限", "day"),
    Column("amount", "金额(万元)", "money"),
    Column("allocated", "已安排(万元)", "money"),
    Column("allocated_within_60", "60日内安排(万元)", "money"),
    Column("paid", "已支出(万元)", "money"),
    Column("fund_type_title", "类型"),
]
county_level = next((row["level"] for row in only(units, "division_code", county).iter_rows(named=True)), "county")
prefix = county[: SIGNIFICANT_DIGITS[county_level]]
receipts = query(view.edition, "fund_receipts", period=view.period, prefix=prefix, **chosen).with_columns(
    fund_type_title=pl.col("source_level").replace(words.FUND_LEVELS) + pl.col("fund_type").replace(words.FUND_TYPES),
    document_no=pl.coalesce("document_no", "receipt_id"),
)
st.subheader(f"{names[county]}资金文号与60日时限")
st.html(table(receipts, RECEIPTS, "该单位没有符合条件的资金文件。"))

PROJECTS = [
    Column("project_name", "项目"),
    Column("division_name", "所在地"),
    Column("allocated_on", "安排日期", "day"),
    Column("amount", "安排(万元)", "money"),
    Column("paid", "支出(万元)", "money"),
    Column("stage", "阶段", "badge", badges=words.STAGES),
    Column("progress", "形象进度", "rate", reason="project_state"),
    Column("planned_progress", "计划进度", "rate", reason="project_state"),
    Column("variance", "偏差(百分点)", "points", reason="project_state"),
    Column("overdue_text", "逾期"),
    Column("planned_finish", "计划竣工", "day"),
    Column("finished_on", "实际竣工", "day"),
    Column("implementer", "实施单位"),
]
sheets = [Sheet("各单位资金", units, UNITS), Sheet("节点", milestones, MILESTONES), Sheet("文号", receipts, RECEIPTS)]
if not receipts.is_empty():
    numbers = dict(receipts.select("receipt_id", "document_no").iter_rows())
    receipt = choose("查看文号", "receipt", list(numbers), numbers.__getitem__)
    projects = query(view.edition, "fund_projects", period=view.period, receipt_id=receipt).with_columns(
        overdue_text=pl.when(pl.col("overdue")).then(pl.lit("✖ 逾期")).otherwise(pl.lit("否"))
    )
    st.subheader(f"{numbers[receipt]} 安排到的项目")
    st.html(table(projects, PROJECTS, "这份文件的资金还没有安排到项目。", marked="overdue"))
    sheets.append(Sheet("安排与项目", projects, PROJECTS))
download(f"资金进度_{view.division.name}_{view.period}", view.edition, sheets, key="export_funds")
