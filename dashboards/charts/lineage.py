"""Lineage of an indicator as a figure: templates on the left, the mart on the right."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from dashboards.charts.common import BLUE, FONT, GREEN, GREY, INK, RED
from orchestration.catalogue.lineage import Step

LAYERS = {"stg_": ("整理", BLUE, "square"), "int_": ("计算", GREEN, "circle"), "fct_": ("结果表", RED, "diamond")}

STAGGER = (0.0, 0.0, 0.35, -0.35)
"""Neighbouring layers lie at different heights, so that no line runs through a model it has nothing to do with."""


def lineage_chart(steps: Sequence[Step], templates: Mapping[str, str]) -> go.Figure:
    """Boxes by layer with lines between them; ``templates``: name → title of those the indicator needs."""
    boxes = {f"stg_{name}": title for name, title in templates.items()}
    columns: dict[int, list[str]] = {}
    for step in steps:
        columns.setdefault(step.layer, []).append(step.name)
    places = {
        name: (layer, (len(names) - 1) / 2 - row + STAGGER[layer % len(STAGGER)])
        for layer, names in columns.items()
        for row, name in enumerate(names)
    }
    sources = {name: (0.0, places[name][1]) for name in boxes if name in places}
    figure = go.Figure()
    lines = [(places[read], places[step.name]) for step in steps for read in step.reads]
    lines += [(sources[name], places[name]) for name in sources]
    figure.add_scatter(
        x=[part for (start, _), (end, _) in lines for part in (start, end, None)],
        y=[part for (_, start), (_, end) in lines for part in (start, end, None)],
        mode="lines",
        line={"color": GREY, "width": 1.5},
        hoverinfo="skip",
        showlegend=False,
    )
    asked = [(*place, boxes[name], "报送模板") for name, place in sources.items()]
    _add_nodes(figure, "报送模板", "#b07d00", "triangle-up", asked)
    for prefix, (word, colour, symbol) in LAYERS.items():
        found = [(*places[step.name], step.name, step.file) for step in steps if step.name.startswith(prefix)]
        _add_nodes(figure, word, colour, symbol, found)
    widest = max((len(names) for names in columns.values()), default=1)
    figure.update_layout(
        height=110 + 58 * max(2, widest),
        margin={"l": 30, "r": 30, "t": 40, "b": 8},
        font={"family": FONT, "size": 12, "color": INK},
        paper_bgcolor="#ffffff",
        plot_bgcolor="#ffffff",
        dragmode=False,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
    )
    figure.update_xaxes(visible=False, fixedrange=True, range=[-0.6, max(columns, default=1) + 0.6])
    figure.update_yaxes(visible=False, fixedrange=True, range=[-widest / 2 - 0.3, widest / 2 + 0.5])
    return figure


def _add_nodes(
    figure: go.Figure, word: str, colour: str, symbol: str, nodes: Sequence[tuple[float, float, str, str]]
) -> None:
    if not nodes:
        return
    figure.add_scatter(
        x=[node[0] for node in nodes],
        y=[node[1] for node in nodes],
        mode="markers+text",
        name=word,
        text=[node[2] for node in nodes],
        textposition="top center",
        marker={"color": colour, "symbol": symbol, "size": 13},
        customdata=[node[3] for node in nodes],
        hovertemplate="%{text}<br>%{customdata}<extra></extra>",
        cliponaxis=False,
    )
