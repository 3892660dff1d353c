"""How sure a sampled rate is, and whether two units' rates can be told apart.

Interval of one rate: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22
(1927) 209–212. Interval of the difference of two rates: R. G. Newcombe, "Interval estimation for the difference between
independent proportions", Statistics in Medicine 17 (1998) 873–890, method 10. Both at 95 %, without a correction for
finite villages, so rather too wide than too narrow. Counts and rates only; nothing here decides about money.
"""

from decimal import Decimal
from math import sqrt

from orchestration.explain.model import Interval

Z = 1.959963984540054
"""The 97.5 % point of the normal distribution."""

PLACES = Decimal("0.000001")


def wilson(numerator: int, denominator: int) -> Interval:
    """The 95 % interval of ``numerator`` out of ``denominator`` (at least 1)."""
    low, high = _limits(numerator, denominator)
    value = Decimal(numerator) / Decimal(denominator)
    return Interval(
        numerator=numerator,
        denominator=denominator,
        value=value.quantize(PLACES),
        low=_places(low),
        high=_places(high),
    )


def difference(own: Interval, other: Interval) -> tuple[Decimal, Decimal]:
    """The 95 % interval of own rate − other rate."""
    p, q = own.numerator / own.denominator, other.numerator / other.denominator
    own_low, own_high = _limits(own.numerator, own.denominator)
    other_low, other_high = _limits(other.numerator, other.denominator)
    low = p - q - sqrt((p - own_low) ** 2 + (other_high - q) ** 2)
    high = p - q + sqrt((own_high - p) ** 2 + (q - other_low) ** 2)
    return _places(low), _places(high)


def turning(own: Interval, other: Interval) -> int | None:
    """How many results of one of the two samples, found otherwise, reverse the order of the two rates.

    From a draw: how many make an order. None where even a whole sample would not.
    """
    counts = [_turning(own, other), _turning(other, own)]
    return min((count for count in counts if count is not None), default=None)


def _turning(moved: Interval, fixed: Interval) -> int | None:
    """Results of ``moved`` that must change for it to pass ``fixed`` (upwards or downwards)."""
    n, d, m, e = moved.numerator, moved.denominator, fixed.numerator, fixed.denominator
    up = m * d // e + 1
    """The smallest count whose rate is above the fixed one's; the largest below is its mirror."""
    down = -(-m * d // e) - 1
    ways = []
    if n * e <= m * d and up <= d:
        ways.append(up - n)
    if n * e >= m * d and down >= 0:
        ways.append(n - down)
    return min(ways, default=None)


def _limits(numerator: int, denominator: int) -> tuple[float, float]:
    p, n = numerator / denominator, denominator
    centre = p + Z * Z / (2 * n)
    half = Z * sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
    scale = 1 + Z * Z / n
    return max(0.0, (centre - half) / scale), min(1.0, (centre + half) / scale)


def _places(value: float) -> Decimal:
    return Decimal(value).quantize(PLACES)
