"""The compiled project: the SQL of every model and check in its order, rendered once and run many times.

dbt takes some 60 ms of its own work for each model and check, in every build; a county's SQL takes less in all. So dbt
compiles the project once into a plan, with marks (``@period@`` …) where a build's own values go, and a build runs the
plan on one connection. ``tests/orchestration/test_plan.py`` holds it against what dbt itself builds.
"""

import hashlib
import json
import re
import shutil
import time
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import duckdb
from filelock import FileLock
from pydantic import BaseModel

from orchestration import plan_assets
from orchestration.dbt_command import DATABASE_NAME, files_digest, project_digest, run_dbt
from orchestration.errors import GuatuError
from orchestration.settings import PROJECT_ROOT, Settings

PLACES = ("GUATU_LAKE", "GUATU_LEDGER", "GUATU_CATALOGUE")
VARIABLES = ("period", "edition_period", "as_of", "edition_id", "due_day")
COMPILED_FROM = ("indicators", "parameters", "template_fields")
"""Tables of the catalogue that macros read while SQL is generated: the plan depends on their rows."""
MARKED_PLACES = {name: f"@{name}@" for name in PLACES}
MARKED_VARIABLES = {name: f"@{name}@" for name in VARIABLES}
SCRATCH = "scratch"
"""The database in memory that holds what only a build itself reads: all layers but the marts."""
BELOW_MARTS = re.compile(rf'"{Path(DATABASE_NAME).stem}"\.(?="(?!marts")\w+"\.)')
MARK = re.compile(r"@(\w+)@")
CATALOGUE = "catalogue-"
ENDS = {".json": b"}", ".parquet": b"PAR1"}
"""How a file of a plan or a catalogue ends that is whole."""
KEPT, IN_USE_SECONDS = 4, 3600.0


class Node(BaseModel):
    """One model or check. ``columns`` is the enforced contract (name → type) of a model that has one."""

    unique_id: str
    kind: Literal["model", "test"]
    name: str
    relation: str | None = None
    is_view: bool = False
    columns: dict[str, str] = {}
    is_warning: bool = False
    parents: tuple[str, ...] = ()
    months: Literal["own", "whole", "all", "same"] | None = None
    """What is said of a model's months (``meta: months``). ``own``: no other model reads rows of other months.
    ``whole``: the model takes all months together. ``all``: so do those that read it, as every month depends on more
    than what was received up to it, such as the day. ``same``: the table is as it was, or no former month holds.
    Of a check, ``own``: it judges each month of its model by itself."""
    judges: str | None = None
    """The model a check stands at."""
    sql: str


class Plan(BaseModel):
    """All nodes, parents first. ``rules`` names the state of all that the SQL was made of and reads from ``seeds/``."""

    nodes: tuple[Node, ...]
    rules: str = ""

    def rendered(self, values: Mapping[str, str]) -> list[Node]:
        """The nodes with a build's own values; texts stand between quotes in SQL, so quotes in them are doubled."""
        known = {name: str(values[name]).replace("'", "''") for name in (*PLACES, *VARIABLES)}

        def filled(sql: str) -> str:
            return MARK.sub(lambda mark: known.get(mark[1], mark[0]), sql)

        return [node.model_copy(update={"sql": filled(node.sql)}) for node in self.nodes]


def load_plan(settings: Settings) -> Plan:
    """The plan of the project as it is. Raises GuatuError ``project_invalid`` when dbt cannot compile it."""
    folder = prepare_plan(settings)
    plan = Plan.model_validate_json((folder / "plan.json").read_bytes())
    return plan.model_copy(update={"rules": f"{folder.name} {catalogue_folder(settings).name}"})


def prepare_plan(settings: Settings) -> Path:
    """The folder of the up-to-date ``plan.json``, ``assets.json`` and dbt's ``manifest.json``; compiled where need be.

    Raises GuatuError ``project_invalid`` when dbt cannot compile the project.
    """
    catalogue = catalogue_folder(settings)

    def compiled(scratch: Path) -> Path:
        return _compile(settings, catalogue, scratch)

    return _kept(settings, _digest(settings, catalogue), compiled)


def catalogue_folder(settings: Settings) -> Path:
    """The catalogue's tables as Parquet files, written once for each state of ``seeds/``."""

    def written(scratch: Path) -> Path:
        from orchestration.catalogue import export_tables

        export_tables(settings, scratch / "tables")
        return scratch / "tables"

    return _kept(settings, f"{CATALOGUE}{files_digest(settings.seeds)}", written)


def _kept(settings: Settings, name: str, make: Callable[[Path], Path]) -> Path:
    """The whole folder of that name: as installed with the product, as kept by this home, or made now."""
    if _is_whole(settings.installed_plans / name):
        return settings.installed_plans / name
    root = settings.plans
    root.mkdir(parents=True, exist_ok=True)
    folder = root / name
    with FileLock(root / ".lock"):
        if not _is_whole(folder):
            shutil.rmtree(folder, ignore_errors=True)
            with TemporaryDirectory(prefix=".making-", dir=root, ignore_cleanup_errors=True) as scratch:
                make(Path(scratch)).rename(folder)
            _forget_old(root, folder)
    return folder


def _is_whole(folder: Path) -> bool:
    """Whether it is there with every file to its end."""
    files = [path for path in folder.rglob("*") if path.suffix in ENDS] if folder.exists() else []
    return bool(files) and all(_ends(path) == ENDS[path.suffix] for path in files)


def _ends(path: Path) -> bytes:
    length = len(ENDS[path.suffix])
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - length))
        return file.read()


