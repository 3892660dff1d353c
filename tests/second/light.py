"""The models of the project on one connection in memory: a county in a second, and one changed model in less.

The compiled plan is the one builds run; here its statements run for any home, month and moment, all in one database, so
that a transaction takes everything back. Used where many counties are built, or a rule is broken on purpose.
"""

import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, cached_property
from pathlib import Path

import duckdb

from orchestration.build import build_values, create_model
from orchestration.plan import SCRATCH, Node, Plan, load_plan
from orchestration.settings import Settings, get_settings

CONFIG = {"threads": 1, "preserve_insertion_order": False, "memory_limit": "4GB", "temp_directory": ""}
"""A county is small: a rule broken on purpose that multiplies rows shall fail and not fill the machine or its disk."""


@dataclass(frozen=True)
class Project:
    """The compiled project: models by name, parents first, and the checks of severity error."""

    models: Mapping[str, Node]
    checks: tuple[Node, ...]

    @cached_property
    def below(self) -> dict[str, frozenset[str]]:
        """Each model with everything that depends on it, itself included."""
        found: dict[str, set[str]] = {name: {name} for name in self.models}
        for name, node in reversed(self.models.items()):
            for parent in parents(node):
                found[parent] |= found[name]
        return {name: frozenset(names) for name, names in found.items()}

    def with_sql(self, name: str, sql: str) -> "Project":
        """The same project with other words for one model."""
        return replace(self, models={**self.models, name: self.models[name].model_copy(update={"sql": sql})})


def parents(node: Node) -> list[str]:
    """Names of the models a node reads."""
    return [unique_id.split(".")[-1] for unique_id in node.parents]


def of_plan(plan: Plan) -> Project:
    """A compiled plan by names."""
    models = {node.name: node for node in plan.nodes if node.kind == "model"}
    return Project(models, tuple(node for node in plan.nodes if node.kind == "test" and not node.is_warning))


@cache
def project() -> Project:
    """The project as shipped, compiled once a process."""
    with tempfile.TemporaryDirectory(prefix="guatu-plan-") as folder:
        return of_plan(load_plan(get_settings(Path(folder))))


class Warehouse:
    """One month of one home, built in memory."""

    def __init__(self, models: Project, settings: Settings, period: str, as_of: datetime) -> None:
        self.project = models
        self.settings = settings
        self.period = period
        self.tables: Mapping[str, Path] = {}  # tables of the catalogue read from elsewhere
        self.values = build_values(settings, period, period, as_of, f"{period}_0001")
        self.connection = duckdb.connect(config=CONFIG)
        self.connection.execute("attach ':memory:' as warehouse; use warehouse")
        for schema in ("staging", "intermediate", "marts"):
            self.connection.execute(f"create schema {schema}")

    def close(self) -> None:
        self.connection.close()

    def build(self, names: Iterable[str] | None = None, models: Project | None = None) -> None:
        """Builds all models or the named ones, in the project's order; raises duckdb.Error like a build would."""
        models = models or self.project
        wanted = set(models.models if names is None else names)
        for node in models.models.values():
            if node.name in wanted:
                self.make(node)

    def make(self, node: Node) -> None:
        """Builds one model, this month's values filled in."""
        (worded,) = self._worded([node])
        create_model(self.connection, worded)

    def failed_checks(self, names: Iterable[str] | None = None) -> list[str]:
        """Names of the checks that find something, of those that read one of the models."""
        wanted = None if names is None else set(names)
        checks = [check for check in self.project.checks if wanted is None or wanted.intersection(parents(check))]
        return [
            check.name
            for check in self._worded(checks)
            if self.connection.execute(f"select 1 from (\n{check.sql}\n) limit 1").fetchone()
        ]

    def _worded(self, nodes: Iterable[Node]) -> list[Node]:
        """Nodes with this month's values, in one database."""
        return [
            node.model_copy(update={"sql": self._elsewhere(node.sql), "relation": _in_one_place(str(node.relation))})
            for node in Plan(nodes=tuple(nodes)).rendered(self.values)
        ]

    def _elsewhere(self, sql: str) -> str:
        for name, path in self.tables.items():
            sql = sql.replace(f"{self.values['GUATU_CATALOGUE']}/{name}.parquet", path.as_posix())
        return _in_one_place(sql)


def _in_one_place(sql: str) -> str:
    return sql.replace(f'"{SCRATCH}".', '"warehouse".')
