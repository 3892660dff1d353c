"""Reading CSV: UTF-8 or GB18030, comma or tab, batch by batch so that memory does not grow with the file."""

import codecs
import csv
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path

from orchestration.intake.headers import TemplateTitles, find_header
from orchestration.intake.sheets import HEAD_ROWS, Batch, Refused, Sheet

_BATCH_ROWS = 50_000
_ENCODINGS = ("utf-8-sig", "gb18030")


def csv_sheet(path: Path, candidates: Sequence[TemplateTitles]) -> Sheet:
    """The one sheet of a CSV file; raises Refused where it is no text, or its quotes do not pair."""
    encoding = file_encoding(path)
    delimiter = max(",\t", key=lambda d: _best_score(path, encoding, d, candidates))
    records = _records(path, encoding, delimiter)
    return Sheet(None, _batch(list(islice(records, HEAD_ROWS))), _batches(records))


def file_encoding(path: Path) -> str:
    """The first encoding in which the whole file can be read."""
    for encoding in _ENCODINGS:
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            with path.open("rb") as handle:
                while piece := handle.read(1 << 20):
                    decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return encoding
    raise Refused("unreadable")


def _records(path: Path, encoding: str, delimiter: str) -> Iterator[tuple[list[str], int]]:
    """Records with the line each starts at. Strict: an unclosed quote must not swallow the rows after it."""
    with path.open(encoding=encoding, newline="") as handle:
        reader = csv.reader(handle, delimiter=delimiter, strict=True)
        line = 1
        try:
            for record in reader:
                yield record, line
                line = reader.line_num + 1
        except csv.Error as error:
            # a quote that is not closed, far from the end, runs into the limit of a cell too
            raise Refused("cell_too_long" if "field limit" in str(error) else "bad_csv", str(line)) from None


def _batches(records: Iterator[tuple[list[str], int]]) -> Iterator[Batch]:
    while found := list(islice(records, _BATCH_ROWS)):
        yield _batch(found)


def _batch(found: Sequence[tuple[list[str], int]]) -> Batch:
    return [row for row, _ in found], [number for _, number in found]


def _best_score(path: Path, encoding: str, delimiter: str, candidates: Sequence[TemplateTitles]) -> int:
    top: list[list[str]] = []
    # quotes that do not pair are refused when the file is read; here the rows before them will do
    with path.open(encoding=encoding, newline="") as handle, suppress(csv.Error):
        top.extend(islice(csv.reader(handle, delimiter=delimiter), HEAD_ROWS))
    headers = [find_header(top, (), t) for t in candidates]
    return max((h.score for h in headers if h is not None), default=0)
