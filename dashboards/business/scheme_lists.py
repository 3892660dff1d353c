"""Lists that schemes keep (清单): their rows, and why there are none."""

import polars as pl
import streamlit as st

from dashboards.edition import query
from dashboards.parts.frame import View
from dashboards.parts.tables import Column, table
from dashboards.web import session

MASKED = "农户以代号显示,金额取整到百元,说明隐去;核实时请先在左侧填写用途。"
NO_HOUSEHOLDS = "您的角色平时不显示农户一级的行。需要核实时请先在左侧填写用途,或请乡镇、部门查看。"


def household_note() -> str | None:
    """What the visitor sees of single households, unless it is all."""
    return {"none": NO_HOUSEHOLDS, "masked": MASKED}.get(session.current().households)


def listed(view: View, code: str) -> pl.DataFrame:
    """The rows of a list inside the view's division (``queries/scheme_list.sql``)."""
    return query(view.edition, "scheme_list", period=view.period, prefix=view.division.prefix, list=code)


def show_list(view: View, code: str, frame: pl.DataFrame, columns: list[Column], empty: str) -> None:
    """The list, or which of two reasons it is empty for: no scheme in force asks for it, or nothing is on it."""
    if frame.is_empty():
        kept = query(view.edition, "lists_kept", period=view.period, division=view.division.code, list=code)
        if kept.is_empty():
            empty = "施行中的方案没有要求这份清单。"
    st.html(table(frame, columns, empty))
