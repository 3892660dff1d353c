"""Small counts of people withheld on a tree of divisions, and so many with them that no subtraction gives them back.

A *quantity* is a count at each division, adding up the tree. A cell is withheld first because it is small (1 to
``small`` persons or households); then others, until what is published leaves two or more unknown cells in every sum,
and no sum of unknown cells that can be worked out is itself small. Quantities that one reader sees together (a rate
gives its numerator and what is missing to its denominator) are withheld in the same divisions.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

Quantity = Mapping[str, Decimal | int | None]
"""Division code → count; a division without a value is absent or None and is not published anyway."""


def withheld(quantities: Sequence[Quantity], parents: Mapping[str, str | None], small: int) -> set[str]:
    """Divisions whose cells are not published, for quantities that are published together.

    parents  division → the one it adds up to; a parent outside the quantities is no sum of the table
    small    largest count that is withheld for itself (0 is published: nobody is nobody)
    """
    hidden = {
        code for quantity in quantities for code, value in quantity.items() if value is not None and 0 < value <= small
    }
    if not hidden:
        return hidden
    tables = [_Table(quantity, parents, small) for quantity in quantities]
    grown = True
    while grown:
        before = len(hidden)
        for table in tables:
            table.protect(hidden)
        grown = len(hidden) > before
    return hidden


class _Table:
    """One quantity on the tree."""

    def __init__(self, quantity: Quantity, parents: Mapping[str, str | None], small: int) -> None:
        self._values = {code: Decimal(value) for code, value in quantity.items() if value is not None}
        self._small = small
        self._children: dict[str, list[str]] = {}
        for code in sorted(self._values):
            parent = parents.get(code)
            if parent is not None and parent in self._values:
                self._children.setdefault(parent, []).append(code)
        self._upwards = sorted(self._children, key=lambda code: (-_depth(code, parents), code))
        """Sums in an order that mends the deep ones first."""

    def protect(self, hidden: set[str]) -> None:
        """Add to ``hidden`` until every sum of this table holds."""
        changed = True
        while changed:
            changed = False
            for parent in self._upwards:
                while self._protect_sum(parent, hidden):
                    changed = True

    def _protect_sum(self, parent: str, hidden: set[str]) -> bool:
        children = self._children[parent]
        inside = [code for code in children if code in hidden]
        if parent in hidden:
            return not inside and self._hide_one(children, hidden, parent)
        if not inside or (len(inside) > 1 and not self._is_small(self._unknown(inside, hidden))):
            return False
        return self._hide_one([code for code in children if code not in hidden], hidden, parent)

    def _hide_one(self, candidates: Iterable[str], hidden: set[str], parent: str) -> bool:
        """Withhold the smallest count that is not nobody; with none left, the sum itself."""
        ordered = sorted(candidates, key=lambda code: (self._values[code] == 0, self._values[code], code))
        chosen = ordered[0] if ordered else parent
        if chosen in hidden:
            return False
        hidden.add(chosen)
        return True

    def _unknown(self, codes: Iterable[str], hidden: set[str]) -> Decimal:
        """The least sum a reader can work out for these unknown cells: each opened down to what is unknown in it."""
        total = Decimal(0)
        for code in codes:
            inside = [child for child in self._children.get(code, []) if child in hidden]
            total += self._unknown(inside, hidden) if inside else self._values[code]
        return total

    def _is_small(self, total: Decimal) -> bool:
        return 0 < total <= self._small


def _depth(code: str, parents: Mapping[str, str | None]) -> int:
    steps, above = 0, parents.get(code)
    while above is not None:
        steps, above = steps + 1, parents.get(above)
    return steps


def published_together(quantities: Mapping[str, Sequence[Quantity]]) -> list[list[str]]:
    """Groups of indicators of which one gives the other: a count that equals another's numerator or what it lacks.

    ``quantities``: indicator → its published counts, the numerator (or the count itself) first, then what is missing to
    the denominator, then the denominator. Denominators alone tie nothing: they are not published.
    """
    groups: list[set[str]] = []
    seen: dict[tuple, str] = {}
    single = {code for code, counts in quantities.items() if len(counts) == 1}
    ties: list[tuple[str, str]] = []
    for strong in (True, False):
        for code, counts in quantities.items():
            for count in counts[:2] if strong else counts[2:]:
                key = tuple(sorted((place, value) for place, value in count.items() if value))
                if not key:
                    continue
                if strong:
                    ties.append((seen.setdefault(key, code), code))
                elif seen.get(key) in single:
                    ties.append((seen[key], code))
    for first, second in ties:
        touching = [group for group in groups if first in group or second in group]
        groups = [group for group in groups if group not in touching]
        groups.append({first, second}.union(*touching))
    alone = [{code} for code in quantities if not any(code in group for group in groups)]
    return [sorted(group) for group in [*groups, *alone]]
