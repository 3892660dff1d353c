"""Figures as an office prints them."""

from decimal import Decimal

import pytest

from orchestration.reports import wording


@pytest.mark.parametrize(
    ("ratio", "text"),
    [
        ("0.863", "86.30%"),
        ("0.52345", "52.35%"),
        ("0.005", "0.50%"),
        ("0", "0.00%"),
        ("1.1", "110.00%"),
        (None, "未报送"),
    ],
)
def test_percent_is_rounded_half_up(ratio: str | None, text: str) -> None:
    assert wording.percent(None if ratio is None else Decimal(ratio)) == text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        ("412500", "元", "41.25万元"), ("99999.995", "元", "100000.00元"), ("3600", "元", "3600元"),
        ("3600.5", "元", "3600.50元"),
        ("17", "户", "17户"), ("0", "户", "0户"), ("0.5", "%", "50.00%"), (None, "户", "未报送"),
    ],
)  # fmt: skip
def test_measures_carry_their_unit(value: str | None, unit: str, text: str) -> None:
    assert wording.measured(None if value is None else Decimal(value), unit) == text


@pytest.mark.parametrize(
    ("current", "former", "unit", "text"),
    [
        ("0.523", "0.41", "%", "上升11.30个百分点"), ("0.41", "0.523", "%", "下降11.30个百分点"),
        ("17", "25", "户", "下降8户"),
        ("0.5", "0.500001", "%", "持平"), (None, "1", "户", "—"), ("1", None, "户", "—"), ("3", "3", "人", "持平"),
    ],
)  # fmt: skip
def test_change_is_in_points_for_rates_and_silent_without_a_base(
    current: str | None, former: str | None, unit: str, text: str
) -> None:
    def exact(value: str | None) -> Decimal | None:
        return None if value is None else Decimal(value)

    assert wording.change(exact(current), exact(former), unit) == text


def test_dates_months_and_numerals() -> None:
    assert wording.last_day("2020-02").isoformat() == "2020-02-29"
    assert wording.day(wording.first_day("2022-06")) == "2022年6月1日"
    assert wording.month("2022-06") == "2022年6月"
    assert [wording.numeral(n) for n in (1, 10, 12)] == ["一", "十", "十二"]
    assert wording.listed(["甲", "乙", "丙"], most=2) == "甲、乙等3个"
    assert wording.number(Decimal("-0.001"), 2) == "0.00"
