"""The process a query runs in: says that it is ready, reads one request, answers, all on standard input and output.

Started by ``release.query.Running`` only. Request: a pickle of ``Request``. Answer: a line ``ready``, then a pickle of
("rows", (columns, types, rows)) or ("error", message).
"""

import os
import pickle
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from orchestration.sandbox.locked import connect_locked
from orchestration.sandbox.statement import first_line

MEMORY_BYTES = 3 << 30
READY = b"ready\n"


class Request(NamedTuple):
    """One statement: on which file, how many rows at most (None: all), and how many seconds it may take."""

    database: Path
    sql: str
    max_rows: int | None
    seconds: float


def answer(request: Request) -> tuple[str, Any]:
    """The result of one statement, or the first line of what was wrong with it."""
    try:
        with connect_locked(request.database) as connection:
            cursor = connection.execute(request.sql)
            described = cursor.description or []
            rows = cursor.fetchall() if request.max_rows is None else cursor.fetchmany(request.max_rows)
            return "rows", ([column[0] for column in described], [str(column[1]) for column in described], rows)
    except duckdb.Error as error:
        return "error", first_line(error)


def limit_process(seconds: float) -> None:
    """Bounds memory, CPU and wall time of this process, and keeps it from making any file longer.

    Without the parent, too, the process ends. On Windows only the parent and the engine's own limits hold.
    """
    try:
        import resource
    except ImportError:
        return
    cpu = int(seconds * (os.cpu_count() or 1)) + 5
    for what, limit in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, cpu),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ValueError, OSError):  # a stricter limit is in force already
            resource.setrlimit(what, (limit, limit))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds + 5)


def main() -> None:
    answers = sys.stdout.buffer
    answers.write(READY)
    answers.flush()
    request = Request(*pickle.load(sys.stdin.buffer))
    limit_process(request.seconds)
    pickle.dump(answer(request), answers)


if __name__ == "__main__":
    main()
