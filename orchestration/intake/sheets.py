"""What a reader of one kind of file hands over: the top of a sheet, and the rows below it in batches."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from orchestration.intake.headers import MAX_TITLE_ROWS, Merge

HEAD_ROWS = MAX_TITLE_ROWS + 2
"""Rows in which a header is looked for: ten title rows and two header rows."""

ERROR_TEXTS = ("#N/A", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!")
"""What a spreadsheet shows where a formula failed: never a value, not even of a text column."""

UNCALCULATED = "#未计算!"
"""Stands for a formula that was saved without its result."""

Batch = tuple[Sequence[Sequence[Any]], Sequence[int]]
"""Rows, and the row of the sheet or the line of the file each starts at."""


class Refused(Exception):
    """A file cannot be read; ``code`` and ``detail`` are those of the refusal."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


@dataclass(frozen=True)
class Sheet:
    """A sheet or a CSV file: its first ``HEAD_ROWS`` rows, and all that follow, which are read once."""

    name: str | None
    top: Batch
    rest: Iterator[Batch]
    merges: Sequence[Merge] = ()

    def below(self, header_row: int) -> Iterator[Batch]:
        """The rows under the header, given as a position among the first rows."""
        rows, numbers = self.top
        yield rows[header_row + 1 :], numbers[header_row + 1 :]
        yield from self.rest
