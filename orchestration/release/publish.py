"""Publishing: a finished warehouse becomes an immutable edition, and the pointer is switched to it.

Order of steps, each safe to be killed after: copy under a temporary name, verify, make read-only, rename,
write the sidecar (from here on the edition is complete), switch the pointer. ``tidy`` finishes or removes
what a killed run left behind.
"""

import hashlib
import os
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from orchestration.catalogue.marts import Mart, load_marts
from orchestration.dbt_command import DATABASE_NAME
from orchestration.errors import GuatuError
from orchestration.kept_months import MONTH_COLUMNS
from orchestration.months import COMPUTED, FORMER, Upon, attach_edition, built_upon, computed_tables
from orchestration.release.chinese_views import create_chinese_views
from orchestration.release.editions import (
    CURRENT,
    Edition,
    current_edition,
    database_path,
    list_editions,
    next_edition_id,
    sidecar_path,
)
from orchestration.settings import Settings, now
from orchestration.sql_text import quoted

BUILT = Path(DATABASE_NAME).stem
"""The name by which a warehouse's own views know it."""
DESCRIPTIVE = {"dim_edition"}
"""Tables that name the edition itself: they differ between editions of equal content."""
SORTED_BY = (*MONTH_COLUMNS, "scheme", "ranking", "level", "division_code", "village_code")
"""A mart's rows are put in order by these of its columns, then by the others: pages ask for a month, a place and what
lies in it, and the engine leaves out the parts of a file whose first and last values rule them out."""
SILENT = "set enable_progress_bar = false"
"""The engine prints a bar of its own on anything over two seconds, terminal or not."""


def publish(
    settings: Settings,
    warehouse: Path,
    period: str,
    as_of: datetime,
    edition_id: str | None = None,
) -> Edition:
    """Copies schema ``marts`` of ``warehouse`` into a new edition and serves it from now on.

    The caller holds the run lock. Raises GuatuError ``publish_failed`` when the copy is not what was built,
    and ``personal_data`` when a mart carries a column of personal data; the former edition stays served.
    """
    settings.published.mkdir(parents=True, exist_ok=True)
    tidy(settings)
    edition_id = edition_id or next_edition_id(settings, period)
    final = database_path(settings, edition_id)
    temporary = final.with_name(f".{final.name}.tmp")
    marts = load_marts(settings.dbt_project)
    upon = built_upon(warehouse)
    former = FormerEdition.of(settings, upon) if upon else None
    options = {**settings.build_limits(_rows(warehouse)), "temp_directory": str(warehouse.parent / "spill")}
    with duckdb.connect(config=options) as connection:
        connection.execute(SILENT)
        copied = _copy_marts(connection, warehouse, former, temporary, personal_columns(settings.seeds), marts)
    counts = {table: copy.rows for table, copy in copied.items()}
    with duckdb.connect(str(temporary), read_only=True, config=options) as connection:
        connection.execute(SILENT)
        hashes = _verified_hashes(connection, copied, former)
    edition = Edition(
        edition_id=edition_id,
        period=period,
        as_of=as_of,
        published_at=now(),
        sequence=int(edition_id.rsplit("_", 1)[1]),
        tables=counts,
        table_hashes=hashes,
        logical_hash=_whole_hash(counts, hashes),
    )
    temporary.chmod(0o444)
    _sync(temporary)
    os.replace(temporary, final)
    _write_sidecar(settings, edition)
    _point_at(settings, edition_id)
    _prune(settings)
    return edition


def tidy(settings: Settings) -> list[str]:
    """After a killed run: removes half-made files, and serves the newest complete edition.

    Returns the names of the files removed. The caller holds the run lock.
    """
    folder = settings.published
    complete = {edition.edition_id for edition in list_editions(settings)}
    leftovers = [path for path in folder.glob(".*") if path.name.endswith((".tmp", ".wal", ".link"))]
    leftovers += [path for path in folder.glob("*.duckdb") if path.name != CURRENT and path.stem not in complete]
    leftovers += [path for path in folder.glob("*.json") if path.stem not in complete]
    for path in leftovers:
        path.unlink(missing_ok=True)
    editions = list_editions(settings)
    current = current_edition(settings)
    if editions and (current is None or current.sequence < editions[-1].sequence):
        _point_at(settings, editions[-1].edition_id)
    return sorted(path.name for path in leftovers)


