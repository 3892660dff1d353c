"""Frames of projects to figures: planned against real progress on a time axis."""

from datetime import date
from decimal import Decimal
from typing import Any

import plotly.graph_objects as go
import polars as pl

from dashboards.charts.common import BLUE, GREEN, INK, RED, plain
from dashboards.parts.tables import Row
from dashboards.parts.tables import figure as number

MOST_PROJECTS = 30
"""Projects drawn at once; a longer chart is read worse than the table below it."""


def drawable(projects: pl.DataFrame) -> pl.DataFrame:
    """Projects whose planned span is known, as many as are drawn, in their order."""
    known = pl.col("planned_start").is_not_null() & pl.col("planned_finish").is_not_null()
    return projects.filter(known).head(MOST_PROJECTS)


def gantt_chart(projects: pl.DataFrame, as_of: date) -> go.Figure:
    """Planned spans (outlined) over what was really worked (filled, up to ``as_of``), with real and planned progress.

    projects: name, planned_start, planned_finish, started_on, finished_on, stage, overdue, progress, planned_progress
    (ratios), first row on top. A project never begun has no filled bar; unknown progress is said, not drawn as zero.
    """
    drawn = drawable(projects)
    # two projects of one name stay two rows
    labels = [f"{line}. {_shortened(name)}" for line, name in enumerate(drawn["name"], start=1)]
    rows = list(zip(labels, drawn.iter_rows(named=True), strict=True))
    figure = go.Figure()
    _bars(
        figure, "计划工期", [(label, row["planned_start"], row["planned_finish"], _plan(row)) for label, row in rows],
        {"color": "#ffffff", "line": {"color": INK, "width": 1.2}}, width=0.74,
    )  # fmt: skip
    for title, condition, colour, pattern in (
        ("实际:逾期未完工", lambda row: bool(row["overdue"]), RED, "x"),
        ("实际:在建", lambda row: not row["overdue"] and row["finished_on"] is None, BLUE, ""),
        ("实际:已竣工", lambda row: row["finished_on"] is not None, GREEN, "/"),
    ):
        worked = [
            (label, row["started_on"], row["finished_on"] or as_of, _work(row))
            for label, row in rows
            if row["started_on"] is not None and condition(row)
        ]
        shape = {"shape": pattern, "bgcolor": colour, "fgcolor": "#ffffff", "size": 5, "solidity": 0.25}
        _bars(figure, title, worked, {"color": colour, "pattern": shape}, width=0.4)
    last = max([as_of, *(row["finished_on"] or row["planned_finish"] for _, row in rows)], default=as_of)
    figure.add_scatter(
        x=[_after(row, as_of) for _, row in rows], y=labels, mode="text", text=[_mark(row) for _, row in rows],
        textposition="middle right", textfont={"size": 12}, showlegend=False, hoverinfo="skip", cliponaxis=False,
    )  # fmt: skip
    figure.add_vline(x=_milliseconds(as_of), line={"color": INK, "width": 1.5, "dash": "dash"})
    figure.add_annotation(
        x=as_of, y=1, yref="paper", yanchor="bottom", text=f"截至{as_of:%m-%d}", showarrow=False, font={"size": 12}
    )
    figure.update_layout(barmode="overlay")
    figure.update_yaxes(categoryorder="array", categoryarray=labels[::-1], range=[-0.6, len(labels) - 0.4])
    first = min((row["planned_start"] for _, row in rows), default=as_of)
    room = (last - first).days * 86_400_000 * 0.16
    begun = min([first, *(row["started_on"] for _, row in rows if row["started_on"] is not None)])
    figure.update_xaxes(type="date", tickformat="%Y-%m", range=[_milliseconds(begun), _milliseconds(last) + room])
    figure.update_yaxes(tickfont={"size": 12})
    plain(figure, 110 + 26 * max(3, len(labels)))
    figure.update_layout(legend={"y": -0.02 - 1.2 / max(3, len(labels)), "yanchor": "top"})
    return figure


def _bars(
    figure: go.Figure, title: str, spans: list[tuple[str, date, date, str]], marker: dict[str, Any], width: float
) -> None:
    if not spans:
        return
    figure.add_bar(
        orientation="h",
        name=title,
        y=[label for label, *_ in spans],
        base=[start.isoformat() for _, start, _, _ in spans],
        x=[max(1, (end - start).days) * 86_400_000 for _, start, end, _ in spans],
        width=width,
        marker=marker,
        customdata=[text for *_, text in spans],
        hovertemplate="%{y}<br>%{customdata}<extra></extra>",
    )


def _milliseconds(day: date) -> int:
    return (day - date(1970, 1, 1)).days * 86_400_000


def _after(row: dict, as_of: date) -> date:
    """Where the text of a row begins: behind whatever reaches furthest."""
    worked = (row["finished_on"] or as_of) if row["started_on"] is not None else row["planned_finish"]
    return max(row["planned_finish"], worked)


def _mark(row: Row) -> str:
    """✖ overdue, ▲ behind its plan, △ in progress, ○ not begun, ✔ finished, ★ accepted; with the real progress."""
    if row["overdue"]:
        return f"✖ {_share(row['progress'])}"
    if row["stage"] == "accepted":
        return "★"
    if row["finished_on"] is not None:
        return "✔"
    if row["started_on"] is None:
        return "○"
    behind = row["variance"] is not None and row["variance"] < 0
    return f"{'▲' if behind else '△'} {_share(row['progress'])}"


def _share(value: Decimal | None) -> str:
    return "未报" if value is None else f"{number(value * 100, 0)}%"


def _plan(row: Row) -> str:
    return f"计划 {row['planned_start']} 至 {row['planned_finish']},应完成 {_share(row['planned_progress'])}"


def _work(row: Row) -> str:
    end = row["finished_on"] or "未竣工"
    return f"实际 {row['started_on']} 至 {end},已完成 {_share(row['progress'])}"


def _shortened(name: str) -> str:
    """Names of projects begin with the place and end with the kind of work: both ends are kept."""
    return name if len(name) <= 13 else f"{name[:5]}…{name[-7:]}"