def _compile(settings: Settings, catalogue: Path, scratch: Path) -> Path:
    own_catalogue, target, made = scratch / CATALOGUE, scratch / "target", scratch / "plan"
    shutil.copytree(catalogue, own_catalogue)
    environment = MARKED_PLACES | {"GUATU_CATALOGUE": own_catalogue.as_posix()}
    environment["GUATU_DATABASE"] = str(scratch / DATABASE_NAME)
    # Unit tests are left to the test suite.
    without = ("--exclude", "test_type:unit")
    result = run_dbt(settings, "compile", target, MARKED_VARIABLES, environment, selection=without)
    if not result.success:
        raise project_invalid(settings, result.exception or _failures(result))
    compiled = {run.node.unique_id: run.node for run in result.result.results}
    text = own_catalogue.as_posix()
    plan = Plan(nodes=tuple(_node(node, compiled, text) for node in _in_order(compiled)))
    made.mkdir()
    (made / "plan.json").write_text(plan.model_dump_json(), encoding="utf-8")
    shutil.move(target / "manifest.json", made / "manifest.json")
    translated = plan_assets.translate(json.loads((made / "manifest.json").read_text(encoding="utf-8")))
    (made / plan_assets.ASSETS).write_text(translated.model_dump_json(), encoding="utf-8")
    return made


def project_invalid(settings: Settings, reason: object) -> GuatuError:
    """The error of a project dbt cannot read."""
    said = " ".join(str(reason).split())[:500]
    return GuatuError(
        "project_invalid",
        f"计算模型解析失败:{said}。请检查 {settings.dbt_project}。",
        f"the dbt project cannot be parsed: {said}",
        exit_code=3,
    )


def _failures(result: Any) -> str:
    return "; ".join(str(run.message) for run in result.result.results if str(run.status) == "error")


def _in_order(compiled: Mapping[str, Any]) -> list[Any]:
    """Parents before children, and a check as soon as all it reads stands. Ephemeral models are left out."""
    ordered: dict[str, Any] = {}
    checks = sorted(key for key, node in compiled.items() if str(node.resource_type) == "test")

    def visit(unique_id: str) -> None:
        if unique_id in ordered or unique_id not in compiled:
            return
        for parent in sorted(compiled[unique_id].depends_on.nodes):
            visit(parent)
        ordered[unique_id] = compiled[unique_id]
        for check in checks:
            if check not in ordered and all(parent in ordered for parent in _models_read(compiled[check], compiled)):
                ordered[check] = compiled[check]

    for unique_id in sorted(set(compiled) - set(checks)):
        visit(unique_id)
    return [node for node in ordered.values() if node.config.materialized != "ephemeral"]


def _models_read(node: Any, compiled: Mapping[str, Any]) -> list[str]:
    return [parent for parent in node.depends_on.nodes if parent in compiled]


def _node(node: Any, compiled: Mapping[str, Any], catalogue: str) -> Node:
    is_model = str(node.resource_type) == "model"
    contracted = is_model and node.config.contract.enforced
    return Node(
        unique_id=node.unique_id,
        kind="model" if is_model else "test",
        name=node.name,
        relation=_placed(node.relation_name) if is_model else None,
        is_view=node.config.materialized == "view",
        columns={name: _type(column.data_type) for name, column in node.columns.items()} if contracted else {},
        is_warning=not is_model and str(node.config.severity).lower() == "warn",
        parents=tuple(sorted(set(_solid_parents(node, compiled)))),
        months=node.config.meta.get("months"),
        judges=None if is_model else getattr(node, "attached_node", None),
        sql=_placed(node.compiled_code.replace(catalogue, "@GUATU_CATALOGUE@")),
    )


def _placed(sql: str) -> str:
    """Names of relations as a build has them: writing to disk what is soon thrown away would cost half of it."""
    return BELOW_MARTS.sub(f'"{SCRATCH}".', sql)


@cache
def _type(declared: str) -> str:
    """The engine's own name of a declared type."""
    return str(duckdb.execute(f"select cast(null as {declared})").description[0][1])


def _solid_parents(node: Any, compiled: Mapping[str, Any]) -> list[str]:
    """The tables a node reads, looking through ephemeral models."""
    found = []
    for parent in _models_read(node, compiled):
        ephemeral = compiled[parent].config.materialized == "ephemeral"
        found += _solid_parents(compiled[parent], compiled) if ephemeral else [parent]
    return found


def _digest(settings: Settings, catalogue: Path) -> str:
    """Over the project and the rows of the tables it is compiled from."""
    import polars as pl

    digest = hashlib.sha256(project_digest(settings).encode())
    for source in (Path(__file__), Path(plan_assets.__file__)):  # what a plan looks like
        digest.update(source.read_bytes())
    for name in COMPILED_FROM:
        path = catalogue / f"{name}.parquet"
        if path.exists():
            digest.update(json.dumps([name, pl.read_parquet(path).rows()], default=str).encode())
    return digest.hexdigest()


def _forget_old(root: Path, made: Path) -> None:
    """Keeps the newest few of the kind of ``made``, and what another process may have found a moment ago."""
    is_catalogue = made.name.startswith(CATALOGUE)
    kept = [path for path in root.iterdir() if path.is_dir() and not path.name.startswith(".")]
    of_kind = [path for path in kept if path.name.startswith(CATALOGUE) == is_catalogue]
    for path in sorted(of_kind, key=lambda path: path.stat().st_mtime)[:-KEPT]:
        if time.time() - path.stat().st_mtime > IN_USE_SECONDS:
            shutil.rmtree(path, ignore_errors=True)


if __name__ == "__main__":  # at installation: what the product comes with, for every home without seeds of its own
    shipped = Settings(seeds=PROJECT_ROOT / "seeds", dbt_project=PROJECT_ROOT / "dbt_project")
    prepare_plan(shipped.model_copy(update={"cache": shipped.installed_plans}))
