"""审核:一个月的数字怎样算数——报齐、乡镇审核、县级核定、锁定;解锁须申请。"""

from html import escape

import polars as pl
import streamlit as st

from dashboards.edition import query, reader
from dashboards.parts.frame import open_page
from dashboards.parts.tables import Column, table
from dashboards.townships.receipts import in_scope
from dashboards.web import session
from dashboards.words import review as review_words
from orchestration.errors import GuatuError
from orchestration.records.review_steps import step_titles
from orchestration.records.reviews import possible_steps, review_statuses, take_step
from orchestration.settings import get_settings

TOLD = "review_told"
MOST_INSIDE = 60
HISTORY = [
    Column("at", "时间"),
    Column("place", "区划"),
    Column("step", "步骤"),
    Column("person", "经办人"),
    Column("remark", "意见或理由", blank="—"),
    Column("edition", "所看版本", blank="—"),
]
INSIDE = [
    Column("name", "单位"),
    Column("state", "审核", "badge", badges=review_words.STATES),
    Column("owing", "未报齐", blank="无"),
    Column("newest", "最近一步"),
]

view = open_page("审核")
held, settings = session.current(), get_settings()
division, period = view.division, view.period
if not in_scope(held, division.code):
    st.info("您的角色只能办理本辖区的审核。请在“范围”中选择本辖区。", icon=":material/lock:")
    st.stop()
units = query(view.edition, "review_units", period=period, division=division.code)
names = dict(units.select("division_code", "name").iter_rows())
inside = units.filter(pl.col("parent_code") == division.code).head(MOST_INSIDE)
with reader(view.edition) as connection:
    statuses = review_statuses(settings, connection, period, [division.code, *inside["division_code"]])
status = statuses[division.code]
st.html(review_words.stepper(status))
if message := st.session_state.pop(TOLD, None):
    st.success(message)
notes = []
if status.owing:
    notes.append(f"未报齐:{'、'.join(status.owing)}")
if status.decided_by != division.code:
    notes.append(f"随上级 {names.get(status.decided_by, status.decided_by)} 办理")
if status.changed:
    notes.append(f"此后又收到第 {'、'.join(map(str, status.changed))} 号报送,需重新审核或核定")
if notes:
    st.html("".join(f'<p class="g-note">▲ {escape(note)}</p>' for note in notes))

left, right = st.columns([2, 3], gap="large")
with left:
    st.subheader("办理")
    rules = {rule.step: rule for rule in possible_steps(settings, status, held)}
    if not rules:
        st.html(f'<p class="g-empty">现在是“{status.title}”,没有您可以办理的步骤。</p>')
    else:
        with st.form("review_form", border=False):
            step = st.radio("步骤", list(rules), format_func=lambda code: rules[code].title, horizontal=True,
                            key="review_step")  # fmt: skip
            wanted = "、".join(rule.title for rule in rules.values() if rule.remark)
            remark = st.text_area(f"意见或理由({wanted}必填)" if wanted else "意见", max_chars=300, key="review_remark")
            st.caption(f"经办人:{held.name};依据版本 {view.edition.edition_id}。记录只增不改。")
            if st.form_submit_button("确认办理", type="primary"):
                try:
                    session.record("decision", object=f"审核 {period} {division.code}", change=step)
                    with reader(view.edition) as connection:
                        take_step(settings, connection, period, division.code, step, held.name, held, remark)
                    st.session_state[TOLD] = f"已记录:{rules[step].title}({held.name})。"
                    st.rerun()
                except GuatuError as error:
                    st.error(error.message_zh, icon=":material/error:")
with right:
    st.subheader("经过")
    titles = step_titles(settings.seeds)
    history = [
        (
            f"{record.at:%Y-%m-%d %H:%M}", names.get(record.division_code, record.division_code), titles[record.step],
            record.person, record.remark or None, record.edition_id,
        )
        for record in reversed(status.history)
    ]  # fmt: skip
    frame = pl.DataFrame(history, schema=dict.fromkeys([column.key for column in HISTORY], pl.String), orient="row")
    st.html(table(frame, HISTORY, "还没有人办理过。"))

if not inside.is_empty():
    st.subheader("下级单位")
    rows = []
    for code, name in inside.select("division_code", "name").iter_rows():
        found = statuses[code]
        newest = f"{found.newest.at:%m-%d} {titles[found.newest.step]} {found.newest.person}" if found.newest else None
        rows.append((name, found.state, "、".join(found.owing) or None, newest))
    schema = dict.fromkeys([column.key for column in INSIDE], pl.String)
    st.html(table(pl.DataFrame(rows, schema=schema, orient="row"), INSIDE, ""))
