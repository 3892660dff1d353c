"""The red and the black list (红黑榜): consequences a unit, with amount, state and the clause's words."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from html import escape

import polars as pl

from dashboards.parts.tables import Row, figure
from dashboards.words import common as words
from dashboards.words.common import Badge
from orchestration.reports.wording import TEN_THOUSAND

FOLDED = ["absorbed", "insufficient_units"]
"""States that lead to nothing: folded away."""
UNCOUNTED = [*FOLDED, "needs_review", "pending_announcement", "waived"]
"""States whose money is no part of a sum."""
PROPOSED = ["proposed", "verified"]
DECIDED = ["confirmed", "changed", "carried_out"]


def badges(frame: pl.DataFrame, kinds: Mapping[str, Row]) -> dict[str, Badge]:
    """``kind:state`` of every row → its badge: 拟奖励, 拟约谈, … while a proposal, the state's words after that.

    kinds  rows of seeds/reference/consequences.csv by kind
    """
    return {code: _badge(*code.split(":"), kinds) for code in frame["kind_state"].unique(maintain_order=True)}


def _badge(kind: str, state: str, kinds: Mapping[str, Row]) -> Badge:
    if state != "proposed":
        return words.ACTION_STATES.get(state, Badge("?", state, "idle"))
    title = kinds[kind]["title"] if kind in kinds else kind
    return Badge("＋", f"拟{title}", "good") if is_reward(kind, kinds) else Badge("－", f"拟{title}", "bad")


def is_reward(kind: str, kinds: Mapping[str, Row]) -> bool:
    return kind in kinds and kinds[kind]["is_reward"] == "true"


def money(frame: pl.DataFrame, states: Iterable[str], sign: int) -> tuple[Decimal, int]:
    """Yuan of the rows in these states with money of the sign (1 up, -1 down), and how many there are."""
    rows = frame.filter(pl.col("state").is_in(list(states)), pl.col("amount") * sign > 0)
    return Decimal(rows["amount"].sum() or 0), rows.height


def totals(frame: pl.DataFrame) -> str:
    """Proposals and money in one line: what is proposed, what is decided, and how many rows count for nothing."""
    proposed = frame.filter(pl.col("state").is_in(PROPOSED)).height
    sums = [
        ("拟奖励", *money(frame, PROPOSED, 1)),
        ("拟扣减", *money(frame, PROPOSED, -1)),
        ("已审定奖励", *money(frame, DECIDED, 1)),
        ("已审定扣减", *money(frame, DECIDED, -1)),
    ]
    counted = "".join(
        f"<span>{title} <b>{figure(total / TEN_THOUSAND, 2)}</b> 万元({rows} 条)</span>"
        for title, total, rows in sums
        if rows or title.startswith("拟")
    )
    left_out = frame.filter(pl.col("state").is_in(UNCOUNTED)).height
    return (
        f'<div class="g-total"><span>建议 <b>{proposed}</b> 条</span>{counted}'
        f"<span>不计入合计 <b>{left_out}</b> 条(被吸收、待通报、需研究等)</span></div>"
    )


def sums_by_state(frame: pl.DataFrame, shown: Mapping[str, Badge]) -> pl.DataFrame:
    """One row a badge: kind_state, rows, amount in yuan (NULL where the state leads to no money)."""
    labels = {code: badge.label for code, badge in shown.items()}
    grouped = frame.with_columns(label=pl.col("kind_state").replace(labels)).group_by("label", maintain_order=True)
    return grouped.agg(
        pl.first("kind_state"),
        pl.len().alias("rows"),
        pl.when(~pl.col("state").is_in(UNCOUNTED).any() & (pl.col("amount").count() > 0))
        .then(pl.col("amount").sum())
        .alias("amount"),
    )


def board(side: str, frame: pl.DataFrame, shown: Mapping[str, Badge], addresses: Mapping[str, str], empty: str) -> str:
    """One line a unit, its consequences as badges; a badge's clause stands in its title and, opened, below."""
    rows = list(frame.iter_rows(named=True))
    if not rows:
        return f'<p class="g-empty">{escape(empty)}</p>'
    units: dict[str, list[Row]] = {}
    for row in rows:
        units.setdefault(row["division_code"], []).append(row)
    lines = "".join(_unit(code, unit, shown, addresses) for code, unit in units.items())
    return f'<div class="g-list g-list-{side}">{lines}</div>'


def _unit(code: str, rows: list[Row], shown: Mapping[str, Badge], addresses: Mapping[str, str]) -> str:
    first = rows[0]
    rank = f"第{first['rank']}名" if first["rank"] is not None else ""
    if first["rank_from_bottom"] is not None and rank:
        rank += f"(倒数第{first['rank_from_bottom']})"
    items = "".join(_item(row, shown[row["kind_state"]]) for row in rows)
    address = escape(addresses.get(code, ""), quote=True)
    quotes = list(dict.fromkeys(row["quote"] for row in rows if row["quote"]))
    clauses = "".join(f'<div class="g-clause"><q>{escape(quote)}</q></div>' for quote in quotes)
    opened = f"<details><summary>条款原文</summary>{clauses}</details>" if quotes else ""
    name = f'<a href="{address}" target="_self">{escape(first["name"])}</a>'
    return f'<div class="g-unit"><b>{name}</b> <small>{rank}</small><div>{items}</div>{opened}</div>'


def _item(row: Row, badge: Badge) -> str:
    amount = f" {figure(row['amount'] / TEN_THOUSAND, 2)}万元" if row["amount"] is not None else ""
    until = f",至{row['effect_until']:%Y-%m-%d}" if row["effect_until"] else ""
    text = f"{badge.symbol} {row['object_title']}:{row['action_title']}{amount}{until}"
    state = "" if row["state"] == "proposed" else f" · {badge.label}"
    over = escape(row["quote"] or row["reason"] or "", quote=True)
    return f'<span class="g-badge g-{badge.tone}" title="{over}">{escape(text + state)}</span> '
