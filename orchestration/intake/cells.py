"""From normalised text to typed values: one function per field type, a whole column at a time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import polars as pl

from orchestration.catalogue.templates import LAKE_TYPES, Field
from orchestration.intake.decimals import parse_decimals, round_half_up
from orchestration.intake.sheets import ERROR_TEXTS, UNCALCULATED

TRUE_LABELS = ("是", "有", "√", "y", "1", "true")
FALSE_LABELS = ("否", "无", "×", "n", "0", "false")
FIRST_DATE, LAST_DATE = date(1900, 1, 1), date(2100, 12, 31)
FIRST_YEAR, LAST_YEAR = 1980, 2100

_TIME = r"(?:[ T][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)?"
_DATE_FORMS = (
    rf"^([0-9]{{4}})-([0-9]{{1,2}})-([0-9]{{1,2}}){_TIME}$",
    rf"^([0-9]{{4}})/([0-9]{{1,2}})/([0-9]{{1,2}}){_TIME}$",
    rf"^([0-9]{{4}})\.([0-9]{{1,2}})\.([0-9]{{1,2}}){_TIME}$",
    rf"^([0-9]{{4}})年([0-9]{{1,2}})月([0-9]{{1,2}})日{_TIME}$",
    r"^([0-9]{4})([0-9]{2})([0-9]{2})$",
)
_SERIAL = r"^([0-9]{1,6})(?:\.[0-9]+)?$"
_EPOCH_1900 = date(1899, 12, 30).toordinal()
_EPOCH_1904 = date(1904, 1, 1).toordinal()
_UNIX = date(1970, 1, 1).toordinal()
_PERIOD_FORMS = (
    rf"^([0-9]{{4}})[-/.]([0-9]{{1,2}})(?:[-/.][0-9]{{1,2}}{_TIME})?$",
    r"^([0-9]{4})年([0-9]{1,2})月(?:[0-9]{1,2}日)?$",
    r"^([0-9]{4})([0-9]{2})$",
)


@dataclass(frozen=True)
class Reading:
    """How the cells of a file are to be read."""

    codes: Mapping[str, Mapping[str, str]]
    date1904: bool = False
    retired: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Labels no longer in use in the file's month: code list -> label -> the label in its place."""


@dataclass(frozen=True)
class Parsed:
    """A typed column: ``values`` in the lake's type, NULL where blank or wrong.

    errors    code of the row error per cell, or NULL
    warnings  code -> which cells it applies to
    exact     the numbers before rounding, which is what limits apply to
    """

    values: pl.Series
    errors: pl.Series
    warnings: Mapping[str, pl.Series] = field(default_factory=dict)
    exact: pl.Series | None = None


def normalise(text: pl.Series) -> pl.Series:
    """NFKC, outer white space off, blank to NULL."""
    values, places = _each_once(text)
    cleaned = values.str.normalize("NFKC").str.strip_chars()
    return _spread(cleaned.set(cleaned == "", None), places)


def parse_field(
    field_def: Field, text: pl.Series, reading: Reading, multiplier: int = 1, is_number: pl.Series | None = None
) -> Parsed:
    """Type a column of normalised text as ``field_def`` says; ``multiplier`` is its unit's (万元: 10000).

    ``is_number`` tells for an id number which cells held a number, whose last digits are lost.
    """
    if is_number is not None:
        return _parse(field_def, text, reading, multiplier, is_number)
    values, places = _each_once(text)
    parsed = _parse(field_def, values, reading, multiplier, None)
    return Parsed(
        _spread(parsed.values, places),
        _spread(parsed.errors, places),
        {code: _spread(which, places) for code, which in parsed.warnings.items()},
        None if parsed.exact is None else _spread(parsed.exact, places),
    )


def _each_once(text: pl.Series) -> tuple[pl.Series, pl.Series | None]:
    """The texts of a column, each once, and where every cell's is among them; None where hardly any is repeated."""
    values = text.unique()
    if len(values) * 2 > len(text):
        return text, None
    numbered = pl.DataFrame({"text": values}).with_row_index("place")
    cells = pl.DataFrame({"text": text})
    return values, cells.join(numbered, on="text", how="left", nulls_equal=True, maintain_order="left")["place"]


def _spread(values: pl.Series, places: pl.Series | None) -> pl.Series:
    return values if places is None else values.gather(places)


