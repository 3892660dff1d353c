"""报送:上传报送表,当场看回执;下载空白表。"""

from html import escape

import polars as pl
import streamlit as st

from dashboards.parts import frame
from dashboards.parts.tables import Column, table
from dashboards.townships import uploads
from dashboards.townships.receipts import in_scope, read_receipt, show_receipt
from dashboards.web import session
from dashboards.words import common as words
from orchestration.catalogue.templates import load_templates
from orchestration.errors import GuatuError
from orchestration.intake import read_ledger
from orchestration.intake.files import FileName
from orchestration.settings import get_settings

TAKEN = "submit_taken"
"""Where the numbers of the submissions just taken in are kept, so that their receipts stay on the page."""
RECENT = [
    Column("number", "编号", "count"),
    Column("received", "收到时间"),
    Column("file", "文件"),
    Column("outcome", "结果", "badge", badges=words.OUTCOMES),
    Column("accepted", "接收行", "count"),
    Column("rejected", "退回行", "count"),
    Column("warned", "提醒行", "count"),
    Column("reason", "原因", blank="无"),
]
MOST = 30

held = session.require("submit")
settings = get_settings()
titles = {name: template.title for name, template in load_templates(settings.seeds).items()}
months = uploads.recent_months(settings)
st.html(frame.STYLE)
st.session_state[frame.SHOWN] = {}
places = "全部区划" if held.everywhere else "、".join(held.divisions)
st.html(f'<div class="g-head"><h1>报送</h1><p>报送范围:{places} · 当前报送月份 {months[0]}</p></div>')


def choose_place(key: str) -> FileName:
    """Template, division and month by choice."""
    boxes = st.columns([3, 2, 2])
    template = boxes[0].selectbox("报表", list(titles), format_func=titles.__getitem__, key=f"{key}_template")
    code = boxes[1].text_input("区划代码", next(iter(held.divisions), ""), max_chars=12, key=f"{key}_division")
    period = boxes[2].selectbox("期别", months, key=f"{key}_period", accept_new_options=True)
    return FileName(template, code.strip().ljust(12, "0"), str(period).strip())


def send(given: list[uploads.Upload], reason: str) -> None:
    """Takes the files in, with progress; their receipts are shown from then on."""
    bar = st.progress(0.0, "正在接收……")
    try:
        uploads.require_own(settings, held, given)
        session.record("upload", object="、".join(upload.name for upload in given)[:200], rows=len(given))
        st.session_state[TAKEN] = uploads.take_in(
            settings, held, given, reason, lambda done, total: bar.progress(done / total, f"已接收 {done}/{total}")
        )
    except GuatuError as error:
        st.error(error.message_zh, icon=":material/error:")
    finally:
        bar.empty()


left, right = st.columns([3, 2], gap="large")
with left:
    st.subheader("上传报送表")
    files = st.file_uploader(
        "选择文件(xlsx、xls、csv,可多选)", type=list(uploads.SUFFIXES), accept_multiple_files=True, key="submit_files"
    )
    given = [uploads.Upload(file.name, file.getvalue()) for file in files]
    unnamed = [upload.name for upload in given if uploads.told_by_name(settings, upload.name) is None]
    if unnamed:
        names = escape("、".join(unnamed))
        st.html(f'<p class="g-note">文件名没有写明“报表_区划代码_年月”,请选定:{names}</p>')
        place = choose_place("unnamed")
        given = [
            uploads.Upload(uploads.full_name(settings, each.name, place), each.data) if each.name in unnamed else each
            for each in given
        ]
    locked = "、".join(uploads.locked_by(settings, given))
    reason = st.text_input(f"更正理由({locked} 已锁定,必填)", max_chars=200, key="submit_reason") if locked else ""
    is_blocked = not given or (bool(locked) and not reason.strip())
    if st.button("报送", type="primary", disabled=is_blocked, key="submit_send", icon=":material/upload:"):
        send(given, reason)
    for number in st.session_state.get(TAKEN, []):
        if record := read_receipt(number):
            show_receipt(record, held, key=f"receipt_{number}")
    st.html('<p class="g-note">回执当场给出;看板上的数字在下一版本更新(管理员运行 guatu run,或到定时任务)。</p>')
with right:
    st.subheader("下载空白表")
    wanted = choose_place("blank")
    prefill = st.checkbox(
        "预填上月已报、月月不变的栏", key="blank_prefill", disabled=not held.may_have_originals,
        help="预填的表含姓名、证件号码;看全部区划的账号须先在侧栏填写用途。",
    )  # fmt: skip
    if not (wanted.scope_code.strip("0") and in_scope(held, wanted.scope_code)):
        st.html('<p class="g-empty">请填写您辖区的区划代码。</p>')
    elif st.button("生成空白表", key="blank_make"):
        name = f"{titles[wanted.template]}_{wanted.scope_code}_{wanted.period}.xlsx"
        try:
            with st.spinner("正在生成……"):
                data = uploads.blank_workbook(settings, wanted, prefill and held.may_have_originals)
            st.download_button(
                f"下载 {name}",
                data=session.take_away(lambda: data, object=f"{'预填' if prefill else '空白'}表 {name}"),
                file_name=name,
                key="blank_download",
                on_click="ignore",
                icon=":material/download:",
            )
        except GuatuError as error:
            st.error(error.message_zh, icon=":material/error:")

st.subheader("最近的报送")
own = [s for s in read_ledger(settings) if in_scope(held, s.scope_code)][: -MOST - 1 : -1]
rows = [
    (
        s.submission_id, f"{s.received_at:%Y-%m-%d %H:%M}", s.file_name, s.outcome, s.rows_accepted, s.rows_rejected,
        s.rows_warned, s.reason,
    )
    for s in own
]  # fmt: skip
st.html(table(pl.DataFrame(rows, schema=[column.key for column in RECENT], orient="row"), RECENT, "还没有报送过。"))
numbers = {s.submission_id: f"第 {s.submission_id} 号 {s.file_name}" for s in own}
look = st.selectbox("查看回执", list(numbers), index=None, format_func=numbers.__getitem__, placeholder="请选择",
                    key="submit_look", disabled=not numbers)  # fmt: skip
if look and (record := read_receipt(look)):
    show_receipt(record, held, key=f"look_{look}")
