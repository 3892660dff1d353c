"""Appeals (申诉) on the page: lodge, try a corrected score, uphold, dismiss."""

from decimal import Decimal
from html import escape

import polars as pl
import streamlit as st

from dashboards.edition import Edition, query
from dashboards.leaders.deciding import NEXT_EDITION, ask, confirm, number
from dashboards.leaders.recorded import codes_inside
from dashboards.parts.tables import Column, Row, figure, table
from dashboards.web import session
from orchestration.errors import GuatuError
from orchestration.records.appeals import Appeal, dismiss, lodge, try_score, uphold
from orchestration.records.model import FOLLOWS, STEP_TITLES, Decision, Signature, newest
from orchestration.records.moves import Move
from orchestration.records.store import read_decisions
from orchestration.reports.wording import DASH
from orchestration.settings import get_settings

TRY = "try"
DO_TITLES = {TRY: "试算改分(不记录)", "lodged": "受理申诉", "upheld": "申诉成立", "dismissed": "申诉驳回"}
MOVES = [
    Column("name", "单位"),
    Column("score", "得分"),
    Column("rank", "名次"),
    Column("gained", "增加", blank="无"),
    Column("lost", "去掉", blank="无"),
    Column("money", "金额变动(万元)", "money"),
]
MOST_UNITS = 1000
"""Offered in one list; where there are more, one is looked up by name or code."""
_MOVES = "appeal_moves"


def appeal_form(edition: Edition, period: str) -> None:
    """Choose a unit's place, a step, a reason; confirm; recorded. What a corrected score moves is shown before."""
    held = session.current()
    inside = codes_inside(edition, held)
    about_whom = {"period": period, "own": None if held.everywhere else ",".join(held.divisions), "most": MOST_UNITS}
    words = ""
    frame = query(edition, "appeal_units", **about_whom, words=words)
    if frame.height > MOST_UNITS:
        words = st.text_input(f"单位超过 {MOST_UNITS} 个,输入名称或代码查找", key="appeal_words").strip()
        frame = query(edition, "appeal_units", **about_whom, words=words)
    units = frame.head(MOST_UNITS).rows(named=True)
    if not units:
        none = f"没有名称或代码含“{escape(words)}”的单位。" if words else "本期没有可申诉的排名。"
        st.html(f'<p class="g-empty">{none}</p>')
        return
    row = units[
        st.selectbox("对哪个名次", range(len(units)), format_func=lambda at: _line(units[at]), key="appeal_row")
    ]
    about = Appeal(row["scheme"], row["ranking"], period, row["division_code"])
    stand = _stand(row, period)
    steps = [*FOLLOWS["appeal"][stand], *([TRY] if row["round_code"] is not None else [])]
    now = STEP_TITLES[stand] if stand else "尚未申诉"
    step = st.radio(f"现为“{now}”,下一步", steps, format_func=DO_TITLES.__getitem__, horizontal=True, key="appeal_step")
    matter = (about.scheme, about.ranking, period, about.division, step)
    with st.form("appeal_form", border=False):
        label = "更正后的得分" if step == TRY else "更正后的得分(得分有误的填写)"
        if step in (TRY, "upheld"):
            st.text_input(label, key="appeal_score")
        if step != TRY:
            st.text_input("理由(必填;不要写农户姓名、证件号码)", max_chars=300, key="appeal_reason")
        if st.form_submit_button("试算" if step == TRY else "核对"):
            _submitted(row, about, step, matter)

    def act() -> str:
        held = session.require("decide")
        signature = Signature.of(held.name, st.session_state["appeal_reason"])
        session.record("decision", edition=edition.edition_id, object=_line(row), change=step)
        return _record(row, about, step, signature)

    if (moves := st.session_state.get(_MOVES)) is not None and moves[0] == about:
        _show_moves(moves[1], inside)
    confirm("appeal", matter, act)


def _submitted(row: Row, about: Appeal, step: str, matter: tuple[str, ...]) -> None:
    score = number(st.session_state.get("appeal_score", ""), "得分") if step in (TRY, "upheld") else None
    st.session_state.pop(_MOVES, None)
    if step == TRY and score is None:
        raise GuatuError("score_wanted", "试算请填写更正后的得分。", "a score is needed", exit_code=2)
    if score is not None:
        st.session_state[_MOVES] = (about, try_score(get_settings(), about, score))
    if step == TRY:
        st.rerun()
    signature = Signature.of(session.current().name, st.session_state["appeal_reason"])
    corrected = f",得分更正为 {score}" if score is not None else ""
    ask(
        "appeal",
        matter,
        f"{_line(row)},{DO_TITLES[step]}{corrected},理由“{signature.reason}”,经办人 {signature.person}",
    )


def _record(row: Row, about: Appeal, step: str, signature: Signature) -> str:
    settings = get_settings()
    st.session_state.pop(_MOVES, None)
    if step == "upheld":
        score = number(st.session_state.get("appeal_score", ""), "得分")
        written, _ = uphold(settings, about, signature, score)
        return f"已记录:{_line(row)},申诉成立;{len(written) - 1} 项已办奖惩转为重新研究。{NEXT_EDITION}。"
    (lodge if step == "lodged" else dismiss)(settings, about, signature)
    return f"已记录:{_line(row)},{STEP_TITLES[step]}。{NEXT_EDITION}。"


def _line(row: Row) -> str:
    place = f"第{row['rank']}名" if row["rank"] is not None else "未列名次"
    score = f",{figure(row['score'], 2)}" if row["score"] is not None else ""
    return f"{row['name']} · {row['ranking_title']} · {place}{score}"


def _stand(row: Row, period: str) -> str | None:
    """The newest step of this appeal on record."""
    key = (row["scheme"], row["ranking"], period, row["division_code"])

    def is_it(decision: Decision) -> bool:
        about = (decision.scheme, decision.ranking, decision.edition_period, decision.division_code)
        return decision.kind == "appeal" and about == key

    found = newest(decision for _, decision in read_decisions(get_settings()) if is_it(decision))
    return next((decision.step for decision in found.values()), None)


def _show_moves(moves: list[Move], inside: set[str] | None) -> None:
    seen = [move for move in moves if inside is None or move.division_code in inside]
    rows = [
        {
            "name": move.name,
            "score": _change(move.score_before, move.score_after),
            "rank": _change(move.rank_before, move.rank_after),
            "gained": ";".join(move.gained) or None,
            "lost": ";".join(move.lost) or None,
            "money": move.money_after - move.money_before,
        }
        for move in seen
    ]
    schema = {column.key: pl.String for column in MOVES} | {"money": pl.Decimal(18, 2)}
    st.html(f"<p>更正后会变动的单位 {len(moves)} 个:</p>" + table(
        pl.DataFrame(rows, schema=schema, orient="row"), MOVES, "无单位的得分、名次或奖惩因此变化。"
    ))  # fmt: skip
    if len(seen) < len(moves):
        st.html(f'<p class="g-note">另有 {len(moves) - len(seen)} 个辖区外的单位变动,不在此列出。</p>')


def _change(before: Decimal | int | None, after: Decimal | int | None) -> str:
    was, becomes = (DASH if value is None else _plain(value) for value in (before, after))
    return was if was == becomes else f"{was} → {becomes}"


def _plain(value: Decimal | int) -> str:
    return figure(value, 2) if isinstance(value, Decimal) else str(value)
