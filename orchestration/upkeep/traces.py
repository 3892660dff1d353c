"""Whether a file of any kind tells of somebody: an id number or a household's number, looked for in what it holds."""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import duckdb

from orchestration.release import Edition, list_editions
from orchestration.release.editions import database_path
from orchestration.settings import Settings

_TAG = re.compile(rb"<[^>]*>")


def pattern(value: str) -> str:
    """A regular expression for the text standing by itself: H1 is not in H12. Its neighbours are groups 1 and 2."""
    return f"(^|[^0-9A-Za-z])(?i:{re.escape(value)})($|[^0-9A-Za-z])"


def tells_of(path: Path, value: str) -> bool:
    """Whether the text stands in the file: in its bytes, or unpacked where it is a workbook or Word document."""
    patterns = [_bytes_pattern(value, encoding) for encoding in ("utf-8", "gb18030", "utf-16-le")]
    return any(wanted.search(content) for content in _contents(path) for wanted in patterns)


def _bytes_pattern(value: str, encoding: str) -> re.Pattern[bytes]:
    other = b"[0-9A-Za-z]" + (b"\0" if encoding == "utf-16-le" else b"")
    return re.compile(b"(?<!" + other + b")" + re.escape(value.encode(encoding)) + b"(?!" + other + b")", re.IGNORECASE)


def documents_telling_of(settings: Settings, value: str) -> list[Path]:
    """Reports that hold the text; a PDF, whose text is packed, goes with the document beside it that does."""
    found = [path for path in settings.reports.rglob("*") if path.is_file() and tells_of(path, value)]
    beside = [path.with_suffix(".pdf") for path in found]
    return sorted({*found, *(path for path in beside if path.is_file())})


def editions_telling_of(settings: Settings, value: str) -> list[Edition]:
    """Published editions with the text in any cell, oldest first."""
    return [e for e in list_editions(settings) if _holds(database_path(settings, e.edition_id), value)]


def _holds(database: Path, value: str) -> bool:
    with duckdb.connect(str(database), read_only=True) as connection:
        columns = connection.execute(
            "select table_name, column_name from duckdb_columns() "
            "where schema_name = 'marts' and data_type in ('VARCHAR', 'VARCHAR[]') order by all"
        ).fetchall()
        return any(
            connection.execute(
                f'select count(*) from marts."{table}" where regexp_matches("{column}"::varchar, ?)', [pattern(value)]
            ).fetchone()[0]
            for table, column in columns
        )


def _contents(path: Path) -> Iterator[bytes]:
    """What a file holds, part by part; a damaged archive counts by its bytes alone."""
    yield path.read_bytes()
    if zipfile.is_zipfile(path):
        try:
            with zipfile.ZipFile(path) as archive:
                for member in archive.infolist():
                    if member.file_size <= 1 << 30:
                        content = archive.read(member)
                    # what a sheet says, and not where it says so: H1 is also the name of a cell
                    yield _TAG.sub(b" ", content) if member.filename.endswith((".xml", ".rels")) else content
        except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError):
            return
