"""排名:任一方案的任一排名,并列、未参评与待上级通报都看得见。"""

import polars as pl
import streamlit as st

from dashboards import words
from dashboards.charts import CONFIG, MOST_UNITS, ranking_chart
from dashboards.edition import query
from dashboards.export import Sheet, download
from dashboards.frame import choose, only, open_page
from dashboards.tables import Column, table
from orchestration.reports.wording import month, numeral

view = open_page("排名", scoped=False)
rankings = query(view.edition, "rankings", period=view.period)
if rankings.is_empty():
    st.info("该版本没有排名结果:考核数据尚未报送,或方案尚未启用排名。", icon=":material/info:")
    st.stop()

schemes = dict(rankings.select("scheme", "scheme_title").iter_rows())
boxes = st.columns(4)
with boxes[0]:
    scheme = choose("方案", "scheme", list(schemes), schemes.__getitem__)
offered = {row["ranking"]: row for row in only(rankings, "scheme", scheme).iter_rows(named=True)}
with boxes[1]:
    ranking = offered[choose("排名", "ranking", list(offered), lambda key: offered[key]["title"])]
rounds = query(view.edition, "ranking_periods", scheme=scheme, ranking=ranking["ranking"])
periods = rounds["period"].unique(maintain_order=True).to_list()
nearest = next((period for period in periods if period <= view.period), periods[-1])
with boxes[2]:
    period = choose("期别", "period", periods, month, nearest)
classes = only(rounds, "period", period)["class"].unique(maintain_order=True).to_list()
with boxes[3]:
    group = choose("类别", "class", classes, lambda key: "不分类" if key == "all" else key)

units = query(
    view.edition, "ranking_units", scheme=scheme, ranking=ranking["ranking"], period=period, **{"class": group}
).with_columns(pl.col("name").fill_null(pl.col("division_code")))
decimals, unit = ranking["decimals"] or 0, ranking["score_unit"]
score = f"{ranking['score_title']}({unit})"
COLUMNS = [
    Column("name", "单位"),
    Column("place", "名次", reason="state"),
    Column("score", score, "score", reason="state", decimals=decimals),
    Column("rank_change", "较上期", "moves"),
    Column("gap_to_next", "距上一名", "score", decimals=decimals),
    Column("previous_rank", "上期名次", "count"),
    Column("rank_from_bottom", "倒数", "count"),
    Column("state", "参评情况", "badge", badges=words.RANKING_STATES),
]
ranked = units.filter(pl.col("state") == "ranked")
absent = units.filter(pl.col("state") != "ranked")
tied = ranked.filter(pl.col("place").str.contains("并列"))

st.subheader(f"{ranking['title']} · {month(period)}")
st.html(
    f'<div class="g-total"><span>参评 <b>{ranked.height}</b> 个</span><span>并列 <b>{tied.height}</b> 个</span>'
    f"<span>未参评 <b>{absent.filter(pl.col('state') == 'not_assessed').height}</b> 个</span>"
    f"<span>待上级通报 <b>{absent.filter(pl.col('state') == 'pending_announcement').height}</b> 个</span></div>"
)
left, right = st.columns([3, 2], gap="large")
with left:
    marked = ranked.with_columns(top=pl.col("rank") <= ranking["first_places"])
    st.html(table(marked, COLUMNS[:-1], "本期没有参评单位。", marked="top"))
    leading = f"前{numeral(ranking['first_places'])}名"
    st.html(f'<p class="g-note">名次按标准竞争排名(1、2、2、4),得分相同名次并列;加粗为{leading}(含并列)。</p>')
    if not absent.is_empty():
        st.subheader("未排名的单位")
        st.html(table(absent, [COLUMNS[0], COLUMNS[-1], COLUMNS[2]], ""))
with right:
    if not ranked.is_empty():
        figure = ranking_chart(ranked, unit, decimals, ranking["first_places"], ranking["last_places"])
        st.plotly_chart(figure, theme=None, config=CONFIG, key="ranking_chart", alt=f"{ranking['title']}得分图")
        if ranked.height > MOST_UNITS:
            st.html(f'<p class="g-note">单位较多,图中为前 {MOST_UNITS // 2} 名与后 {MOST_UNITS // 2} 名。</p>')
download(f"{ranking['title']}_{period}", view.edition, [Sheet("排名", units, COLUMNS)], key="export_ranking")
