"""dbt in this process: one command at a time, silent, writing into one folder only.

Nothing is ever written into the project folder, which may be read-only.
"""

import hashlib
import json
import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.settings import Settings

if TYPE_CHECKING:
    from dbt.cli.main import dbtRunnerResult

GENERATED = {"target", "logs", "dbt_packages"}
DATABASE_NAME = "warehouse.duckdb"
"""dbt keeps the stem of the database's name in what it compiles, so every build uses the same one."""


def run_dbt(
    settings: Settings,
    command: str,
    target: Path,
    variables: Mapping[str, Any],
    environment: Mapping[str, str],
    selection: Sequence[str] = (),
) -> "dbtRunnerResult":
    """One dbt command, without telemetry; ``environment`` holds the variables the project refers to."""
    from dbt.cli.main import dbtRunner

    arguments = [
        command,
        *selection,
        *("--project-dir", str(settings.dbt_project), "--profiles-dir", str(settings.dbt_project)),
        *("--target-path", str(target), "--log-path", str(target)),
        *("--log-level", "none", "--log-level-file", "none", "--quiet"),
        *("--no-send-anonymous-usage-stats", "--no-use-colors", "--no-version-check"),
        *("--vars", json.dumps(dict(variables), ensure_ascii=False)),
    ]
    target.mkdir(parents=True, exist_ok=True)
    with _environment(environment):
        try:
            return dbtRunner().invoke(arguments)
        finally:
            _close_database()


def project_digest(settings: Settings) -> str:
    """SHA-256 over every file of the dbt project and the versions of dbt and of the engine."""
    versions = {name: version(name) for name in ("dbt-core", "dbt-duckdb", "duckdb")}
    files = files_digest(settings.dbt_project, without=GENERATED)
    return hashlib.sha256(json.dumps([files, versions], sort_keys=True).encode()).hexdigest()


def files_digest(folder: Path, without: Collection[str] = ()) -> str:
    """SHA-256 over the names and contents of a folder's files, leaving out those of the subfolders ``without``."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if path.is_file() and relative.parts[0] not in without:
            digest.update(f"{relative.as_posix()}\0{path.stat().st_size}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _close_database() -> None:
    """dbt-duckdb keeps the database open until the process ends; others are to read it now."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    with suppress(Exception):  # raised where dbt never opened one
        DuckDBConnectionManager.env().close()
    DuckDBConnectionManager.close_all_connections()


@contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    """Environment variables (and the working directory) as they were, afterwards."""
    before = {name: os.environ.get(name) for name in values}
    directory = Path.cwd()
    os.environ.update(values)
    try:
        yield
    finally:
        os.chdir(directory)
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
