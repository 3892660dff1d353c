"""Ways to write a cell, told apart by the reporting rules and not by the reader: the same value, or a row to reject."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from orchestration.catalogue.templates import Field

Reading = str | int | Decimal | bool | date | None
BLANK = None


@dataclass(frozen=True)
class Formula:
    """A formula cell: its text, and the value kept from the last calculation (None: never calculated)."""

    text: str
    cached: object = None


@dataclass(frozen=True)
class Error:
    """What a failed formula leaves: #N/A and its kind."""

    code: str


@dataclass(frozen=True)
class Day:
    """A day as a workbook keeps it: a number with a date's format, or without one."""

    day: date
    formatted: bool = True

    def serial(self, date1904: bool) -> int:
        if date1904:
            return (self.day - date(1904, 1, 1)).days
        serial = (self.day - date(1899, 12, 30)).days
        return serial if serial > 60 else serial - 1  # the 29 February 1900 that never was


ERRORS = ("#N/A", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#NULL!")


def right(field: Field, value: Reading, codes: Mapping[str, Mapping[str, str]]) -> object:
    """The plain way to write a value: as text, so that CSV and workbooks are alike."""
    if value is None:
        return BLANK
    match field.type:
        case "enum":
            return next(label for label, code in codes[str(field.enum)].items() if code == value)
        case "boolean":
            return "是" if value else "否"
        case "percent":
            assert isinstance(value, Decimal)
            return f"{value * 100:f}%"
        case "date":
            assert isinstance(value, date)
            return value.isoformat()
    return str(value)


def otherwise(rng: random.Random, field: Field, value: Reading, in_workbook: bool, date1904: bool) -> object | None:
    """Another way to write the same value, or None where the field has none."""
    forms: list[object] = []
    match field.type, value:
        case "integer", int():
            forms = [f" {value} ", f"{value:,}", wide(str(value)), f"{value}.0"]
            forms += [value, float(value), Formula("=A1+1", value)] if in_workbook else []
        case "money" | "decimal", Decimal():
            forms = [f"{value:,}", f" {value}　", wide(str(value)), f"+{value}" if value >= 0 else str(value)]
            forms += [float(value), Formula("=SUM(B:B)", float(value))] if in_workbook else []
        case "percent", Decimal():
            hundred = value * 100
            forms = [f"{hundred.normalize():f} %", wide(f"{hundred:f}%")]
            forms += [f"{value:f}", *([f"{hundred:f}"] if hundred > 1 else [])]
            forms += [float(value), Formula("=A1/B1", float(value))] if in_workbook else []
        case "year", int():
            forms = [f" {value}", wide(str(value))] + ([value, float(value)] if in_workbook else [])
        case "date", date():
            day = value
            forms = [f"{day.year}-{day.month}-{day.day}", f"{day:%Y/%m/%d}", f"{day.year}.{day.month}.{day.day}",
                     f"{day.year}年{day.month}月{day.day}日", f"{day:%Y%m%d}", wide(f"{day:%Y-%m-%d}")]  # fmt: skip
            if in_workbook and not (date1904 and day < date(1909, 4, 1)) and day > date(1905, 7, 1):
                forms += [Day(day), Day(day, formatted=False), Formula("=TODAY()", Day(day))]
        case "boolean", bool():
            forms = list(("有", "√", "Y", "y", "1", "true", "TRUE") if value else ("无", "×", "N", "n", "0", "False"))
            forms += [value, int(value)] if in_workbook else []
        case "id_number", str():
            forms = [f" {value}", wide(value), value.lower()]
        case "division", str():
            forms = [f"{value} ", wide(value)] + ([int(value), float(value)] if in_workbook else [])
        case "enum", str():
            return None
    return rng.choice(forms) if forms else None


def wrong(rng: random.Random, field: Field, container: str) -> object:
    """A cell for which the row has to be rejected, in an ``xlsx``, ``xls`` or ``csv``."""
    in_workbook = container != "csv"
    forms: list[object] = ["#N/A", "#REF!"]
    if field.required:
        forms += [BLANK, BLANK, "   ", "　"]
    if in_workbook:
        forms += [Error(rng.choice(ERRORS)), Error("#N/A"), Formula("=VLOOKUP(A1,B:C,2,0)", Error("#N/A"))]
    if container == "xlsx":  # in the old format a formula always has a result
        forms += [Formula("=A1&B1"), Formula("=SUM(A1:A9)")]
    match field.type:
        case "integer":
            forms += ["若干", "1.5", "一", "3人", "0x10", "NaN", "inf", "1e400", "9" * 30, "--1"]
            forms += [1.5, date(2020, 1, 1).isoformat()]
        case "money" | "decimal":
            forms += ["约100", "1.2.3", "NaN", "-inf", "1e400", "9" * 40, "12万", "￥5", "１２元", "1 2", "0x1F"]
        case "percent":
            forms += ["全部", "120%", "101", "-1%", "-0.5", "95%%", "九成"]
        case "year":
            forms += ["1979", "2101", "20", "二〇二〇", "2020.5", "2020-06"] + ([1979, 2020.5] if in_workbook else [])
        case "date":
            forms += ["2022-02-30", "2022-13-01", "2022-00-10", "明天", "1899-12-31", "2101-01-01", "2022", "6/3/2022",
                      "2022-6", "20220230", "2022年6月", "0000-00-00"]  # fmt: skip
            forms += [2022, 800_000, True] if in_workbook else []
        case "boolean":
            forms += ["是否", "2", "否定", "T", "yes", "-1", "对"] + ([2, 0.5] if in_workbook else [])
        case "enum":
            forms += ["不在列表", "general", "其他类", "是的", "1.5"]
        case "division":
            forms += ["41172610020", "4117261002011", "41172610020A", "411726199299", "520581100201", "四一一七"]
            forms += [411726199299, 4.117e11 + 0.5] if in_workbook else []
        case "id_number":
            forms += ["41172619800101", "4117261980010112345", "41172619800101123Y", "无", "4.11726E+17", "0"]
            forms += [411726198001011234.0, 411726800101123] if in_workbook else []
    if field.minimum is not None and field.type in ("integer", "money", "decimal"):
        forms += [str(field.minimum - 1), f"{field.minimum - 1:,}"] + ([int(field.minimum) - 1] if in_workbook else [])
    if field.maximum is not None and field.type in ("integer", "money", "decimal"):
        forms += [str(field.maximum + 1), str(field.maximum * 1000 + 1)]
    return rng.choice(forms)


def wide(text: str) -> str:
    """Full-width characters, as an input method leaves them."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def later(day: date) -> date:
    """A day after the month: warned of, and kept."""
    return day + timedelta(days=40)
