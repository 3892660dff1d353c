"""Frames to figures. Colours are told apart by colour-blind readers, and symbols carry the same meaning in print."""

import plotly.graph_objects as go
import polars as pl

from orchestration.reports.wording import numeral

FONT = (
    "Source Han Sans SC, Noto Sans CJK SC, Noto Sans SC, PingFang SC, Microsoft YaHei, WenQuanYi Micro Hei, sans-serif"
)
RED, GREEN, BLUE, GREY, INK = "#b3261e", "#00795c", "#1d4e89", "#a8a39a", "#1f1f1f"
CONFIG = {"displayModeBar": False, "scrollZoom": False, "locale": "zh-CN"}
MOST_UNITS = 40


def plain(figure: go.Figure, height: int) -> go.Figure:
    """The common look: white, Chinese font, no zooming by accident on a phone."""
    figure.update_layout(
        height=height,
        margin={"l": 8, "r": 16, "t": 48, "b": 8},
        font={"family": FONT, "size": 13, "color": INK},
        paper_bgcolor="#ffffff",
        plot_bgcolor="#ffffff",
        dragmode=False,
        hoverlabel={"font": {"family": FONT}},
        legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0, "title": None},
    )
    figure.update_xaxes(gridcolor="#e8e4dc", zeroline=False, fixedrange=True, automargin=True)
    figure.update_yaxes(gridcolor="#f0ece4", zeroline=False, fixedrange=True, automargin=True)
    return figure


def ranking_chart(frame: pl.DataFrame, score_unit: str, decimals: int, first: int, last: int) -> go.Figure:
    """Dots by score, best on top; the ``first`` and ``last`` places told apart (name, score, rank, rank_from_bottom).

    Of more than forty units the first and last twenty are drawn.
    """
    ranked = frame.filter(pl.col("state") == "ranked", pl.col("score").is_not_null())
    if ranked.height > MOST_UNITS:
        ranked = pl.concat([ranked.head(MOST_UNITS // 2), ranked.tail(MOST_UNITS // 2)])
    ranked = ranked.with_columns(
        pl.col("score").cast(pl.Float64),
        label=pl.format("{}  {}", "rank", pl.col("name").fill_null(pl.col("division_code"))),
    )
    is_first = pl.col("rank") <= first
    # an announced place may come without the number of units: it is then in no last group, and still drawn
    is_last = (pl.col("rank_from_bottom") <= last).fill_null(False)
    groups = [
        (f"前{numeral(first)}名", is_first, GREEN, "triangle-up"),
        ("其他", ~is_first & ~is_last, BLUE, "circle"),
        (f"后{numeral(last)}名", is_last & ~is_first, RED, "x"),
    ]
    figure = go.Figure()
    for name, condition, colour, symbol in groups:
        part = ranked.filter(condition)
        if part.is_empty():
            continue
        figure.add_scatter(
            x=part["score"].to_list(),
            y=part["label"].to_list(),
            mode="markers+text",
            name=name,
            text=[f"{score:,.{decimals}f}" for score in part["score"]],
            textposition="middle right",
            marker={"color": colour, "symbol": symbol, "size": 11},
            hovertemplate="%{y}<br>%{text}" + score_unit + "<extra></extra>",
            cliponaxis=False,
        )
    figure.update_yaxes(categoryorder="array", categoryarray=ranked["label"].to_list()[::-1])
    low, high = ranked["score"].min() or 0.0, ranked["score"].max() or 0.0
    room = max((high - low) * 0.18, abs(high) * 0.03, 0.5)
    figure.update_xaxes(range=[low - room / 3, high + room], ticksuffix=score_unit if score_unit == "%" else "")
    return plain(figure, 90 + 26 * max(3, ranked.height))


def progress_chart(frame: pl.DataFrame, chosen: str, milestones: pl.DataFrame) -> go.Figure:
    """Expenditure through the year in percent: the chosen unit bold, the others thin, the even pace and the milestones.

    frame: period, division_code, name, value (ratio); milestones: checkpoint, threshold (ratio), state of that unit.
    """
    figure = go.Figure()
    months = list(range(1, 13))
    for code in frame["division_code"].unique(maintain_order=True).to_list():
        part = frame.filter(pl.col("division_code") == code)
        name, bold = part["name"][0], code == chosen
        figure.add_scatter(
            x=[int(period[5:]) for period in part["period"]],
            y=[float(value) * 100 for value in part["value"]],
            mode="lines+markers" if bold else "lines",
            name=name if bold else "其他县(市、区)",
            legendgroup="chosen" if bold else "others",
            showlegend=bold or not any(trace.legendgroup == "others" for trace in figure.data),
            line={"color": BLUE if bold else GREY, "width": 4 if bold else 1},
            marker={"size": 8},
            hovertemplate=name + "<br>%{x}月 %{y:.2f}%<extra></extra>",
        )
    figure.add_scatter(
        x=months, y=[month / 12 * 100 for month in months], mode="lines", name="序时进度",
        line={"color": INK, "width": 1.5, "dash": "dash"}, hovertemplate="序时进度 %{y:.2f}%<extra></extra>",
    )  # fmt: skip
    if not milestones.is_empty():
        thresholds = [float(value) * 100 for value in milestones["threshold"]]
        figure.add_scatter(
            x=[day.month - 1 + day.day / 31 for day in milestones["checkpoint"]],
            y=thresholds,
            mode="markers+text",
            name="节点要求",
            text=[f"{value:g}%" for value in thresholds],
            textposition=["bottom left" if day.month == 12 else "bottom right" for day in milestones["checkpoint"]],
            marker={"color": RED, "symbol": "diamond", "size": 12},
            hovertemplate="节点要求 %{y:g}%<extra></extra>",
        )
    figure.update_xaxes(tickmode="array", tickvals=months, ticktext=[f"{m}" for m in months], range=[0.6, 12.4])
    figure.update_xaxes(tickangle=0, title={"text": "月", "standoff": 4})
    quarters = [0, 25, 50, 75, 100]
    figure.update_yaxes(range=[0, 108], tickvals=quarters, ticktext=[f"{value}%" for value in quarters])
    return plain(figure, 380)
