"""What moved, in words: since the month before, and between two editions of the same month."""

from decimal import Decimal

import polars as pl

from dashboards.parts.tables import Column, measured
from dashboards.words import common as words
from orchestration.reports.wording import DASH, change, rank_change

CHANGES = [Column("unit_name", "单位"), Column("title", "事项"), Column("before", "之前"), Column("after", "现在"),
           Column("moved", "变化")]  # fmt: skip
_KEY = ["division_code", "part", "title"]


def in_words(frame: pl.DataFrame) -> pl.DataFrame:
    """Figures and states of changes as text: columns unit_name, title, before, after, moved."""
    rows = []
    for row in frame.iter_rows(named=True):
        if row["state"] is None:
            unit, former, value = row["unit"], row["previous_value"], row["value"]
            texts = (_text(former, unit), _text(value, unit), change(value, former, unit))
        else:
            texts = (_state(row["former_state"]), _state(row["state"]), DASH)
        rows.append((row["unit_name"], row["title"], *texts))
    return _frame(rows)


def rank_moves(standing: pl.DataFrame, most: int) -> pl.DataFrame:
    """The units that moved most in a ranking since its period before; falls first."""
    moved = standing.filter(pl.col("part") == "rank", pl.col("rank_change") != 0)
    rows = moved.sort(pl.col("rank_change").abs(), descending=True, maintain_order=True).head(most).sort("rank_change")
    return _frame(
        [
            (r["name"], r["title"], f"第{r['previous_rank']}名", f"第{r['rank']}名", rank_change(r["rank_change"]))
            for r in rows.iter_rows(named=True)
        ]
    )


def between_editions(former: pl.DataFrame, current: pl.DataFrame) -> pl.DataFrame:
    """Places and milestones that read otherwise in the edition before (``queries/standing.sql`` of both)."""
    columns = [*_KEY, "name", "standing"]
    joined = current.select(columns).join(former.select(columns), on=_KEY, how="full", coalesce=True, suffix="_former")
    changed = joined.filter(pl.col("standing").ne_missing(pl.col("standing_former"))).sort(_KEY)
    return _frame(
        [
            (r["name"] or r["name_former"], r["title"], _state(r["standing_former"]), _state(r["standing"]), DASH)
            for r in changed.iter_rows(named=True)
        ]
    )


def corrections(former: pl.DataFrame, current: pl.DataFrame, name: str) -> pl.DataFrame:
    """Indicators of one division and month that read otherwise in the edition before (a later correction)."""
    joined = current.join(former.select("indicator_code", former="value"), on="indicator_code", how="left")
    changed = joined.filter(pl.col("value").ne_missing(pl.col("former")))
    return changed.select(
        "title", "unit", "value", previous_value="former", unit_name=pl.lit(name),
        state=pl.lit(None, pl.String), former_state=pl.lit(None, pl.String),
    )  # fmt: skip


def _frame(rows: list[tuple[str, ...]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={column.key: pl.String for column in CHANGES}, orient="row")


def _text(value: Decimal | None, unit: str | None) -> str:
    return DASH if value is None else measured(value, unit)


def _state(code: str | None) -> str:
    """A state in symbol and words; a place says itself."""
    if code is None:
        return DASH
    badge = words.MILESTONES.get(code) or words.RANKING_STATES.get(code)
    return f"{badge.symbol} {badge.label}" if badge else code
