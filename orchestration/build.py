"""Builds the warehouse of one period as of one moment into a fresh scratch database.

The product of a build is ``work/<edition_id>/warehouse.duckdb`` with a ``build.json`` beside it. The latter
is written only after every model and every check has passed, and is what ``release`` asks for.
"""

import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import perf_counter

import duckdb

from orchestration.dbt_command import DATABASE_NAME
from orchestration.errors import GuatuError, system_fault
from orchestration.kept_months import Former, StateWriter, kept_by
from orchestration.months import (
    Months,
    Outdated,
    Upon,
    computed_table,
    find_former,
    free_after,
    month_keys,
    rows_received,
)
from orchestration.plan import SCRATCH, Node, catalogue_folder, load_plan
from orchestration.settings import Settings

Limits = Mapping[str, str | int]
"""Options of the engine: what it may take of the machine."""
Progress = Callable[[int, int], None]
"""Called with (nodes finished, nodes in all)."""

PASSED = {"success", "pass", "warn"}
FAILED = {"error", "fail"}
KINDS = {"model": "模型", "test": "检查"}
COMPRESSION = "zstd,fsst,dict_fsst,dictionary,bitpacking,rle,roaring,alp,alprd"
"""What a build does without: publishing reads each mart once and writes it anew, sorted and compressed."""


@dataclass(frozen=True)
class NodeResult:
    """What became of one dbt node (model or check)."""

    unique_id: str
    kind: str
    name: str
    status: str
    message: str
    seconds: float
    failures: int | None = None

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
    whole: bool = False,
) -> BuildResult:
    """Runs the whole project for ``period`` (YYYY-MM) with what was received by ``as_of``.

    The edition carries every reported month up to ``through`` (the period itself unless given): a late correction of an
    old month also shows in the months after it. Months that hold from a former build are taken over, unless ``whole``.

    Failing models and checks are in the result, not raised. Raises GuatuError ``project_invalid`` when
    the project cannot even be compiled.
    """
    folder = settings.work / edition_id
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    plan = load_plan(settings)
    nodes = plan.rendered(build_values(settings, period, through or period, as_of, edition_id))
    database = folder / DATABASE_NAME
    inputs, last = inputs_folder(settings), through or period
    keys = month_keys(settings, inputs, plan.rules, last, as_of)
    former = None if whole else find_former(settings, keys)
    results = None
    if former is not None:
        limits = settings.build_limits(rows_received(inputs, former.first, last, as_of))
        results = _gone_on(nodes, database, limits, progress, former)
        if results is None:
            former = None
            shutil.rmtree(folder)
            folder.mkdir()
    if results is None:
        limits = settings.build_limits(rows_received(inputs, "", last, as_of))
        results = run_nodes(nodes, database, limits, progress, keep=len(keys) > 1)
    ok = all(result.passed for result in results) and bool(results)
    if ok:
        if len(keys) > 1:
            kept = kept_by(edition_id, keys, folder / "state", former)
            (folder / "state.json").write_text(kept.model_dump_json(), encoding="utf-8")
        upon = Upon(edition_id=former.edition.stem, first=former.first).model_dump() if former else None
        moment = as_of.isoformat(timespec="microseconds")
        record = {"edition_id": edition_id, "period": period, "as_of": moment, "upon": upon}
        (folder / "build.json").write_text(json.dumps(record), encoding="utf-8")
    return BuildResult(ok, edition_id, period, as_of, database, results, _summary(results))


def _gone_on(
    nodes: Sequence[Node], database: Path, limits: Limits, progress: Progress | None, former: Former
) -> tuple[NodeResult, ...] | None:
    """The results of a build upon a former one; None where that one does not hold or cannot be read."""
    try:
        results = run_nodes(nodes, database, limits, progress, former, keep=True)
    except (Outdated, duckdb.Error):
        return None
    return None if any(result.status == "error" for result in results) else results


def build_values(settings: Settings, period: str, through: str, as_of: datetime, edition_id: str) -> dict[str, str]:
    """What the project's variables and places are in one build; its inputs are put in place."""
    inputs = prepare_inputs(settings)
    return {
        "period": through,
        "edition_period": period,
        "as_of": as_of.strftime("%Y-%m-%d %H:%M:%S.%f"),
        "edition_id": edition_id,
        "due_day": str(settings.due_day),
        "GUATU_LAKE": settings.lake.as_posix(),
        "GUATU_LEDGER": (inputs / "ledger.jsonl").as_posix(),
        "GUATU_CATALOGUE": (inputs / "catalogue").as_posix(),
    }


