"""The wall chart (挂图): red, yellow and green by unit, who is next, what moved, who owes; on one screen."""

import polars as pl
import streamlit as st

from dashboards.charts.common import CONFIG
from dashboards.charts.map import county_map, has_outlines
from dashboards.edition import query
from dashboards.leaders.movement import CHANGES, in_words, rank_moves
from dashboards.leaders.tiles import by_place, by_share, light_counts, tile_grid, with_address
from dashboards.parts.frame import View, choose
from dashboards.parts.tables import Column, table
from dashboards.words import common as words
from orchestration.catalogue.boundaries import load_outlines
from orchestration.reports.wording import numeral
from orchestration.settings import get_settings

COMING = [
    Column("name", "单位", link="address"),
    Column("title", "到期要做到", hint="told"),
    Column("due_on", "到期", "day"),
    Column("pace", "每日还需", "pace", unit="unit", blank=""),
    Column("amount_a_day", "每日还需支付(万元)", "money", blank=""),
]
OWING = [
    Column("name", "欠报方", link="address"),
    Column("titles", "欠什么"),
    Column("since", "应报日期", "day"),
    Column("months_running", "连续(月)", "count"),
    Column("departments", "找谁催"),
]
BELOW = {"province": "prefecture", "prefecture": "county", "county": "township", "township": "village"}
MOVES_AT_ONCE = 6
COLOURS = {"share": "按缺项", "place": "按得分名次"}


def panel(title: str, body: str) -> None:
    """A heading with HTML below, close together."""
    st.html(f'<div class="g-panel"><h3>{title}</h3>{body}</div>')


def show_tiles(view: View, titles: list[str]) -> None:
    """The grid, and the map where there are outlines. ``titles``: milestones and targets it can be limited to."""
    scope = view.division
    below = BELOW.get(scope.level, "village")
    grains = [below, "village"] if scope.level == "county" else [below]
    boxes = st.columns([2, 3, 2] if len(grains) > 1 else [2, 3])
    grain = below
    if len(grains) > 1:
        with boxes[2]:
            grain = choose("一格一个", "tiles", grains, words.LEVEL_TITLES.__getitem__)
    asked = {"period": view.period, "prefix": scope.prefix, "level": grain}
    rankings = {row["code"]: row for row in query(view.edition, "tile_rankings", **asked).iter_rows(named=True)}
    with boxes[0]:
        by = choose("怎样分色", "colour", ["share", "place"] if rankings else ["share"], COLOURS.__getitem__)
    with boxes[1]:
        if by == "place":
            code = choose("按哪个排名", "place", list(rankings), lambda key: rankings[key]["title"])
        else:
            offered = [words.ALL, *titles]
            light = choose("看哪项", "light", offered, lambda key: "全部" if key == words.ALL else key, words.ALL)
    if by == "place":
        tiles = by_place(query(view.edition, "tile_places", **asked, ranking=code))
        first, last = rankings[code]["first_places"], rankings[code]["last_places"]
        rule = f"✔ 绿:前{numeral(first)}名;✖ 红:后{numeral(last)}名(均含并列);▲ 黄:其余参评单位。"
        lights = words.BY_PLACE
    else:
        title = None if light == words.ALL else light
        tiles = by_share(query(view.edition, "tiles", **asked, title=title))
        rule = "按已到期节点、已评目标:✔ 绿:全部达标;✖ 红:有未达标的,且达标不过半;▲ 黄:其余。未到期、无数据的不计。"
        lights = words.BY_SHARE
    addresses = dict(with_address(tiles, view.edition, view.period).select("division_code", "address").iter_rows())
    grid = tile_grid(tiles, addresses, "本级以下没有单位。", small=grain != below)
    panel(
        "红黄绿一张图(点格子看该单位)",
        f'{light_counts(tiles, lights)}<p class="g-note">{rule}</p><div class="g-wall">{grid}</div>',
    )
    outlines = load_outlines(get_settings().seeds)
    if has_outlines(tiles, outlines):
        words_for_it = f"{scope.name}各县红黄绿示意图"
        st.plotly_chart(county_map(tiles, outlines), theme=None, config=CONFIG, key="county_map", alt=words_for_it)


def coming(view: View) -> pl.DataFrame:
    """Who may be interviewed next month, then every open checkpoint with what it still takes a day."""
    scope = {"period": view.period, "prefix": view.division.prefix}
    warned = query(view.edition, "warnings", **scope, division=view.division.code)
    interviews = warned.filter(pl.col("kind") == "interview").select(
        "name",
        "division_code",
        "due_on",
        "amount_a_day",
        title=pl.concat_str(pl.lit("下月或约谈(倒数第"), "rank_from_bottom", pl.lit(")"), ignore_nulls=True),
        told="message",
    )
    open_ones = query(view.edition, "checkpoints", **scope).rename(
        {"checkpoint": "due_on", "daily_pace": "pace", "quote": "told"}
    )
    both = pl.concat([interviews, open_ones], how="diagonal_relaxed")
    return with_address(both, view.edition, view.period)


def show_side(view: View, standing: pl.DataFrame, next_ones: pl.DataFrame, owing: pl.DataFrame) -> None:
    """Three panels: who is next, what moved, who owes. ``standing``: rows of ``queries/standing.sql``."""
    address = f"warnings?period={view.period}&edition={view.edition.edition_id}&division={view.division.code}"
    panel(
        f'谁快到节点 <a href="{address}" target="_self">下月预警</a>',
        table(next_ones, COMING, "没有未到期而还差的节点,下月也没有单位会被约谈。"),
    )
    scope = {"period": view.period, "prefix": view.division.prefix, "division": view.division.code}
    moved = pl.concat([rank_moves(standing, MOVES_AT_ONCE), in_words(query(view.edition, "changes", **scope))])
    panel("变化:较上期、较上月", table(moved, CHANGES, "与上月相比没有变化,或上月没有数据。"))
    panel("谁没报", table(with_address(owing, view.edition, view.period), OWING, "本月应报的都已报齐。"))
