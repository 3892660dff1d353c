"""Indicators through the months: lines of units, the bands of schemes, and what a division's history hangs on."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import plotly.graph_objects as go
import polars as pl

from dashboards.charts.common import BLUE, FONT, GREEN, GREY, INK, RED

MOST_LINES = 8
MOST_TICKS = 6
"""Months named below the chart: as many as a phone has room for."""
COLOURS = (BLUE, RED, GREEN, "#b07d00", "#6a3d9a", "#4a4742", "#008b9c", "#a0522d")
SYMBOLS = ("circle", "x", "triangle-up", "diamond", "square", "star", "cross", "pentagon")
DASHES = ("solid", "dash", "dot", "dashdot")
BAND_LINES = {
    "floor": ("底线", "dot", "#a3150f"),
    "target_value": ("目标", "dash", INK),
    "stretch": ("争取", "dot", GREEN),
}
LEVEL_ZONES = ("rgba(179,38,30,.07)", "rgba(0,121,92,.07)")
"""Below and above the target, where one target alone is drawn."""


def scale(unit: str | None) -> tuple[Decimal, str]:
    """(factor, unit shown): ratios in percent, yuan in 万元."""
    if unit == "%":
        return Decimal(100), "%"
    return (Decimal("0.0001"), "万元") if unit == "元" else (Decimal(1), unit or "")


def trend_chart(
    values: pl.DataFrame, bands: pl.DataFrame, months: Sequence[str], unit: str | None, changes: dict[str, date]
) -> go.Figure:
    """Lines by unit with a gap where nothing was reported.

    values   division_code, name, period, value, coverage, state, is_former, as ``queries/trend_values`` gives them
    bands    kind, scheme_title, title, period, floor, target_value, stretch, as ``queries/trend_bands``
    months   the months drawn, in order
    unit     the indicator's unit
    changes  name of a division → the day its code changed
    """
    figure = go.Figure()
    factor, shown_unit = scale(unit)
    for position, code in enumerate(values["division_code"].unique(maintain_order=True).to_list()):
        _add_line(figure, values.filter(pl.col("division_code") == code), months, position, factor, shown_unit)
    _add_targets(figure, bands.filter(pl.col("kind") == "target"), months, factor, shown_unit)
    _add_milestones(figure, bands.filter(pl.col("kind") == "milestone"), months, factor, shown_unit)
    for name, day in changes.items():
        period = f"{day:%Y-%m}"
        if period in months:
            figure.add_vline(x=period, line={"color": GREY, "dash": "dot"})
            figure.add_annotation(
                x=period, y=1, yref="paper", text=f"{name}区划变更", showarrow=False, yanchor="bottom"
            )
    figure.update_layout(
        height=460,
        margin={"l": 8, "r": 16, "t": 16, "b": 8},
        font={"family": FONT, "size": 13, "color": INK},
        paper_bgcolor="#ffffff",
        plot_bgcolor="#ffffff",
        dragmode=False,
        hovermode="closest",
        hoverlabel={"font": {"family": FONT}},
        legend={"orientation": "h", "y": -0.16, "yanchor": "top", "x": 0, "title": None},
    )
    figure.update_xaxes(
        type="category",
        categoryorder="array",
        categoryarray=list(months),
        range=[-0.5, len(months) - 0.5],
        gridcolor="#e8e4dc",
        fixedrange=True,
        tickangle=0,
        tickvals=list(months)[:: -(-len(months) // MOST_TICKS) or 1],
        tickfont={"size": 11},
        automargin=True,
    )
    figure.update_yaxes(
        title={"text": shown_unit},
        gridcolor="#f0ece4",
        zeroline=False,
        fixedrange=True,
        automargin=True,
        tickformat=",~r",
    )
    return figure


def _add_line(
    figure: go.Figure, part: pl.DataFrame, months: Sequence[str], position: int, factor: Decimal, unit: str
) -> None:
    rows = {row["period"]: row for row in part.iter_rows(named=True)}
    points = [rows.get(month) for month in months]
    whole = [row is not None and row["state"] == "value" for row in points]
    symbol = SYMBOLS[position % len(SYMBOLS)]
    figure.add_scatter(
        x=list(months),
        y=[None if row is None or row["value"] is None else float(row["value"] * factor) for row in points],
        mode="lines+markers",
        connectgaps=False,
        name=part["name"][0],
        line={"color": COLOURS[position % len(COLOURS)], "width": 2.5, "dash": DASHES[position // 2 % len(DASHES)]},
        marker={"size": 9, "symbol": [symbol if full else f"{symbol}-open" for full in whole]},
        text=[_note(row) for row in points],
        hovertemplate="%{fullData.name} %{x}<br>%{y:,.2f}" + unit + "%{text}<extra></extra>",
    )


def _note(row: dict | None) -> str:
    if row is None:
        return ""
    notes = ["按变更前区划"] if row["is_former"] else []
    if row["state"] == "partial" and row["coverage"] is not None:
        notes.append(f"仅覆盖 {row['coverage'] * 100:.1f}% 的村")
    return f"<br>{','.join(notes)}" if notes else ""


def _add_targets(figure: go.Figure, bands: pl.DataFrame, months: Sequence[str], factor: Decimal, unit: str) -> None:
    """Floor, target and stretch as steps; with one target alone its two sides are shaded."""
    named = bands.select("scheme_title", "title", "element").unique(maintain_order=True)
    for scheme_title, title, element in named.iter_rows():
        rule = bands.filter(pl.col("element") == element, pl.col("scheme_title") == scheme_title)
        for column, (word, dash, colour) in BAND_LINES.items():
            held = {row["period"]: row[column] for row in rule.iter_rows(named=True) if row[column] is not None}
            if held:
                figure.add_scatter(
                    x=list(months),
                    y=[float(held[month] * factor) if month in held else None for month in months],
                    mode="lines",
                    connectgaps=False,
                    line={"color": colour, "dash": dash, "width": 1.5, "shape": "hvh"},
                    name=f"{title}·{word}",
                    hovertemplate=f"{scheme_title}<br>{title} {word} " + "%{y:,.2f}" + unit + "<extra></extra>",
                )
    if named.height == 1 and (limits := bands["target_value"].drop_nulls().unique()).len() == 1:
        _shade(figure, float(limits[0] * factor), bands["operator"][0])


def _shade(figure: go.Figure, limit: float, operator: str | None) -> None:
    below, above = LEVEL_ZONES if (operator or ">=").startswith(">") else LEVEL_ZONES[::-1]
    drawn = [value for trace in figure.data for value in trace.y if value is not None]
    low, high = min([*drawn, limit]), max([*drawn, limit])
    room = (high - low or abs(limit) or 1.0) * 0.08
    figure.add_hrect(y0=low - room, y1=limit, fillcolor=below, line_width=0, layer="below")
    figure.add_hrect(y0=limit, y1=high + room, fillcolor=above, line_width=0, layer="below")
    figure.update_yaxes(range=[low - room, high + room])


def _add_milestones(figure: go.Figure, bands: pl.DataFrame, months: Sequence[str], factor: Decimal, unit: str) -> None:
    if bands.is_empty():
        return
    figure.add_scatter(
        x=bands["period"].to_list(),
        y=[float(value * factor) for value in bands["target_value"]],
        mode="markers+text",
        name="节点要求",
        text=[f"{float(value * factor):g}{unit}" for value in bands["target_value"]],
        textposition=["bottom left" if period == months[-1] else "bottom right" for period in bands["period"]],
        marker={"color": RED, "symbol": "diamond-tall", "size": 13, "line": {"color": INK, "width": 1}},
        customdata=[f"{row['scheme_title']}<br>{row['title']}" for row in bands.iter_rows(named=True)],
        hovertemplate="%{customdata} %{y:g}" + unit + "<extra></extra>",
    )
