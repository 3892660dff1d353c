"""Rankings by weighted items: which single item closes a gap with the smallest move, and the fewest items together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from orchestration.explain.model import Move, Step
from orchestration.explain.moves import Goal, why_out_of_reach
from orchestration.explain.ranks import cut, fewest_steps, half_up, rank_among, rank_from_bottom_among

ITEM_PLACES = 10
"""The warehouse rounds an item's rate to so many places before it is weighted."""


@dataclass(frozen=True)
class WeightedItem:
    """An item's rate numerator / denominator, how it counts, and how finely its numerator can be moved.

    lower  the lower the better: the item counts with 1 − rate and improves downwards
    """

    item: str
    title: str
    weight: Decimal
    numerator: Decimal
    denominator: Decimal | None
    value: Decimal
    lower: bool
    step: Decimal
    unit: str
    movable: bool

    @property
    def limit(self) -> int:
        """Steps of improvement until the rate is at its end (0 or 1); none for what cannot be moved."""
        if not self.movable or self.denominator is None:
            return 0
        room = self.numerator if self.lower else self.denominator - self.numerator
        return max(0, int(room / self.step))

    def change(self, steps: int) -> Decimal:
        """What is added to the numerator: negative where lower is better."""
        return -steps * self.step if self.lower else steps * self.step

    def points(self, steps: int = 0) -> Fraction:
        """What the item counts in the score after so many steps."""
        value = Fraction(self.value)
        if steps and self.denominator is not None:
            value = cut(Fraction(self.numerator + self.change(steps)) / Fraction(self.denominator))
        return Fraction(half_up(1 - value if self.lower else value, ITEM_PLACES)) * Fraction(self.weight)


def weighted_score(items: Sequence[WeightedItem], steps: Mapping[str, int], decimals: int) -> Decimal:
    """The sum of the items' points after the steps, rounded half up."""
    return half_up(sum((item.points(steps.get(item.item, 0)) for item in items), Fraction(0)), decimals)


def weighted_moves(
    goal: Goal, own: Decimal, items: Sequence[WeightedItem], others: list[Decimal], decimals: int
) -> list[Move]:
    """One move for each item that reaches the goal alone, the smallest change of a rate first; else the fewest items.

    Nothing but ``reached`` or ``out_of_reach`` where nothing is needed, or all movable items together do not do.
    """
    base = {"goal": goal.code, "title": goal.title, "unit": "分", "item": "score", "movable": False}
    needed = goal.needed
    if needed is None:
        return [Move(state="out_of_reach", note=why_out_of_reach(goal, ""), **base)]
    if own >= needed:
        return [Move(state="reached", **base)]
    singles = []
    for item in items:
        steps = _fewest(items, {}, item, needed, decimals)
        if steps is not None:
            relative = abs(item.change(steps)) / (item.denominator or Decimal(1))
            singles.append((relative, item.item, _move(goal, items, {item.item: steps}, others, decimals)))
    if singles:
        return [move for _, _, move in sorted(singles, key=lambda one: one[:2])]
    chosen: dict[str, int] = {}
    for item in sorted(items, key=lambda one: (one.points() - one.points(one.limit), one.item)):
        steps = _fewest(items, chosen, item, needed, decimals)
        if steps is not None:
            return [_move(goal, items, chosen | {item.item: steps}, others, decimals)]
        chosen[item.item] = item.limit
    return [Move(state="out_of_reach", note="可改变的各项都到顶也达不到", **base)]


def _fewest(
    items: Sequence[WeightedItem], settled: dict[str, int], item: WeightedItem, needed: Decimal, decimals: int
) -> int | None:
    return fewest_steps(
        lambda n: weighted_score(items, settled | {item.item: n}, decimals) >= needed,
        item.limit,
    )


def _move(
    goal: Goal, items: Sequence[WeightedItem], steps: dict[str, int], others: list[Decimal], decimals: int
) -> Move:
    """The move of one item, or of several as a set."""
    moved = [item for item in items if steps.get(item.item)]
    score = weighted_score(items, steps, decimals)
    alone = moved[0] if len(moved) == 1 else None
    return Move(
        goal=goal.code,
        title=f"{goal.title}:{alone.title if alone else f'{len(moved)} 项一起'}",
        state="reachable",
        item=alone.item if alone else "set",
        unit=alone.unit if alone else "项",
        amount=alone.change(steps[alone.item]) if alone else None,
        movable=True,
        item_after=alone.numerator + alone.change(steps[alone.item]) if alone else None,
        score_after=score,
        rank_after=rank_among(others, score),
        rank_from_bottom_after=rank_from_bottom_among(others, score),
        set=()
        if alone
        else tuple(
            Step(
                kind="item",
                code=item.item,
                title=item.title,
                unit=item.unit,
                available=abs(item.change(item.limit)),
                amount=item.change(steps[item.item]),
            )
            for item in moved
        ),
    )
