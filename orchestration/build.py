"""Builds the warehouse of one period as of one moment into a fresh scratch database.

The product of a build is ``work/<edition_id>/warehouse.duckdb`` with a ``build.json`` beside it. The latter
is written only after every model and every check has passed, and is what ``release`` asks for.
"""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

from orchestration.errors import GuatuError
from orchestration.manifest import DATABASE_NAME, build_variables, inputs_dir, load_manifest, run_dbt
from orchestration.settings import Settings

Progress = Callable[[int, int], None]
"""Called with (nodes finished, nodes in all)."""

PASSED = {"success", "pass", "warn"}
KINDS = {"model": "模型", "test": "检查", "unit_test": "单元检查", "seed": "对照表", "snapshot": "快照"}


@dataclass(frozen=True)
class NodeResult:
    """What became of one dbt node (model or check)."""

    unique_id: str
    kind: str
    name: str
    status: str
    message: str
    seconds: float
    compiled_path: Path | None
    failures: int | None

    @property
    def passed(self) -> bool:
        return self.status in PASSED


@dataclass(frozen=True)
class BuildResult:
    """One build: ``ok`` only when every model and every check of severity error passed."""

    ok: bool
    edition_id: str
    period: str
    as_of: datetime
    database: Path
    nodes: tuple[NodeResult, ...]
    summary: str


def build(
    settings: Settings,
    period: str,
    as_of: datetime,
    edition_id: str,
    progress: Progress | None = None,
    through: str | None = None,
) -> BuildResult:
    """Runs the whole dbt project for ``period`` (YYYY-MM) with what was received by ``as_of``.

    The edition carries every reported month up to ``through`` (the period itself unless given): a late correction of an
    old month also shows in the months after it. The rules' unit tests are left to the test suite.

    Failing models and checks are in the result, not raised. Raises GuatuError ``project_invalid`` when
    the project cannot even be parsed.
    """
    folder = settings.work / edition_id
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    prepare_inputs(settings)
    database = folder / DATABASE_NAME
    manifest = load_manifest(settings)
    result = run_dbt(
        settings,
        "build",
        database,
        folder / "target",
        build_variables(settings, period, through or period, as_of.strftime("%Y-%m-%d %H:%M:%S.%f"), edition_id),
        manifest,
        _counter(_buildable(manifest), progress) if progress else None,
        ("--exclude-resource-type", "unit_test"),
    )
    nodes = _node_results(result)
    ok = bool(result.success) and database.exists()
    summary = _summary(nodes, result.exception)
    if ok:
        record = {"edition_id": edition_id, "period": period, "as_of": as_of.isoformat(timespec="microseconds")}
        (folder / "build.json").write_text(json.dumps(record), encoding="utf-8")
    return BuildResult(ok, edition_id, period, as_of, database, nodes, summary)


def finished_build(settings: Settings, edition_id: str) -> tuple[Path, str, datetime]:
    """(database, period, as of) of a build that passed; GuatuError ``not_built`` if there is none."""
    folder = settings.work / edition_id
    try:
        record = json.loads((folder / "build.json").read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise GuatuError(
            "not_built",
            f"版本 {edition_id} 尚未构建成功,无法发布。请整月重跑:guatu run --period {edition_id[:7]}。",
            f"edition {edition_id} has not been built",
            exit_code=3,
        ) from error
    return folder / DATABASE_NAME, record["period"], datetime.fromisoformat(record["as_of"])


def clear_work(settings: Settings) -> None:
    """Removes the scratch of earlier builds. The caller holds the run lock, so none is in use."""
    for folder in settings.work.glob("[0-9][0-9][0-9][0-9]-[0-9][0-9]_*"):
        shutil.rmtree(folder, ignore_errors=True)


def prepare_inputs(settings: Settings) -> None:
    """A copy of the ledger's whole lines, so that one build sees one ledger, and the catalogue's tables."""
    from orchestration.cadence.deliveries import deliveries_table
    from orchestration.catalogue import export_tables
    from orchestration.records.decisions import decisions_table

    inputs = inputs_dir(settings)
    shutil.rmtree(inputs, ignore_errors=True)
    (inputs / "catalogue").mkdir(parents=True)
    content = settings.ledger.read_bytes() if settings.ledger.exists() else b""
    (inputs / "ledger.jsonl").write_bytes(content[: content.rfind(b"\n") + 1])
    export_tables(settings, inputs / "catalogue")
    deliveries_table(settings).write_parquet(inputs / "catalogue" / "deliveries.parquet")
    decisions_table(settings, datetime.max).write_parquet(inputs / "catalogue" / "decisions.parquet")


def _node_results(result: Any) -> tuple[NodeResult, ...]:
    runs = getattr(result.result, "results", None) or ()
    return tuple(
        NodeResult(
            unique_id=run.node.unique_id,
            kind=str(run.node.resource_type),
            name=run.node.name,
            status=str(run.status),
            message=" ".join(str(run.message or "").split()),
            seconds=float(run.execution_time),
            compiled_path=Path(run.node.compiled_path) if getattr(run.node, "compiled_path", None) else None,
            failures=run.failures,
        )
        for run in runs
    )


def _summary(nodes: tuple[NodeResult, ...], exception: BaseException | None) -> str:
    """One Chinese sentence: what failed, or how much passed."""
    failed = [node for node in nodes if node.status in {"error", "fail", "runtime error"}]
    if failed:
        named = ";".join(f"{KINDS.get(n.kind, n.kind)} {n.name}:{n.message[:200]}" for n in failed[:3])
        more = f";另有 {len(failed) - 3} 项" if len(failed) > 3 else ""
        return f"{len(failed)} 项未通过:{named}{more}"
    if exception is not None:
        return f"构建中断:{' '.join(str(exception).split())[:300]}"
    if not nodes:
        return "没有可构建的模型"
    models = sum(node.kind == "model" for node in nodes)
    warned = sum(node.status == "warn" for node in nodes)
    return f"模型 {models} 个、检查 {len(nodes) - models} 项全部通过" + (f",其中提醒 {warned} 项" if warned else "")


def _buildable(manifest: Any) -> int:
    """How many nodes dbt will report as finished."""
    beside = sum(str(node.resource_type) in {"analysis", "operation"} for node in manifest.nodes.values())
    return len(manifest.nodes) + len(manifest.unit_tests) - beside


def _counter(total: int, progress: Progress) -> Callable[[Any], None]:
    finished = count(1)  # dbt tells from several threads

    def on_event(event: Any) -> None:
        if event.info.name == "NodeFinished":
            progress(min(next(finished), total), total)

    return on_event
