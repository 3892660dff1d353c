"""Frames of the business pages to figures: a year against the one before, rates of units, items, issues by source."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import plotly.graph_objects as go
import polars as pl

from dashboards.charts.common import BLUE, GREEN, GREY, INK, MOST_UNITS, RED, plain
from dashboards.parts.tables import figure as number
from dashboards.parts.tables import measured
from dashboards.words.common import Badge

AMBER = "#c98a00"
OCHRE = "#8a5f00"
"""Amber that white figures can be read on."""
MARKS = ((BLUE, "circle", 10), (AMBER, "diamond-open", 15), (GREEN, "triangle-up", 10), (INK, "square-open", 16))
"""Colour, symbol, size of each indicator side by side: told apart without colour, and seen where two values are one."""
FILLS = {"good": (GREEN, ""), "warn": (OCHRE, "/"), "bad": (RED, "x"), "info": (BLUE, ""), "idle": (GREY, ".")}


def years_chart(frame: pl.DataFrame, year: int, unit: str) -> go.Figure:
    """Months of ``year`` (bold) against those of the year before (dashed); a month not reported leaves a gap.

    frame: year, month, value (a ratio where ``unit`` is %).
    """
    figure = go.Figure()
    factor = 100 if unit == "%" else 1
    for each, line, symbol in (
        (year - 1, {"color": GREY, "width": 2, "dash": "dash"}, "diamond"),
        (year, {"color": BLUE, "width": 4}, "circle"),
    ):
        values = dict(frame.filter(pl.col("year") == each).select("month", "value").iter_rows())
        if not values:
            continue
        months = list(range(1, 13))
        figure.add_scatter(
            x=months, y=[float(values[m] * factor) if m in values else None for m in months], mode="lines+markers",
            name=f"{each}年", line=line, marker={"symbol": symbol, "size": 9}, connectgaps=False,
            customdata=[measured(values[m], unit) if m in values else "" for m in months],
            hovertemplate=f"{each}年%{{x}}月 %{{customdata}}<extra></extra>",
        )  # fmt: skip
    figure.update_xaxes(tickmode="array", tickvals=list(range(1, 13)), range=[0.6, 12.4], tickangle=0)
    figure.update_xaxes(title={"text": "月", "standoff": 4})
    figure.update_yaxes(rangemode="tozero", ticksuffix=unit if unit == "%" else "", tickformat=",")
    return plain(figure, 320)


def rates_chart(rows: pl.DataFrame, codes: Sequence[str], limits: pl.DataFrame) -> go.Figure:
    """Rates of units as points on one line a unit, each indicator with its own symbol; limits of schemes as lines.

    rows: name, indicator_code, title, value (ratio), is_scope; limits: indicator_code, threshold (ratio), operator.
    A unit without a value has no point. Of more than forty units the first are drawn.
    """
    known = rows.filter(pl.col("indicator_code").is_in(list(codes)), pl.col("value").is_not_null())
    names = known["name"].unique(maintain_order=True).to_list()[:MOST_UNITS]
    figure = go.Figure()
    for code, (colour, symbol, size) in zip(codes, MARKS, strict=False):
        part = known.filter(pl.col("indicator_code") == code, pl.col("name").is_in(names))
        if part.is_empty():
            continue
        values = [float(value) * 100 for value in part["value"]]
        figure.add_scatter(
            x=values, y=part["name"].to_list(), mode="markers+text" if len(codes) == 1 else "markers",
            name=part["title"][0], marker={"color": colour, "symbol": symbol, "size": size, "line": {"width": 2}},
            text=[f"{value:.2f}%" for value in values], textposition="middle right", cliponaxis=False,
            hovertemplate="%{y}<br>" + part["title"][0] + " %{x:.2f}%<extra></extra>",
        )  # fmt: skip
    for threshold in limits["threshold"].unique().sort():
        figure.add_vline(
            x=float(threshold) * 100, line={"color": INK, "width": 1.5, "dash": "dash"},
            annotation_text=f"要求{number(threshold * 100, 0)}%", annotation_position="top",
        )  # fmt: skip
    furthest = max([*known["value"], *limits["threshold"]], default=Decimal(0)) * 100
    room = max(float(furthest) * 0.04, 0.02)
    figure.update_xaxes(ticksuffix="%", range=[-room, float(furthest) + room * (4 if len(codes) == 1 else 1)])
    figure.update_yaxes(categoryorder="array", categoryarray=names[::-1])
    lines = max(3, len(names))
    plain(figure, 130 + 28 * lines)
    # the legend stands above the words of the limit
    figure.update_layout(showlegend=True, margin={"t": 72}, legend={"y": 1 + 24 / (28 * lines)})
    return figure


def _filled(badge: Badge) -> dict[str, Any]:
    colour, shape = FILLS[badge.tone]
    pattern = {"shape": shape, "bgcolor": colour, "fgcolor": "#ffffff", "size": 5, "solidity": 0.2}
    return {"color": colour, "pattern": pattern}


def parts_chart(frame: pl.DataFrame, states: dict[str, Badge], unit: str = "个") -> go.Figure:
    """One bar a row: how many stand at each state, each part with its number (issues by source, households by risk).

    frame: title and one column a state (whole numbers).
    """
    figure = go.Figure()
    titles = frame["title"].to_list()
    for state, badge in states.items():
        numbers = frame[state].to_list()
        figure.add_bar(
            orientation="h", name=f"{badge.symbol} {badge.label}", y=titles, x=numbers,
            text=[f"{badge.symbol} {each:,}" if each else "" for each in numbers],
            textposition="inside", insidetextanchor="middle", textangle=0, constraintext="none",
            marker=_filled(badge), hovertemplate="%{y} " + badge.label + f" %{{x:,}}{unit}<extra></extra>",
        )  # fmt: skip
    figure.update_layout(barmode="stack")
    most = max((sum(row[state] for state in states) for row in frame.iter_rows(named=True)), default=0)
    # things are counted whole: no marks between them where there are few
    figure.update_xaxes(rangemode="tozero", dtick=1 if most <= 10 else None, tickformat=",d")
    figure.update_xaxes(title={"text": unit, "standoff": 4})
    figure.update_yaxes(categoryorder="array", categoryarray=titles[::-1])
    plain(figure, 120 + 34 * max(3, len(titles)))
    return figure.update_layout(legend={"traceorder": "normal"})


def items_chart(frame: pl.DataFrame, titles: dict[str, str], results: dict[str, Badge]) -> go.Figure:
    """One bar an item: how many households pass, fail or are unknown, each part with its number.

    frame: item and one column a result (numbers of households).
    """
    figure = go.Figure()
    items = [item for item in titles if item in frame["item"]]
    counts = {row["item"]: row for row in frame.iter_rows(named=True)}
    whole = {item: sum(counts[item][result] for result in results) for item in items}
    for result, badge in results.items():
        shares = [Decimal(counts[item][result] * 100) / whole[item] if whole[item] else None for item in items]
        figure.add_bar(
            orientation="h", name=f"{badge.symbol} {badge.label}", y=[titles[item] for item in items],
            x=[None if share is None else float(share) for share in shares],
            text=[f"{badge.symbol} {counts[item][result]:,}" if (share or 0) >= 6 else "" for item, share in
                  zip(items, shares, strict=True)],
            textposition="inside", insidetextanchor="middle", textangle=0, constraintext="none",
            customdata=[[counts[item][result], "" if share is None else f"{number(share, 2)}%"]
                        for item, share in zip(items, shares, strict=True)],
            marker=_filled(badge),
            hovertemplate="%{y} " + badge.label + " %{customdata[0]:,}户 %{customdata[1]}<extra></extra>",
        )  # fmt: skip
    figure.update_layout(barmode="stack")
    figure.update_xaxes(ticksuffix="%", range=[0, 100])
    figure.update_yaxes(categoryorder="array", categoryarray=[titles[item] for item in items][::-1])
    return plain(figure, 100 + 34 * max(3, len(items)))
