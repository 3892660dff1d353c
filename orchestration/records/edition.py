"""What an edition says of the matters people decide on; read-only, one connection a question."""

from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from orchestration.errors import GuatuError
from orchestration.release.editions import database_path, find_edition
from orchestration.release.reading import Row, rows
from orchestration.settings import Settings
from orchestration.sql_text import quoted

SHOWN_CHOICES = 20
"""Names listed in an error before 等."""


@contextmanager
def reading(settings: Settings, edition_id: str | None = None) -> Iterator[tuple[duckdb.DuckDBPyConnection, str]]:
    """A connection to the edition named, or to the current one, and its id.

    The file is attached to an engine of its own, so that a page that has the same edition open is not disturbed.
    """
    edition = find_edition(settings, edition_id)
    path = database_path(settings, edition.edition_id)
    with duckdb.connect() as connection:
        connection.execute(f"attach {quoted(path)} as edition (read_only)")
        connection.execute("use edition.marts")
        yield connection, edition.edition_id


def action_rows(
    connection: duckdb.DuckDBPyConnection, scheme: str, ranking: str, period: str, division_code: str
) -> list[Row]:
    """The unit's consequences under one ranking (or target, grade, veto) and month, absorbed ones included."""
    return rows(
        connection,
        """
        select
            scheme, ranking, edition_period, division_code, clause_id, object, kind, amount, state,
            reason, title, object_title
        from marts.fct_action
        where scheme = $1 and ranking is not distinct from $2 and edition_period = $3 and division_code = $4
        order by clause_id, object, kind
        """,
        scheme,
        ranking,
        period,
        division_code,
    )


def standing_rows(connection: duckdb.DuckDBPyConnection, scheme: str, ranking: str, period: str) -> list[Row]:
    """The units of one ranking and month; GuatuError ``no_such_ranking`` lists the rankings and months there are."""
    found = rows(
        connection,
        """
        select fact.*, coalesce(division.name, fact.division_code) as name
        from marts.fct_ranking as fact
        left join marts.dim_division as division using (division_code)
        where fact.scheme = $1 and fact.ranking = $2 and fact.edition_period = $3
        order by fact.class, fact.rank nulls last, fact.division_code
        """,
        scheme,
        ranking,
        period,
    )
    if found:
        return found
    known = rows(
        connection,
        """
        select distinct ranking || ' ' || edition_period as choice
        from marts.fct_ranking where scheme = $1 order by choice
        """,
        scheme,
    )
    raise no_such("考核办法、排名和期别", f"{scheme} {ranking} {period}", [row["choice"] for row in known])


def find_division(connection: duckdb.DuckDBPyConnection, division: str, inside: str | None = None) -> str:
    """The division's 12-digit code, from the code (its significant digits do) or from its name where that is unique.

    inside  only divisions at or below this one. Raises GuatuError ``unknown_matter`` or ``ambiguous_division``.
    """
    wanted = division.strip()
    found = rows(
        connection,
        """
        select division_code, name
        from marts.dim_division
        where (division_code = rpad($1, 12, '0') or name = $1)
            and ($2 is null or $2 in (division_code, province_code, prefecture_code, county_code, township_code))
        order by division_code
        """,
        wanted,
        inside,
    )
    codes = sorted({row["division_code"] for row in found})
    if not codes:
        raise no_such(f"{inside} 之内的区划" if inside else "区划", wanted, [])
    if len(codes) > 1:
        raise GuatuError(
            "ambiguous_division",
            f"名为“{wanted}”的区划有 {len(codes)} 个,请改用区划代码:{'、'.join(codes[:SHOWN_CHOICES])}。",
            f"{len(codes)} divisions are called {wanted}; give a code: {', '.join(codes[:SHOWN_CHOICES])}",
        )
    return codes[0]


def scheme_division(connection: duckdb.DuckDBPyConnection, scheme: str) -> str | None:
    """The division the scheme is for; GuatuError ``unknown_matter`` for a scheme the edition does not have."""
    found = rows(connection, "select scheme, division_code from marts.dim_scheme order by scheme")
    for row in found:
        if row["scheme"] == scheme:
            return row["division_code"]
    raise no_such("考核办法", scheme, [row["scheme"] for row in found])


def support_unit(connection: duckdb.DuckDBPyConnection, unit: str, inside: str | None) -> str:
    """The support unit's name as the edition has it; GuatuError ``unknown_matter`` where it has none such."""
    found = rows(
        connection,
        """
        select distinct unit
        from marts.fct_support_unit
        where $1 is null
            or county_code in (
                select division_code from marts.dim_division
                where $1 in (division_code, province_code, prefecture_code, county_code)
            )
        order by unit
        """,
        inside,
    )
    names = [row["unit"] for row in found]
    if unit.strip() not in names:
        raise no_such("包村单位", unit, names)
    return unit.strip()


def no_such(what: str, wanted: str, choices: list[str]) -> GuatuError:
    """GuatuError ``unknown_matter``: the edition has nothing like that, and what it has."""
    listed = "、".join(choices[:SHOWN_CHOICES]) + (f"等 {len(choices)} 个" if len(choices) > SHOWN_CHOICES else "")
    return GuatuError(
        "unknown_matter",
        f"该版本中没有{what}“{wanted}”。" + (f"有:{listed}。" if listed else ""),
        f"the edition has no {wanted}" + (f"; it has: {', '.join(choices[:SHOWN_CHOICES])}" if choices else ""),
    )
