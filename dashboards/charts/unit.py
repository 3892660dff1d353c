"""Figures of a unit's profile."""

import plotly.graph_objects as go
import polars as pl

from dashboards.charts.common import BLUE, FONT, GREY, INK
from orchestration.reports.wording import month

SYMBOLS = ("circle", "square", "diamond", "triangle-up", "cross")
COLOURS = (BLUE, "#8c1515", "#00795c", "#7a4f00", GREY)


def rank_history(frame: pl.DataFrame) -> go.Figure:
    """Ranks through time, first place on top, one line a ranking (period, series, series_title, class, rank,
    ranked_units, score). Periods without a rank leave a gap."""
    figure = go.Figure()
    periods = frame["edition_period"].unique().sort().to_list()
    lines = frame.select("scheme", "series", "class", "series_title").unique(maintain_order=True)
    for place, line in enumerate(lines.iter_rows(named=True)):
        part = frame.filter(
            pl.col("scheme") == line["scheme"], pl.col("series") == line["series"], pl.col("class") == line["class"]
        )
        by_period = {row["edition_period"]: row for row in part.iter_rows(named=True)}
        rows = [by_period.get(period) or {"rank": None, "ranked_units": None} for period in periods]
        colour, symbol = COLOURS[place % len(COLOURS)], SYMBOLS[place % len(SYMBOLS)]
        figure.add_scatter(
            x=[month(period) for period in periods],
            y=[row["rank"] for row in rows],
            mode="lines+markers+text",
            name=line["series_title"],
            text=[f"{row['rank']}/{row['ranked_units'] or '—'}" if row["rank"] else "" for row in rows],
            textposition="top center",
            line={"color": colour, "width": 2},
            marker={"color": colour, "symbol": symbol, "size": 10},
            hovertemplate="%{x}<br>第%{y}名<extra>" + line["series_title"] + "</extra>",
            cliponaxis=False,
        )
    worst = max((rank for rank in frame["rank"].drop_nulls()), default=1)
    figure.update_layout(
        height=300,
        margin={"l": 8, "r": 24, "t": 40, "b": 8},
        font={"family": FONT, "size": 13, "color": INK},
        paper_bgcolor="#ffffff",
        plot_bgcolor="#ffffff",
        dragmode=False,
        showlegend=True,
        legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0},
    )
    figure.update_xaxes(type="category", fixedrange=True, automargin=True)
    figure.update_yaxes(
        range=[worst + 1, 0.4],
        tick0=1,
        dtick=max(1, worst // 5),
        title={"text": "名次", "standoff": 14},
        gridcolor="#f0ece4",
        fixedrange=True,
        automargin=True,
    )
    return figure
