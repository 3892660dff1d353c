"""Indicators of a division beside those of the units right below it: cards, one table, and what to say without data."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl
import streamlit as st

from dashboards.edition import query
from dashboards.parts.frame import View
from dashboards.parts.tables import Column, Kind, key_figures, table
from orchestration.reports.wording import month

KINDS: dict[str, tuple[Kind, str]] = {"%": ("rate", "%"), "元": ("money", "万元")}
"""Unit of an indicator → how a column of it is written and headed; anything else is a count in its own unit."""


@dataclass(frozen=True)
class UnitBoard:
    """Indicators of a scope and of the units right below it.

    rows   one row per unit and indicator (``queries/unit_indicators.sql``)
    units  one row per unit: name, is_scope, and value_<code>, state_<code> of every indicator
    """

    rows: pl.DataFrame
    units: pl.DataFrame
    columns: list[Column]

    @property
    def scope(self) -> pl.DataFrame:
        """The rows of the scope itself, as ``key_figures`` takes them."""
        return self.rows.filter("is_scope")

    @property
    def is_empty(self) -> bool:
        return self.rows["value"].is_null().all()

    def cards(self) -> str:
        return key_figures(self.scope)

    def table(self, empty: str) -> str:
        return table(self.units, self.columns, empty, marked="is_scope")


def unit_board(view: View, codes: Sequence[str]) -> UnitBoard:
    """The indicators of the view's division and of the units right below it; a value not there keeps its state."""
    rows = query(
        view.edition, "unit_indicators", period=view.period, division=view.division.code, indicators=",".join(codes)
    )
    titles = rows.select("indicator_code", "title", "unit").unique(maintain_order=True)
    units = rows.pivot(on="indicator_code", index=["division_code", "name", "is_scope"], values=["value", "state"])
    columns = [Column("name", "单位"), *(_column(*row) for row in titles.iter_rows())]
    return UnitBoard(rows, units, columns)


def _column(code: str, title: str, unit: str | None) -> Column:
    kind, shown = KINDS.get(unit or "", ("count", unit or ""))
    heading = title if kind == "rate" else f"{title}({shown})"
    return Column(f"value_{code}", heading, kind, reason=f"state_{code}")


def say_nothing_reported(view: View, codes: Sequence[str], what: str) -> None:
    """That the month has nothing of the kind here, and which month has."""
    newest = query(view.edition, "newest_reported", division=view.division.code, indicators=",".join(codes))["period"][
        0
    ]
    hint = f"最近有数据的是{month(newest)}。" if newest else "该范围各期都没有报送过。"
    text = f"{month(view.period)}{view.division.name}没有{what}数据(未报送)。{hint}请选择其他期别或范围。"
    st.info(text, icon=":material/info:")
