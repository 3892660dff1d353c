"""The shared lake: a DuckLake whose catalogue is a PostgreSQL database and whose rows are Parquet files.

Schemas and tables, all made by ``create``:

main.about         one row: which lake this is
main.submissions   one row per submission of an office: its ledger's line
main.problems      one row per cell that was rejected or warned of
main.replaced      one row per submission whose rows an erasure on request has changed since
main.editions      one row per office: the edition it serves
main.parts         one row per office, mart and month: what of that edition is here
cursors.<office>   one row: how far the office's ledger is here
lake.<template>    one row per accepted row, as in an office's own lake
marts.<mart>       one row per row of the mart in the office's edition
"""

import random
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TypeVar

import duckdb

from orchestration.errors import GuatuError
from orchestration.settings import Settings
from orchestration.sql_text import quoted

NAME = "shared"
PATIENCE_SECONDS = 120.0
"""How long a transaction is tried again while others' commits come between."""
SUBMISSIONS = (
    "office varchar, submission_id bigint, sha256 varchar, file_name varchar, template varchar, scope_code varchar, "
    "period varchar, received_at timestamp, outcome varchar, rows_read bigint, rows_accepted bigint, "
    "rows_rejected bigint, rows_warned bigint, reason varchar, chain varchar"
)
TABLES = {
    "main.about": "lake_id varchar, created_at timestamp",
    "main.submissions": SUBMISSIONS,
    "main.replaced": "office varchar, submission_id bigint, erasure bigint",
    "main.editions": (
        "office varchar, edition_id varchar, period varchar, as_of timestamp, published_at timestamp, "
        "logical_hash varchar, shared_at timestamp"
    ),
    "main.parts": "office varchar, mart varchar, period varchar, row_count bigint, fingerprint hugeint",
}
CURSOR = "through bigint, chain varchar, erasures bigint, shared_at timestamp"
COMMITS, EDITIONS = 7_403_116, 7_403_117
"""Numbers of PostgreSQL's advisory locks: held by whoever commits, and by whoever replaces an edition."""
TURN_SECONDS = {COMMITS: 10.0, EDITIONS: 300.0}
"""So long a turn is waited for: a machine that lost its power may hold one until the network notices."""
_LIBPQ_WORDS = re.compile(r"(connection to server [^\n]*|could not [^\n]*|server closed [^\n]*|FATAL:[^\n]*)")
_OVERTAKEN = ("conflict", "maximum retry count")
_AWAY = ("Unable to connect to Postgres", "connection to server", "server closed the connection", "no connection to")
_Result = TypeVar("_Result")


