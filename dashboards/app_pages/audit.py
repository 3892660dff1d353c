"""操作记录:谁在什么时候看了、导出了、改了什么。"""

import polars as pl
import streamlit as st

from dashboards.parts.tables import Column, table
from dashboards.web import session
from orchestration.access import audit
from orchestration.access.roles import load_roles
from orchestration.settings import get_settings

MOST = 500
WORDS = {
    "edition": "版本",
    "page": "页面",
    "object": "对象",
    "query": "查询",
    "rows": "行数",
    "tables": "结果表",
    "statement": "语句指纹",
    "purpose": "用途",
    "remark": "说明",
    "until": "至",
    "change": "变更",
    "divisions": "区划",
    "address": "网络地址",
}
COLUMNS = [
    Column("entry", "序号", "count"),
    Column("at", "时间"),
    Column("who", "谁"),
    Column("role", "角色"),
    Column("what", "操作"),
    Column("about", "内容"),
]

session.require("audit")
settings = get_settings()
st.html('<div class="g-head"><h1>操作记录</h1><p>登录、查看农户、导出、查询、审定先记录、后执行,只增不改。</p></div>')
broken = audit.broken_at(settings)
if broken is None:
    st.success("记录完好:每一条都与前一条的校验值相符。", icon=":material/verified:")
else:
    st.error(f"记录自第 {broken} 条起与校验值不符,可能被改动过。请保全现场,从备份恢复。", icon=":material/gpp_bad:")
    st.stop()

roles = {code: role.title for code, role in load_roles(settings.seeds).roles.items()} | {"operator": "本机操作员"}
entries = list(audit.read(settings))
people = sorted({entry["who"] for entry in entries})
left, right = st.columns(2)
with left:
    who = st.selectbox("谁", ["", *people], format_func=lambda name: name or "全部", key="audit_who")
with right:
    titles = {"": "全部", **audit.WHAT_TITLES}
    what = st.selectbox("操作", list(titles), format_func=titles.__getitem__, key="audit_what")
chosen = [entry for entry in entries if who in ("", entry["who"]) and what in ("", entry["what"])]
rows = [
    {
        "entry": entry["entry"],
        "at": entry["at"].replace("T", " "),
        "who": entry["who"],
        "role": roles.get(entry["role"], entry["role"]),
        "what": audit.WHAT_TITLES.get(entry["what"], entry["what"]),
        "about": ";".join(f"{title} {entry[key]}" for key, title in WORDS.items() if key in entry),
    }
    for entry in chosen[:MOST]
]
st.caption(f"符合条件 {len(chosen)} 条" + (f",列出最近 {MOST} 条" if len(chosen) > MOST else ""))
st.html(table(pl.DataFrame(rows, schema=[column.key for column in COLUMNS], orient="row"), COLUMNS, "没有记录。"))
