"""The head of a chain, kept beside it: how many lines it had, and the hash of its last one.

A chain shows a line that was changed, but not that its last lines were cut off: what is left is whole. The head,
``<file>.head``, is written after each line, so that a file shorter than its head, or with another line in its place,
was cut or written anew. A head that lags (a kill between the two) is still true, only of fewer lines.
"""

import contextlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Head:
    """``lines`` the chain had, ``chain`` the hash of the last of them."""

    lines: int
    chain: str


UNREADABLE = Head(-1, "")
"""A head that is there and cannot be read: no chain fits it."""


def keep_head(path: Path, lines: int, chain: str) -> None:
    """Writes the head of a chain that was just made longer, under the same lock.

    The line is committed by then: a head that cannot be written is left as it was.
    """
    temporary = path.with_name(f".{path.name}.head.tmp")
    with contextlib.suppress(OSError):
        with temporary.open("w", encoding="utf-8") as file:
            json.dump({"lines": lines, "chain": chain}, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, head_path(path))


def read_head(path: Path) -> Head | None:
    """The head kept for a chain; None where none was kept yet. Read it before the chain, which may grow meanwhile."""
    try:
        record = json.loads(head_path(path).read_text(encoding="utf-8"))
        return Head(int(record["lines"]), str(record["chain"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError):
        return UNREADABLE


def lost_from(head: Head | None, chains: Sequence[str], before: int = 0) -> int | None:
    """The first line, from 1, that the head knows and the chain has not, or has otherwise; None where they fit.

    ``chains`` are the hashes of the lines read, ``before`` how many stand before them unread.
    """
    if head is None:
        return None
    if head.lines > before + len(chains) or head == UNREADABLE:
        return before + len(chains) + 1
    at = head.lines - before - 1
    return head.lines if 0 <= at < len(chains) and chains[at] != head.chain else None


def head_path(path: Path) -> Path:
    return path.with_name(f"{path.name}.head")