def _parse(field_def: Field, text: pl.Series, reading: Reading, multiplier: int, is_number: pl.Series | None) -> Parsed:
    if field_def.type == "id_number":
        parsed = _id_number(text, is_number)
    elif field_def.type == "money":
        parsed = _money(text, multiplier)
    elif field_def.type == "date":
        parsed = _date(text, reading.date1904)
    elif field_def.type == "enum":
        labels = {str(normalise(pl.Series([k]))[0]): v for k, v in reading.codes[field_def.enum or ""].items()}
        parsed = _labels(text, labels, pl.String(), "out_of_list")
        if not field_def.pii:  # of a personal value not even its list is told
            former = text.is_in(list(reading.retired.get(field_def.enum or "", ())))
            parsed = Parsed(parsed.values, _first(_when(former, "retired_label"), parsed.errors))
    else:
        parsed = _SIMPLE[field_def.type](text)
    errors = _first(
        _when(text == UNCALCULATED, "formula_not_calculated"),
        _when(text.is_in(ERROR_TEXTS), "unreadable_type"),
        parsed.errors,
    )
    values = parsed.values.set(errors.is_not_null(), None)
    limited = values if parsed.exact is None else parsed.exact
    errors = _first(errors, _when(_outside(limited, field_def), "out_of_range"))
    if field_def.required:
        errors = _first(errors, _when(text.is_null(), "required_blank"))
    values = values.set(errors.is_not_null(), None).cast(LAKE_TYPES[field_def.type])
    warnings = dict(parsed.warnings)
    if field_def.warn_above is not None:
        warnings["income_above_limit"] = (values > field_def.warn_above).fill_null(False)
    return Parsed(values, errors, warnings, parsed.exact)


def parse_period(text: pl.Series) -> Parsed:
    """期别 as YYYY-MM: ``2022-06``, ``2022/6``, ``2022年6月``, ``202206``, or a date (its month)."""
    year, month = _groups(text, _PERIOD_FORMS, 2)
    good = (year.is_between(1900, 2100) & month.is_between(1, 12)).fill_null(False)
    values = pl.select(
        pl.when(good).then(pl.format("{}-{}", pl.lit(year), pl.lit(month).cast(pl.String).str.zfill(2)))
    ).to_series()
    return Parsed(values, _when(text.is_not_null() & values.is_null(), "unreadable_type"))


def _string(text: pl.Series) -> Parsed:
    return Parsed(text, _none(text))


def _division(text: pl.Series) -> Parsed:
    good = text.str.contains(r"^[0-9]{12}$")
    return Parsed(text.set(~good, None), _when(~good, "unreadable_type"))


def _id_number(text: pl.Series, is_number: pl.Series | None) -> Parsed:
    upper = text.str.to_uppercase()
    good = upper.str.contains(r"^(?:[0-9]{15}|[0-9]{17}[0-9X])$")
    errors = _when(~good, "bad_id_number")
    if is_number is not None:
        errors = _first(_when(is_number & text.is_not_null(), "id_number_from_float"), errors)
    return Parsed(upper, errors, {"id_check_digit": ~_check_digit_right(upper.set(errors.is_not_null(), None))})


def _check_digit_right(ids: pl.Series) -> pl.Series:
    """GB 11643: weights 2^(17-i) mod 11; true for 15-digit numbers and NULL, which have none."""
    frame = pl.DataFrame({"id": ids})
    digit = [pl.col("id").str.slice(i, 1).cast(pl.Int32, strict=False) for i in range(17)]
    total = pl.sum_horizontal(digit[i] * (pow(2, 17 - i) % 11) for i in range(17))
    expected = pl.lit(pl.Series(list("10X98765432"))).gather(total % 11)
    right = (pl.col("id").str.len_chars() != 18) | (pl.col("id").str.slice(17, 1) == expected)
    return frame.select(right.fill_null(True)).to_series()


def _integer(text: pl.Series) -> Parsed:
    values, readable = parse_decimals(text)
    whole = (values == values.round(0)).fill_null(False)
    errors = _first(
        _when(text.is_not_null() & ~readable, "unreadable_type"),
        _when(readable & values.is_null(), "out_of_range"),
        _when(readable & ~whole, "unreadable_type"),
    )
    return Parsed(values.set(~whole, None).cast(pl.Int64), errors)


def _year(text: pl.Series) -> Parsed:
    parsed = _integer(text.str.strip_suffix("年"))
    exists = parsed.values.is_between(FIRST_YEAR, LAST_YEAR)
    return Parsed(
        parsed.values.set(~exists, None).cast(pl.Int32), _first(parsed.errors, _when(~exists, "impossible_year"))
    )


def _money(text: pl.Series, multiplier: int) -> Parsed:
    values, errors = _decimal_values(text, Decimal(10) ** 15)
    exact = values * multiplier
    too_large = exact.abs() >= Decimal(10) ** 16
    rounded = round_half_up(exact.set(too_large, None), 2)
    more = (rounded != exact).fill_null(False)
    return Parsed(
        rounded.cast(LAKE_TYPES["money"]),
        _first(errors, _when(too_large, "out_of_range")),
        {"money_decimals": more},
        exact,
    )


def _decimal(text: pl.Series) -> Parsed:
    values, errors = _decimal_values(text, Decimal(10) ** 17)
    return Parsed(round_half_up(values, 6), errors, exact=values)


