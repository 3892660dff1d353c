"""A table of units by templates whose cells read at a glance: symbol, percent, colour."""

from decimal import Decimal
from html import escape

import polars as pl

from dashboards.parts.tables import figure
from dashboards.words.common import Tone
from orchestration.reports.wording import DASH


def light(done: int, expected: int) -> tuple[str, str, Tone]:
    """Symbol, text and tone of a cell; where nothing is expected there is a dash, not a percent."""
    if not expected:
        return "", DASH, "idle"
    if done >= expected:
        return "✔", "100%", "good"
    if not done:
        return "✖", "0%", "bad"
    return "▲", f"{figure(Decimal(done * 100) / expected, 1)}%", "warn"


def heat_table(grid: pl.DataFrame, done: str, empty: str) -> str:
    """Units down, templates across. grid: division_code, name, is_scope, template, title, villages_expected, ``done``.

    A unit without a row for a template owes nothing there.
    """
    if grid.is_empty():
        return f'<p class="g-empty">{escape(empty)}</p>'
    titles = dict(grid.select("template", "title").unique(maintain_order=True).iter_rows())
    head = "".join(f"<th>{escape(title)}</th>" for title in titles.values())
    body = []
    for (_, name, is_scope), rows in grid.group_by("division_code", "name", "is_scope", maintain_order=True):
        known = {row["template"]: _cell(row[done], row["villages_expected"]) for row in rows.iter_rows(named=True)}
        cells = "".join(known.get(template, f'<td class="g-none">{DASH}</td>') for template in titles)
        body.append(f"<tr{' class=g-marked' if is_scope else ''}><td>{escape(str(name))}</td>{cells}</tr>")
    inner = f'<table class="g-table"><thead><tr><th>单位</th>{head}</tr></thead><tbody>{"".join(body)}</tbody></table>'
    return f'<div class="g-scroll">{inner}</div>'


def _cell(done: int, expected: int) -> str:
    symbol, text, tone = light(done, expected)
    return f'<td><span class="g-badge g-{tone}" title="{done} / {expected} 个村">{symbol} {text}</span></td>'
