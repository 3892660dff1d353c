"""Anyone's SQL on an edition: one read-only statement, in a process of its own that can be ended.

Layers, each of which holds alone against what it is there for: the statement itself (``sandbox.statement``), the locked
connection (``sandbox.locked``), the limits of the process (``sandbox.child``), and the parent that ends it when its
time is over. Limits inside the engine do not bound every query.
"""

import io
import os
import pickle
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from orchestration.errors import GuatuError
from orchestration.release.editions import database_path, find_edition
from orchestration.sandbox.child import READY, Request
from orchestration.sandbox.statement import check_statement
from orchestration.settings import Settings

__all__ = ["ANALYST_SECONDS", "TIMEOUT_SECONDS", "QueryResult", "Running", "check_statement", "query_file", "run_query"]

TIMEOUT_SECONDS = 60.0
ANALYST_SECONDS = 8.0
"""What a query by an account may take unless it asks for more."""
START_SECONDS = 60.0
"""How long the process may take to start on a busy machine; the statement's own time begins after that."""
MOST_BYTES = 256 << 20
"""The largest answer taken from the process."""
_VALUES = {("decimal", "Decimal"), ("uuid", "UUID"), ("datetime", "date"), ("datetime", "time"),
           ("datetime", "datetime"), ("datetime", "timedelta"), ("datetime", "timezone"),
           ("pytz", "_p"), ("pytz", "_UTC")}  # fmt: skip
_PASSED_ON = ("PATH", "SYSTEMROOT", "LANG", "LC_ALL", "TZ", "VIRTUAL_ENV")
"""What of the environment a query's process gets to know: no passwords, no keys."""


@dataclass(frozen=True)
class QueryResult:
    """Column names, rows of Python values (Decimal, date, datetime, str, int, bool, None), and the columns' types."""

    columns: list[str]
    rows: list[tuple[Any, ...]]
    types: tuple[str, ...] = ()


def run_query(
    settings: Settings,
    sql: str,
    edition_id: str | None = None,
    timeout_seconds: float = TIMEOUT_SECONDS,
    max_rows: int | None = None,
) -> QueryResult:
    """Runs one SELECT (also WITH, FROM, DESCRIBE, SHOW, SUMMARIZE) on an edition.

    Raises GuatuError: ``not_one_query``, ``query_not_allowed``, ``query_invalid``, ``query_timeout``,
    ``query_too_large``, and what ``find_edition`` raises.
    """
    edition = find_edition(settings, edition_id)
    return query_file(database_path(settings, edition.edition_id), sql, timeout_seconds, max_rows)


def query_file(
    database: Path, sql: str, timeout_seconds: float = TIMEOUT_SECONDS, max_rows: int | None = None
) -> QueryResult:
    """``run_query`` on one database file: an edition, or what of it one person may see. Raises as that does."""
    check_statement(sql)
    with Running(database, sql, timeout_seconds, max_rows) as running:
        return running.finish()


class Running:
    """One checked statement under way in a process of its own; leaving the ``with`` block ends the process.

    The caller checks the statement first.
    """

    def __init__(self, database: Path, sql: str, seconds: float, max_rows: int | None = None) -> None:
        self._seconds = seconds
        self._request = pickle.dumps(tuple(Request(database.resolve(), sql, max_rows, seconds)))
        self._answer = bytearray()
        self._is_ready = threading.Event()
        self._started = time.monotonic()
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-X", "utf8", "-m", "orchestration.sandbox.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=Path(sys.executable).anchor,
            env={name: os.environ[name] for name in _PASSED_ON if name in os.environ},
        )
        self._reader = threading.Thread(target=self._converse, daemon=True)
        self._reader.start()

    def __enter__(self) -> "Running":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.cancel()

    def wait(self, seconds: float) -> bool:
        """Whether it has ended, after waiting so long at most. Raises GuatuError ``query_timeout``."""
        limit = self._seconds if self._is_ready.is_set() else START_SECONDS
        self._reader.join(max(0.0, min(seconds, limit - self.elapsed)))
        if not self._reader.is_alive():
            return True
        limit = self._seconds if self._is_ready.is_set() else START_SECONDS  # it may have begun meanwhile
        if self.elapsed >= limit:
            self.cancel()
            raise GuatuError(
                "query_timeout",
                f"查询超过 {self._seconds:.0f} 秒,已终止。请缩小范围后重试。",
                f"the query ran longer than {self._seconds:.0f} s and was stopped",
            )
        return False

    def finish(self) -> QueryResult:
        """Waits to the end. Raises what ``wait`` and ``result`` raise."""
        while not self.wait(self._seconds):
            continue
        return self.result()

    def result(self) -> QueryResult:
        """The rows, once ``wait`` has said that it ended. Raises GuatuError ``query_invalid``, ``query_too_large``."""
        try:
            kind, payload = _Values(io.BytesIO(self._answer)).load()
        except (EOFError, pickle.UnpicklingError) as error:  # ended before it could answer
            raise GuatuError(
                "query_too_large",
                "查询占用内存过多或结果过大,已终止。请缩小范围后重试。",
                "the query needed too much memory and was stopped",
            ) from error
        if kind == "error":
            raise GuatuError("query_invalid", f"查询有误:{payload}", f"the query failed: {payload}")
        columns, types, rows = payload
        return QueryResult(columns, rows, tuple(types))

    def cancel(self) -> None:
        """Ends the process, whatever it is doing."""
        self._process.kill()
        self._process.wait()
        self._reader.join()

    @property
    def elapsed(self) -> float:
        """Seconds since the statement began (before that, since its process was started)."""
        return time.monotonic() - self._started

    def _converse(self) -> None:
        """In a thread of its own, so that a large answer never waits for the caller."""
        with self._process.stdin as requests, self._process.stdout as answers:
            if answers.read(len(READY)) != READY:
                return
            self._started = time.monotonic()
            self._is_ready.set()
            try:
                requests.write(self._request)
                requests.close()
            except OSError:  # it has been ended
                return
            while chunk := answers.read1(1 << 20):
                self._answer += chunk
                if len(self._answer) > MOST_BYTES:
                    self._answer.clear()
                    self._process.kill()
                    return


class _Values(pickle.Unpickler):
    """Reads plain values only: what comes out of a query's process is never trusted to name code."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in _VALUES:
            raise pickle.UnpicklingError(f"unexpected type in an answer: {module}.{name}")
        return super().find_class(module, name)
