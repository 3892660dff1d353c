"""The parts of the query page: the catalogue, what is kept, and the result."""

from functools import partial

import streamlit as st

from dashboards.analysis import sql_catalogue, sql_editor, sql_run, workbench
from dashboards.analysis.sql_result import as_csv, as_parquet, as_workbook
from dashboards.edition import Edition
from dashboards.parts.frame import choose
from dashboards.parts.tables import Column, table
from dashboards.web import session
from dashboards.web.model_docs_page import PATH as MODEL_DOCS
from orchestration.reports.wording import moment
from orchestration.settings import get_settings

ROWS_SHOWN = 10_000
"""What a page is sent at most; an export holds every row."""


def browse(catalogue: dict[str, sql_catalogue.Table]) -> None:
    """The tables with their Chinese titles, and the columns of one."""
    st.subheader("目录")
    name = choose("表", "table", list(catalogue), lambda key: f"{catalogue[key].title}  {key}")
    chosen = catalogue[name]
    st.html(f'<p class="g-note">{chosen.description} 共 {chosen.row_count:,} 行。</p>')
    st.button("填入示例查询", on_click=sql_editor.put, args=(chosen.example(),), icon=":material/input:")
    columns = [
        Column("title", "中文列名"),
        Column("name", "列名"),
        Column("description", "含义"),
        Column("data_type", "类型"),
    ]
    st.html(table(chosen.frame(), columns, "没有列。"))
    st.html(
        f'<p class="g-note"><a href="{MODEL_DOCS}" target="_blank">计算模型文档(dbt)</a>:每张表由哪些模型算出。</p>'
    )


def keep(login: str, sql: str, bench: workbench.Workbench) -> None:
    """Saving under a name, removing, and the history."""
    settings = get_settings()
    saved = {entry.name: entry for entry in bench.saved}
    with st.expander("保存与历史"):
        with st.form("sql_save_form", border=False):
            name = st.text_input(
                "名称", key="sql_name", max_chars=workbench.NAME_LENGTH, placeholder="如:各乡镇监测户数"
            )
            wanted = st.form_submit_button("保存当前查询", key="sql_save", icon=":material/save:")
        if wanted:
            workbench.save(settings, login, name, sql)
            st.rerun()
        if saved:
            dropped = st.selectbox("删除已保存的查询", list(saved), key="sql_drop_name")
            if st.button("删除", key="sql_drop", icon=":material/delete:"):
                workbench.remove(settings, login, dropped)
                st.rerun()
        if bench.history:
            lines = [
                f"{run.at.replace('T', ' ')} · {run.outcome} · {' '.join(run.sql.split())[:80]}"
                for run in bench.history
            ]
            place = st.selectbox("历史", range(len(lines)), format_func=lines.__getitem__, key="sql_past")
            st.button("填入", key="sql_again", on_click=sql_editor.put, args=(bench.history[place].sql,))


def show(outcome: sql_run.Outcome, edition: Edition) -> None:
    """The rows, or why there are none, and the files to take away."""
    if outcome.frame is None:
        st.error(outcome.error, icon=":material/error:")
        return
    frame = outcome.frame
    more = f",已达行数上限,只取前 {frame.height:,} 行" if outcome.is_cut else ""
    st.html(f'<p class="g-note">{frame.height:,} 行,{frame.width} 列,用时 {outcome.seconds:.1f} 秒{more}。</p>')
    if frame.is_empty():
        st.info("查询成功,没有符合条件的行。", icon=":material/info:")
        return
    exact = {
        name: st.column_config.NumberColumn(format="plain") for name in frame.columns if frame[name].dtype.is_numeric()
    }
    st.dataframe(
        frame.head(ROWS_SHOWN), hide_index=True, height=430, key="sql_rows", placeholder="(空)", column_config=exact
    )
    if frame.height > ROWS_SHOWN:
        st.html(f'<p class="g-note">页面显示前 {ROWS_SHOWN:,} 行,导出含全部。</p>')
    if not session.current().may("export"):
        return
    notes = [("版本", edition.edition_id), ("数据截至", moment(edition.as_of)), ("查询", outcome.sql)]
    formats = {
        "xlsx": partial(as_workbook, frame, notes),
        "csv": partial(as_csv, frame),
        "parquet": partial(as_parquet, frame),
    }
    for box, (suffix, make) in zip(st.columns(3), formats.items(), strict=True):
        box.download_button(
            f"导出 {suffix}",
            data=session.take_away(make, edition=edition.edition_id, object=f"查询结果.{suffix}", rows=frame.height),
            file_name=f"查询结果_{edition.edition_id}.{suffix}",
            key=f"sql_export_{suffix}",
            on_click="ignore",
            icon=":material/download:",
        )