@dataclass(frozen=True)
class SharedLake:
    """An open connection to the shared lake, for one thread."""

    connection: duckdb.DuckDBPyConnection

    def rows(self, query: str, values: Sequence[object] = ()) -> list[tuple]:
        """The rows of a query with ``?`` for its values."""
        return self.connection.execute(query, list(values)).fetchall()

    @property
    def lake_id(self) -> str:
        return self.rows(f"select lake_id from {NAME}.main.about")[0][0]

    @property
    def snapshot(self) -> int:
        """The number of the moment that is seen."""
        return self.rows(f"select id from ducklake_current_snapshot('{NAME}')")[0][0]

    def tables(self, schema: str) -> list[str]:
        """The names of a schema's tables, sorted."""
        query = "select table_name from duckdb_tables() where database_name = ? and schema_name = ? order by all"
        return [name for (name,) in self.rows(query, [NAME, schema])]

    def columns(self, table: str) -> dict[str, str]:
        """Name and type of the columns of ``schema.table``, in their order."""
        return {
            name: str(kind) for name, kind, *_ in self.connection.execute(f"from {NAME}.{table} limit 0").description
        }

    def in_transaction(self, work: Callable[[], _Result]) -> _Result:
        """What ``work`` returns, its writes committed at once; all it reads is of one moment.

        Where another's commit came between, ``work`` is done again from the start: it must ask the lake, not remember,
        what is there. Raises GuatuError ``share_busy`` after two minutes of that.
        """
        deadline = time.monotonic() + PATIENCE_SECONDS
        pause = 0.05
        while True:
            self.connection.execute("begin transaction")
            try:
                result = work()
                with self.turn(COMMITS):
                    self.connection.execute("commit")
                return result
            except BaseException as error:
                self._roll_back()
                if not (isinstance(error, duckdb.Error) and any(each in str(error).lower() for each in _OVERTAKEN)):
                    raise
                if time.monotonic() > deadline:
                    raise GuatuError(
                        "share_busy",
                        "共享库太忙,两分钟内没有轮到本单位;已汇交的不受影响,过一会儿再运行一次,会从断处接着汇交",
                        "the shared lake is too busy; run it again, it goes on where it stopped",
                    ) from error
            time.sleep(pause * random.uniform(0.5, 1.5))
            pause = min(2.0, pause * 2)

    @contextmanager
    def at_one_moment(self) -> Iterator[None]:
        """Every query inside sees the lake as it was at the first of them."""
        self.connection.execute("begin transaction")
        try:
            yield
        finally:
            self._roll_back()

    @contextmanager
    def turn(self, number: int) -> Iterator[None]:
        """Waits for the others' turns to end, or goes on without one; a process that dies gives its turn up.

        Only the order hangs on it, and the work of trying in vain: that nothing is lost or mixed is seen to by the
        transaction's own check for conflicts.
        """
        patience = f"select set_config('lock_timeout', '{TURN_SECONDS[number] * 1000:.0f}', true)"
        lock = f"select 1 from pg_advisory_xact_lock({number:d})"
        holder = self.connection.cursor()
        holder.execute("begin transaction")
        try:
            try:
                for statement in (patience, lock):
                    holder.execute(f"from postgres_query('__ducklake_metadata_{NAME}', {quoted(statement)})").fetchall()
            except duckdb.Error as error:
                if "lock timeout" not in str(error):
                    raise
            yield
        finally:
            with suppress(duckdb.Error):
                holder.execute("rollback")
            holder.close()

    def _roll_back(self) -> None:
        with suppress(duckdb.Error):  # a failed commit has ended it already, a lost connection too
            self.connection.execute("rollback")


@contextmanager
def open_lake(settings: Settings, snapshot: int | None = None) -> Iterator[SharedLake]:
    """The shared lake of ``GUATU_SHARED_LAKE``; as it was after a snapshot, and read only, where one is given.

    Raises GuatuError ``share_not_set``, ``ducklake_missing``, ``share_away`` where its catalogue does not answer,
    ``no_shared_lake`` where there is none, and ``no_such_snapshot``.
    """
    options = ["create_if_not_exists false"]
    if snapshot is not None:
        options.append(f"snapshot_version {snapshot:d}")
    with _connection(settings) as connection, _away_is_told():
        try:
            connection.execute(f"attach {_address(settings)} as {NAME} ({', '.join(options)})")
        except duckdb.Error as error:
            if snapshot is not None and "No snapshot found" in str(error):
                raise GuatuError(
                    "no_such_snapshot",
                    f"共享库没有第 {snapshot} 号快照,可能已过保存期;用 guatu share status 查看现有的",
                    f"the shared lake has no snapshot {snapshot}",
                ) from None
            if "create" in str(error).lower() and "exist" in str(error).lower():
                raise GuatuError(
                    "no_shared_lake",
                    "目录库里还没有共享库。先由省里运行一次 guatu share create --data 存放路径",
                    "there is no shared lake yet: run guatu share create --data PATH",
                ) from None
            raise
        yield SharedLake(connection)


