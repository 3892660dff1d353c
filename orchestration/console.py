"""What the command line shows: tables, a line of progress on a terminal, one-line errors."""

import csv
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from datetime import date, datetime, timedelta
from decimal import Decimal
from math import isfinite
from pathlib import Path
from typing import Any

from orchestration.errors import GuatuError
from orchestration.inert import inert

OUTCOMES = {"accepted": "接收", "partial": "部分接收", "refused": "退回", "duplicate": "重复"}


def say(text: str) -> None:
    """A line of result on standard output."""
    print(text, flush=True)


def complain(chinese: str, english: str) -> None:
    """A line of error on standard error."""
    print(" ".join(f"{chinese} / {english}".split()), file=sys.stderr, flush=True)


def outcome_words(outcome: str) -> str:
    """The outcome's code with its Chinese word."""
    return f"{outcome}({OUTCOMES.get(outcome, outcome)})"


def print_table(headers: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """A table as wide as the terminal; into a file or a pipe as wide as it needs, nothing cut off."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(show_edge=False)
    for header in headers:
        table.add_column(Text(header))
    for row in rows:
        table.add_row(*(Text(cell_text(value)) for value in row))
    console = Console() if sys.stdout.isatty() else Console(width=100_000)
    console.print(table)


def cell_text(value: Any) -> str:
    """A value as text: exact decimals without an exponent, empty for NULL."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    return str(value)


def json_rows(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """A JSON array with one object a row; decimals are numbers with every digit they have."""
    names = [json.dumps(column, ensure_ascii=False) for column in columns]
    lines = [
        "{" + ", ".join(f"{name}: {_json(value)}" for name, value in zip(names, row, strict=True)) + "}" for row in rows
    ]
    return "[" + ",\n ".join(lines) + "]"


def _json(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}" if value.is_finite() else "null"
    if isinstance(value, float) and not isfinite(value):
        return "null"
    if isinstance(value, (date, datetime, timedelta, bytes)):
        return json.dumps(cell_text(value), ensure_ascii=False)
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_json(item) for item in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(str(k))}: {_json(v)}" for k, v in value.items()) + "}"
    return json.dumps(value, ensure_ascii=False, default=str)


def write_xlsx(path: Path, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """A workbook of one sheet; text is written as text, so that nothing in it runs as a formula."""
    import xlsxwriter

    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as workbook:
        bold = workbook.add_format({"bold": True})
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        moment = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        sheet = workbook.add_worksheet("查询结果")
        for position, name in enumerate(columns):
            sheet.write_string(0, position, name, bold)
        for number, row in enumerate(rows, start=1):
            for position, value in enumerate(row):
                if isinstance(value, bool):
                    sheet.write_boolean(number, position, value)
                elif isinstance(value, (int, float, Decimal)) and abs(value) < 10**15:
                    sheet.write_number(number, position, value)
                elif isinstance(value, datetime):
                    sheet.write_datetime(number, position, value, moment)
                elif isinstance(value, date):
                    sheet.write_datetime(number, position, value, day)
                elif value is not None:
                    sheet.write_string(number, position, cell_text(value))
        sheet.freeze_panes(1, 0)
        if columns:
            sheet.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)
        sheet.autofit()


@contextmanager
def progress_line(text: str) -> Iterator[Callable[[str], None]]:
    """A spinner with changing text on a terminal; silent elsewhere."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console

    with Console(stderr=True).status(text) as status:
        yield lambda words: status.update(words)


def read_moment(text: str, end_of_day: bool = False) -> datetime:
    """An ISO 8601 date or time as naive Asia/Shanghai; a date alone is its first, or last, moment.

    Raises GuatuError ``bad_time``.
    """
    from orchestration.settings import TIMEZONE

    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise GuatuError(
            "bad_time",
            f"时间“{text}”无法识别,请写成 2022-07-05 或 2022-07-05T09:30:00(北京时间)。",
            f"time {text!r} cannot be read; write 2022-07-05 or 2022-07-05T09:30:00 (Asia/Shanghai)",
            exit_code=2,
        ) from error
    if moment.tzinfo is not None:
        return moment.astimezone(TIMEZONE).replace(tzinfo=None)
    if end_of_day and len(text.strip()) <= 10:
        return moment + timedelta(days=1) - timedelta(microseconds=1)
    return moment


def _csv_text(value: Any) -> str:
    """A value as CSV has it: numbers as they are, no text that would become a formula or begin a line of its own."""
    if not isinstance(value, str):
        return cell_text(value)
    return inert(value.replace("\r\n", "\n").replace("\r", "\n"))


def print_result(columns: Sequence[str], rows: Sequence[Sequence[Any]], format: str, out: Path | None) -> None:
    """A query's result as ``table``, ``csv``, ``json`` or ``xlsx``, on standard output or into ``out``."""
    if format == "xlsx" and out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        write_xlsx(out, columns, rows)
        return
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        with out.open("w", encoding="utf-8", newline="") as file, redirect_stdout(file):
            print_result(columns, rows, format, None)
    elif format == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow([_csv_text(column) for column in columns])
        writer.writerows([[_csv_text(value) for value in row] for row in rows])
    elif format == "json":
        print(json_rows(columns, rows))
    else:
        print_table(columns, rows)
