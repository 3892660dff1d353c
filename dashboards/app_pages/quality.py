"""数据质量:报送率、退回原因、核对发现、编造迹象、填报负担、报送文件。"""

import polars as pl
import streamlit as st

from dashboards.business.scheme_lists import household_note
from dashboards.edition import later, query
from dashboards.parts.export import Sheet, download
from dashboards.parts.frame import choose, open_page
from dashboards.parts.heat_table import heat_table
from dashboards.parts.tables import MOST_EXPORTED, ROWS_SHOWN, Column, table
from dashboards.parts.unit_board import unit_board
from dashboards.words import common as words
from dashboards.words.business import ENTITY_TYPES, SEVERITIES

INDICATORS = ("reporting_rate", "timeliness_rate", "rejected_row_rate")
SECTIONS = {
    "reporting": "报送情况",
    "rejects": "退回与报送文件",
    "findings": "核对发现",
    "signals": "编造迹象",
    "burden": "填报负担",
}
MEASURES = {"villages_covered": "已报", "villages_on_time": "按时报"}
GRID = [
    Column("name", "单位"),
    Column("title", "报表"),
    Column("villages_expected", "应报村数", "count"),
    Column("villages_covered", "已报村数", "count"),
    Column("villages_on_time", "按时村数", "count"),
]
REASONS = [
    Column("template_title", "报表"),
    Column("message", "退回原因"),
    Column("cells", "处数", "count"),
    Column("rows_rejected", "行数", "count"),
    Column("files", "文件", "count"),
]
FILES = [
    Column("submission_id", "号", "count"),
    Column("file_name", "文件"),
    Column("template_title", "报表"),
    Column("division_name", "范围"),
    Column("received", "接收时间"),
    Column("outcome", "接收结果", "badge", badges=words.OUTCOMES),
    Column("rows_read", "读取行", "count"),
    Column("rows_accepted", "接收行", "count"),
    Column("rows_rejected", "退回行", "count"),
    Column("rows_warned", "提示行", "count"),
    Column("reason", "原因", blank=""),
]
KINDS = [
    Column("title", "核对发现"),
    Column("severity", "程度", "badge", badges=SEVERITIES),
    Column("findings", "条数", "count"),
    Column("units", "涉及单位", "count"),
    Column("department", "核改部门"),
    Column("cure", "怎样处置"),
]
ROWS = [
    Column("division_name", "单位"),
    Column("entity_title", "对象"),
    Column("entity_id", "编号"),
    Column("message", "说明", blank="已隐去"),
    Column("department", "核改部门"),
]
UNITS = [
    Column("name", "单位"),
    Column("signals", "编造迹象(条)", "count"),
    Column("signal_titles", "迹象", blank="无"),
    Column("errors", "错误(条)", "count"),
    Column("warnings", "疑点(条)", "count"),
]
BURDEN = [
    Column("name", "单位"),
    Column("villages", "村数", "count"),
    Column("forms_asked", "村均应填表", "score", decimals=1),
    Column("forms_given", "村均已填表", "score", decimals=1),
    Column("columns_asked", "村均应填栏", "score", decimals=1),
    Column("columns_repeated", "其中重复栏", "score", decimals=1),
    Column("cells_per_village", "村均已填格", "score", decimals=1),
    Column("cells_most", "最多的村(格)", "count"),
    Column("cells_prefillable", "可预填(格)", "count"),
    Column("prefillable_rate", "可预填占比", "rate", reason="prefillable_state"),
]


def titled(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(entity_title=pl.col("entity_type").replace(ENTITY_TYPES))


view = open_page("数据质量")
scope = {"period": view.period, "division": view.division.code}
inside = {"period": view.period, "prefix": view.division.prefix}
board = unit_board(view, INDICATORS)
st.html(board.cards())
boxes = st.columns([2, 2, 3])
with boxes[0]:
    section = choose("栏目", "section", list(SECTIONS), SECTIONS.__getitem__)
st.subheader(SECTIONS[section])
note = household_note()

if section == "reporting":
    with boxes[1]:
        done = choose("口径", "measure", list(MEASURES), MEASURES.__getitem__)
    grid = query(view.edition, "reporting_grid", **scope)
    st.html(heat_table(grid, done, "本月没有应报的报表。"))
    st.html(
        f'<p class="g-note">格内为{MEASURES[done]}村数占本范围全部村数;✔ 报齐,▲ 部分,✖ 未报。'
        "上面和下表的报送率只计施行中的方案所要求的报表和辖区,两者口径不同。</p>"
    )
    st.html(board.table("没有报送率。"))
    sheets = [Sheet("报送情况", grid, GRID), Sheet("各单位", board.units, board.columns)]
elif section == "rejects":
    reasons = query(view.edition, "rejected_reasons", **inside)
    files = query(view.edition, "submission_rows", **inside)
    refused = files.filter(pl.col("rows_rejected") > 0)
    if reasons.is_empty() and not refused.is_empty() and note:
        st.html(f'<p class="g-note">{note}</p>')
    st.html(table(reasons, REASONS, "没有逐格的退回记录。"))
    st.subheader("报送文件")
    st.html(table(files, FILES, "本月本范围没有报送文件。"))
    sheets = [Sheet("退回原因", reasons, REASONS), Sheet("报送文件", files, FILES)]
elif section in ("findings", "signals"):
    kinds = query(view.edition, "finding_counts", **inside)
    if note:
        st.html(f'<p class="g-note">{note}</p>')
    if section == "signals":
        kinds = kinds.filter("is_signal")
        units = query(view.edition, "finding_units", **scope, prefix=view.division.prefix)
        st.html(table(units, UNITS, "本月没有核对发现。"))
        st.html('<p class="g-note">迹象只说明值得核实,不是结论;核实后按“怎样处置”办理。</p>')
    st.html(table(kinds, KINDS, "本月没有这类核对发现。"))
    sheets = [Sheet(SECTIONS[section], kinds, KINDS)]
    if not kinds.is_empty():
        titles = dict(kinds.select("code", "title").iter_rows())
        with boxes[1]:
            code = choose("查看发现", "finding", list(titles), titles.__getitem__)
        st.subheader(f"{titles[code]}:逐条")
        listed = int(kinds.filter(pl.col("code") == code)["findings"].sum())
        rows = titled(query(view.edition, "finding_rows", **inside, code=code, most=ROWS_SHOWN))
        every = later(view.edition, "finding_rows", **inside, code=code, most=MOST_EXPORTED)
        st.html(table(rows, ROWS, "没有可显示的行。", rows=listed))
        sheets.append(Sheet("逐条", rows, ROWS, listed, lambda: titled(every())))
else:
    burden = query(view.edition, "burden_units", **scope, prefix=view.division.prefix)
    st.html(table(burden, BURDEN, "本月没有施行中的方案要求本范围填报。", marked="is_scope"))
    st.html(
        '<p class="g-note">应填表、栏:施行中的方案所要求的;重复栏:不止一张表要填的同一栏;'
        "可预填:月月不变、上月已报过的格,下发的空表里已经填好。</p>"
    )
    sheets = [Sheet("填报负担", burden, BURDEN)]
download(f"{SECTIONS[section]}_{view.division.name}_{view.period}", view.edition, sheets, key="export_quality")
