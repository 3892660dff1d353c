"""Markdown of the data dictionary: tables and numbers."""

from collections.abc import Iterable
from decimal import Decimal


def table(headers: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A Markdown table; None is a blank cell, and no text breaks out of its cell."""
    names = list(headers)
    return "\n".join([_line(names), _line("---" for _ in names), *(_line(row) for row in rows)]) + "\n"


def number(value: Decimal | None) -> str:
    """Without an exponent or trailing zeros; empty for None."""
    return "" if value is None else f"{value.normalize():f}"


def _line(cells: Iterable[object]) -> str:
    return "| " + " | ".join(_cell(cell) for cell in cells) + " |"


def _cell(value: object) -> str:
    return "" if value is None else " ".join(str(value).split()).replace("|", "\\|")
