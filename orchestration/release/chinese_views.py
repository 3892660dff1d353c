"""The marts once more, as views with Chinese names: schema ``中文``, one view a mart, in every published edition."""

import duckdb

from orchestration.catalogue.marts import Mart

SCHEMA = "中文"


def create_chinese_views(
    connection: duckdb.DuckDBPyConnection, columns: dict[str, list[str]], marts: dict[str, Mart]
) -> list[str]:
    """Makes the views in the database in use anew, over ``marts.<table>``; returns their names.

    columns  columns by table, as they are in the database; one that is not documented keeps its name, and a table
             that is not documented gets no view
    """
    connection.execute(f"drop schema if exists {_name(SCHEMA)} cascade; create schema {_name(SCHEMA)}")
    made = []
    for table, names in columns.items():
        mart = marts.get(table)
        if mart is None:
            continue
        titles = {column.name: column.title for column in mart.columns}
        selected = ", ".join(f"{_name(name)} as {_name(titles.get(name, name))}" for name in names)
        connection.execute(
            f"create view {_name(SCHEMA)}.{_name(mart.title)} as select {selected} from marts.{_name(table)}"
        )
        made.append(mart.title)
    return made


def _name(identifier: str) -> str:
    return '"' + identifier.replace('"', '""') + '"'
