"""项目进度:计划与实际对照,逾期在前;验收后是否付清。"""

import polars as pl
import streamlit as st

from dashboards.charts.common import CONFIG
from dashboards.charts.projects import MOST_PROJECTS, drawable, gantt_chart
from dashboards.edition import query
from dashboards.parts.export import Sheet, download
from dashboards.parts.frame import choose, open_page
from dashboards.parts.tables import Column, table
from dashboards.parts.unit_board import unit_board
from dashboards.words import common as words
from dashboards.words.business import PROJECT_CATEGORIES
from dashboards.words.common import ALL
from orchestration.reports.wording import month

INDICATORS = (
    "start_rate", "completion_rate", "acceptance_rate", "accepted_paid_rate", "overdue_projects", "schedule_variance",
    "announcement_rate", "documented_rate",
)  # fmt: skip
LATE = "overdue"
STAGES = {ALL: words.ALL_LABEL, LATE: "逾期未完工"} | {code: badge.label for code, badge in words.STAGES.items()}
LEGEND = (
    "白框为计划工期,实心条为实际,虚线为期末;✖ 逾期,▲ 落后于计划,△ 在建,○ 未开工,✔ 已竣工,★ 已验收,百分数为形象进度。"
    "没有报计划工期的不画,见下表。"
)

view = open_page("项目进度")
inside = {"period": view.period, "prefix": view.division.prefix}
offered = query(view.edition, "project_choices", **inside)
if offered.is_empty():
    st.info(
        f"{month(view.period)}{view.division.name}没有项目数据(未报送)。请选择其他期别或范围。", icon=":material/info:"
    )
    st.stop()
years = [ALL, *(str(year) for year in offered["project_year"].unique().sort(descending=True))]
year_titles = {year: words.ALL_LABEL if year == ALL else f"{year}年" for year in years}
categories = [ALL, *offered["category"].drop_nulls().unique().sort()]
boxes = st.columns(3)
with boxes[0]:
    year = choose("项目年度", "project_year", years, year_titles.__getitem__, view.period[:4])
with boxes[1]:
    category = choose("项目类别", "category", categories, lambda code: words.with_all(PROJECT_CATEGORIES, code), ALL)
with boxes[2]:
    stage = choose("阶段", "stage", list(STAGES), STAGES.__getitem__, ALL)
projects = query(
    view.edition, "projects", **inside,
    year=None if year == ALL else int(year), category=None if category == ALL else category,
    stage=None if stage == ALL else stage,
).with_columns(category=pl.col("category").replace(PROJECT_CATEGORIES))  # fmt: skip

board = unit_board(view, INDICATORS)
st.html(board.cards())

PROJECTS = [
    Column("name", "项目"),
    Column("division_name", "所在地"),
    Column("stage", "阶段", "badge", badges=words.STAGES),
    Column("days_overdue", "逾期(日)", "count", blank="否"),
    Column("planned_start", "计划开工", "day", reason="project_state"),
    Column("planned_finish", "计划竣工", "day", reason="project_state"),
    Column("started_on", "实际开工", "day"),
    Column("finished_on", "实际竣工", "day"),
    Column("accepted_on", "验收", "day"),
    Column("progress", "形象进度", "rate", reason="project_state"),
    Column("planned_progress", "计划进度", "rate", reason="project_state"),
    Column("variance", "偏差(百分点)", "points", reason="project_state"),
    Column("planned_amount", "计划投资(万元)", "money", reason="project_state"),
    Column("allocated", "安排(万元)", "money", reason="project_state"),
    Column("paid", "支出(万元)", "money", reason="project_state"),
    Column("category", "类别"),
    Column("project_year", "年度"),
    Column("batch", "批次"),
    Column("department", "主管部门"),
    Column("implementer", "实施单位"),
]
PAID = ("name", "division_name", "accepted_on", "allocated", "paid", "implementer")
TO_PAY = [*(column for column in PROJECTS if column.key in PAID), Column("unpaid", "未付(万元)", "money")]

late, to_pay = projects.filter("overdue"), projects.filter("awaits_payment")
st.html(
    f'<div class="g-total"><span>项目 <b>{projects.height}</b> 个</span>'
    f"<span>✖ 逾期未完工 <b>{late.height}</b> 个</span>"
    f"<span>★ 已验收 <b>{projects.filter(pl.col('stage') == 'accepted').height}</b> 个,"
    f"其中未付清 <b>{to_pay.height}</b> 个</span></div>"
)
st.subheader("计划与实际进度")
drawn = drawable(projects)
if drawn.is_empty():
    st.html('<p class="g-empty">没有符合条件且报了计划工期的项目。</p>')
else:
    figure = gantt_chart(drawn, projects["as_of_day"][0])
    st.plotly_chart(figure, theme=None, config=CONFIG, key="gantt", alt="项目计划工期与实际进度横道图")
    note = f"图中为前 {MOST_PROJECTS} 个(逾期在前,其次偏差大的);" if projects.height > drawn.height else ""
    st.html(f'<p class="g-note">{note}{LEGEND}</p>')
st.subheader("项目清单(逾期在前)")
st.html(table(projects, PROJECTS, "没有符合条件的项目。", marked="overdue"))
st.subheader("已验收未付清")
st.html(table(to_pay, TO_PAY, "没有已验收而未付清的项目。"))
st.subheader("各单位项目指标")
st.html(board.table("没有项目指标。"))
download(
    f"项目进度_{view.division.name}_{view.period}",
    view.edition,
    [
        Sheet("项目", projects, PROJECTS),
        Sheet("已验收未付清", to_pay, TO_PAY),
        Sheet("各单位", board.units, board.columns),
    ],
    key="export_projects",
)
