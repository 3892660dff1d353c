"""What every page shares: the header, the choices kept in the URL, and the states before there is anything to show."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from pathlib import Path
from urllib.parse import urlencode

import polars as pl
import streamlit as st

from dashboards.edition import Edition, current_edition, published_editions, published_folder, query
from dashboards.parts.review_badge import badge
from dashboards.web import session
from dashboards.words.common import LEVEL_TITLES
from orchestration.errors import GuatuError
from orchestration.reports.wording import SIGNIFICANT_DIGITS, moment, month
from orchestration.settings import now

STYLE = Path(__file__).parents[1] / "assets" / "style.css"
SHOWN = "shown_choices"
"""Where the choices the page shows now are kept."""
STALE_AFTER = timedelta(days=40)
"""Editions come monthly: without a new one for so long, publishing has stopped."""


@dataclass(frozen=True)
class Division:
    """A division a page can be scoped to; ``prefix`` is the start of every code inside it."""

    code: str
    name: str
    level: str
    parent_code: str | None

    @property
    def prefix(self) -> str:
        return self.code[: SIGNIFICANT_DIGITS.get(self.level, 12)]


@dataclass(frozen=True)
class View:
    """What a page looks at; ``division`` and ``former`` (the edition before) are None on pages without a scope."""

    edition: Edition
    former: Edition | None
    period: str
    division: Division | None


def choose(
    label: str, key: str, options: Sequence[str], wording: Callable[[str], str] = str, default: str | None = None
) -> str:
    """A selectbox whose value lives in the URL (so that a link opens the same view) and follows from page to page.

    A value that is not offered here falls back to the default, and what was chosen stays kept for other pages.
    """
    widget, kept = f"pick_{key}", f"kept_{key}"
    asked = st.query_params.get(key) or st.session_state.get(kept)
    value = asked if asked in options else (default if default in options else options[0])
    st.session_state[widget] = value
    if asked == value:
        st.session_state.setdefault(kept, value)

    def remember() -> None:
        st.query_params[key] = st.session_state[kept] = st.session_state[widget]

    picked = st.selectbox(label, options, format_func=wording, key=widget, on_change=remember)
    st.session_state[SHOWN][key] = picked
    return picked


def complete_address() -> None:
    """Put every choice of the page into the address bar, in place: writing ``st.query_params`` here would add an
    entry to the browser's history on each load, and Back would lead nowhere."""
    address = urlencode(st.session_state.get(SHOWN, {}))
    st.html(
        f'<script>history.replaceState(history.state, "", location.pathname + "?{address}")</script>',
        unsafe_allow_javascript=True,
    )


def _editions() -> tuple[list[Edition], Edition]:
    """All editions and the current one; where there is none the page says what to do and ends."""
    folder = published_folder()
    editions = published_editions(folder)
    try:
        return editions, current_edition(folder, editions)
    except GuatuError as error:
        st.html('<div class="g-head"><h1>挂图作战</h1></div>')
        st.info(error.message_zh, icon=":material/info:")
        st.stop()


def _divisions(edition: Edition, period: str) -> list[Division]:
    """Divisions above village with anything reported in the month; the home of a scheme in force comes first."""
    rows = query(edition, "divisions", period=period)
    return [
        Division(row["division_code"], row["name"], row["level"], row["parent_code"])
        for row in rows.iter_rows(named=True)
    ]


def open_page(title: str, scoped: bool = True) -> View:
    """Style, edition and, where the page is scoped, period and division; the header stands above the page's content.

    A page that is not scoped offers its own periods; its view has the period last chosen anywhere.
    """
    st.html(STYLE)
    st.session_state[SHOWN] = {}
    editions, current = _editions()
    head, *boxes = st.columns([5, 2, 3, 3] if scoped else [10, 3], vertical_alignment="bottom")
    names = {e.edition_id: e for e in editions}
    with boxes[-1]:
        picked = choose(
            "版本", "edition", list(names), lambda key: _edition_label(names[key], current), current.edition_id
        )
    edition = names[picked]
    periods = query(edition, "periods").get_column("period").to_list()
    if not periods:
        _header(head, title, edition, current)
        st.info("该版本中没有任何已报送的期别。请先接收报送文件并重新运行 guatu run。", icon=":material/info:")
        st.stop()
    if not scoped:
        _header(head, title, edition, current)
        asked = st.query_params.get("period") or st.session_state.get("kept_period")
        return View(edition, None, asked if asked in periods else edition.period, None)
    with boxes[0]:
        period = choose("期别", "period", periods, month, edition.period)
    divisions = {d.code: d for d in _divisions(edition, period)}
    if not divisions:
        _header(head, f"{month(period)} {title}", edition, current)
        st.info(f"{month(period)}没有任何单位报送数据。请选择其他期别。", icon=":material/info:")
        st.stop()
    with boxes[1]:
        own = next((code for code in session.current().divisions if code in divisions), None)
        code = choose("范围", "division", list(divisions), lambda c: _division_label(divisions[c]), own)
        division = divisions[code]
    _header(head, f"{division.name} {month(period)} {title}", edition, current, badge(edition, period, division.code))
    return View(edition, _former(editions, edition, period), period, division)


def _former(editions: list[Edition], edition: Edition, period: str) -> Edition | None:
    """The edition published before this one that holds the period as well; editions come newest first."""
    return next((e for e in editions if e.sequence < edition.sequence and e.period >= period), None)


def _edition_label(edition: Edition, current: Edition) -> str:
    mark = "(当前)" if edition.edition_id == current.edition_id else ""
    return f"{month(edition.period)} 第{edition.sequence}号{mark}"


def _division_label(division: Division) -> str:
    return f"{division.name} · {LEVEL_TITLES.get(division.level, division.level)}"


def _header(
    place: st.delta_generator.DeltaGenerator, title: str, edition: Edition, current: Edition, mark: str = ""
) -> None:
    notes = [
        f"版本 {edition.edition_id}",
        f"数据截至 {moment(edition.as_of)}",
        f"发布于 {moment(edition.published_at)}",
    ]
    warnings = []
    if edition.edition_id != current.edition_id:
        warnings.append('▲ 您查看的不是当前版本。<a href="?" target="_self">查看当前版本</a>')
    age = _age(current, now())
    if age > STALE_AFTER:
        warnings.append(f"▲ 已有 {age.days} 天没有发布新版本,请检查发布任务")
    warning = "".join(f'<p class="g-stale">{text}</p>' for text in warnings)
    place.html(f'<div class="g-head"><h1>{escape(title)}</h1><p>{mark} {escape(" · ".join(notes))}</p>{warning}</div>')


def _age(edition: Edition, moment_now: datetime) -> timedelta:
    return moment_now - edition.published_at


def only(frame: pl.DataFrame, column: str, value: str | None) -> pl.DataFrame:
    """Rows whose column has the value; all rows where the value is None."""
    return frame if value is None else frame.filter(pl.col(column) == value)
