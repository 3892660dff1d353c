"""Editions cut to what one person may see: a database file of their own, made once for everyone with the same view.

Rows and values that a person may not see are not in the file, so no query, page or export can bring them up. A file is
``work/scoped/<edition>/<key>.duckdb``; the key covers the edition's file, the rules and the view, never a name.
"""

import hashlib
import os
import secrets
from pathlib import Path

import duckdb
from filelock import FileLock

from orchestration.access.roles import Grant, Households
from orchestration.access.rules import MartRule, Personal, load_rules, rules_version
from orchestration.errors import GuatuError
from orchestration.release.editions import database_path, find_edition
from orchestration.settings import Settings
from orchestration.sql_text import quoted

WITHHELD = "涉及农户或个人,已隐去"
KEEP_FILES = 60
"""Cut files kept over all editions; the longest unused go first."""
_LOCK_SECONDS = 300.0
_MEMORY = "1GB"


def scoped_edition(settings: Settings, edition_id: str | None, grant: Grant) -> Path:
    """The database file this person's queries run on; ``edition_id`` None is the edition served.

    Raises what ``find_edition`` and ``scoped_database`` raise.
    """
    return scoped_database(settings, database_path(settings, find_edition(settings, edition_id).edition_id), grant)


def scoped_database(settings: Settings, database: Path, grant: Grant) -> Path:
    """The edition's own file for an unlimited grant, else a cut of it, made where there is none yet.

    Raises GuatuError ``edition_unreadable`` for a damaged or missing edition, ``scope_failed`` where the cut cannot be
    written.
    """
    source = database.resolve()
    if grant.unlimited:
        return source
    edition_id = source.stem
    if not source.exists():
        raise _unreadable(source)
    target = settings.work / "scoped" / edition_id / f"{_key(settings, source, grant)}.duckdb"
    try:
        if not target.exists():
            _make(settings, source, target, grant)
        os.utime(target)
    except (OSError, duckdb.IOException) as error:
        raise GuatuError(
            "scope_failed",
            f"无法为您准备版本 {edition_id} 的数据({target.parent} 写不进去)。请联系管理员检查磁盘和权限。",
            f"cannot write the cut edition: {error}",
        ) from error
    return target


def _unreadable(source: Path) -> GuatuError:
    return GuatuError(
        "edition_unreadable",
        f"版本 {source.stem} 的文件无法读取。请选择其他版本,并运行 guatu doctor 检查",
        f"edition {source.stem} cannot be read; choose another and run guatu doctor",
    )


def pseudonym_key(settings: Settings) -> bytes:
    """The installation's secret for household codes: made once, readable by its owner only."""
    path = settings.access_folder / "pseudonym.key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with FileLock(path.with_name(".pseudonym.lock"), timeout=_LOCK_SECONDS):
            if not path.exists():
                temporary = path.with_name(".pseudonym.tmp")
                temporary.touch(mode=0o600)
                temporary.write_bytes(secrets.token_bytes(32))
                os.replace(temporary, path)
    return path.read_bytes()


def _key(settings: Settings, source: Path, grant: Grant) -> str:
    status = source.stat()
    view = (
        rules_version(settings.seeds),
        f"{source.name} {status.st_size} {status.st_mtime_ns}",
        "everywhere" if grant.everywhere else " ".join(grant.divisions),
        grant.households,
    )
    return hashlib.sha256("\n".join(view).encode()).hexdigest()[:32]


def _make(settings: Settings, source: Path, target: Path, grant: Grant) -> None:
    root = target.parent.parent
    for folder in (root, target.parent):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with FileLock(target.with_suffix(".lock"), timeout=_LOCK_SECONDS):
        if target.exists():
            return
        temporary = target.with_suffix(".tmp")
        temporary.unlink(missing_ok=True)
        cut(source, temporary, grant, load_rules(settings.seeds), pseudonym_key(settings))
        temporary.chmod(0o444)
        os.replace(temporary, target)
    _prune(settings, root, target)


def cut(source: Path, target: Path, grant: Grant, rules: dict[str, MartRule], key: bytes) -> None:
    """Copies from ``source`` into the new file ``target`` what the grant may see; marts without a rule are left out."""
    with duckdb.connect(config={"memory_limit": _MEMORY, "temp_directory": str(target.parent)}) as connection:
        try:
            connection.execute(f"attach {quoted(source)} as whole (read_only)")
        except (duckdb.IOException, duckdb.SerializationException) as error:
            raise _unreadable(source) from error
        connection.execute(f"attach {quoted(target)} as cut")
        connection.execute("create schema cut.marts")
        columns: dict[str, list[tuple[str, str]]] = {}
        for table, column, data_type in connection.execute(
            "select table_name, column_name, data_type from duckdb_columns() "
            "where database_name = 'whole' and schema_name = 'marts' order by table_name, column_index"
        ).fetchall():
            columns.setdefault(table, []).append((column, data_type))
        _divisions_seen(connection, grant)
        for table, named in columns.items():
            if table in rules:
                _copy(connection, table, named, rules[table], grant, key)
        _copy_views(connection)


