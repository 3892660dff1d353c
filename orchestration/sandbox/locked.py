"""Connections that a statement cannot get out of."""

from pathlib import Path
from threading import Lock

import duckdb

MEMORY_LIMIT = "2GB"
_CLOSING = Lock()
"""All connections of a process to one file share their settings: whoever comes second finds them locked."""


def connect_locked(database: Path) -> duckdb.DuckDBPyConnection:
    """Read-only, without files, network, extensions or changeable settings.

    The file systems go last and matter most: without that, COPY or read_blob could still reach the
    database file itself, which an attached database is always allowed to.
    """
    connection = duckdb.connect(str(database.resolve()), read_only=True)
    try:
        connection.execute("set search_path = 'marts'")
        with _CLOSING:
            _close(connection)
    except duckdb.Error:
        connection.close()
        raise
    return connection


def _close(connection: duckdb.DuckDBPyConnection) -> None:
    if not connection.execute("select current_setting('lock_configuration')").fetchone()[0]:
        for statement in (
            "set enable_progress_bar = false",  # it would be printed into the answer
            "set temp_directory = ''",
            "set enable_external_access = false",
            "set autoload_known_extensions = false",
            "set autoinstall_known_extensions = false",
            "set allow_community_extensions = false",
            f"set memory_limit = '{MEMORY_LIMIT}'",
            "set disabled_filesystems = 'LocalFileSystem'",
            "set lock_configuration = true",
        ):
            connection.execute(statement)
