"""排名:任一方案的任一排名;并列、未参评与待上级通报都看得见;一个单位与它的左邻右舍,为什么在这个名次。"""

import polars as pl
import streamlit as st

from dashboards.charts.common import CONFIG, MOST_UNITS, ranking_chart
from dashboards.edition import query, reader
from dashboards.leaders.neighbours import around, history_chart, sureness, why
from dashboards.leaders.neighbours import columns as neighbour_columns
from dashboards.leaders.tiles import with_address
from dashboards.parts.export import Sheet, download
from dashboards.parts.frame import choose, only, open_page
from dashboards.parts.review_badge import badge_of_units
from dashboards.parts.tables import Column, table
from dashboards.web import session
from dashboards.words import common as words
from orchestration.explain import explain
from orchestration.reports.wording import month, numeral

view = open_page("排名", scoped=False)
rankings = query(view.edition, "rankings", period=view.period)
if rankings.is_empty():
    st.info("该版本没有排名结果:考核数据尚未报送,或方案尚未启用排名。", icon=":material/info:")
    st.stop()

schemes = dict(rankings.select("scheme", "scheme_title").iter_rows())
boxes = st.columns(5)
with boxes[0]:
    scheme = choose("方案", "scheme", list(schemes), schemes.__getitem__)
offered = only(rankings, "scheme", scheme)
levels = [words.ALL, *offered["unit_level"].unique(maintain_order=True).to_list()]
with boxes[1]:
    level = choose("级别", "level", levels, lambda code: words.with_all(words.LEVEL_TITLES, code), words.ALL)
offered = only(offered, "unit_level", None if level == words.ALL else level)
by_code = {row["ranking"]: row for row in offered.iter_rows(named=True)}
with boxes[2]:
    ranking = by_code[choose("排名", "ranking", list(by_code), lambda key: by_code[key]["title"])]
chosen = {"scheme": scheme, "ranking": ranking["ranking"]}
rounds = query(view.edition, "ranking_periods", **chosen)
periods = rounds["period"].unique(maintain_order=True).to_list()
nearest = next((period for period in periods if period <= view.period), periods[-1])
with boxes[3]:
    period = choose("期别", "period", periods, month, nearest)
classes = only(rounds, "period", period)["class"].unique(maintain_order=True).to_list()
class_titles = {"all": "不分类"} | dict(query(view.edition, "classes", **chosen).iter_rows())
with boxes[4]:
    group = choose("类别", "class", classes, lambda key: class_titles.get(key, key))
chosen |= {"class": group}

units = query(view.edition, "ranking_units", **chosen, period=period).with_columns(
    pl.col("name").fill_null(pl.col("division_code")),
)
units = with_address(units, view.edition, period)
decimals, unit = ranking["decimals"] or 0, ranking["score_unit"]
score = f"{ranking['score_title']}({unit})"
COLUMNS = [
    Column("name", "单位", link="address"),
    Column("place", "名次", reason="state"),
    Column("score", score, "score", reason="state", decimals=decimals),
    Column("rank_change", "较上期", "moves"),
    Column("gap_to_next", "距上一名", "score", decimals=decimals),
    Column("previous_rank", "上期名次", "count"),
    Column("rank_from_bottom", "倒数", "count"),
    Column("state", "参评情况", "badge", badges=words.RANKING_STATES),
]
names = dict(units.select("division_code", "name").iter_rows())
ranked = units.filter(pl.col("state") == "ranked")
absent = units.filter(pl.col("state") != "ranked")
tied = ranked.filter(pl.col("place").str.contains("并列"))

st.subheader(f"{ranking['title']} · {month(period)}")
st.html(
    f'<div class="g-total"><span>参评 <b>{ranked.height}</b> 个</span><span>并列 <b>{tied.height}</b> 个</span>'
    f"<span>未参评 <b>{absent.filter(pl.col('state') == 'not_assessed').height}</b> 个</span>"
    f"<span>待上级通报 <b>{absent.filter(pl.col('state') == 'pending_announcement').height}</b> 个</span>"
    f"<span>{badge_of_units(view.edition, period, names)}</span></div>"
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

# the visitor's own unit; else the one that fell most, else the last: the one that will be asked about
fallen = ranked.filter(pl.col("rank_change") < 0).sort("rank_change")["division_code"].to_list()
asked = [*session.current().divisions, *fallen, *ranked["division_code"].to_list()[::-1]]
first = next((code for code in asked if code in names), None)
me = choose("看哪个单位", "unit", list(names), names.__getitem__, first)
st.subheader(f"{names[me]}和它的左邻右舍")
is_open = query(view.edition, "rank_items", **chosen, period=period, division=me)["items"][0] > 0
explanation = None
if is_open:
    with reader(view.edition) as connection:
        explanation = explain(connection, scheme, ranking["ranking"], period, me, group)
left, right = st.columns([3, 2], gap="large")
with left:
    sure = sureness(explanation) if explanation else {}
    near = around(ranked, me).with_columns(
        sure=pl.col("division_code").replace_strict(sure, default=None, return_dtype=pl.String)
    )
    st.html(
        table(near, neighbour_columns(score, decimals, bool(sure)), "本期该单位没有名次,没有左邻右舍。", marked="is_me")
    )
    if sure:
        st.html('<p class="g-note">得分来自抽样:按 95% 置信区间比较本单位与紧邻单位的抽查各率。</p>')
with right:
    history = query(view.edition, "rank_history", **chosen, division=me)
    st.plotly_chart(history_chart(history), theme=None, config=CONFIG, key="rank_history", alt=f"{names[me]}历次名次")
with st.expander("为什么是这个名次,怎样能变", expanded=True):
    if explanation:
        st.html(why(explanation))
    else:
        st.html('<p class="g-empty">该单位本期没有得分构成,或不在您的辖区之内:只显示名次。</p>')
download(f"{ranking['title']}_{period}", view.edition, [Sheet("排名", units, COLUMNS)], key="export_ranking")
