"""就业信贷:务工与去年同月对照、一户一就业;户贷率、逾期与不良,一个月内到期的贷款。"""

import streamlit as st

from dashboards.business.scheme_lists import household_note, listed, show_list
from dashboards.charts.business import rates_chart, years_chart
from dashboards.charts.common import CONFIG
from dashboards.edition import query
from dashboards.parts.export import Sheet, download
from dashboards.parts.frame import open_page
from dashboards.parts.tables import Column
from dashboards.parts.unit_board import say_nothing_reported, unit_board

WORK = (
    "migrant_workers", "migrant_year_ratio", "employed_household_rate", "zero_employment_households",
    "organised_rate", "training_rate", "workers", "public_jobs",
)  # fmt: skip
LOANS = ("loan_household_rate", "loan_marginal_rate", "loan_per_household", "loan_overdue_rate", "loan_npl_rate")
SHARES, RISKS = LOANS[:2], LOANS[3:]
DUE = [
    Column("division_name", "村"),
    Column("entity_id", "户编号"),
    Column("value", "余额(万元)", "money"),
    Column("reason", "说明", blank="已隐去"),
    Column("scheme_title", "方案"),
]

view = open_page("就业信贷")
scope = {"period": view.period, "division": view.division.code}
work, loans = unit_board(view, WORK), unit_board(view, LOANS)
if work.is_empty and loans.is_empty:
    say_nothing_reported(view, WORK + LOANS, "务工和小额信贷")
    st.stop()

st.subheader("务工就业")
if work.is_empty:
    say_nothing_reported(view, WORK, "务工")
else:
    st.html(work.cards())
    left, right = st.columns([2, 3], gap="large")
    year = int(view.period[:4])
    with left:
        st.subheader("外出务工人数:今年与去年")
        months = query(view.edition, "indicator_months", **scope, indicator="migrant_workers", year=year)
        if months.is_empty():
            st.html('<p class="g-empty">这两年没有外出务工人数。</p>')
        else:
            st.plotly_chart(
                years_chart(months, year, "人"), theme=None, config=CONFIG, key="migrants", alt="外出务工人数两年对照"
            )
        if not (months["year"] == year - 1).any():
            st.html('<p class="g-note">去年没有报送,同比无从计算,不按零处理。</p>')
    with right:
        st.subheader("各单位务工就业")
        st.html(work.table("没有务工数据。"))

st.subheader("小额信贷")
due = listed(view, "loans_due")
if loans.is_empty:
    say_nothing_reported(view, LOANS, "小额信贷")
else:
    st.html(loans.cards())
    parts = {row["indicator_code"]: row for row in loans.scope.iter_rows(named=True)}
    eligible = [
        f"{title} <b>{row['numerator']:,.0f}</b> / {row['denominator']:,.0f} 户"
        for code, title in zip(SHARES, ("有贷款的可贷户(不含边缘户)", "有贷款的可贷边缘户"), strict=True)
        if (row := parts[code])["denominator"]
    ]
    if eligible:
        st.html(f'<div class="g-total">{"".join(f"<span>{text}</span>" for text in eligible)}</div>')
    limits = query(view.edition, "target_lines", **scope, indicators=",".join(SHARES + RISKS))
    charts = [
        ("户贷率(边缘户另列)", SHARES, "loan_shares", "还没有户贷率。"),
        ("逾期率与不良率", RISKS, "loan_risks", "没有贷款余额,无逾期率可言。"),
    ]
    for place, (title, codes, key, empty) in zip(st.columns(2, gap="large"), charts, strict=True):
        with place:
            st.subheader(title)
            if loans.rows.filter(loans.rows["indicator_code"].is_in(codes))["value"].is_null().all():
                st.html(f'<p class="g-empty">{empty}</p>')
                continue
            lines = limits.filter(limits["indicator_code"].is_in(codes))
            figure = rates_chart(loans.rows, codes, lines)
            st.plotly_chart(figure, theme=None, config=CONFIG, key=key, alt=f"各单位{title}")
            for row in lines.unique(["title", "threshold"], maintain_order=True).iter_rows(named=True):
                st.html(f'<p class="g-note">虚线:《{row["scheme_title"]}》“{row["title"]}”。</p>')
    st.subheader("各单位小额信贷")
    st.html(loans.table("没有小额信贷数据。"))
st.subheader("一个月内到期的贷款")
if note := household_note():
    st.html(f'<p class="g-note">{note}</p>')
show_list(view, "loans_due", due, DUE, "没有一个月内到期的贷款。")
download(
    f"就业信贷_{view.division.name}_{view.period}",
    view.edition,
    [
        Sheet("务工就业", work.units, work.columns),
        Sheet("小额信贷", loans.units, loans.columns),
        Sheet("到期贷款", due, DUE),
    ],
    key="export_employment",
)
