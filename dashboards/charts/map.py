"""Counties of a prefecture as a map of outlines, coloured like their tiles, with symbol and name in each."""

from collections.abc import Mapping
from math import cos, radians

import plotly.graph_objects as go
import polars as pl

from dashboards.charts.common import INK, plain
from dashboards.leaders.tiles import short_name
from dashboards.words.common import LIGHTS
from orchestration.catalogue.boundaries import Outline

FILLS = {"good": "#8fc9b8", "warn": "#f3d27f", "bad": "#e19a94", "info": "#c9daec", "idle": "#e3dfd7"}
HEIGHT = 300


def has_outlines(frame: pl.DataFrame, outlines: Mapping[str, Outline]) -> bool:
    """Whether every unit that is judged has an outline: a map with holes would mislead."""
    judged = frame.filter(pl.col("checked") > 0)
    return not judged.is_empty() and set(judged["division_code"]) <= set(outlines)


def county_map(frame: pl.DataFrame, outlines: Mapping[str, Outline]) -> go.Figure:
    """frame: tiles as ``leaders/tiles.py`` describes them; units without an outline are left out."""
    figure = go.Figure()
    rows = [row for row in frame.iter_rows(named=True) if row["division_code"] in outlines]
    for row in rows:
        xs, ys = _closed(outlines[row["division_code"]])
        figure.add_scatter(
            x=xs,
            y=ys,
            fill="toself",
            mode="lines",
            line={"color": "#ffffff", "width": 2},
            fillcolor=FILLS[row["light"]],
            name=row["name"],
            text=row["full"],
            hoverinfo="text",
            hoveron="fills",
            showlegend=False,
        )
    middles = [outlines[row["division_code"]].middle for row in rows]
    symbols = [LIGHTS[row["light"]].symbol if row["checked"] else "·" for row in rows]
    figure.add_scatter(
        x=[x for x, _ in middles],
        y=[y for _, y in middles],
        mode="text",
        text=[f"<b>{symbol}</b><br>{short_name(row['name'])}" for symbol, row in zip(symbols, rows, strict=True)],
        textfont={"size": 12, "color": INK},
        hoverinfo="skip",
        showlegend=False,
    )
    plain(figure, HEIGHT)
    figure.update_layout(margin={"l": 0, "r": 0, "t": 0, "b": 0})
    figure.update_yaxes(visible=False, scaleanchor="x", scaleratio=1.0 / _narrowing(middles))
    figure.update_xaxes(visible=False)
    return figure


def _closed(outline: Outline) -> tuple[list[float | None], list[float | None]]:
    """All rings one after the other, parted by None."""
    xs: list[float | None] = []
    ys: list[float | None] = []
    for ring in outline.rings:
        xs += [*(x for x, _ in ring), None]
        ys += [*(y for _, y in ring), None]
    return xs[:-1], ys[:-1]


def _narrowing(middles: list[tuple[float, float]]) -> float:
    """How much shorter a degree of longitude is than one of latitude, at the middle of the map."""
    latitudes = [latitude for _, latitude in middles]
    return cos(radians(sum(latitudes) / len(latitudes))) if latitudes else 1.0
