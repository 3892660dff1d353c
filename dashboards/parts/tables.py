"""Frames as HTML: tables, key figures and light boards. Everything that comes from data is escaped here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from typing import Any, Literal

import polars as pl

from dashboards.words.common import LIGHTS, REASONS, Badge
from orchestration.reports.wording import DASH, TEN_THOUSAND, change, rounded

Kind = Literal["text", "count", "money", "rate", "points", "measure", "pace", "score", "moves", "day", "badge"]
Row = Mapping[str, Any]
ROWS_SHOWN = 500
MOST_LISTED = 10_000
"""So many rows the query of a list gives where a page has no other way to read them all."""
MOST_EXPORTED = 50_000
"""Rows of a sheet that reads them itself: making it takes 175 MB and some seconds of the service."""
SHORT = 10
"""Text of so many characters is not broken over lines."""


@dataclass(frozen=True)
class Column:
    """One column of a table and of its export.

    key     column of the frame; money in yuan (shown in 万元), rate as a ratio (shown in %), points as a ratio (百分点)
    reason  column that holds the state code saying why a value is missing
    unit    column that holds the unit of a ``measure`` or ``pace`` (what is needed per day)
    blank   shown where nothing is there and that is no gap in the data
    badges  code → badge, for kind ``badge``
    link    column that holds the address a text leads to; none where it is NULL
    hint    column that holds what the pointer shows over the cell
    """

    key: str
    title: str
    kind: Kind = "text"
    reason: str | None = None
    unit: str | None = None
    badges: Mapping[str, Badge] | None = None
    decimals: int = 2
    blank: str = DASH
    link: str | None = None
    hint: str | None = None

    @property
    def is_number(self) -> bool:
        return self.kind in ("count", "money", "rate", "points", "measure", "pace", "score", "moves")


def figure(value: Decimal | int, decimals: int) -> str:
    """Rounded half up, with thousands separators: 10,493.82."""
    return f"{rounded(Decimal(value), decimals):,f}"


def measured(value: Decimal | int, unit: str | None) -> str:
    """A value in its unit: a ratio as percent, money in 元 or from 100,000 on in 万元, a count whole."""
    exact = Decimal(value)
    if unit == "%":
        return f"{figure(exact * 100, 2)}%"
    if unit == "元":
        return f"{figure(exact / TEN_THOUSAND, 2)}万元" if abs(exact) >= 100_000 else f"{figure(exact, 2)}元"
    return f"{figure(exact, 0 if exact == exact.to_integral_value() else 2)}{unit or ''}"


def missing_reason(row: Row, column: Column) -> str:
    """Words after the dash of a missing value, or nothing where no reason is on record."""
    return REASONS.get(str(row.get(column.reason)), "") if column.reason else ""


def shown(row: Row, column: Column) -> str:
    """A cell as plain text; a missing value is a dash with its reason, never 0."""
    value = row.get(column.key)
    if value is None:
        return f"{column.blank} {missing_reason(row, column)}".strip()
    match column.kind:
        case "count":
            return figure(value, 0)
        case "money":
            return figure(Decimal(value) / TEN_THOUSAND, 2)
        case "rate":
            return f"{figure(Decimal(value) * 100, 2)}%"
        case "score":
            return figure(value, column.decimals)
        case "points":
            return figure(Decimal(value) * 100, 2)
        case "pace":
            return change(value, Decimal(0), row.get(column.unit) if column.unit else None).removeprefix("上升")
        case "measure":
            return measured(value, row.get(column.unit) if column.unit else None)
        case "moves":
            return "持平" if value == 0 else f"{'▲升' if value > 0 else '▼降'}{abs(value)}位"
        case "day":
            return f"{value:%Y-%m-%d}"
        case "badge":
            badge = (column.badges or {}).get(value)
            return f"{badge.symbol} {badge.label}".strip() if badge else str(value)
    return str(value)


def _tone(row: Row, column: Column) -> str:
    badge = (column.badges or {}).get(row.get(column.key))
    return badge.tone if badge else "idle"


def _cell(row: Row, column: Column) -> str:
    text = escape(shown(row, column))
    if row.get(column.key) is None:
        return f'<td class="g-none{" g-num" if column.is_number else ""}">{text}</td>'
    if column.kind == "badge":
        return f'<td><span class="g-badge g-{_tone(row, column)}">{text}</span></td>'
    if column.is_number:
        return f'<td class="g-num">{text}</td>'
    width = "short" if len(text) <= SHORT or column.kind == "day" else "long"
    hint = row.get(column.hint) if column.hint else None
    over = f' title="{escape(hint, quote=True)}"' if hint else ""
    address = row.get(column.link) if column.link else None
    if address:
        text = f'<a href="{escape(address, quote=True)}" target="_self">{text}</a>'
    return f'<td class="g-{width}"{over}>{text}</td>'


def table(
    frame: pl.DataFrame, columns: Sequence[Column], empty: str, marked: str | None = None, rows: int | None = None
) -> str:
    """An HTML table that scrolls sideways on a phone; ``marked`` names a boolean column whose rows stand out.

    ``rows``: how many there are, where the frame holds the first of them only and the export reads the others.
    """
    if frame.is_empty():
        return f'<p class="g-empty">{escape(empty)}</p>'
    head = "".join(
        f'<th class="g-num">{escape(c.title)}</th>' if c.is_number else f"<th>{escape(c.title)}</th>" for c in columns
    )
    body = "".join(
        f"<tr{' class=g-marked' if marked and row.get(marked) else ''}>{''.join(_cell(row, c) for c in columns)}</tr>"
        for row in frame.head(ROWS_SHOWN).iter_rows(named=True)
    )
    in_all = frame.height if rows is None else rows
    if rows is None and in_all >= MOST_LISTED:
        more = f"此处显示前 {ROWS_SHOWN} 行,导出表含前 {MOST_LISTED:,} 行;要看其余的,请选下级区划。"
    elif in_all > MOST_EXPORTED:
        more = f"共 {in_all:,} 行,此处显示前 {ROWS_SHOWN} 行,导出表含前 {MOST_EXPORTED:,} 行;要看其余的,请选下级区划。"
    else:
        more = f"共 {in_all:,} 行,此处显示前 {ROWS_SHOWN} 行;其余见导出表。"
    tail = f'<p class="g-note">{more}</p>' if in_all > ROWS_SHOWN else ""
    inner = f'<table class="g-table"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
    return f'<div class="g-scroll">{inner}</div>{tail}'


def key_figures(frame: pl.DataFrame) -> str:
    """Cards of indicators (columns title, unit, better, value, previous_value, coverage, state)."""
    return f'<div class="g-cards">{"".join(_card(row) for row in frame.iter_rows(named=True))}</div>'


def _card(row: Row) -> str:
    value, previous, unit = row["value"], row["previous_value"], row["unit"]
    notes = []
    if value is None:
        notes.append(REASONS.get(row["state"], "无数据"))
    else:
        notes.append(f'<span class="g-{_direction(row)}">较上月 {escape(_moved(value, previous, unit))}</span>')
    if row["state"] == "partial" and row["coverage"] is not None:
        notes.append(f"▲ 仅覆盖 {figure(Decimal(row['coverage']) * 100, 1)}% 的村")
    text = DASH if value is None else escape(measured(value, unit))
    return (
        f'<div class="g-card"><div class="g-label">{escape(row["title"])}</div>'
        f'<div class="g-value">{text}</div><div class="g-delta">{"<br>".join(notes)}</div></div>'
    )


def _moved(value: Decimal, previous: Decimal | None, unit: str | None) -> str:
    if previous is None:
        return "— 上月无数据"
    words = change(value, previous, unit)
    return words.replace("上升", "▲ 上升 ").replace("下降", "▼ 下降 ")


def _direction(row: Row) -> str:
    value, previous, better = row["value"], row["previous_value"], row["better"]
    if previous is None or value == previous or better not in ("higher", "lower"):
        return "plain"
    return "up" if (value > previous) == (better == "higher") else "down"


def light_board(frame: pl.DataFrame, empty: str) -> str:
    """One bar a milestone or target: how many units stand at which light, and who is red.

    Columns: title, note, good, warn, bad, info, idle (numbers of units), red_units (names or NULL).
    """
    if frame.is_empty():
        return f'<p class="g-empty">{escape(empty)}</p>'
    return "".join(_light_row(row) for row in frame.iter_rows(named=True))


def _light_row(row: Row) -> str:
    parts = "".join(
        f'<span class="g-part g-{tone}" style="flex-grow:{int(row[tone])}" title="{badge.label} {row[tone]}">'
        f"{badge.symbol} {row[tone]}</span>"
        for tone, badge in LIGHTS.items()
        if row[tone]
    )
    red = f'<div class="g-red">✖ {escape(row["red_units"])}</div>' if row["red_units"] else ""
    return (
        f'<div class="g-light"><div class="g-light-title">{escape(row["title"])}'
        f'<small>{escape(row["note"] or "")}</small></div><div class="g-bar">{parts}</div>{red}</div>'
    )


def legend() -> str:
    """What the lights mean, in symbol, word and colour."""
    items = "".join(f'<span class="g-badge g-{b.tone}">{b.symbol} {b.label}</span>' for b in LIGHTS.values())
    return f'<div class="g-legend">{items}</div>'
