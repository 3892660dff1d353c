"""Intervals against published examples, and the turning of an order against trying every count."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.explain.samples import difference, turning, wilson

samples = st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.parametrize(
    ("numerator", "denominator", "low", "high"),
    [
        (81, 263, "0.2553", "0.3662"),
        (15, 148, "0.0624", "0.1605"),
        (0, 20, "0.0000", "0.1611"),
        (1, 29, "0.0061", "0.1718"),
    ],
)
def test_wilson_as_published(numerator: int, denominator: int, low: str, high: str) -> None:
    """Newcombe, Statistics in Medicine 17 (1998) 857–872, table I, method 3."""
    interval = wilson(numerator, denominator)
    assert [round(interval.low, 4), round(interval.high, 4)] == [Decimal(low), Decimal(high)]


@pytest.mark.parametrize(
    ("own", "other", "low", "high"),
    [
        ((56, 70), (48, 80), "0.0524", "0.3339"),
        ((9, 10), (3, 10), "0.1705", "0.8090"),
        ((5, 56), (0, 29), "-0.0381", "0.1926"),
        ((10, 10), (0, 10), "0.6075", "1.0000"),
    ],
)
def test_difference_as_published(own, other, low: str, high: str) -> None:
    """Newcombe, Statistics in Medicine 17 (1998) 873–890, table II, method 10."""
    limits = difference(wilson(*own), wilson(*other))
    assert [round(limit, 4) for limit in limits] == [Decimal(low), Decimal(high)]


def sign(own: tuple[int, int], other: tuple[int, int]) -> int:
    left, right = own[0] * other[1], other[0] * own[1]
    return (left > right) - (left < right)


@given(samples, samples)
def test_the_order_turns_with_exactly_that_many_results(own, other) -> None:
    now = sign(own, other)

    def turned(changed: int) -> bool:
        tries = [((n, own[1]), other) for n in (own[0] - changed, own[0] + changed) if 0 <= n <= own[1]]
        tries += [(own, (n, other[1])) for n in (other[0] - changed, other[0] + changed) if 0 <= n <= other[1]]
        return any(sign(a, b) == -now if now else sign(a, b) != 0 for a, b in tries)

    expected = next((changed for changed in range(1, 61) if turned(changed)), None)
    assert turning(wilson(*own), wilson(*other)) == expected


def test_one_household_decides_between_two_villages_that_look_apart() -> None:
    """35 of 36 and 47 of 48 households identified correctly: the order says more than the samples do."""
    own, other = wilson(35, 36), wilson(47, 48)
    low, high = difference(own, other)
    assert low < 0 < high
    assert turning(own, other) == 1
