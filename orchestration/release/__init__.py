"""Editions (版本): publishing a finished build, listing, reading and comparing what was published."""

from orchestration.release.compare import EditionDiff, diff
from orchestration.release.editions import Edition, current_edition, find_edition, list_editions, next_edition_id
from orchestration.release.lock import run_lock
from orchestration.release.publish import publish, tidy
from orchestration.release.query import QueryResult, run_query
from orchestration.release.reading import open_edition

__all__ = [
    "Edition",
    "EditionDiff",
    "QueryResult",
    "current_edition",
    "diff",
    "find_edition",
    "list_editions",
    "next_edition_id",
    "open_edition",
    "publish",
    "run_lock",
    "run_query",
    "tidy",
]
