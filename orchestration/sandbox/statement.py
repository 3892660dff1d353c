"""What a query may say: exactly one statement that reads, on tables of the edition, with functions from a list.

This is a layer, not the wall: the process a query runs in and the database it runs on bound what gets past it.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from orchestration.errors import GuatuError

MOST_CHARACTERS = 50_000
FUNCTIONS = Path(__file__).with_name("query_functions.txt")
SCHEMAS = {"", "marts", "main", "中文", "information_schema"}
CATALOGUE_VIEWS = {"duckdb_columns", "duckdb_schemas", "duckdb_tables", "duckdb_views"}
"""The engine's own views that may be read; the others tell paths, settings and other connections."""
_ENGINE = re.compile(r"(duckdb|pragma|pg|sqlite)_", re.IGNORECASE)
_NAME = re.compile(r"[\w()、·-]+")
"""A relation's name; anything with a dot, slash or blank could be a file to the engine."""
_EXPLAIN = re.compile(r"\s*explain\b\s*(analyze\b|\([\w\s,]*\))?", re.IGNORECASE)
_SHOWN = {"DESCRIBE", "SUMMARY", "SHOW_FROM", "SHOW_UNQUALIFIED"}
_SHOWN_NAMES = {"", '"tables"', "tables", "__show_tables_expanded"}


def check_statement(sql: str) -> None:
    """Raises GuatuError ``query_too_long``, ``query_invalid``, ``not_one_query``, ``query_not_allowed``."""
    if len(sql) > MOST_CHARACTERS:
        raise GuatuError(
            "query_too_long",
            f"查询超过 {MOST_CHARACTERS} 个字符,未执行。请缩短后重试。",
            f"the query is longer than {MOST_CHARACTERS} characters",
        )
    try:
        with duckdb.connect() as connection:
            statements = connection.extract_statements(sql)
            kinds = [statement.type for statement in statements]
            if kinds == [duckdb.StatementType.EXPLAIN]:
                explained = _EXPLAIN.match(sql)
                inner = sql[explained.end() :] if explained else ""
                kinds = [statement.type for statement in connection.extract_statements(inner)]
                sql = inner
            if kinds != [duckdb.StatementType.SELECT]:
                raise GuatuError(
                    "not_one_query",
                    "只能执行一条只读查询(SELECT)。",
                    "exactly one read-only query (SELECT) is allowed",
                )
            tree = json.loads(connection.execute("select json_serialize_sql($1::varchar)", [sql]).fetchone()[0])
    except duckdb.Error as error:
        message = first_line(error)
        raise GuatuError("query_invalid", f"查询有误:{message}", f"the query failed: {message}") from error
    refused = next(_refusals(tree), None)
    if refused is not None:
        what, name = refused
        raise GuatuError(
            "query_not_allowed",
            f"不能使用{what} {name}。可用的表可用 show tables 列出,函数限于计算类;不能读写文件、设置或其他数据库。",
            f"not allowed in a query: {name}",
        )


def first_line(error: BaseException) -> str:
    """The message without the excerpt of the query below it."""
    return " ".join(str(error).split("\n\n", 1)[0].split())[:500]


@cache
def allowed_functions() -> frozenset[str]:
    """Names from ``query_functions.txt``, lower case."""
    lines = FUNCTIONS.read_text(encoding="utf-8").splitlines()
    return frozenset(name for line in lines if not line.startswith("#") for name in line.split())


def _refusals(tree: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """(what it is, its name) of everything in a parsed statement that may not be there."""
    if tree.get("error"):
        yield "语句", str(tree.get("error_message", ""))
        return
    nodes = list(_nodes(tree))
    named = {entry["key"].lower() for node in nodes if "cte_map" in node for entry in node["cte_map"]["map"]}
    for node in nodes:
        function = node.get("function_name")
        if isinstance(function, str) and re.search(r"\w", function) and function.lower() not in allowed_functions():
            yield "函数", function
        match node.get("type"):
            case "BASE_TABLE" if not _is_relation(node, named):
                yield "表", ".".join(filter(None, (node["catalog_name"], node["schema_name"], node["table_name"])))
            case "SHOW_REF" if node["show_type"] not in _SHOWN or node["table_name"] not in _SHOWN_NAMES:
                yield "语句", f"SHOW {node['table_name']}".strip()


def _is_relation(node: dict[str, Any], named: set[str]) -> bool:
    """Whether a table's name can only be a relation of the edition, a catalogue view or a part of the query itself."""
    table, schema, catalogue = node["table_name"], node["schema_name"], node["catalog_name"]
    if not schema and not catalogue and table.lower() in named:
        return True
    if catalogue or schema.lower() not in SCHEMAS or not _NAME.fullmatch(table):
        return False
    return not _ENGINE.match(table) or table.lower() in CATALOGUE_VIEWS


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    """Every object of the parsed statement; without recursion, since a statement may be nested deeply."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            yield node
            waiting.extend(node.values())
        elif isinstance(node, list):
            waiting.extend(node)
