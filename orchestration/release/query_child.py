"""The process a query runs in: reads one request from standard input, answers on standard output.

Started by ``query.run_query`` only. Both are pickles: (database path, SQL, most rows or None), and
("rows", (columns, rows)) or ("error", message).
"""

import pickle
import sys
from pathlib import Path
from typing import Any

import duckdb

from orchestration.release.reading import connect_locked

MEMORY_BYTES = 4 << 30


def answer(database: Path, sql: str, max_rows: int | None) -> tuple[str, Any]:
    """The result of one statement, or the first line of what was wrong with it."""
    try:
        with connect_locked(database) as connection:
            cursor = connection.execute(sql)
            columns = [column[0] for column in cursor.description or []]
            rows = cursor.fetchall() if max_rows is None else cursor.fetchmany(max_rows)
            return "rows", (columns, rows)
    except duckdb.Error as error:
        return "error", first_line(error)


def first_line(error: BaseException) -> str:
    """The message without the excerpt of the query below it."""
    return " ".join(str(error).split("\n\n", 1)[0].split())[:500]


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows: the engine's own limit and the time limit remain
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


if __name__ == "__main__":
    _limit_memory()
    request = pickle.load(sys.stdin.buffer)
    pickle.dump(answer(*request), sys.stdout.buffer)