def create(settings: Settings, data: str) -> None:
    """Makes the shared lake, its rows to lie in ``data`` (a folder or ``s3://…``). Raises as ``open_lake`` does, and
    GuatuError ``lake_exists``."""
    from orchestration.catalogue.templates import load_templates
    from orchestration.intake.lake import ensure_lake, problems_folder
    from orchestration.intake.taking import intake_lock

    place = data if "://" in data else Path(data).expanduser().resolve().as_posix()
    templates = load_templates(settings.seeds)
    with intake_lock(settings):
        ensure_lake(settings, templates)  # its empty files say what the tables look like
    with _connection(settings) as connection, _away_is_told():
        connection.execute(f"attach {_address(settings)} as {NAME} (data_path {quoted(place)})")
        shared = SharedLake(connection)
        if shared.tables("main"):
            raise GuatuError("lake_exists", "共享库已经建好,不用再建", "the shared lake exists already")
        for schema in ("cursors", "lake", "marts"):
            connection.execute(f"create schema if not exists {NAME}.{schema}")
        # rows about persons lie in files only, where an erasure and ``tidy`` reach them, never in the catalogue
        connection.execute(f"call {NAME}.set_option('data_inlining_row_limit', 0, schema => 'lake')")

        connection.execute(f"call {NAME}.set_option('parquet_compression', 'zstd')")

        def made() -> None:
            for table, columns in TABLES.items():
                connection.execute(f"create table {NAME}.{table} ({columns})")
            like = "create table {} as select null::varchar as office, * from read_parquet({}) limit 0"
            problems = problems_folder(settings) / "schema.parquet"
            connection.execute(like.format(f"{NAME}.main.problems", quoted(problems)))
            for name in templates:
                table = f"{NAME}.lake.{name}"
                connection.execute(like.format(table, quoted(settings.lake / name / "schema.parquet")))
                connection.execute(f"alter table {table} set partitioned by (office, period)")
            connection.execute(
                f"insert into {NAME}.main.about values (uuid()::varchar, (now() at time zone 'Asia/Shanghai'))"
            )

        shared.in_transaction(made)


def conform(shared: SharedLake, table: str, columns: Mapping[str, str]) -> None:
    """Gives ``schema.table`` the columns it lacks, as a newer program has them; nothing is ever taken away."""
    known = shared.columns(table)
    for name in columns.keys() - known.keys():
        shared.connection.execute(f'alter table {NAME}.{table} add column "{name}" {columns[name]}')


def _address(settings: Settings) -> str:
    if settings.shared_lake is None:
        raise GuatuError(
            "share_not_set",
            "没有设共享库的地址 GUATU_SHARED_LAKE(写法见部署手册),不汇交也不汇入",
            "GUATU_SHARED_LAKE is not set",
            exit_code=2,
        )
    return quoted(f"ducklake:{settings.shared_lake.get_secret_value()}")


@contextmanager
def _connection(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    _address(settings)
    options = {"memory_limit": f"{settings.build_memory_mb}MB", "preserve_insertion_order": True}
    with duckdb.connect(config=options) as connection:
        connection.execute("set enable_progress_bar = false; set autoinstall_known_extensions = false")
        for name in ("postgres_scanner", "ducklake"):
            connection.execute(f"load {quoted(_extension(name))}")
        yield connection


def _extension(name: str) -> Path:
    """The file of an engine's extension, installed as a Python package of exactly the engine's version."""
    spec = find_spec(f"duckdb_extension_{name}")
    for folder in spec.submodule_search_locations or () if spec else ():
        file = Path(folder) / "extensions" / f"v{duckdb.__version__}" / f"{name}.duckdb_extension"
        if file.is_file():
            return file
    raise GuatuError(
        "ducklake_missing",
        f"共享库要用的组件没有安装,或与 DuckDB {duckdb.__version__} 的版本不一致;安装方法见部署手册(依赖组 ducklake)",
        f"the engine's extension {name} is not installed for DuckDB {duckdb.__version__}: install the group ducklake",
        exit_code=2,
    )


@contextmanager
def _away_is_told() -> Iterator[None]:
    """A catalogue that does not answer becomes GuatuError ``share_away``; the address, which may hold a password, is
    not shown."""
    try:
        yield
    except duckdb.Error as error:
        words = str(error)
        if not any(each in words for each in _AWAY):
            raise
        said = _LIBPQ_WORDS.search(words)
        reason = f"({said[1].strip()})" if said else ""
        raise GuatuError(
            "share_away",
            f"连不上共享库的目录库{reason}。本机的收件、构建、发布不受影响,什么都没有丢;"
            "恢复后再运行一次,会从断处接着办",
            f"the shared lake's catalogue does not answer {reason}; nothing is lost, run it again",
        ) from None
