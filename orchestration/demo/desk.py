"""The desk of a reporting office: turns rows into files with names and receipt times."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from orchestration.catalogue.templates import Template
from orchestration.demo.sheets import DemoFile, Row, Sheet, csv_bytes, file_name, workbook_bytes


def at(day: date, clock: str) -> datetime:
    """A receipt time: ``at(date(2018, 7, 4), "10:00")``."""
    return datetime.combine(day, time.fromisoformat(clock))


class Desk:
    """Collects the files of one place, in any order; each carries the time it was received."""

    def __init__(self, templates: Mapping[str, Template], names: Mapping[str, str]) -> None:
        self._templates = templates
        self._names = names
        self.files: list[DemoFile] = []

    def sheet(self, template: str, rows: Sequence[Row], period: str, scope: str, **layout: Any) -> Sheet:
        return Sheet(self._templates[template], rows, period, self._names[scope], **layout)

    def workbook(
        self, received: datetime, template: str, rows: Sequence[Row], period: str, scope: str, **layout: Any
    ) -> DemoFile:
        """Files an .xlsx; ``layout`` as in ``Sheet``; ``suffix`` replaces ``.xlsx`` in its name, ``name`` all of it."""
        suffix, name = layout.pop("suffix", ".xlsx"), layout.pop("name", None)
        sheet = self.sheet(template, rows, period, scope, **layout)
        return self.put(DemoFile(received, name or file_name(sheet, scope, suffix), workbook_bytes(sheet)))

    def text(
        self, received: datetime, template: str, rows: Sequence[Row], period: str, scope: str,
        encoding: str = "utf-8-sig", delimiter: str = ",", code: str | None = None,
    ) -> DemoFile:  # fmt: skip
        """Files a CSV; ``code`` is the scope as the file's name writes it, perhaps shortened."""
        sheet = self.sheet(template, rows, period, scope)
        name = file_name(sheet, code or scope, ".csv")
        return self.put(DemoFile(received, name, csv_bytes(sheet, encoding, delimiter)))

    def put(self, file: DemoFile) -> DemoFile:
        self.files.append(file)
        return file
