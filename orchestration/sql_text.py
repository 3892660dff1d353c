"""Texts and paths as SQL writes them, where a statement takes no parameters (``attach``, ``load``)."""

from pathlib import Path


def quoted(value: str | Path) -> str:
    """A text or a path between quotes, quotes inside doubled."""
    text = value.as_posix() if isinstance(value, Path) else value
    return "'" + text.replace("'", "''") + "'"
