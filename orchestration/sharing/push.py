"""An office's submissions into the shared lake, in the order of its ledger, each in one transaction.

How far the office has come is a row in a table of its own (``cursors.<office>``), read and moved on in the same
transaction. Two transactions of one office that began at the same line cannot both commit, whoever sent them: a process
killed after sending its commit, and the one that takes up its work, share a line once.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb
from filelock import FileLock

from orchestration.errors import GuatuError
from orchestration.intake.divisions import code_prefix
from orchestration.intake.lake import lake_file, problems_folder
from orchestration.intake.ledger import Submission, read_ledger
from orchestration.records.journal import entries
from orchestration.settings import Settings, now
from orchestration.sharing.lake import CURSOR, NAME, SharedLake, conform
from orchestration.sql_text import quoted

_LOCK_SECONDS = 600.0
Progress = Callable[[int, int], None]
"""Called with lines done and in all."""


@dataclass(frozen=True)
class Pushed:
    """What one call brought: submissions and rows shared, lines about other divisions passed over, and submissions
    shared anew after an erasure."""

    submissions: int
    rows: int
    passed_over: int
    replaced: int


@dataclass(frozen=True)
class Cursor:
    """How far an office's ledger is in the shared lake; ``chain``, of the last line there, tells whose ledger it is."""

    through: int
    chain: str
    erasures: int


def office_code(text: str) -> str:
    """The 12 digits of an office's division. Raises GuatuError ``bad_office``."""
    if not text.isdigit() or not 2 <= len(text) <= 12:
        raise GuatuError(
            "bad_office",
            f"“{text}”不是区划代码;--office 填本单位的区划代码,如 411521(可省末尾的 0)",
            f"{text!r} is no division code",
            exit_code=2,
        )
    return text.ljust(12, "0")


def push_submissions(settings: Settings, shared: SharedLake, office: str, progress: Progress | None = None) -> Pushed:
    """Shares every line of the ledger that is not there yet, and what an erasure has changed since.

    Lines about divisions outside ``office`` (a province's list of divisions in a county) are others' to share and are
    passed over. Raises GuatuError ``gathered_home``, ``share_other_office``, ``share_rows_differ``, ``share_busy``.
    """
    if settings.gathered.exists():
        raise GuatuError(
            "gathered_home",
            f"{settings.root} 的报送是从共享库汇入的,不再汇交回去",
            "this home was gathered from the shared lake; it is not shared back",
            exit_code=2,
        )
    settings.root.mkdir(parents=True, exist_ok=True)
    with FileLock(settings.root / ".share.lock", timeout=_LOCK_SECONDS):
        erased = len(entries(settings.erasures))  # before the rows are read: what comes later is shared again
        ledger = read_ledger(settings)
        if not ledger:
            return Pushed(0, 0, 0, 0)
        cursor = _joined(shared, office, ledger, erased)
        _require_same_ledger(cursor, office, ledger)
        shared_now = rows = passed_over = 0
        for line in ledger[cursor.through :]:
            ours = _belongs(line, office)
            brought = shared.in_transaction(lambda line=line, ours=ours: _share(settings, shared, office, line, ours))
            rows += brought
            shared_now, passed_over = shared_now + ours, passed_over + (not ours)
            if progress is not None:
                progress(line.submission_id, len(ledger))
        replaced = _share_erasures(settings, shared, office, ledger)
        return Pushed(shared_now, rows, passed_over, replaced)


def cursor_of(shared: SharedLake, office: str) -> Cursor | None:
    """How far the office has come; None before it shared anything."""
    try:
        found = shared.rows(f'select through, chain, erasures from {NAME}.cursors."{office}"')
    except duckdb.CatalogException:  # asking for the list of tables costs ten times as much
        return None
    return Cursor(*found[0]) if found else None


def _joined(shared: SharedLake, office: str, ledger: Sequence[Submission], erasures: int) -> Cursor:
    """The office's cursor, made where it is new."""
    known = shared.in_transaction(lambda: cursor_of(shared, office))
    if known is not None:
        return known
    if not any(line.scope_code is not None and _belongs(line, office) for line in ledger):
        raise _other_office(office, "台账里没有一份报送属于它", "no submission of this ledger belongs to it")

    def join() -> None:
        shared.connection.execute(f'create table {NAME}.cursors."{office}" ({CURSOR})')
        shared.connection.execute(f'insert into {NAME}.cursors."{office}" values (0, ?, ?, ?)', ["", erasures, now()])

    try:
        shared.in_transaction(join)
    except duckdb.Error:  # somebody else with the same code was quicker; whose ledger it is will be seen
        if cursor_of(shared, office) is None:
            raise
    return Cursor(0, "", erasures)


