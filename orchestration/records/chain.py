"""Files of hash-chained JSON lines: every line carries a hash over itself and the line before.

What belongs here is the form: linking, reading, what a kill leaves of the last line. What a line means belongs to the
ledger (``intake.ledger``) and to the journals (``records.journal``).
"""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Record = dict[str, Any]

START = "0" * 64
"""What stands for the hash before the first line."""
_BLOCK = 1 << 16


class UnreadableLine(ValueError):
    """A whole line that is no JSON object with a chain; ``before`` are the records read before it."""

    def __init__(self, before: list[Record]) -> None:
        super().__init__(f"line {len(before) + 1}")
        self.before = before

    @property
    def number(self) -> int:
        """The line, from 1 among those that were read."""
        return len(self.before) + 1


@dataclass(frozen=True)
class ChainFile:
    """The records read, and what the bytes of the file should be.

    ends_at  where the last line ended by a line feed ends, in bytes
    last     what belongs after it: a line that is whole and lost only its line feed, or nothing
    torn     whether something stands there that is no whole line
    """

    records: list[Record]
    ends_at: int
    last: bytes
    torn: bool


def link(record: Mapping[str, Any], previous: str | None) -> str:
    """The chain hash of a record: SHA-256 over the hash before it and its JSON text without ``chain``."""
    text = json.dumps({key: value for key, value in record.items() if key != "chain"}, ensure_ascii=False)
    return hashlib.sha256(((previous or START) + text).encode("utf-8")).hexdigest()


def encode(record: Mapping[str, Any]) -> bytes:
    """The record's line."""
    return (json.dumps(record, ensure_ascii=False) + "\n").encode("utf-8")


def read_chain(path: Path, newest: int | None = None) -> ChainFile:
    """All records of a file, or its ``newest`` ones; a missing file has none. Chains are not checked here.

    Raises UnreadableLine.
    """
    if not path.exists():
        return ChainFile([], 0, b"", False)
    offset, data = (0, path.read_bytes()) if newest is None else _newest_lines(path, newest)
    *lines, rest = data.split(b"\n")
    records: list[Record] = []
    for line in lines:
        record = _decode(line)
        if record is None:
            raise UnreadableLine(records)
        records.append(record)
    ends_at = offset + len(data) - len(rest)
    whole = _whole_last(rest, records[-1]["chain"] if records else None)
    if whole is None:
        return ChainFile(records, ends_at, b"", bool(rest))
    return ChainFile([*records, whole], ends_at, encode(whole), False)


def first_broken(records: list[Record]) -> int | None:
    """The position, from 0, of the first record that does not follow from the one before it."""
    previous: str | None = None
    for position, record in enumerate(records):
        if link(record, previous) != record["chain"]:
            return position
        previous = record["chain"]
    return None


def first_rewritten(path: Path, records: list[Record]) -> int | None:
    """The position, from 0, of the first line whose bytes are not its record's own: written anew with the same meaning.

    The last line may lack its line feed, as a kill leaves it.
    """
    if not records:
        return None
    with path.open("rb") as file:
        for position, record in enumerate(records):
            line, wanted = file.readline(), encode(record)
            if line != wanted and not (position == len(records) - 1 and line == wanted[:-1]):
                return position
    return None


def add_line(path: Path, line: bytes) -> None:
    """Appends one line and forces it to disk; a line that did not fit is taken back."""
    path.parent.mkdir(parents=True, exist_ok=True)
    size = path.stat().st_size if path.exists() else 0
    try:
        with path.open("ab") as handle:
            handle.write(line)
            handle.flush()
            os.fsync(handle.fileno())
    except OSError:
        # a half-written line on a full disk must not stand before the next one
        if path.exists():
            os.truncate(path, size)
        raise


def mend_end(path: Path, file: ChainFile) -> None:
    """Removes what a killed process left of its last line, or gives a whole one its line feed back."""
    if not path.exists() or path.stat().st_size == file.ends_at:
        return
    with path.open("r+b") as handle:
        handle.seek(file.ends_at)
        has = handle.read()
        if has == file.last:
            return
        # only what differs is written, so that a kill here loses no line that was whole
        pairs = enumerate(zip(has, file.last, strict=False))
        same = next((at for at, (is_, wants) in pairs if is_ != wants), min(len(has), len(file.last)))
        handle.seek(file.ends_at + same)
        handle.write(file.last[same:])
        handle.truncate()
        handle.flush()
        os.fsync(handle.fileno())


def _newest_lines(path: Path, count: int) -> tuple[int, bytes]:
    """The file's bytes from the start of its ``count``-th last whole line on, and where that is."""
    size = path.stat().st_size
    with path.open("rb") as handle:
        length = min(size, _BLOCK)
        while True:
            handle.seek(size - length)
            data = handle.read(length)
            # the line feed before the first wanted line is the (count + 1)-th from the end
            starts = data.rsplit(b"\n", count + 1)
            if len(starts) == count + 2:
                kept = len(data) - len(starts[0]) - 1
                return size - kept, data[-kept:] if kept else b""
            if length == size:
                return 0, data
            length = min(size, length * 2)


def _decode(line: bytes) -> Record | None:
    try:
        record = json.loads(line)
    except ValueError:
        return None
    return record if isinstance(record, dict) and isinstance(record.get("chain"), str) else None


def _whole_last(rest: bytes, previous: str | None) -> Record | None:
    for candidate in (rest, rest[:-1]):
        record = _decode(candidate)
        if record is not None and link(record, previous) == record["chain"]:
            return record
    return None
