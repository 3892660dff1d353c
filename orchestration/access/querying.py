"""A person's own SQL: on what that person may see, and recorded before it runs."""

import hashlib

import duckdb

from orchestration.access import accounts, audit
from orchestration.access.roles import Grant, grant, load_roles
from orchestration.access.rules import load_rules
from orchestration.access.scoped import scoped_edition
from orchestration.errors import GuatuError
from orchestration.release.query import ANALYST_SECONDS, QueryResult, Running, check_statement
from orchestration.settings import Settings


def query_granted(
    settings: Settings,
    held: Grant,
    sql: str,
    edition_id: str | None = None,
    timeout_seconds: float = ANALYST_SECONDS,
    max_rows: int | None = None,
) -> QueryResult:
    """One SELECT on the cut of an edition, to its end. Raises what ``start_granted`` and ``run_query`` raise."""
    with start_granted(settings, held, sql, edition_id, timeout_seconds, max_rows) as running:
        return running.finish()


def start_granted(
    settings: Settings,
    held: Grant,
    sql: str,
    edition_id: str | None = None,
    timeout_seconds: float = ANALYST_SECONDS,
    max_rows: int | None = None,
) -> Running:
    """Starts one SELECT on the cut of an edition; use it in a ``with``. The record names the tables, never the
    statement's text: names and numbers of people may stand in it; its hash tells later whether it was the same.

    Raises GuatuError ``not_allowed``, ``audit_failed``, ``scope_failed``, and what ``check_statement`` raises.
    """
    held.require("sql")
    check_statement(sql)
    path = scoped_edition(settings, edition_id, held)
    audit.write(
        settings,
        held.login,
        held.role,
        "sql",
        edition=path.parent.name if not held.unlimited else path.stem,
        tables=" ".join(table for table in tables_of(sql) if table in load_rules(settings.seeds)),
        statement=hashlib.sha256(sql.encode()).hexdigest()[:16],
        purpose=held.purpose,
    )
    return Running(path, sql, timeout_seconds, max_rows)


def query_as(settings: Settings, login: str, sql: str, edition_id: str | None = None) -> QueryResult:
    """The same for an account, by its login: what it sees without a purpose stated.

    Raises GuatuError ``unknown_account`` also where the account is closed.
    """
    account = accounts.find(settings, login)
    if account is None or account.disabled:
        raise GuatuError(
            "unknown_account",
            f"没有可用的账号 {login}。可用 guatu user list 查看。",
            f"no usable account {login}; list them with: guatu user list",
            exit_code=2,
        )
    held = grant(load_roles(settings.seeds), account.login, account.name, account.role, account.divisions)
    return query_granted(settings, held, sql, edition_id)


def tables_of(sql: str) -> list[str]:
    """The tables a statement names; none where it cannot be told."""
    try:
        with duckdb.connect() as connection:
            return sorted(connection.get_table_names(sql))
    except duckdb.Error:
        return []