def _copy(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    columns: list[tuple[str, str]],
    rule: MartRule,
    grant: Grant,
    key: bytes,
) -> None:
    shown = ", ".join(f"{_value(column, kind, rule.personal, grant.households)} as {_name(column)}"
                      for column, kind in columns)  # fmt: skip
    conditions = [] if grant.everywhere else [_rows_seen(table, rule)]
    if rule.personal is not None and grant.households == "none":
        conditions.append(f"not ({_personal_row(rule.personal)})")
    where = " and ".join(conditions) or "true"
    statement = f"create table cut.marts.{_name(table)} as select {shown} from whole.marts.{_name(table)} where {where}"
    # Two keys from one, as HMAC has them: a code cannot be continued into another one's.
    keys = {"outer": hashlib.sha256(b"outer" + key).hexdigest(), "inner": hashlib.sha256(b"inner" + key).hexdigest()}
    connection.execute(statement, {name: value for name, value in keys.items() if f"${name}" in statement})


def _divisions_seen(connection: duckdb.DuckDBPyConnection, grant: Grant) -> None:
    """Tables ``own`` (the grant's divisions with all below, through changes of code) and ``above`` (own and upward).

    A former code belongs to its successor; where one code became several, it belongs to none of them.
    """
    connection.execute("create temp table granted (division_code varchar)")
    for code in grant.divisions:
        connection.execute("insert into granted values ($1)", [code])
    connection.execute(
        """
        create temp table own as
        with recursive changes as (
            select predecessor_code as code, division_code as also
            from whole.marts.dim_division
            where predecessor_code is not null
            union all
            select min(division_code), predecessor_code
            from whole.marts.dim_division
            where predecessor_code is not null
            group by predecessor_code
            having count(*) = 1
        ),
        named as (
            select division_code from granted
            union
            select changes.also
            from changes
            inner join named on changes.code = named.division_code
        )
        select division_code from named
        union
        select divisions.division_code
        from whole.marts.dim_division as divisions
        inner join named on named.division_code in (
            divisions.township_code, divisions.county_code, divisions.prefecture_code, divisions.province_code
        )
        """
    )
    connection.execute(
        """
        create temp table above as
        select division_code from own
        union
        select unnest([province_code, prefecture_code, county_code, township_code])
        from whole.marts.dim_division
        where division_code in (select division_code from granted)
        """
    )


def _rows_seen(table: str, rule: MartRule) -> str:
    match rule.rows:
        case "all":
            return "true"
        case "own":
            units = (
                f" or ({_name(rule.division)} is null and scheme in (select scheme from whole.marts.dim_scheme "
                "where division_code in (select division_code from own)))"
            )
            return f"({_name(rule.division)} in (select division_code from own){units if rule.units else ''})"
        case "own_and_above":
            return f"{_name(rule.division)} in (select division_code from above)"
        case "taking_part":
            same = ", ".join(_name(column) for column in rule.same)
            return (
                f"({same}) in (select ({same}) from whole.marts.{_name(table)} "
                f"where {_name(rule.division)} in (select division_code from above))"
            )
        case "by_submission":
            return (
                "submission_id in (select submission_id from whole.marts.fct_submission "
                "where scope_code in (select division_code from own))"
            )


def _personal_row(personal: Personal) -> str:
    """Whether a row is about a household or person; a blank in the telling column counts as one."""
    if personal.unless is None:
        return "true"
    values = ", ".join(quoted(value) for value in personal.unless.values)
    return f"coalesce({_name(personal.unless.column)} not in ({values}), true)"


def _value(column: str, kind: str, personal: Personal | None, households: Households) -> str:
    if personal is None or households == "open":
        return _name(column)
    name = _name(column)
    match personal.columns.get(column):
        case "keep":
            return name
        case "code":
            treated = f"'户' || substr(sha256($outer || sha256($inner || {name})), 1, 16)"
        case "hundreds":
            treated = f"round({name}, -2)"
        case "withheld":
            treated = f"case when {name} is not null then {quoted(WITHHELD)} end"
        case _:
            treated = "null"
    return f"cast(case when {_personal_row(personal)} then {treated} else {name} end as {kind})"


def _copy_views(connection: duckdb.DuckDBPyConnection) -> None:
    """The edition's views over the tables that are there; they read the cut tables, since they name no database."""
    views = connection.execute(
        "select schema_name, sql from duckdb_views() where database_name = 'whole' and not internal order by view_name"
    ).fetchall()
    connection.execute("use cut")
    for schema, statement in views:
        connection.execute(f"create schema if not exists {_name(schema)}")
        connection.execute(f"set schema = {quoted(schema)}")
        try:
            connection.execute(statement)
        except (duckdb.CatalogException, duckdb.BinderException):  # over a mart that is not in the cut
            continue
    connection.execute("use memory")


def _prune(settings: Settings, root: Path, made: Path) -> None:
    """Removes cuts of editions that are gone, and the longest unused above ``KEEP_FILES``."""
    editions = {path.stem for path in settings.published.glob("*.json")}
    files = sorted(root.glob("*/*.duckdb"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in [*files[KEEP_FILES:], *(path for path in files[:KEEP_FILES] if path.parent.name not in editions)]:
        if path != made:
            path.unlink(missing_ok=True)
            path.with_suffix(".lock").unlink(missing_ok=True)


def _name(identifier: str | None) -> str:
    return '"' + (identifier or "").replace('"', '""') + '"'
