"""The part of the page on consequences where decisions and appeals are read and recorded."""

from collections.abc import Mapping
from html import escape

import polars as pl
import streamlit as st

from dashboards.edition import Edition
from dashboards.leaders.appealing import appeal_form
from dashboards.leaders.deciding import NEXT_EDITION, decide_form, is_current, told
from dashboards.leaders.recorded import RECORDS, records
from dashboards.parts.tables import table
from dashboards.web import session
from orchestration.errors import GuatuError


def show_records(
    edition: Edition, period: str, actions: pl.DataFrame, kinds: Mapping[str, str], objects: Mapping[str, str]
) -> pl.DataFrame:
    """Records about the month, and the forms for who may decide; returns the records shown.

    kinds, objects  Chinese titles by code
    """
    st.subheader("决定与申诉")
    told()
    held = session.current()
    found = records(edition, period, held, kinds, objects)
    st.html(table(found, RECORDS, "本期还没有核实、审定或申诉的记录。"))
    if not held.may("decide"):
        st.caption("办理奖惩和申诉须有“奖惩审定”权限。")
        return found
    if not is_current(edition):
        st.caption("只能对照当前版本办理。请在右上角选择当前版本。")
        return found
    forms = (
        ("办理奖惩:核实 → 确认、变更或不予执行 → 办理", lambda: decide_form(edition, period, actions)),
        ("办理申诉:受理 → 试算 → 成立或驳回", lambda: appeal_form(edition, period)),
    )
    for title, form in forms:
        with st.expander(title):
            try:
                form()
            except GuatuError as error:
                st.error(error.message_zh)
    st.html(f'<p class="g-note">经办人为当前登录人({escape(held.name)});记录只增不改,{NEXT_EDITION}。</p>')
    return found
