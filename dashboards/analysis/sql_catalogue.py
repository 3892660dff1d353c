"""The tables a person can query, as the query page lists and completes them."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from dashboards.analysis.sql_editor import Word
from dashboards.edition import Edition, query
from orchestration.catalogue.marts import MartColumn, load_marts
from orchestration.release.chinese_views import SCHEMA
from orchestration.sandbox.statement import allowed_functions
from orchestration.settings import get_settings


@dataclass(frozen=True)
class Table:
    """One table this person's database holds, in the words of the documentation."""

    name: str
    title: str
    description: str
    row_count: int
    columns: tuple[MartColumn, ...]

    def example(self) -> str:
        """A query that shows what is in it, with the Chinese names."""
        return f'select *\nfrom {SCHEMA}."{self.title}"\nlimit 100'

    def frame(self) -> pl.DataFrame:
        """Its columns as rows: name, title, description, data_type."""
        return pl.DataFrame(
            [(c.name, c.title, c.description, c.data_type) for c in self.columns],
            schema=["name", "title", "description", "data_type"],
            orient="row",
        )


def tables(edition: Edition) -> dict[str, Table]:
    """Tables by name, in the order of the documentation; undocumented ones last."""
    documented = load_marts(get_settings().dbt_project)
    held: dict[str, list[tuple[str, str]]] = {}
    for table, column, data_type in query(edition, "sql_columns").iter_rows():
        held.setdefault(table, []).append((column, data_type))
    counts = {row["table_name"]: row["row_count"] for row in query(edition, "sql_rows").iter_rows(named=True)}
    order = [name for name in documented if name in held] + [name for name in held if name not in documented]
    found = {}
    for name in order:
        mart = documented.get(name)
        known = {column.name: column for column in mart.columns} if mart else {}
        columns = tuple(known.get(column) or MartColumn(column, column, "", kind) for column, kind in held[name])
        title, said = (mart.title, mart.description) if mart else (name, "")
        found[name] = Table(name, title, said, counts.get(name, 0), columns)
    return found


def words(catalogue: dict[str, Table]) -> Sequence[Word]:
    """What the editor completes: tables and columns under both names, and functions."""
    found = [Word(table.name, table.title, "表") for table in catalogue.values()]
    found += [Word(f'{SCHEMA}."{table.title}"', table.name, "表") for table in catalogue.values()]
    columns = {(column.name, column.title) for table in catalogue.values() for column in table.columns}
    found += [Word(name, title, "列") for name, title in sorted(columns)]
    found += [Word(f'"{title}"', name, "列") for name, title in sorted(columns) if title != name]
    found += [Word(f"{name}(", "", "函数") for name in sorted(allowed_functions())]
    return list({word.name: word for word in found}.values())
