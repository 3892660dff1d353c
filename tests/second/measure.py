"""An indicator's contributions at their own divisions, and their way up the tree."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

from second.month import Month

Number = Fraction | int


@dataclass
class Measure:
    """Numerator and denominator by own division; a quantity has no denominator.

    ``needs`` are the templates a division must have handed in; ``only`` narrows them further.
    """

    needs: tuple[str, ...]
    ratio: bool = True
    own: dict[str, list[Fraction]] = field(default_factory=dict)
    only: frozenset[str] | None = None

    def add(self, division: str, numerator: Number, denominator: Number = 0) -> None:
        pair = self.own.setdefault(division, [Fraction(0), Fraction(0)])
        pair[0] += numerator
        pair[1] += denominator

    def tally(self, division: str, hit: bool | None) -> None:
        """One more in the denominator and, where it holds, in the numerator; an unknown in neither."""
        if hit is not None:
            self.add(division, int(hit), 1)


@dataclass(frozen=True)
class Cell:
    """One value of one indicator for one division and month."""

    numerator: Fraction | None
    denominator: Fraction | None
    value: Fraction | None
    coverage: Fraction
    state: str


def cell(numerator: Fraction, denominator: Fraction | None, coverage: Fraction) -> Cell:
    """Value and state of summed halves, by coverage."""
    if coverage == 0:
        return Cell(None, None, None, coverage, "missing")
    if denominator == 0:
        return Cell(numerator, denominator, None, coverage, "not_applicable")
    value = numerator if denominator is None else numerator / denominator
    return Cell(numerator, denominator, value, coverage, "value" if coverage == 1 else "partial")


def coverages(month: Month, covered: Iterable[str]) -> dict[str, Fraction]:
    """Covered villages over villages, by division; without villages the division is the one unit."""
    inside = frozenset(covered)
    found = {}
    for code, villages in month.tree.villages.items():
        units = villages or [code]
        found[code] = Fraction(sum(unit in inside for unit in units), len(units))
    return found


def roll_up(month: Month, measure: Measure) -> dict[str, Cell]:
    """The indicator for every division of the month's tree."""
    covered = month.covered(measure.needs)
    if measure.only is not None:
        covered &= measure.only
    total = {code: [Fraction(0), Fraction(0)] for code in month.tree.nodes}
    for code, (numerator, denominator) in measure.own.items():
        if code in covered:
            for above in month.tree.chain(code):
                total[above][0] += numerator
                total[above][1] += denominator
    return {
        code: cell(total[code][0], total[code][1] if measure.ratio else None, coverage)
        for code, coverage in coverages(month, covered).items()
    }
