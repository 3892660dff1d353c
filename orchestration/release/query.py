"""Anyone's SQL on an edition: one read-only statement, in a process of its own that can be ended.

Limits inside the engine do not bound every query, so the statement runs in a child process with an
address-space limit (where the system has one), and the parent ends it when its time is over.
"""

import pickle
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

import duckdb

from orchestration.errors import GuatuError
from orchestration.release.editions import database_path, find_edition
from orchestration.release.query_child import first_line
from orchestration.settings import Settings

TIMEOUT_SECONDS = 60.0


@dataclass(frozen=True)
class QueryResult:
    """Column names, and rows of Python values (Decimal, date, datetime, str, int, bool, None)."""

    columns: list[str]
    rows: list[tuple[Any, ...]]


def run_query(
    settings: Settings,
    sql: str,
    edition_id: str | None = None,
    timeout_seconds: float = TIMEOUT_SECONDS,
    max_rows: int | None = None,
) -> QueryResult:
    """Runs one SELECT (also WITH, FROM, DESCRIBE, SHOW, SUMMARIZE) on an edition.

    Raises GuatuError: ``not_one_query``, ``query_invalid``, ``query_timeout``, ``query_too_large``, and what
    ``find_edition`` raises.
    """
    edition = find_edition(settings, edition_id)
    check_statement(sql)
    request = pickle.dumps((database_path(settings, edition.edition_id), sql, max_rows))
    command = [sys.executable, "-m", "orchestration.release.query_child"]
    try:
        child = subprocess.run(command, input=request, capture_output=True, timeout=timeout_seconds, check=False)
    except subprocess.TimeoutExpired as error:
        raise GuatuError(
            "query_timeout",
            f"查询超过 {timeout_seconds:.0f} 秒,已终止。请缩小范围后重试。",
            f"the query ran longer than {timeout_seconds:.0f} s and was stopped",
        ) from error
    if child.returncode != 0:
        raise GuatuError(
            "query_too_large",
            "查询占用内存过多,已终止。请缩小范围后重试。",
            "the query needed too much memory and was stopped",
        )
    kind, payload = pickle.loads(child.stdout)
    if kind == "error":
        raise GuatuError("query_invalid", f"查询有误:{payload}", f"the query failed: {payload}")
    return QueryResult(*payload)


def check_statement(sql: str) -> None:
    """GuatuError unless ``sql`` is exactly one statement that reads."""
    try:
        with duckdb.connect() as connection:
            statements = connection.extract_statements(sql)
    except duckdb.Error as error:
        message = first_line(error)
        raise GuatuError("query_invalid", f"查询有误:{message}", f"the query failed: {message}") from error
    reads = {duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN}
    if len(statements) != 1 or statements[0].type not in reads:
        raise GuatuError(
            "not_one_query",
            "只能执行一条只读查询(SELECT)。",
            "exactly one read-only query (SELECT) is allowed",
        )