def _percent(text: pl.Series) -> Parsed:
    """A ratio: ``95%`` and ``95`` are 0.95; a number up to 1 is a ratio already."""
    has_sign = text.str.ends_with("%")
    values, errors = _decimal_values(text.str.strip_suffix("%").str.strip_chars_end(), Decimal(10) ** 6)
    frame = pl.DataFrame({"v": values, "sign": has_sign})
    ratio = frame.select(
        pl.when(pl.col("sign") | (pl.col("v") > 1)).then(pl.col("v") * Decimal("0.01")).otherwise("v")
    ).to_series()
    return Parsed(round_half_up(ratio, 8), errors, exact=ratio)


def _decimal_values(text: pl.Series, limit: Decimal) -> tuple[pl.Series, pl.Series]:
    values, readable = parse_decimals(text)
    too_large = (values.abs() >= limit).fill_null(True)
    errors = _first(
        _when(text.is_not_null() & ~readable, "unreadable_type"), _when(readable & too_large, "out_of_range")
    )
    return values.set(too_large, None), errors


def _boolean(text: pl.Series) -> Parsed:
    labels = {label: True for label in TRUE_LABELS} | {label: False for label in FALSE_LABELS}
    return _labels(text.str.to_lowercase(), labels, pl.Boolean(), "unreadable_type")


def _labels(text: pl.Series, labels: Mapping[str, object], kind: pl.DataType, error: str) -> Parsed:
    values = text.replace_strict(labels, default=None, return_dtype=kind)
    return Parsed(values, _when(text.is_not_null() & values.is_null(), error))


def _date(text: pl.Series, date1904: bool) -> Parsed:
    """Dates of the five written forms, or a spreadsheet's serial number.

    A bare number between 1900 and 2100 is a year somebody typed, not a serial, and no date.
    """
    year, month, day = _groups(text, _DATE_FORMS, 3)
    written = year.is_not_null()
    iso = pl.select(
        pl.when(pl.lit(written)).then(
            pl.format(
                "{}-{}-{}",
                pl.lit(year),
                pl.lit(month).cast(pl.String).str.zfill(2),
                pl.lit(day).cast(pl.String).str.zfill(2),
            )
        )
    ).to_series()
    serial = text.set(written, None).str.extract(_SERIAL).cast(pl.Int32)
    is_serial = (serial.is_not_null() & ~serial.is_between(1900, 2100)).fill_null(False)
    values = pl.select(pl.coalesce(iso.str.to_date("%Y-%m-%d", strict=False), _serial_dates(serial, date1904)))
    dates = values.to_series()
    dates = dates.set(~dates.is_between(FIRST_DATE, LAST_DATE), None)
    errors = _first(
        _when(text.is_not_null() & ~written & ~is_serial, "unreadable_type"),
        _when(text.is_not_null() & dates.is_null(), "impossible_date"),
    )
    return Parsed(dates.set(errors.is_not_null(), None), errors)


def _serial_dates(serial: pl.Series, date1904: bool) -> pl.Series:
    """Days of the spreadsheet's calendar; the 1900 one has a 29 February 1900 that never was."""
    frame = pl.DataFrame({"n": serial.cast(pl.Int64)})
    n = pl.col("n")
    if date1904:
        days = n + (_EPOCH_1904 - _UNIX)
    else:
        days = (
            pl.when(n > 60)
            .then(n + (_EPOCH_1900 - _UNIX))
            .when(n.is_between(1, 59))
            .then(n + (_EPOCH_1900 + 1 - _UNIX))
        )
    return frame.select(days.cast(pl.Int32).cast(pl.Date)).to_series()


def _groups(text: pl.Series, forms: tuple[str, ...], count: int) -> list[pl.Series]:
    """The numbered groups of the first form that matches, as integers."""
    frame = pl.DataFrame({"t": text})
    return [
        frame.select(pl.coalesce(pl.col("t").str.extract(form, g + 1) for form in forms).cast(pl.Int32)).to_series()
        for g in range(count)
    ]


def _outside(values: pl.Series, field_def: Field) -> pl.Series:
    outside = pl.Series([False]).new_from_index(0, len(values))
    if field_def.minimum is not None:
        outside |= (values < field_def.minimum).fill_null(False)
    if field_def.maximum is not None:
        outside |= (values > field_def.maximum).fill_null(False)
    return outside


def _when(mask: pl.Series, code: str) -> pl.Series:
    """``code`` where the mask is true, else NULL."""
    return pl.select(pl.when(mask.fill_null(False)).then(pl.lit(code))).to_series()


def _first(*codes: pl.Series) -> pl.Series:
    return pl.select(pl.coalesce(*codes)).to_series()


def _none(text: pl.Series) -> pl.Series:
    return pl.Series([None], dtype=pl.String).new_from_index(0, len(text))


_SIMPLE: Mapping[str, Callable[[pl.Series], Parsed]] = {
    "string": _string,
    "division": _division,
    "integer": _integer,
    "year": _year,
    "decimal": _decimal,
    "percent": _percent,
    "boolean": _boolean,
}
