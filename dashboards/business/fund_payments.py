"""The last step down from the money of a document: its single payments, all of them or those of one allocation."""

import polars as pl
import streamlit as st

from dashboards.parts.export import Sheet
from dashboards.parts.frame import View, choose
from dashboards.parts.newer_tables import NO_TABLE, rows_if_there
from dashboards.parts.tables import figure, table
from dashboards.words import common as words
from dashboards.words.fund_columns import PAYMENTS
from orchestration.reports.wording import TEN_THOUSAND


def show(view: View, receipt: str, title: str, allocations: pl.DataFrame) -> list[Sheet]:
    """Payments of a document (``title`` is its number), refunds marked; what of it can be exported.

    allocations: allocation_id, project_name of the document.
    """
    st.subheader(f"{title} 逐笔支付")
    names = {words.ALL: "全部安排"} | {
        code: f"{code} {name or ''}".strip()
        for code, name in allocations.select("allocation_id", "project_name").iter_rows()
    }
    allocation = choose("查看安排", "allocation", list(names), names.__getitem__, words.ALL)
    payments = rows_if_there(
        view.edition, "fund_payments", period=view.period, receipt_id=receipt,
        allocation_id=None if allocation == words.ALL else allocation,
    )  # fmt: skip
    if payments is None:
        st.html(NO_TABLE)
        return []
    payments = payments.with_columns(documented_state=pl.lit("missing"))
    if not payments.is_empty():
        refunds = payments.filter("is_refund")
        paid, back = (figure(part["amount"].sum() / TEN_THOUSAND, 2) for part in (payments, refunds))
        refunded = f"<span>↩ 其中退回 <b>{refunds.height}</b> 笔 <b>{back}</b> 万元</span>" if refunds.height else ""
        st.html(
            f'<div class="g-total"><span>支付 <b>{payments.height}</b> 笔</span>'
            f"<span>净支出 <b>{paid}</b> 万元</span>{refunded}</div>"
        )
    st.html(table(payments, PAYMENTS, "到期末还没有支付。", marked="is_refund"))
    return [Sheet("逐笔支付", payments, PAYMENTS)]
