"""Scores and ranks in exact arithmetic, as the warehouse computes them; and the search for the smallest step.

Semantics, Ranking: standard competition ranking by score descending, equal scores share a rank, alike from the bottom.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

RATIO_PLACES = 10**12
"""The warehouse cuts a ratio after 12 places before it is rounded to a score."""


@dataclass(frozen=True)
class ScoreRule:
    """How an indicator becomes a score: a percent indicator its percent, both rounded half up to ``decimals``."""

    is_percent: bool
    decimals: int

    @property
    def step(self) -> Decimal:
        """The smallest difference two scores can have."""
        return Decimal(1).scaleb(-self.decimals)

    def score(self, numerator: Decimal, denominator: Decimal | None) -> Decimal:
        """The score; ``denominator`` is None for an additive indicator and must not be 0."""
        value = Fraction(numerator)
        if denominator is not None:
            value = cut(value / Fraction(denominator))
        return half_up(value * 100 if self.is_percent else value, self.decimals)


def half_up(value: Fraction, places: int) -> Decimal:
    """The value rounded to so many places, halves away from zero."""
    shown = abs(value) * 10**places
    rounded = (2 * shown.numerator + shown.denominator) // (2 * shown.denominator)
    return Decimal(rounded if value >= 0 else -rounded).scaleb(-places)


def cut(ratio: Fraction) -> Fraction:
    """The ratio cut towards zero after 12 places."""
    places = abs(ratio.numerator) * RATIO_PLACES // ratio.denominator
    return Fraction(places if ratio >= 0 else -places, RATIO_PLACES)


def rank_among(others: Iterable[Decimal], score: Decimal) -> int:
    """The rank of a score among the others'."""
    return 1 + sum(other > score for other in others)


def rank_from_bottom_among(others: Iterable[Decimal], score: Decimal) -> int:
    """The rank from the bottom of a score among the others'."""
    return 1 + sum(other < score for other in others)


def fewest_steps(reaches: Callable[[int], bool], limit: int) -> int | None:
    """The smallest n from 0 to ``limit`` with ``reaches(n)``, which stays true once it is; None if there is none."""
    if reaches(0):
        return 0
    if limit < 1 or not reaches(limit):
        return None
    low, high = 0, 1
    while high < limit and not reaches(high):
        low, high = high, min(high * 2, limit)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if reaches(middle) else (middle, high)
    return high
