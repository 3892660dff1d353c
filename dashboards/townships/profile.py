"""Parts of a unit's profile: choosing the unit, its exit items in words, and why it stands where it stands."""

from collections.abc import Sequence
from decimal import Decimal
from html import escape

import polars as pl
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboards.edition import Edition, query, reader
from dashboards.parts.frame import SHOWN, Division
from dashboards.parts.tables import Column, figure, measured, table
from dashboards.words.common import KEY_INDICATORS, LEVEL_TITLES
from orchestration.errors import GuatuError
from orchestration.explain import explain
from orchestration.explain.wording import Table, sections
from orchestration.reports.checkup import EXIT_ITEMS
from orchestration.reports.wording import DASH

LEVELS = ("county", "township", "village")
AMOUNTS = {"incidence": "%", "collective_income": "元"}


def choose_unit(
    boxes: Sequence[DeltaGenerator], edition: Edition, period: str, own: Sequence[str]
) -> tuple[Division, pl.DataFrame]:
    """County, township and village in three boxes; the deepest chosen is the unit, and it stands in the URL.

    ``own``: divisions of the person, shown where the URL names none. Returns the unit and its own row (village_type,
    parents). A unit that is not there falls back to the first.
    """
    default = next(iter(own), None) or next(iter(query(edition, "divisions", period=period)["division_code"]), "")
    asked = st.query_params.get("division") or st.session_state.get("kept_division") or default
    places = query(edition, "profile_places", period=period, division=asked)
    if asked not in places["division_code"]:
        asked = default
        places = query(edition, "profile_places", period=period, division=asked)
    if asked not in places["division_code"]:
        st.info("本月没有任何单位报送数据。请选择其他期别。", icon=":material/info:")
        st.stop()
    names = dict(places.select("division_code", "name").iter_rows())
    own = places.filter(pl.col("division_code") == asked).row(0, named=True)
    line = [asked, own["parent_code"], *_parents(places, own["parent_code"])]
    for level, box in zip(LEVELS, boxes, strict=True):
        offered = places.filter(pl.col("level") == level)["division_code"].to_list()
        _choice(box, level, offered, names, next((code for code in line if code in offered), ""), own["level"])
    st.session_state[SHOWN]["division"] = st.session_state["kept_division"] = asked
    return Division(asked, own["name"], own["level"], own["parent_code"]), places.filter(division_code=asked)


def _parents(places: pl.DataFrame, code: str | None) -> list[str]:
    return places.filter(pl.col("division_code") == code)["parent_code"].drop_nulls().to_list()


def _choice(box: DeltaGenerator, level: str, offered: list[str], names: dict[str, str], at: str, own: str) -> None:
    """One of the boxes; its first entry leaves the unit at the level above."""
    widget = f"pick_unit_{level}"
    st.session_state[widget] = at

    def follow() -> None:
        picked = st.session_state[widget]
        above = LEVELS[max(0, LEVELS.index(level) - 1)]
        code = picked or st.session_state.get(f"pick_unit_{above}") or ""
        if code:
            st.query_params["division"] = st.session_state["kept_division"] = code

    title = {"county": "县(市、区)", "township": "乡镇(街道)", "village": "村(社区)"}[level]
    blank = "请选择" if level == "county" else "全部"
    options = ["", *offered] if level != "county" or not at else offered
    box.selectbox(title, options, format_func=lambda code: names.get(code, blank), key=widget, on_change=follow,
                  disabled=not offered)  # fmt: skip


def subtitle(row: pl.DataFrame) -> str:
    """Level, kind of village and where it lies: 村(贫困村) · 信阳市 · 罗山县."""
    kinds = {"poor": "贫困村", "deeply_poor": "深度贫困村", "non_poor": "非贫困村", "monitored": "监测村"}
    own = row.row(0, named=True)
    kind = own["village_type"]
    level = LEVEL_TITLES.get(own["level"], own["level"]) + (f"({kinds.get(kind, kind)})" if kind else "")
    return " · ".join(part for part in (level, own["parents"], own["division_code"]) if part)


def exit_items(frame: pl.DataFrame) -> pl.DataFrame:
    """The items of 1+7+2 of one village in their order: title, value and threshold in words, result."""
    rows = {row["item"]: row for row in frame.iter_rows(named=True)}
    return pl.DataFrame(
        [
            (title, _exit_value(rows[item], "value"), _exit_value(rows[item], "threshold"), rows[item]["result"])
            for item, title in EXIT_ITEMS.items()
            if item in rows
        ],
        schema=["title", "value", "threshold", "result"],
        orient="row",
    )


def _exit_value(row: dict, column: str) -> str | None:
    value: Decimal | None = row[column]
    item = row["item"]
    if item == "main_industry":
        return {"pass": "有", "fail": "无"}.get(row["result"]) if column == "value" else "有"
    if value is None:
        return None
    if item in AMOUNTS:
        return measured(value, AMOUNTS[item])
    if item == "overall":
        return f"{figure(value, 0)}项"
    return "有" if value else "无"


def titled_items(frame: pl.DataFrame, titles: dict[str, str]) -> pl.DataFrame:
    """Rows in the order of ``titles`` with the item's title; items without a title are left out."""
    order = {item: place for place, item in enumerate(titles)}
    known = frame.filter(pl.col("item").is_in(list(titles)))
    return known.with_columns(
        title=pl.col("item").replace(titles), place=pl.col("item").replace_strict(order, return_dtype=pl.Int32)
    ).sort("place")


def main_figures(indicators: pl.DataFrame) -> pl.DataFrame:
    """The key indicators of the unit in their order, those with a value first; at most eight."""
    order = {code: place for place, code in enumerate(KEY_INDICATORS)}
    known = indicators.filter(pl.col("indicator_code").is_in(KEY_INDICATORS))
    known = known.with_columns(place=pl.col("indicator_code").replace_strict(order, return_dtype=pl.Int32))
    return known.sort(pl.col("value").is_null(), "place").head(8)


def place_key(place: dict) -> str:
    """What a place in a ranking is called in the URL."""
    return ".".join((place["scheme"], place["ranking"], place["edition_period"], place["class"]))


def place_title(place: dict) -> str:
    group = "" if place["class"] == "all" else f" · {place['class']}"
    return f"{place['ranking_title']} · {place['edition_period']}{group}"


def why(edition: Edition, place: dict, division: str) -> str:
    """The explanation of one place as HTML, by the engine of ``guatu explain``; or why there is none."""
    try:
        with reader(edition) as connection:
            explanation = explain(
                connection, place["scheme"], place["ranking"], place["edition_period"], division, place["class"]
            )
    except GuatuError as error:
        return f'<p class="g-empty">{escape(error.message_zh)}</p>'
    parts = []
    for section in sections(explanation)[1:]:
        if isinstance(section, Table):
            columns = [Column(f"c{place}", header, blank=DASH) for place, header in enumerate(section.headers)]
            frame = pl.DataFrame(list(section.rows), schema=[column.key for column in columns], orient="row")
            parts.append(f"<h4>{escape(section.title)}</h4>{table(frame, columns, '')}")
        else:
            parts.append(f'<p class="g-note">{escape(section)}</p>')
    return "".join(parts)
