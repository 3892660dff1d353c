"""Writing accepted rows and problems to the lake, and cleaning up after a killed run."""

import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import polars as pl

from orchestration.catalogue.templates import Template
from orchestration.errors import GuatuError
from orchestration.intake.ledger import Submission
from orchestration.settings import Settings

READING = "reading-"
"""What the scratch folders of reading are called, in the installation's work folder."""
PROBLEM_SCHEMA: dict[str, pl.DataType] = {
    "submission_id": pl.Int64(),
    "row_number": pl.Int64(),
    "field": pl.String(),
    "severity": pl.String(),
    "code": pl.String(),
    "value": pl.String(),
    "message": pl.String(),
}


def problems_folder(settings: Settings) -> Path:
    return settings.lake / "_problems"


def lake_file(settings: Settings, submission: Submission) -> Path:
    """Where the accepted rows of a submission are kept."""
    folder = settings.lake / str(submission.template) / f"period={submission.period}"
    return folder / f"{submission.submission_id}.parquet"


def ensure_lake(settings: Settings, templates: Mapping[str, Template]) -> None:
    """Folders, and an empty file per template and for problems, so that every glob finds one."""
    for folder in (settings.archive, settings.receipts, settings.lake, settings.work):
        folder.mkdir(parents=True, exist_ok=True)
    for name, template in templates.items():
        _ensure_schema(settings.lake / name / "schema.parquet", template.lake_schema())
    _ensure_schema(problems_folder(settings) / "schema.parquet", PROBLEM_SCHEMA)


def write_rows(settings: Settings, submission: Submission, template: Template, rows: pl.DataFrame) -> None:
    """Accepted rows, in the lake's columns; nothing is written when there are none."""
    if rows.is_empty():
        return
    frame = rows.with_columns(
        submission_id=pl.lit(submission.submission_id, pl.Int64),
        received_at=pl.lit(submission.received_at, pl.Datetime("us")),
        period=pl.lit(submission.period, pl.String),
    ).select(pl.col(name).cast(kind) for name, kind in template.lake_schema().items())
    _write_parquet(lake_file(settings, submission), frame)


def write_problems(settings: Settings, submission: Submission, problems: pl.DataFrame) -> None:
    """Rejected and warned cells, personal values already masked; nothing when there are none."""
    if problems.is_empty():
        return
    frame = problems.with_columns(submission_id=pl.lit(submission.submission_id, pl.Int64))
    path = problems_folder(settings) / f"{submission.submission_id}.parquet"
    _write_parquet(path, frame.select(pl.col(n).cast(t) for n, t in PROBLEM_SCHEMA.items()))


def write_atomically(path: Path, write: Callable[[Path], object]) -> None:
    """Let ``write`` fill a temporary file beside ``path``, force it to disk, and rename it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name[:80]}.tmp")
    try:
        write(temporary)
        with temporary.open("rb+") as handle:
            os.fsync(handle.fileno())
        os.replace(temporary, path)
        _sync_folder(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    """Force a renamed file's new name to disk too, where folders can be opened (not on Windows)."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def remove_leftovers(settings: Settings, submissions: Sequence[Submission]) -> None:
    """Delete files of a submission that was being taken in when its run was killed.

    Only the next number can be such a leftover. A file with a higher one means that the ledger has
    lost lines: nothing is deleted then, and ``GuatuError`` says so.
    """
    last = len(submissions)
    for path in _numbered_files(settings):
        number = int(path.name.split(".")[0].split("_")[0])
        if number > last + 1:
            raise GuatuError(
                "ledger_damaged",
                f"台账只到第 {last} 号报送,却有第 {number} 号的文件 {path};台账丢了行,请从备份恢复台账后再接收文件",
                f"the ledger ends at {last} but there is {path}: restore the ledger first",
            )
        if number == last + 1:
            path.unlink()
    for folder in (settings.archive, settings.receipts, settings.lake):
        for path in folder.rglob(".*.tmp"):
            path.unlink()
    for folder in settings.work.glob(f"{READING}*"):  # holds rows of people
        shutil.rmtree(folder, ignore_errors=True)


def _numbered_files(settings: Settings) -> list[Path]:
    lake = settings.lake.glob("*/**/*.parquet")
    receipts = settings.receipts.glob("*") if settings.receipts.exists() else ()
    return [p for p in (*lake, *receipts) if p.name.split(".")[0].split("_")[0].isdigit()]


def _ensure_schema(path: Path, schema: Mapping[str, pl.DataType]) -> None:
    try:
        if pl.read_parquet_schema(path) == pl.Schema(schema):
            return
    except (FileNotFoundError, pl.exceptions.PolarsError):
        pass  # not there yet, or damaged: it holds no rows and is written again
    _write_parquet(path, pl.DataFrame(schema=schema))


def _write_parquet(path: Path, frame: pl.DataFrame) -> None:
    write_atomically(path, lambda temporary: frame.write_parquet(temporary, compression="zstd"))
