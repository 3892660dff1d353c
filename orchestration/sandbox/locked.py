"""Connections that a statement cannot get out of."""

from pathlib import Path

import duckdb

MEMORY_LIMIT = "2GB"


def connect_locked(database: Path) -> duckdb.DuckDBPyConnection:
    """Read-only, without files, network, extensions or changeable settings.

    The file systems go last and matter most: without that, COPY or read_blob could still reach the
    database file itself, which an attached database is always allowed to.
    """
    connection = duckdb.connect(str(database.resolve()), read_only=True)
    try:
        for statement in (
            "set search_path = 'marts'",
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
    except duckdb.Error:
        connection.close()
        raise
    return connection