def run_nodes(
    nodes: Sequence[Node],
    database: Path,
    limits: Limits,
    progress: Progress | None = None,
    former: Former | None = None,
    keep: bool = False,
) -> tuple[NodeResult, ...]:
    """Every node in order on one connection; what depends on a failed one is skipped, as dbt does.

    What does not fit into the memory goes to a folder beside the database for as long as the build takes; a table of
    the scratch is given up once nothing reads it any more. Months that hold from a ``former`` build are taken over;
    ``keep`` leaves a folder ``state`` beside the database for a later one.
    Raises ``Outdated`` or duckdb.Error where the former build cannot be gone on from.
    """
    results: list[NodeResult] = []
    failed: set[str] = set()
    doubted: set[str] = set()
    options = {
        **limits,
        "preserve_insertion_order": False,
        # rows that two branches of a query read alike would be kept in between: of a nation's persons, 25 GB
        "disabled_optimizers": "common_subplan",
        "temp_directory": str(database.parent / "spill"),
    }
    with duckdb.connect(str(database), config=options) as connection:
        connection.execute(f"set enable_progress_bar = false; attach ':memory:' as {SCRATCH}")
        connection.execute(f"set disabled_compression_methods = '{COMPRESSION}'")
        for schema in sorted({node.relation.rsplit(".", 1)[0] for node in nodes if node.relation}):
            connection.execute(f"create schema if not exists {schema}")
        months = Months(connection, nodes, former) if former else None
        writer = StateWriter(connection, nodes, database.with_name("state"), former) if keep else None
        free = free_after(nodes)
        for done, node in enumerate(nodes, start=1):
            stops = failed if node.kind == "test" else failed | doubted
            result = _skipped(node) if stops.intersection(node.parents) else _ran(connection, node, months)
            results.append(result)
            if not result.passed and node.kind == "model":
                failed.add(node.unique_id)
            elif not result.passed:
                doubted.update(node.parents)
            for read in free.get(done - 1, ()):
                if read.unique_id not in failed:
                    if writer:
                        writer.write(read, computed_table(read, months))
                    connection.execute(f"drop table {computed_table(read, months)}")
            if progress:
                progress(done, len(nodes))
    return tuple(results)


def _ran(connection: duckdb.DuckDBPyConnection, node: Node, months: Months | None) -> NodeResult:
    begun = perf_counter()
    failures = None
    try:
        if node.kind == "model":
            create_model(connection, node, months)
            status, message = "success", "OK"
        else:
            judged = months.judged(node) if months else node.sql
            (failures,) = connection.execute(f"select count(*) from (\n{judged}\n) as failing").fetchone()
            status = "pass" if not failures else "warn" if node.is_warning else "fail"
            message = f"有 {failures} 行不符合" if failures else ""
    except duckdb.Error as error:
        fault = system_fault(error)
        status, message = "error", f"{fault.message_zh if fault else ''}{' '.join(str(error).split())}"
    return NodeResult(node.unique_id, node.kind, node.name, status, message, perf_counter() - begun, failures)


def create_model(connection: duckdb.DuckDBPyConnection, node: Node, months: Months | None = None) -> None:
    """The model as a table or view, in place of one that is there; a contract is enforced, names and types of columns.

    Raises duckdb.Error, and ``Outdated`` where the ``months`` of a former build do not hold.
    """
    kind = "view" if node.is_view else "table"
    if months and months.is_monthly(node):
        months.create(node)
    else:
        connection.execute(f"create or replace {kind} {node.relation} as (\n{node.sql}\n)")
    if months:
        months.check(node)
    if node.columns:
        made = connection.execute(f"from {node.relation} limit 0").description
        wrong = sorted({(name, str(kind)) for name, kind, *_ in made} ^ set(node.columns.items()))
        if wrong:
            raise duckdb.ProgrammingError(f"{node.name}: columns differ from the contract: {wrong}")


def _skipped(node: Node) -> NodeResult:
    return NodeResult(node.unique_id, node.kind, node.name, "skipped", "上游未通过,未运行", 0.0)


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


def inputs_folder(settings: Settings) -> Path:
    """What a build reads beside the lake."""
    return settings.work / "inputs"


def prepare_inputs(settings: Settings) -> Path:
    """The folder with a copy of the ledger's whole lines, so that one build sees one ledger, and the catalogue."""
    from orchestration.cadence.deliveries import deliveries_table
    from orchestration.records.decisions import decisions_table

    inputs = inputs_folder(settings)
    shutil.rmtree(inputs, ignore_errors=True)
    shutil.copytree(catalogue_folder(settings), inputs / "catalogue")
    content = settings.ledger.read_bytes() if settings.ledger.exists() else b""
    (inputs / "ledger.jsonl").write_bytes(content[: content.rfind(b"\n") + 1])
    deliveries_table(settings).write_parquet(inputs / "catalogue" / "deliveries.parquet")
    decisions_table(settings, datetime.max).write_parquet(inputs / "catalogue" / "decisions.parquet")
    return inputs


def _summary(nodes: tuple[NodeResult, ...]) -> str:
    """One Chinese sentence: what failed, or how much passed."""
    failed = [node for node in nodes if node.status in FAILED]
    if failed:
        named = ";".join(f"{KINDS[n.kind]} {n.name}:{n.message[:200]}" for n in failed[:3])
        more = f";另有 {len(failed) - 3} 项" if len(failed) > 3 else ""
        return f"{len(failed)} 项未通过:{named}{more}"
    if not nodes:
        return "没有可构建的模型"
    models = sum(node.kind == "model" for node in nodes)
    warned = sum(node.status == "warn" for node in nodes)
    return f"模型 {models} 个、检查 {len(nodes) - models} 项全部通过" + (f",其中提醒 {warned} 项" if warned else "")
