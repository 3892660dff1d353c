"""查询:对所选版本写一条只读 SQL;目录、补全、保存、历史、时限和行数上限、停止、导出。"""

import streamlit as st

from dashboards.analysis import sql_catalogue, sql_editor, sql_run, workbench
from dashboards.analysis.sql_panels import browse, keep, show
from dashboards.parts.frame import choose, open_page
from dashboards.web import session
from orchestration.errors import GuatuError
from orchestration.settings import get_settings

SECONDS = {"8": "8 秒", "30": "30 秒", "60": "60 秒"}
MOST_ROWS = {"1000": "1,000 行", "10000": "10,000 行", "100000": "100,000 行"}
NEW = ""

view = open_page("查询", scoped=False)
held = session.require("sql")
catalogue = sql_catalogue.tables(view.edition)
if not catalogue:
    st.info("该版本中没有您可以查询的表。请选择其他版本。", icon=":material/info:")
    st.stop()
bench = workbench.load(get_settings(), held.login)
saved = {entry.name: entry.sql for entry in bench.saved}
left, right = st.columns([5, 3], gap="large")
with right:
    browse(catalogue)
with left:
    boxes = st.columns([4, 2, 2])
    with boxes[0]:
        picked = choose("已保存的查询", "saved", [NEW, *saved], lambda name: name or "(新查询)", NEW)
    with boxes[1]:
        seconds = choose("时限", "seconds", list(SECONDS), SECONDS.__getitem__)
    with boxes[2]:
        most_rows = choose("行数上限", "rows", list(MOST_ROWS), MOST_ROWS.__getitem__)
    if picked != st.session_state.get("sql_picked", NEW):
        st.session_state["sql_picked"] = picked
        if picked:
            sql_editor.put(saved[picked])
    sql, pressed = sql_editor.edit(sql_catalogue.words(catalogue))
    is_wanted = st.button("运行", type="primary", key="sql_run", icon=":material/play_arrow:") or pressed
    # every part keeps its place, so that what is unfolded stays so
    place, answer, kept = st.empty(), st.container(), st.container()
    if is_wanted and sql.strip():
        sql_run.run(view.edition, held, sql, float(seconds), int(most_rows), place)
        bench = workbench.load(get_settings(), held.login)
    elif is_wanted:
        place.info("请先写一条查询,或从目录填入示例。", icon=":material/info:")
    outcome = sql_run.newest(view.edition, held)
    if outcome is not None:
        with answer:
            show(outcome, view.edition)
    with kept:
        try:
            keep(held.login, sql, bench)
        except GuatuError as error:
            st.error(error.message_zh, icon=":material/error:")
