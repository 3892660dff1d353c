"""Looking for canaries in what was sent or written: bytes, workbooks, documents, tables, database files."""

import io
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import duckdb
import polars as pl
from pypdf import PdfReader

from hardness.g07_office import Canary


class Finder:
    """Finds any of many texts in a text, in time that does not grow with how many they are."""

    def __init__(self, canaries: Mapping[str, Canary]) -> None:
        self.canaries = canaries
        self._key = min(len(value) for value in canaries)
        by_start: dict[str, set[int]] = defaultdict(set)
        for value in canaries:
            by_start[value[: self._key]].add(len(value))
        self._lengths = {start: sorted(lengths, reverse=True) for start, lengths in by_start.items()}

    def found(self, text: str) -> set[str]:
        """The canaries in the text; of those that begin at one place, the longest: 帮扶示例27 is not 帮扶示例2."""
        key, lengths = self._key, self._lengths
        hits: set[str] = set()
        for at in [at for at in range(len(text) - key + 1) if text[at : at + key] in lengths]:
            for length in lengths[text[at : at + key]]:
                if text[at : at + length] in self.canaries:
                    hits.add(text[at : at + length])
                    break
        return hits


def readable(name: str, data: bytes) -> str:
    """All text of a file as somebody who opens it reads it, and its bytes."""
    texts = [data.decode("utf-8", errors="replace")]
    match Path(name).suffix:
        case ".xlsx" | ".docx":
            with zipfile.ZipFile(io.BytesIO(data)) as parts:
                texts += [parts.read(part).decode("utf-8", errors="replace") for part in parts.namelist()]
        case ".parquet":
            texts.append(str(pl.read_parquet(io.BytesIO(data)).rows()))
        case ".pdf":
            texts += [page.extract_text() for page in PdfReader(io.BytesIO(data)).pages]
    return "\n".join(texts)


def texts_in(folder: Path, leave_out: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """(path below the folder, text) of every file outside the folders and files left out."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if not path.is_file() or path.is_symlink() or name.startswith(leave_out):
            continue
        data = path.read_bytes()
        yield name, _database_text(path) if path.suffix == ".duckdb" else readable(name, data)


def _database_text(path: Path) -> str:
    """Every cell of every table of a database file; inside the file strings may be packed."""
    texts = []
    with duckdb.connect(str(path), read_only=True) as connection:
        tables = connection.execute("select schema_name, table_name from duckdb_tables()").fetchall()
        for schema, table in tables:
            columns = [
                column
                for column, kind in connection.execute(
                    "select column_name, data_type from duckdb_columns() where schema_name = $1 and table_name = $2",
                    [schema, table],
                ).fetchall()
                if kind == "VARCHAR"
            ]
            for column in columns:
                found = connection.execute(f'select distinct "{column}" from "{schema}"."{table}"').fetchall()
                texts += [str(value) for (value,) in found]
    return "\n".join(texts)
