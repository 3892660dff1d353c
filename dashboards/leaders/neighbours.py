"""A unit of a ranking among those next to it, and why it stands there."""

from html import escape

import plotly.graph_objects as go
import polars as pl

from dashboards.charts.common import BLUE, plain
from dashboards.parts.tables import Column
from orchestration.explain.model import Explanation
from orchestration.explain.wording import Table, sections
from orchestration.reports.wording import month

PLACES_EACH_SIDE = 3


def around(ranked: pl.DataFrame, division_code: str, each_side: int = PLACES_EACH_SIDE) -> pl.DataFrame:
    """The unit with up to ``each_side`` units above and below it; ``is_me``, and ``difference`` of score to its own.

    ranked  units in the order of their places (division_code, score); empty where the unit has no place
    """
    found = ranked.with_row_index("place_at").with_columns(is_me=pl.col("division_code") == division_code)
    mine = found.filter("is_me")
    if mine.is_empty():
        return found.with_columns(difference=pl.col("score")).clear()
    at, score = mine["place_at"][0], mine["score"][0]
    near = found.filter(pl.col("place_at").cast(pl.Int64).is_between(at - each_side, at + each_side))
    return near.with_columns(difference=pl.col("score") - pl.lit(score, dtype=ranked.schema["score"]))


def sureness(explanation: Explanation) -> dict[str, str]:
    """Division code of a neighbour → on how many sampled rates the two cannot be told apart; empty without samples."""
    found: dict[str, list[bool]] = {}
    for sample in explanation.samples:
        for neighbour in sample.neighbours:
            found.setdefault(neighbour.division_code, []).append(neighbour.tied)
    return {
        code: f"≈ {sum(tied)}/{len(tied)}项难分高下" if any(tied) else f"≠ {len(tied)}项都分得出"
        for code, tied in found.items()
    }


def columns(score_title: str, decimals: int, sampled: bool) -> list[Column]:
    """Columns of the neighbours' table."""
    sure = [Column("sure", "抽查各率", blank="")] if sampled else []
    return [
        Column("name", "单位", link="address"),
        Column("place", "名次", reason="state"),
        Column("score", score_title, "score", reason="state", decimals=decimals),
        Column("difference", "与本单位相差", "score", decimals=decimals),
        Column("rank_change", "较上期", "moves"),
        *sure,
    ]


def history_chart(frame: pl.DataFrame) -> go.Figure:
    """Places through the periods, the first on top; unranked periods leave a gap (``queries/rank_history.sql``)."""
    ranks = frame["rank"].to_list()
    said = [rank is not None and (at in (0, len(ranks) - 1) or rank != ranks[at - 1]) for at, rank in enumerate(ranks)]
    known = [rank for rank in ranks if rank is not None]
    figure = go.Figure()
    figure.add_scatter(
        x=frame["period"].to_list(),
        y=ranks,
        mode="lines+markers+text",
        text=[f"第{rank}名" if is_said else "" for rank, is_said in zip(ranks, said, strict=True)],
        textposition="top center",
        line={"color": BLUE, "width": 3},
        marker={"size": 9},
        hovertext=[
            f"{month(period)} {title}:"
            + ("未排名" if rank is None else f"第{rank}名" + (f",共{units}个" if units else ""))
            for period, title, rank, units in frame.select("period", "title", "rank", "ranked_units").iter_rows()
        ],
        hoverinfo="text",
        showlegend=False,
        connectgaps=False,
        cliponaxis=False,
    )
    worst = max(known, default=1)
    plain(figure, 220)
    figure.update_yaxes(range=[worst + 0.8, 1 - max(1.0, worst * 0.2)], visible=False)
    figure.update_xaxes(type="category", nticks=5, tickangle=0)
    return figure


def why(explanation: Explanation) -> str:
    """The explanation as paragraphs and tables, escaped."""
    return "".join(_table(part) if isinstance(part, Table) else _paragraph(part) for part in sections(explanation))


def _paragraph(text: str) -> str:
    return f'<p class="g-why">{escape(text)}</p>'


def _table(part: Table) -> str:
    head = "".join(f"<th>{escape(title)}</th>" for title in part.headers)
    rows = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in part.rows)
    return (
        f'<h4 class="g-why-title">{escape(part.title)}</h4><div class="g-scroll"><table class="g-table">'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )
