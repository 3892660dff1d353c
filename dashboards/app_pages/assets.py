"""帮扶资产:确权、管护、闲置、收益分配,三类资产分列,各单位对照。"""

from decimal import Decimal

import polars as pl
import streamlit as st

from dashboards.charts.business import rates_chart
from dashboards.charts.common import CONFIG
from dashboards.parts.export import Sheet, download
from dashboards.parts.frame import open_page
from dashboards.parts.newer_tables import NO_TABLE, rows_if_there
from dashboards.parts.tables import Column, figure, table
from dashboards.parts.unit_board import say_nothing_reported, unit_board
from dashboards.words.business import ASSET_CATEGORIES
from orchestration.reports.wording import TEN_THOUSAND

INDICATORS = ("titled_rate", "keeper_rate", "idle_asset_rate", "distribution_rate")
CLASSES = [
    Column("title", "资产类别"),
    Column("assets", "数量(项)", "count"),
    Column("original_value", "原值(万元)", "money", reason="value_state"),
    Column("titled_share", "已确权原值占比", "rate", reason="share_state"),
    Column("kept_share", "落实管护占比", "rate", reason="share_state"),
    Column("idle", "闲置、损毁(项)", "count"),
    Column("idle_value", "闲置、损毁原值(万元)", "money", reason="value_state"),
    Column("annual_income", "年度收益(万元)", "money", reason="income_state"),
    Column("distributed", "已分配(万元)", "money", reason="income_state"),
    Column("income_unknown", "收益未报全(项)", "count", reason="unknown_state"),
]

view = open_page("帮扶资产")
board = unit_board(view, INDICATORS)
if board.is_empty:
    say_nothing_reported(view, INDICATORS, "资产")
    st.stop()
st.html(board.cards())
own = {row["indicator_code"]: row for row in board.scope.iter_rows(named=True)}


def pair(code: str, title: str, unit: str, scale: Decimal, decimals: int) -> str:
    """Numerator and denominator of a rate of the scope, both in ``unit``; nothing where they are not known."""
    row = own[code]
    if row["numerator"] is None or row["denominator"] is None:
        return ""
    part, whole = (figure(row[key] / scale, decimals) for key in ("numerator", "denominator"))
    return f"<span>{title} <b>{part}</b> / {whole} {unit}</span>"


parts = [
    pair("titled_rate", "已确权原值", "万元", TEN_THOUSAND, 2),
    pair("keeper_rate", "落实管护", "项", Decimal(1), 0),
    pair("idle_asset_rate", "✖ 闲置、损毁原值", "万元", TEN_THOUSAND, 2),
    pair("distribution_rate", "经营性资产已分配收益", "万元", TEN_THOUSAND, 2),
]
st.html(f'<div class="g-total">{"".join(parts)}</div>')
st.subheader("三类资产")
sheets = [Sheet("各单位", board.units, board.columns)]
classes = rows_if_there(view.edition, "asset_classes", period=view.period, prefix=view.division.prefix)
if classes is None:
    st.html(NO_TABLE)
else:
    classes = classes.with_columns(title=pl.col("category").replace(ASSET_CATEGORIES))
    st.html(table(classes, CLASSES, "没有报送资产台账。", marked="is_whole"))
    st.html('<p class="g-note">收益与分配按已报数相加;收益分配率只算两项都报了的经营性资产,未报全的列在末栏。</p>')
    sheets.append(Sheet("三类资产", classes, CLASSES))
left, right = st.columns(2, gap="large")
with left:
    st.subheader("各单位资产")
    st.html(board.table("没有资产数据。"))
with right:
    st.subheader("各单位对照")
    chart = rates_chart(board.rows, INDICATORS, board.rows.clear().select(threshold="value"))
    st.plotly_chart(chart, theme=None, config=CONFIG, key="asset_rates", alt="各单位资产四率")
    st.html('<p class="g-note">闲置率越低越好,其余三项越高越好。</p>')
download(f"帮扶资产_{view.division.name}_{view.period}", view.edition, sheets, key="export_assets")
