"""Cells: what each field type reads, and what it refuses."""

from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from intake_office import SEEDS

from orchestration.catalogue.templates import Field, load_codes
from orchestration.intake.cells import Parsed, Reading, normalise, parse_field, parse_period

READING = Reading(load_codes(SEEDS))


def read(kind: str, text: str | None, *, multiplier: int = 1, date1904: bool = False, **limits: object) -> Parsed:
    field_def = Field(name="f", title="列", type=kind, **limits)
    column = normalise(pl.Series("f", [text], dtype=pl.String))
    return parse_field(field_def, column, Reading(READING.codes, date1904), multiplier)


def value(kind: str, text: str, **options: object) -> object:
    parsed = read(kind, text, **options)
    assert parsed.errors[0] is None, parsed.errors[0]
    return parsed.values[0]


def error(kind: str, text: str | None, **options: object) -> str | None:
    parsed = read(kind, text, **options)
    assert parsed.values[0] is None or parsed.errors[0] is None
    return parsed.errors[0]


def warned(parsed: Parsed) -> set[str]:
    return {code for code, mask in parsed.warnings.items() if mask[0]}


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1234.5", "1234.50"),
        ("1,234,567.89", "1234567.89"),
        ("１，２３４．５", "1234.50"),
        ("　12 ", "12.00"),
        ("+3", "3.00"),
        ("-0.5", "-0.50"),
        (".5", "0.50"),
        ("1.2e3", "1200.00"),
        ("0.30000000000000004", "0.30"),
        ("1234.5600000000001", "1234.56"),
        ("123456789012.34", "123456789012.34"),
        ("12345678901234.568", "12345678901234.57"),
    ],
)
def test_money_is_exact_and_float_noise_is_no_decimal(text: str, amount: str) -> None:
    parsed = read("money", text)
    assert parsed.values[0] == Decimal(amount)
    assert parsed.errors[0] is None
    assert warned(parsed) == set()


@pytest.mark.parametrize(("text", "amount"), [("1.005", "1.01"), ("2.344", "2.34"), ("-1.005", "-1.01")])
def test_more_than_two_decimals_are_rounded_half_up_with_a_warning(text: str, amount: str) -> None:
    parsed = read("money", text)
    assert parsed.values[0] == Decimal(amount)
    assert warned(parsed) == {"money_decimals"}


def test_units_of_ten_thousand_convert_exactly_before_rounding() -> None:
    assert value("money", "1.23456", multiplier=10_000) == Decimal("12345.60")
    assert warned(read("money", "1.23456", multiplier=10_000)) == set()
    assert warned(read("money", "1.2345678", multiplier=10_000)) == {"money_decimals"}


@pytest.mark.parametrize("text", ["1,23", "12,34,567", "1 234", "100元", "abc", "--1", "1.2.3", "NaN", "1_000", "¥5"])
def test_what_is_no_number_is_an_error(text: str) -> None:
    for kind in ("money", "decimal", "integer", "percent", "year"):
        assert error(kind, text) == "unreadable_type"


def test_ranges_include_their_bounds() -> None:
    assert error("money", "-0.01", minimum=0) == "out_of_range"
    assert error("money", "-0.001", minimum=0) == "out_of_range"
    assert value("money", "0", minimum=0) == 0
    assert value("integer", "30", minimum=1, maximum=30) == 30
    assert error("integer", "31", minimum=1, maximum=30) == "out_of_range"
    assert error("integer", "99999999999999999999") == "out_of_range"
    assert error("money", "1e30") == "out_of_range"


def test_integers_may_be_written_with_a_zero_fraction_only() -> None:
    assert value("integer", "5.0") == 5
    assert value("integer", "1,200") == 1200
    assert error("integer", "5.5") == "unreadable_type"


@pytest.mark.parametrize(
    ("text", "ratio"),
    [
        ("95%", "0.95"),
        ("95", "0.95"),
        ("0.95", "0.95"),
        ("1", "1"),
        ("100%", "1"),
        ("0.5%", "0.005"),
        ("９５％", "0.95"),
    ],
)
def test_percents_are_ratios(text: str, ratio: str) -> None:
    assert value("percent", text, minimum=0, maximum=1) == Decimal(ratio)


def test_a_percent_beyond_its_range_is_an_error() -> None:
    assert error("percent", "150", minimum=0, maximum=1) == "out_of_range"
    assert error("percent", "101%", minimum=0, maximum=1) == "out_of_range"
    assert error("percent", "-1", minimum=0, maximum=1) == "out_of_range"


@pytest.mark.parametrize(
    "text",
    ["2022-6-3", "2022-06-03", "2022/6/3", "2022.6.3", "2022年6月3日", "20220603", "44715", "44715.75",
     "2022-06-03 08:30:00", "２０２２－６－３"],
)  # fmt: skip
def test_dates_of_every_form(text: str) -> None:
    assert value("date", text) == date(2022, 6, 3)


def test_serials_follow_the_workbooks_calendar() -> None:
    assert value("date", "43253", date1904=True) == date(2022, 6, 3)
    assert value("date", "59") == date(1900, 2, 28)
    assert value("date", "61") == date(1900, 3, 1)
    assert error("date", "60") == "impossible_date"


