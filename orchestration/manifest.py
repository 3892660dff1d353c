"""The parsed dbt project of one installation: prepared once, reused by every build and by Dagster.

Parsing is the slow part of dbt, so its result is kept under ``work/dbt`` with a stamp over everything it
depends on. Nothing is ever written into the project folder, which may be read-only.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock

from orchestration.errors import GuatuError
from orchestration.settings import Settings

if TYPE_CHECKING:
    from dbt.cli.main import dbtRunnerResult
    from dbt.contracts.graph.manifest import Manifest

GENERATED = {"target", "logs", "dbt_packages"}
DATABASE_NAME = "warehouse.duckdb"
"""dbt keeps the stem of the database's name in its manifest, so every build uses the same one."""


def inputs_dir(settings: Settings) -> Path:
    """What a build reads beside the lake. The path is fixed because dbt keeps source locations in its manifest."""
    return settings.work / "inputs"


def dbt_environment(settings: Settings, database: Path) -> dict[str, str]:
    """The environment variables the dbt project refers to."""
    inputs = inputs_dir(settings)
    return {
        "GUATU_LAKE": settings.lake.as_posix(),
        "GUATU_LEDGER": (inputs / "ledger.jsonl").as_posix(),
        "GUATU_CATALOGUE": (inputs / "catalogue").as_posix(),
        "GUATU_DATABASE": database.as_posix(),
    }


def run_dbt(
    settings: Settings,
    command: str,
    database: Path,
    target: Path,
    variables: Mapping[str, Any],
    manifest: "Manifest | None" = None,
    on_event: Callable[[Any], None] | None = None,
    selection: Sequence[str] = (),
) -> "dbtRunnerResult":
    """One dbt command in this process, silent, without telemetry, writing to ``target`` only."""
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
    if manifest is not None:
        arguments.append("--no-write-json")
    target.mkdir(parents=True, exist_ok=True)
    with _environment(dbt_environment(settings, database)):
        try:
            return dbtRunner(manifest=manifest, callbacks=[on_event] if on_event else []).invoke(arguments)
        finally:
            _close_database()


def prepare_manifest(settings: Settings) -> Path:
    """The path of an up-to-date ``manifest.json``; parses the project only when something changed.

    Raises GuatuError ``project_invalid`` when dbt cannot parse the project.
    """
    target = settings.work / "dbt"
    target.mkdir(parents=True, exist_ok=True)
    path, stamp = target / "manifest.json", target / "stamp"
    with FileLock(target / "lock"):
        digest = _digest(settings)
        fresh = stamp.exists() and stamp.read_text(encoding="utf-8") == digest
        if fresh and path.exists() and _packed(target).exists():
            return path
        stamp.unlink(missing_ok=True)
        # Any period will do: variables are rendered again in every build.
        variables = build_variables(settings, "2000-01", "2000-01", "2000-01-31 00:00:00", "2000-01_0000")
        result = run_dbt(settings, "parse", target / DATABASE_NAME, target, variables)
        if not result.success:
            reason = " ".join(str(result.exception).split())[:500]
            raise GuatuError(
                "project_invalid",
                f"计算模型解析失败:{reason}。请检查 {settings.dbt_project}。",
                f"the dbt project cannot be parsed: {reason}",
                exit_code=3,
            )
        stamp.write_text(digest, encoding="utf-8")
    return path


def load_manifest(settings: Settings) -> "Manifest":
    """A new Manifest object; dbt changes it while building, so each build takes its own."""
    from dbt.contracts.graph.manifest import Manifest

    packed = _packed(prepare_manifest(settings).parent)
    manifest = Manifest.from_msgpack(packed.read_bytes())
    manifest.build_flat_graph()
    manifest.build_parent_and_child_maps()
    return manifest


def build_variables(settings: Settings, period: str, through: str, as_of: str, edition_id: str) -> dict[str, Any]:
    """The variables of the dbt project: the edition's own month, and the last month it carries."""
    return {
        "period": through,
        "edition_period": period,
        "as_of": as_of,
        "edition_id": edition_id,
        "due_day": settings.due_day,
    }


def _close_database() -> None:
    """dbt-duckdb keeps the database open until the process ends; others are to read it now."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    with suppress(Exception):  # raised where dbt never opened one
        DuckDBConnectionManager.env().close()
    DuckDBConnectionManager.close_all_connections()


def _packed(target: Path) -> Path:
    return target / "partial_parse.msgpack"


def _digest(settings: Settings) -> str:
    """Over every file of the project, the versions of dbt, and the paths that end up in the manifest."""
    digest = hashlib.sha256()
    root = settings.dbt_project
    for path in sorted(root.rglob("*")):
        relative = path.relative_to(root)
        if path.is_file() and relative.parts[0] not in GENERATED:
            digest.update(f"{relative.as_posix()}\0{path.stat().st_size}\0".encode())
            digest.update(path.read_bytes())
    environment = dbt_environment(settings, Path(DATABASE_NAME))
    versions = {name: version(name) for name in ("dbt-core", "dbt-duckdb", "duckdb")}
    digest.update(json.dumps([environment, versions, str(root)], sort_keys=True).encode())
    return digest.hexdigest()


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
