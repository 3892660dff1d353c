"""The models' unit tests on SQL that is not the project's: what dbt would say of it, without its seconds a test."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

import yaml
from second.light import Project, Warehouse

from orchestration.plan import Node
from orchestration.settings import PROJECT_ROOT

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class UnitTest:
    """One unit test: what the tables a model reads hold, each as rows or as a query, and the rows it then has."""

    name: str
    model: str
    given: Mapping[str, Rows | str]
    expected: Rows
    variables: Mapping[str, str]


@cache
def unit_tests() -> tuple[UnitTest, ...]:
    """All of the project."""
    files = sorted((PROJECT_ROOT / "dbt_project" / "models").rglob("_unit_tests*.yml"))
    found = [test for path in files for test in yaml.safe_load(path.read_text(encoding="utf-8"))["unit_tests"]]
    return tuple(
        UnitTest(
            test["name"],
            test["model"],
            {table["input"]: table["rows"] for table in test["given"]},
            test["expect"]["rows"],
            test.get("overrides", {}).get("vars", {}),
        )
        for test in found
    )


def failed_units(warehouse: Warehouse, project: Project, model: str) -> list[str]:
    """Names of the unit tests of a model that ``project`` does not pass; nothing is left behind in the warehouse."""
    return [test.name for test in unit_tests() if test.model == model and not _passes(warehouse, project, test)]


def _passes(warehouse: Warehouse, project: Project, test: UnitTest) -> bool:
    node = project.models[test.model]
    connection = warehouse.connection
    connection.execute("begin; create schema warehouse.units")
    try:
        sql = node.sql
        for number, (name, rows) in enumerate(test.given.items()):
            table = f"warehouse.units.given_{number}"
            read = _text_of(project, name)
            _fill(warehouse, table, read, rows)
            sql = sql.replace(read, table)
        for name, value in test.variables.items():
            sql = sql.replace(f"@{name}@", value)
        columns = list(test.expected[0])
        warehouse.make(_named(node, sql))
        found = connection.execute(f"select {', '.join(columns)} from warehouse.units.answer").fetchall()
        return Counter(map(_plain, found)) == Counter(_plain(row.values()) for row in test.expected)
    finally:
        connection.execute("rollback")


def _named(node: Node, sql: str) -> Node:
    return node.model_copy(update={"sql": sql, "relation": "warehouse.units.answer", "is_view": False, "columns": {}})


def _text_of(project: Project, name: str) -> str:
    """How a model's SQL names what ``ref`` or ``source`` stands for."""
    table = name.split("'")[-2]
    if name.startswith("ref"):
        return str(project.models[table].relation)
    if name.startswith("source('raw'"):
        return f"read_parquet('@GUATU_LAKE@/{table}/**/*.parquet', hive_partitioning = false, union_by_name = true)"
    return f"read_parquet('@GUATU_CATALOGUE@/{table}.parquet')"


def _fill(warehouse: Warehouse, table: str, read: str, rows: Rows | str) -> None:
    """A table of the types that what is read has, with some rows; or what a query gives."""
    connection = warehouse.connection
    warehouse.make(
        Node(unique_id=table, kind="model", name=table, relation=table, sql=rows)
        if isinstance(rows, str)
        else Node(unique_id=table, kind="model", name=table, relation=table, sql=f"select * from {read} limit 0")
    )
    for row in () if isinstance(rows, str) else rows:
        places = ", ".join("?" for _ in row)
        connection.execute(f"insert into {table} ({', '.join(row)}) values ({places})", list(row.values()))


def _plain(values: Iterable[Any]) -> tuple[Any, ...]:
    """Numbers as numbers, everything else as its text."""
    return tuple(
        value if value is None or isinstance(value, bool) else Fraction(str(value)) if _is_number(value) else str(value)
        for value in values
    )


def _is_number(value: Any) -> bool:
    try:
        Fraction(str(value))
    except ValueError:
        return False
    return not isinstance(value, str)
