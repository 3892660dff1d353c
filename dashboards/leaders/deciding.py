"""Recording on the page: steps on consequences (奖惩办理).

Every record: asked anew whether the visitor may, written to the audit journal, then to the journal of decisions; the
person is who is signed in. It shows in the next edition.
"""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation

import polars as pl
import streamlit as st

from dashboards.edition import Edition, current_edition, published_editions, published_folder
from dashboards.parts.tables import Row, figure
from dashboards.web import session
from orchestration.errors import GuatuError
from orchestration.records.decisions import UNDECIDABLE, decide, matching_actions
from orchestration.records.model import FOLLOWS, OPEN, STATE_TITLES, STEP_TITLES, Signature
from orchestration.settings import get_settings

NEXT_EDITION = "下一版本起显示"
DO_TITLES = {
    "verified": "核实",
    "confirmed": "确认",
    "changed": "变更金额",
    "waived": "不予执行",
    "carried_out": "办理(兑现)",
    OPEN: "重新研究",
}
_TOLD = "records_told"


def is_current(edition: Edition) -> bool:
    """Whether the edition is the one served: only on it anything is decided."""
    folder = published_folder()
    return current_edition(folder, published_editions(folder)).edition_id == edition.edition_id


def told() -> None:
    """What the last record came to, once."""
    if message := st.session_state.pop(_TOLD, None):
        st.success(message, icon=":material/task_alt:")


def confirm(key: str, about: tuple[str, ...], act: Callable[[], str]) -> None:
    """The second step of a record: what will be written, and the button that writes it.

    about  what is chosen on the page now; what was put up for something else is dropped
    """
    pending = f"pending_{key}"
    asked, summary = st.session_state.get(pending, (None, ""))
    if asked != about:
        st.session_state.pop(pending, None)
        return
    st.warning(f"请核对:{summary}。记录只增不改,{NEXT_EDITION}。", icon=":material/rule:")
    left, right, _ = st.columns([1, 1, 4])
    if left.button("确认记录", type="primary", key=f"do_{key}"):
        try:
            message = act()
        except GuatuError as error:
            st.error(error.message_zh)
            return
        del st.session_state[pending]
        st.session_state[_TOLD] = message
        st.rerun()
    if right.button("取消", key=f"undo_{key}"):
        del st.session_state[pending]
        st.rerun()


def ask(key: str, about: tuple[str, ...], summary: str) -> None:
    """Puts a record up for confirmation."""
    st.session_state[f"pending_{key}"] = (about, summary)
    st.rerun()


def number(text: str, label: str) -> Decimal | None:
    """A number typed in; None for blank. Raises GuatuError ``bad_number``."""
    plain = text.strip().replace(",", "").replace(",", "")
    if not plain:
        return None
    try:
        return Decimal(plain)
    except InvalidOperation as error:
        raise GuatuError("bad_number", f"{label}“{text}”不是数字。", f"not a number: {text}", exit_code=2) from error


def _line(row: Row) -> str:
    amount = f" {figure(row['amount'] / 10000, 2)}万元" if row["amount"] is not None else ""
    clause = row["clause_title"] or row["clause_id"]
    return f"{row['name']} · {row['object_title']}:{row['action_title']}{amount} · {clause}"


def decide_form(edition: Edition, period: str, actions: pl.DataFrame) -> None:
    """Choose a consequence, a step, a reason; confirm; recorded. ``actions`` are rows the visitor may see."""
    rows = list(actions.filter(~pl.col("state").is_in(list(UNDECIDABLE))).iter_rows(named=True))
    if not rows:
        st.html('<p class="g-empty">本期没有可办理的奖惩建议。</p>')
        return
    settings = get_settings()
    row = rows[st.selectbox("哪一项", range(len(rows)), format_func=lambda at: _line(rows[at]), key="decide_row")]
    found, edition_id = matching_actions(
        settings,
        row["scheme"],
        row["ranking"],
        period,
        row["division_code"],
        row["clause_id"],
        row["object"],
        row["kind"],
    )
    state = found[0]["state"]
    follows = FOLLOWS["step"]
    step = st.radio(
        f"现为“{STATE_TITLES.get(state, state)}”,下一步",
        follows[state if state in follows else None],
        format_func=DO_TITLES.__getitem__,
        horizontal=True,
        key="decide_step",
    )
    about = (*(str(row[part]) for part in ("scheme", "ranking", "division_code", "clause_id", "object", "kind")), step)
    with st.form("decide_form", border=False):
        typed = st.text_input("变更后的金额(元,扣减为负)", key="decide_amount") if step == "changed" else ""
        reason = st.text_input(
            "理由(必填,如会议纪要、核实情况;不要写农户姓名、证件号码)", max_chars=300, key="decide_reason"
        )
        if st.form_submit_button("核对"):
            amount = number(typed, "金额")
            signature = Signature.of(session.current().name, reason)
            money = f",金额改为 {amount} 元" if amount is not None else ""
            ask(
                "decide",
                about,
                f"{_line(row)},{DO_TITLES[step]}{money},理由“{signature.reason}”,经办人 {signature.person}",
            )

    def act() -> str:
        held = session.require("decide")
        signature = Signature.of(held.name, st.session_state["decide_reason"])
        amount = number(st.session_state.get("decide_amount", ""), "金额") if step == "changed" else None
        session.record("decision", edition=edition_id, object=_line(row), change=step)
        decide(settings, found, edition_id, step, signature, amount)
        return f"已记录:{_line(row)},{STEP_TITLES[step]}。{NEXT_EDITION}。"

    confirm("decide", about, act)