def _require_same_ledger(cursor: Cursor, office: str, ledger: Sequence[Submission]) -> None:
    """What is shared under this code is the beginning of this very ledger."""
    last = ledger[cursor.through - 1].chain if 0 < cursor.through <= len(ledger) else ""
    if cursor.through > len(ledger) or cursor.chain != last:
        raise _other_office(
            office,
            "共享库中这个代码下的报送不是本台账的(别的数据目录用了同一代码,或本目录是从旧备份恢复的)",
            "what is shared under this code is not the beginning of this ledger",
        )


def _other_office(office: str, why: str, why_en: str) -> GuatuError:
    return GuatuError(
        "share_other_office",
        f"不能以 {office} 汇交:{why}。请核对 --office;确属换了台账的,由省里处理(见部署手册)",
        f"cannot share as {office}: {why_en}",
        exit_code=2,
    )


def _belongs(line: Submission, office: str) -> bool:
    """Whether a line is about the office's own division; one that says no division was handed in there, too."""
    return line.scope_code is None or line.scope_code.startswith(code_prefix(office))


def _share(settings: Settings, shared: SharedLake, office: str, line: Submission, ours: bool) -> int:
    """One line with its rows, and the cursor moved on; rows shared. Nothing where the line is there already."""
    cursor = cursor_of(shared, office)
    if cursor is None or cursor.through >= line.submission_id:
        return 0
    rows = 0
    if ours:
        record = {"office": office, **asdict(line)}
        marks = ", ".join("?" * len(record))
        shared.connection.execute(
            f"insert into {NAME}.main.submissions ({', '.join(record)}) values ({marks})", list(record.values())
        )
        rows = _insert_rows(settings, shared, office, line)
    shared.connection.execute(
        f'update {NAME}.cursors."{office}" set through = ?, chain = ?, shared_at = ?',
        [line.submission_id, line.chain, now()],
    )
    return rows


def _insert_rows(settings: Settings, shared: SharedLake, office: str, line: Submission) -> int:
    """The accepted rows and the problems of a submission; rows accepted."""
    problems = problems_folder(settings) / f"{line.submission_id}.parquet"
    if problems.is_file():
        _insert_file(shared, office, "main.problems", problems)
    if not line.rows_accepted:
        return 0
    file = lake_file(settings, line)
    rows = _insert_file(shared, office, f"lake.{line.template}", file) if file.is_file() else 0
    if rows != line.rows_accepted:
        raise GuatuError(
            "share_rows_differ",
            f"第 {line.submission_id} 号报送({line.file_name})入库 {rows} 行,台账为 {line.rows_accepted} 行,没有汇交;"
            "请运行 guatu doctor 查明,修复后再汇交",
            f"submission {line.submission_id} has {rows} rows in the lake, {line.rows_accepted} in the ledger",
        )
    return rows


def _insert_file(shared: SharedLake, office: str, table: str, file: Path) -> int:
    source = f"(select {quoted(office)} as office, * from read_parquet({quoted(file)}))"
    described = shared.connection.execute(f"from {source} limit 0").description
    conform(shared, table, {name: str(kind) for name, kind, *_ in described})
    ((rows,),) = shared.rows(f"insert into {NAME}.{table} by name from {source}")
    return rows


def _share_erasures(settings: Settings, shared: SharedLake, office: str, ledger: Sequence[Submission]) -> int:
    """Puts the rows of every submission that an erasure has changed in the place of those shared before."""
    records = entries(settings.erasures)

    def replace() -> int:
        cursor = cursor_of(shared, office)
        if cursor is None or cursor.erasures >= len(records):
            return 0
        touched = {number for record in records[cursor.erasures :] for number in record["submissions"]}
        lines = [line for line in ledger if line.submission_id in touched and _belongs(line, office)]
        for line in lines:
            mine = [office, line.submission_id]
            tables = ["main.problems", *([f"lake.{line.template}"] if line.rows_accepted else [])]
            for table in tables:
                shared.connection.execute(f"delete from {NAME}.{table} where office = ? and submission_id = ?", mine)
            _insert_rows(settings, shared, office, line)
            shared.connection.execute(f"insert into {NAME}.main.replaced values (?, ?, ?)", [*mine, len(records)])
        shared.connection.execute(f'update {NAME}.cursors."{office}" set erasures = ?', [len(records)])
        return len(lines)

    return shared.in_transaction(replace)
