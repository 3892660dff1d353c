"""The only place of the dashboards that opens data: published editions, read-only, through ``queries/``."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import streamlit as st

from dashboards.web import session
from orchestration.access.roles import Grant
from orchestration.access.rules import load_rules
from orchestration.access.scoped import scoped_database
from orchestration.errors import GuatuError
from orchestration.settings import get_settings

QUERIES = Path(__file__).parent / "queries"


@dataclass(frozen=True)
class Edition:
    """One published edition: what its sidecar says, and the file itself."""

    edition_id: str
    period: str
    as_of: datetime
    published_at: datetime
    sequence: int
    path: Path


def published_editions(published: Path) -> list[Edition]:
    """All editions in the folder, newest first; sidecars without their file, and unreadable ones, are left out."""
    editions = (_from_sidecar(path) for path in published.glob("*.json"))
    return sorted((e for e in editions if e is not None), key=lambda e: e.sequence, reverse=True)


def _from_sidecar(sidecar: Path) -> Edition | None:
    path = sidecar.with_suffix(".duckdb")
    if not path.is_file():
        return None
    try:
        record = json.loads(sidecar.read_text(encoding="utf-8"))
        return Edition(
            edition_id=record["edition_id"],
            period=record["period"],
            as_of=datetime.fromisoformat(record["as_of"]),
            published_at=datetime.fromisoformat(record["published_at"]),
            sequence=int(record["sequence"]),
            path=path,
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def current_edition(published: Path, editions: list[Edition]) -> Edition:
    """The edition the link points at. The link is resolved, so that a later switch does not disturb this view.

    Raises GuatuError ``no_edition`` when nothing is published yet.
    """
    target = (published / "current.duckdb").resolve()
    for edition in editions:
        if edition.path.resolve() == target:
            return edition
    raise GuatuError(
        "no_edition",
        "还没有发布任何版本。请先把报送文件放入收件箱并运行 guatu run --period 期别;只想看看样子,可运行 guatu demo",
        "nothing published yet; run guatu run --period P, or guatu demo",
    )


def published_folder() -> Path:
    return get_settings().published


def all_divisions() -> pl.DataFrame:
    """Divisions of the edition served, for choosing whose view to show: open access only, where nothing is hidden."""
    folder = published_folder()
    edition = current_edition(folder, published_editions(folder))
    return _rows(str(edition.path.resolve()), "view_places", ())


@st.cache_resource(max_entries=16, show_spinner=False)
def _database(path: str) -> duckdb.DuckDBPyConnection:
    """One database instance a file; every query takes a cursor of its own, since a connection serves one thread."""
    return duckdb.connect(path, read_only=True, config={"threads": 2, "enable_external_access": "false"})


@cache
def _statement(name: str) -> str:
    """The words of a query; ``{{piece}}`` stands for ``queries/shared/piece.sql``."""
    return re.sub(r"\{\{(\w+)\}\}", lambda found: _statement(f"shared/{found[1]}"), _text(name))


def _text(name: str) -> str:
    return (QUERIES / f"{name}.sql").read_text(encoding="utf-8")


@st.cache_data(max_entries=400, show_spinner=False)
def _rows(path: str, name: str, parameters: tuple[tuple[str, Any], ...]) -> pl.DataFrame:
    return _read(path, name, dict(parameters))


def _read(path: str, name: str, parameters: dict[str, Any]) -> pl.DataFrame:
    cursor = _database(path).cursor()
    try:
        return cursor.execute(_statement(name), parameters).pl()
    finally:
        cursor.close()


@cache
def _reads_households(name: str) -> bool:
    """Whether a query names a mart with rows about households or persons."""
    rules = load_rules(get_settings().seeds)
    return any(word in rules and rules[word].personal for word in re.findall(r"\w+", _statement(name)))


def visible_database(edition: Edition, held: Grant | None = None) -> Path:
    """The database file with what the visitor (or who holds ``held``) may see of an edition, and nothing else.

    Raises GuatuError ``signed_out``, ``scope_failed``.
    """
    held = held or session.current()
    if held.unlimited:
        return edition.path.resolve()
    path = _cut(edition, held)
    if not path.exists():  # swept while nobody used it
        _cut.cache_clear()
        path = _cut(edition, held)
    return path


@lru_cache(maxsize=500)
def _cut(edition: Edition, held: Grant) -> Path:
    with st.spinner("正在准备您的数据……"):
        return scoped_database(get_settings(), edition.path, held)


@contextmanager
def reader(edition: Edition) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to what the visitor may see of an edition, for what reads by itself (explanations, reviews)."""
    cursor = _database(str(visible_database(edition))).cursor()
    try:
        cursor.execute("set search_path = 'marts'")
        yield cursor
    finally:
        cursor.close()


def query(edition: Edition, name: str, **parameters: str | int | date | None) -> pl.DataFrame:
    """Rows of ``queries/<name>.sql`` from what the visitor may see of an edition; exact decimals stay exact.

    Cached by the file they come from: an edition never changes, and everyone who may see the same has the same file.
    Rows of households as they are, are recorded before they are read.

    Raises GuatuError ``edition_incomplete`` for an edition without a table or column the page needs, and
    ``edition_unreadable`` for a file that is damaged or gone.
    """
    held = session.current()
    if held.households == "open" and _reads_households(name):
        session.record(
            "view_personal", edition=edition.edition_id, page=session.page_name(), query=name, purpose=held.purpose
        )
    with _faults_named(edition, name):
        return _rows(str(visible_database(edition, held)), name, tuple(sorted(parameters.items())))


def later(edition: Edition, name: str, **parameters: str | int | date | None) -> Callable[[], pl.DataFrame]:
    """``query`` for an export: read when it is pressed, from what the visitor may see at this run, and not cached."""
    held = session.current()

    def read() -> pl.DataFrame:
        with _faults_named(edition, name):
            return _read(str(visible_database(edition, held)), name, parameters)

    return read


@contextmanager
def _faults_named(edition: Edition, name: str) -> Iterator[None]:
    """What cannot be read of an edition, said so that somebody can mend it."""
    try:
        yield
    except (duckdb.CatalogException, duckdb.BinderException) as error:
        raise GuatuError(
            "edition_incomplete",
            f"版本 {edition.edition_id} 缺少本页所需的表或列({name})。请用当前程序重新运行 guatu run 生成新版本",
            f"edition {edition.edition_id} lacks a table or column for {name}; run guatu run again",
        ) from error
    except (duckdb.IOException, duckdb.SerializationException) as error:
        raise GuatuError(
            "edition_unreadable",
            f"版本 {edition.edition_id} 的文件无法读取。请选择其他版本,并运行 guatu doctor 检查",
            f"edition {edition.edition_id} cannot be read; choose another and run guatu doctor",
        ) from error
