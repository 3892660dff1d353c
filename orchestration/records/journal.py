"""Journals: append-only files of hash-chained records, one fsynced line a record.

A line is the commit of its record. Nothing is changed or deleted: what is taken back gets a record of its own.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from filelock import FileLock

from orchestration.errors import GuatuError
from orchestration.records.chain import (
    ChainFile,
    Record,
    UnreadableLine,
    add_line,
    encode,
    first_broken,
    first_rewritten,
    link,
    mend_end,
    read_chain,
)
from orchestration.records.heads import keep_head, lost_from, read_head

_LOCK_SECONDS = 60.0


def append(path: Path, record: Mapping[str, Any]) -> Record:
    """Writes one record and forces it to disk; returns it with its ``entry`` (1..n) first and its ``chain`` last.

    ``record`` holds JSON values only. A torn last line left by a kill is dropped. Raises GuatuError
    ``journal_damaged`` where the journal's end does not fit its chain or its head: nothing is built upon a changed
    journal.
    """
    return append_checked(path, lambda _: [record], newest=2)[0]


def append_checked(
    path: Path, make: Callable[[list[Record]], list[Mapping[str, Any]]], newest: int | None = None
) -> list[Record]:
    """Writes the records that ``make`` returns for the journal as it stands, under the journal's lock.

    ``make`` sees all records (or only the ``newest``), so that what it decides on cannot change meanwhile; what it
    raises leaves the journal as it was. The records go to disk together or not at all but for a kill.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path.with_name(f".{path.name}.lock"), timeout=_LOCK_SECONDS):
        head = read_head(path)
        file = _read(path, newest)
        if not _follows(file.records, whole=newest is None):
            raise _unchained(path)
        before = file.records[0].get("entry", 1) - 1 if file.records else 0
        if lost_from(head, [record["chain"] for record in file.records], before) is not None:
            raise _cut(path)
        wanted = make(file.records)
        last = file.records[-1] if file.records else None
        written = []
        for record in wanted:
            line = {"entry": last["entry"] + 1 if last else 1, **record}
            line["chain"] = link(line, last["chain"] if last else None)
            written.append(line)
            last = line
        mend_end(path, file)
        if written:
            add_line(path, b"".join(encode(line) for line in written))
            keep_head(path, last["entry"], last["chain"])
        return written


def entries(path: Path) -> list[Record]:
    """All records, oldest first; a torn last line is left out.

    Raises GuatuError ``journal_damaged`` for an unreadable line.
    """
    return _read(path).records


def checked_entries(path: Path) -> list[Record]:
    """As ``entries``, and GuatuError ``journal_damaged`` also where a record does not fit the chain or was lost."""
    head = read_head(path)
    records = entries(path)
    if not _follows(records, whole=True):
        raise _unchained(path)
    if lost_from(head, [record["chain"] for record in records]) is not None:
        raise _cut(path)
    return records


def broken_at(path: Path) -> int | None:
    """The first entry, from 1, that is unreadable, torn, lost from the end, or does not follow from the one before;
    None: all whole, byte for byte."""
    head = read_head(path)
    try:
        file = read_chain(path)
    except UnreadableLine as error:
        return _first_wrong(error.before) or error.number
    rewritten = first_rewritten(path, file.records)
    found = (
        _first_wrong(file.records),
        None if rewritten is None else rewritten + 1,
        len(file.records) + 1 if file.torn else None,
        lost_from(head, [record["chain"] for record in file.records]),
    )
    return min((at for at in found if at is not None), default=None)


def _first_wrong(records: list[Record]) -> int | None:
    """The first entry, from 1, that does not follow from the one before in hash or number."""
    broken = first_broken(records)
    misnumbered = next((at for at, record in enumerate(records) if record.get("entry") != at + 1), None)
    found = [at + 1 for at in (broken, misnumbered) if at is not None]
    return min(found, default=None)


def _follows(records: list[Record], whole: bool) -> bool:
    """Whether the records fit each other; of a part of a journal only the newest against the one before it."""
    if whole or len(records) < 2:
        return _first_wrong(records) is None
    before, newest = records[-2:]
    return link(newest, before["chain"]) == newest["chain"] and newest.get("entry") == before.get("entry", 0) + 1


def _read(path: Path, newest: int | None = None) -> ChainFile:
    try:
        return read_chain(path, newest)
    except UnreadableLine as error:
        raise _damaged(path, "有读不出来的行", "a line cannot be read") from error


def _unchained(path: Path) -> GuatuError:
    return _damaged(path, "的记录与校验链不符", "a record does not fit the chain")


def _cut(path: Path) -> GuatuError:
    return _damaged(path, "少了末尾的记录,或末尾被改写过", "records are missing from its end")


def _damaged(path: Path, what: str, what_en: str) -> GuatuError:
    return GuatuError(
        "journal_damaged",
        f"记录簿 {path} {what},可能被改动过;请从备份恢复后再操作",
        f"journal {path}: {what_en}",
    )
