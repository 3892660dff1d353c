"""The marts of the edition an office serves, in the shared lake: month by month, what has changed, in one transaction.

A part is one mart's rows of one month (of a mart without months, all of them). Its fingerprint tells whether it is
there already; a correction of one month moves the parts it changed and no others. Offices take turns: replacing parts
touches tables that are everybody's, and two at once would only be sent back to begin again.
"""

from dataclasses import dataclass

from orchestration.release import Edition, list_editions
from orchestration.release.editions import database_path
from orchestration.settings import Settings, now
from orchestration.sharing.lake import EDITIONS, NAME, SharedLake, conform
from orchestration.sql_text import quoted

Part = tuple[str, str]
"""A mart and a month; the month is empty for a mart without months."""


@dataclass(frozen=True)
class SharedEdition:
    """The edition that is shared now, how many parts it has, and how many of them were replaced."""

    edition_id: str
    parts: int
    replaced: int


def push_edition(settings: Settings, shared: SharedLake, office: str) -> SharedEdition | None:
    """Puts the newest month's newest edition in the place of what the office had shared; None where there is none.

    Raises GuatuError ``share_busy``.
    """
    editions = list_editions(settings)
    if not editions:
        return None
    edition = max(editions, key=lambda edition: (edition.period, edition.sequence))
    database = database_path(settings, edition.edition_id)
    shared.connection.execute(f"attach {quoted(database)} as edition (read_only)")
    try:
        months = _months(shared, sorted(edition.tables))
        fingerprints = _fingerprints(shared, months)
        with shared.turn(EDITIONS):
            _make_tables(shared, months)
            replaced = shared.in_transaction(lambda: _replace(shared, office, edition, months, fingerprints))
        return SharedEdition(edition.edition_id, len(fingerprints), replaced)
    finally:
        shared.connection.execute("detach edition")


def _months(shared: SharedLake, marts: list[str]) -> dict[str, bool]:
    """The marts, and whether each has months."""
    query = (
        "select distinct table_name from duckdb_columns() where database_name = 'edition' and column_name = 'period'"
    )
    with_months = {name for (name,) in shared.rows(query)}
    return {mart: mart in with_months for mart in marts}


def _fingerprints(shared: SharedLake, months: dict[str, bool]) -> dict[Part, tuple[int, int]]:
    """Rows and a sum over the rows of every part; equal for equal rows in any order, by the same engine."""
    return {
        (mart, period): (rows, total)
        for mart, has_months in months.items()
        for period, rows, total in shared.rows(
            f"select {'period' if has_months else quoted('')}, count(*), sum(hash(part)::hugeint) "
            f'from edition.marts."{mart}" as part group by all'
        )
    }


def _make_tables(shared: SharedLake, months: dict[str, bool]) -> None:
    """A table for each mart; an edition of a newer program may bring columns the tables lack."""
    known = set(shared.tables("marts"))

    def make() -> None:
        for mart, has_months in months.items():
            table = f'{NAME}.marts."{mart}"'
            source = f'(select null::varchar as office, * from edition.marts."{mart}" limit 0)'
            if mart not in known:
                shared.connection.execute(f"create table if not exists {table} as from {source}")
                by = "(office, period)" if has_months else "(office)"
                shared.connection.execute(f"alter table {table} set partitioned by {by}")
            described = shared.connection.execute(f"from {source}").description
            conform(shared, f'marts."{mart}"', {name: str(kind) for name, kind, *_ in described})

    shared.in_transaction(make)


def _replace(
    shared: SharedLake,
    office: str,
    edition: Edition,
    months: dict[str, bool],
    fingerprints: dict[Part, tuple[int, int]],
) -> int:
    """Deletes and inserts the parts that differ from what is there; how many."""
    there = {
        (mart, period): (rows, total)
        for mart, period, rows, total in shared.rows(
            f"select mart, period, row_count, fingerprint from {NAME}.main.parts where office = ?", [office]
        )
    }
    differing = sorted(part for part in there.keys() | fingerprints if there.get(part) != fingerprints.get(part))
    for mart in sorted({mart for mart, _ in differing}):
        periods = [period for other, period in differing if other == mart]
        chosen = f"period in ({', '.join(map(quoted, periods))})" if months.get(mart, periods != [""]) else "true"
        if any(part[0] == mart for part in there):
            shared.connection.execute(f'delete from {NAME}.marts."{mart}" where office = {quoted(office)} and {chosen}')
        if mart in months:
            shared.connection.execute(
                f'insert into {NAME}.marts."{mart}" by name '
                f'select {quoted(office)} as office, * from edition.marts."{mart}" where {chosen}'
            )
    if differing:
        _record(shared, office, edition, fingerprints)
    return len(differing)


def _record(shared: SharedLake, office: str, edition: Edition, fingerprints: dict[Part, tuple[int, int]]) -> None:
    for table in ("parts", "editions"):
        shared.connection.execute(f"delete from {NAME}.main.{table} where office = ?", [office])
    shared.connection.executemany(
        f"insert into {NAME}.main.parts values (?, ?, ?, ?, ?)",
        [[office, *part, *fingerprint] for part, fingerprint in sorted(fingerprints.items())],
    )
    shared.connection.execute(
        f"insert into {NAME}.main.editions values (?, ?, ?, ?, ?, ?, ?)",
        [office, edition.edition_id, edition.period, edition.as_of, edition.published_at, edition.logical_hash, now()],
    )