def personal_columns(seeds: Path) -> frozenset[str]:
    """Field names that mean personal data in every template that has them."""
    from orchestration.catalogue.templates import load_templates  # heavy, and readers do not need it

    fields = [field for template in load_templates(seeds).values() for field in template.fields]
    ordinary = {field.name for field in fields if not field.pii}
    return frozenset(field.name for field in fields if field.pii and field.name not in ordinary)


@dataclass(frozen=True)
class FormerEdition:
    """The edition a warehouse goes on from: its file, the first month that is not its, and the hashes of its tables."""

    path: Path
    first: str
    hashes: dict[str, str]

    @classmethod
    def of(cls, settings: Settings, upon: Upon) -> "FormerEdition":
        hashes = next(e.table_hashes for e in list_editions(settings) if e.edition_id == upon.edition_id)
        return cls(database_path(settings, upon.edition_id), upon.first, hashes)


def _rows(warehouse: Path) -> int:
    """About how many rows it holds, as its catalogue says."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        (rows,) = connection.execute("select coalesce(sum(estimated_size), 0) from duckdb_tables()").fetchone() or (0,)
    return int(rows)


@dataclass(frozen=True)
class Copied:
    """A table of the new edition: its rows as built; of one gone on with, the column of its months."""

    rows: int
    month: str | None


def _copy_marts(
    connection: duckdb.DuckDBPyConnection,
    warehouse: Path,
    former: FormerEdition | None,
    target: Path,
    forbidden: frozenset[str],
    marts: dict[str, Mart],
) -> dict[str, Copied]:
    """What was copied, by table. Rows sorted, without constraints or indexes, so files stay small.

    Of a warehouse that goes on from a former edition the months computed replace those in a copy of it. Views beside
    the tables: under the same name in ``main``, under Chinese names in ``中文``.
    """
    target.unlink(missing_ok=True)
    if former is not None:
        shutil.copyfile(former.path, target)
    connection.execute(f"attach {quoted(warehouse)} as {BUILT} (read_only)")
    if former is not None:
        attach_edition(connection, former.path)
    connection.execute(f"attach {quoted(target)} as edition")
    columns = connection.execute(
        "select table_name, list(column_name order by column_index) from duckdb_columns() "
        f"where database_name = '{BUILT}' and schema_name = 'marts' group by table_name order by table_name"
    ).fetchall()
    if not columns:
        raise GuatuError(
            "publish_failed",
            "构建结果中没有任何结果表,未发布,仍使用原有版本。",
            "the build has no marts; nothing was published",
            exit_code=3,
        )
    personal = [f"{table}.{name}" for table, names in columns for name in names if name in forbidden]
    if personal:
        raise GuatuError(
            "personal_data",
            f"结果表含个人信息列 {'、'.join(personal)},未发布。请从模型中去掉这些列。",
            f"marts carry personal data: {', '.join(personal)}; nothing was published",
            exit_code=3,
        )
    months = computed_tables(connection, BUILT) if former else {}
    connection.execute("create schema if not exists edition.marts")
    copied = {table: _copy_table(connection, table, names, months.get(table), former) for table, names in columns}
    connection.execute("use edition")  # views keep the names they are written with, and this one is temporary
    for table, _ in columns:
        connection.execute(f"create or replace view main.{_name(table)} as select * from marts.{_name(table)}")
    create_chinese_views(connection, dict(columns), marts)
    connection.execute("use memory")
    connection.execute("detach edition")
    return copied


def _copy_table(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    columns: list[str],
    month: str | None,
    former: FormerEdition | None,
) -> Copied:
    name = _name(table)
    order = ", ".join(_name(column) for column in dict.fromkeys([c for c in SORTED_BY if c in columns] + columns))
    target, built = f"edition.marts.{name}", f"{BUILT}.marts.{name}"
    if month and former:
        connection.execute(f"delete from {target} where {month} >= '{former.first}'")
        computed = f"select * from {BUILT}.{COMPUTED}.{name} order by {order}"
        connection.execute(f"insert into {target} by name {computed}")
    else:
        connection.execute(f"create or replace table {target} as select * from {built} order by {order}")
    (rows,) = connection.execute(f"select count(*) from {built}").fetchone() or (0,)
    return Copied(rows, month)


def _verified_hashes(
    connection: duckdb.DuckDBPyConnection, copied: dict[str, Copied], former: FormerEdition | None
) -> dict[str, str]:
    """Logical hash by table, from the copy as it lies on disk; every table must have the rows that were built.

    A table's hash is a sum over its rows: of one gone on with, the months before are in the former edition's.
    """
    hashes = {}
    if former is not None:
        attach_edition(connection, former.path)
    for table, copy in copied.items():
        marts = f"marts.{_name(table)}"
        (rows,) = connection.execute(f"select count(*) from {marts}").fetchone() or (0,)
        if rows != copy.rows:
            raise GuatuError(
                "publish_failed",
                f"结果表 {table} 复制后为 {rows} 行,应为 {copy.rows} 行,未发布。请检查磁盘后重跑。",
                f"the copy of {table} has {rows} rows instead of {copy.rows}; nothing was published",
                exit_code=3,
            )
        if copy.month and former:
            later = f"{copy.month} >= '{former.first}'"
            replaced = _sum_of_hashes(connection, f"{FORMER['marts']}.{marts}", later)
            total = int(former.hashes[table], 16) - replaced + _sum_of_hashes(connection, marts, later)
        else:
            total = _sum_of_hashes(connection, marts)
        hashes[table] = f"{total:032x}"
    return hashes


def _sum_of_hashes(connection: duckdb.DuckDBPyConnection, table: str, condition: str = "true") -> int:
    (total,) = connection.execute(
        "select coalesce(sum(md5_number_lower(to_json(row_)::varchar)::hugeint), 0) "
        f"from (from {table} where {condition}) as row_"
    ).fetchone() or (0,)
    return int(total)


def _whole_hash(counts: dict[str, int], hashes: dict[str, str]) -> str:
    lines = [f"{table} {counts[table]} {hashes[table]}" for table in sorted(hashes) if table not in DESCRIPTIVE]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _write_sidecar(settings: Settings, edition: Edition) -> None:
    path = sidecar_path(settings, edition.edition_id)
    temporary = path.with_name(f".{path.name}.tmp")
    temporary.write_text(edition.model_dump_json(indent=2), encoding="utf-8")
    _sync(temporary)
    os.replace(temporary, path)
    _sync_folder(settings.published)


def _point_at(settings: Settings, edition_id: str) -> None:
    """Switches ``current.duckdb`` in one step: a link where the system has them, else a second name or a copy."""
    pointer = settings.published / CURRENT
    temporary = pointer.with_name(f".{CURRENT}.link")
    temporary.unlink(missing_ok=True)
    database = database_path(settings, edition_id)
    try:
        temporary.symlink_to(database.name)
    except OSError:  # Windows without the right to create symbolic links
        try:
            os.link(database, temporary)
        except OSError:
            shutil.copyfile(database, temporary)
    os.replace(temporary, pointer)
    _sync_folder(settings.published)


def _prune(settings: Settings) -> None:
    """Keeps the newest ``keep_editions``, and of every period its newest, whatever its age."""
    editions = list_editions(settings)
    newest_of_period = {edition.period: edition.edition_id for edition in editions}
    for edition in editions[: -settings.keep_editions]:
        if edition.edition_id != newest_of_period[edition.period]:
            sidecar_path(settings, edition.edition_id).unlink(missing_ok=True)
            database_path(settings, edition.edition_id).unlink(missing_ok=True)


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _name(identifier: str) -> str:
    return '"' + identifier.replace('"', '""') + '"'