def test_leap_days_exist_only_in_leap_years() -> None:
    assert value("date", "2020-2-29") == date(2020, 2, 29)
    assert error("date", "2022-2-29") == "impossible_date"
    assert error("date", "19000229") == "impossible_date"


def test_dates_outside_1900_to_2100_cannot_exist() -> None:
    assert value("date", "1900-01-01") == date(1900, 1, 1)
    assert value("date", "2100-12-31") == date(2100, 12, 31)
    assert error("date", "1899-12-31") == "impossible_date"
    assert error("date", "2101-1-1") == "impossible_date"
    assert error("date", "99999") == "impossible_date"


@pytest.mark.parametrize("text", ["2022", "2022-06", "六月三日", "2022-6/3", "3/6/2022", "2022-06-03x"])
def test_what_is_no_date_is_an_error(text: str) -> None:
    assert error("date", text) == "unreadable_type"


def test_years_run_from_1980_to_2100() -> None:
    assert value("year", "1980") == 1980
    assert value("year", "2018年") == 2018
    assert error("year", "1979") == "impossible_year"
    assert error("year", "2101") == "impossible_year"


@pytest.mark.parametrize("text", ["是", "有", "√", "Y", "y", "1", "true", "TRUE", "１"])
def test_true(text: str) -> None:
    assert value("boolean", text) is True


@pytest.mark.parametrize("text", ["否", "无", "×", "N", "n", "0", "false", "False"])
def test_false(text: str) -> None:
    assert value("boolean", text) is False


def test_anything_else_is_no_boolean() -> None:
    assert error("boolean", "不清楚") == "unreadable_type"
    assert value("boolean", " ") is None


def test_an_enum_takes_its_chinese_label_only() -> None:
    assert value("enum", "脱贫户", enum="household_type") == "exited"
    assert error("enum", "exited", enum="household_type") == "out_of_list"
    assert value("enum", "Ａ", enum="housing_grade") == "A"
    assert error("enum", "E", enum="housing_grade") == "out_of_list"


def test_id_numbers_have_15_or_18_places_and_a_check_digit() -> None:
    good = read("id_number", "11010519491231002x")
    assert good.values[0] == "11010519491231002X"
    assert warned(good) == set()
    assert warned(read("id_number", "110105194912310021")) == {"id_check_digit"}
    assert warned(read("id_number", "110105491231002")) == set()
    for text in ("11010519491231002", "1101051949123100211", "11010519491231X021", "4.11726E+17"):
        assert error("id_number", text) == "bad_id_number"


def test_an_id_number_in_a_number_cell_is_refused_whatever_it_looks_like() -> None:
    field_def = Field(name="f", title="列", type="id_number")
    column = pl.Series(["110105194912310021", "110105491231002"])
    parsed = parse_field(field_def, column, READING, is_number=pl.Series([True, False]))
    assert parsed.errors.to_list() == ["id_number_from_float", None]


def test_division_codes_have_twelve_digits() -> None:
    assert value("division", "411726100201") == "411726100201"
    for text in ("411726", "4117261002010", "41172610020X"):
        assert error("division", text) == "unreadable_type"


def test_a_blank_is_null_and_an_error_only_where_required() -> None:
    for kind in ("string", "money", "date", "boolean", "integer"):
        assert value(kind, "　") is None
        assert error(kind, "", required=True) == "required_blank"


def test_a_text_that_stands_in_many_cells_is_read_in_each_of_them() -> None:
    field_def = Field(name="f", title="列", type="money", required=True)
    texts = ["1.255", None, "二", "１．２５５", "7"] * 4 + ["-3"]
    column = normalise(pl.Series("f", texts, dtype=pl.String))
    assert column.to_list() == ["1.255", None, "二", "1.255", "7"] * 4 + ["-3"]
    parsed = parse_field(field_def, column, READING)
    cents = [Decimal("1.26"), None, None, Decimal("1.26"), Decimal("7.00")] * 4 + [Decimal("-3.00")]
    assert parsed.values.to_list() == cents
    assert parsed.errors.to_list() == [None, "required_blank", "unreadable_type", None, None] * 4 + [None]
    assert parsed.warnings["money_decimals"].to_list() == [True, False, False, True, False] * 4 + [False]
    assert parsed.exact.to_list()[:5] == [Decimal("1.255"), None, None, Decimal("1.255"), Decimal(7)]


def test_a_formula_error_is_a_value_of_no_type() -> None:
    for kind in ("string", "money", "boolean"):
        assert error(kind, "#N/A") == "unreadable_type"


def test_text_is_kept_after_nfkc() -> None:
    assert value("string", " 示例（一）　") == "示例(一)"


def test_only_amounts_above_the_limit_are_warned_of() -> None:
    assert warned(read("money", "1000000", warn_above=1_000_000)) == set()
    assert warned(read("money", "1000000.01", warn_above=1_000_000)) == {"income_above_limit"}


def test_periods_of_every_form() -> None:
    forms = ["2022-06", "2022/6", "2022年6月", "202206", "2022-06-01", "2022-06-30 00:00:00", "２０２２－０６"]
    parsed = parse_period(normalise(pl.Series(forms)))
    assert parsed.values.to_list() == ["2022-06"] * len(forms)
    assert parse_period(pl.Series(["2022-13", "六月"])).errors.to_list() == ["unreadable_type"] * 2
