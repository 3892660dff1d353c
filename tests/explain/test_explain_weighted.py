"""Weighted scores: the single item with the smallest move, and the fewest items where none does it alone."""

from decimal import ROUND_HALF_UP, Decimal
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from orchestration.explain.moves import Goal
from orchestration.explain.weighted import WeightedItem, weighted_moves

ONE = Decimal(1)


def item(code: str, weight: int, part: int, whole: int, lower: bool = False, movable: bool = True) -> WeightedItem:
    return WeightedItem(
        item=code,
        title=code,
        weight=Decimal(weight),
        numerator=Decimal(part),
        denominator=Decimal(whole),
        value=Decimal(part * 10**12 // whole).scaleb(-12),
        lower=lower,
        step=ONE,
        unit="户",
        movable=movable,
    )


def score(parts: list[tuple[int, int, int, bool]]) -> Decimal:
    """The rule itself, of (weight, part, whole, lower): rates cut after 12 places and rounded to 10, sum to 2."""
    total = Decimal(0)
    for weight, part, whole, lower in parts:
        rate = Decimal(part * 10**12 // whole).scaleb(-12)
        rate = 1 - rate if lower else rate
        total += rate.quantize(Decimal("1E-10"), ROUND_HALF_UP) * weight
    return total.quantize(Decimal("0.01"), ROUND_HALF_UP)


part_of = st.integers(1, 12).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole), st.booleans()))


@given(st.tuples(part_of, part_of, part_of), st.integers(0, 10000))
def test_every_move_reaches_the_score_and_one_household_less_does_not(parts, hundredths) -> None:
    weights, codes = (50, 30, 20), ("a", "b", "c")
    needed = Decimal(hundredths).scaleb(-2)
    items = [item(code, w, *part) for code, w, part in zip(codes, weights, parts, strict=True)]
    rows = {code: (w, *part) for code, w, part in zip(codes, weights, parts, strict=True)}

    def moved(changes: dict[str, int]) -> Decimal:
        return score([(w, part + changes.get(code, 0), whole, low) for code, (w, part, whole, low) in rows.items()])

    def room(code: str) -> int:
        _, part, whole, lower = rows[code]
        return -part if lower else whole - part

    def reachable(together: int) -> bool:
        return any(moved({code: room(code) for code in chosen}) >= needed for chosen in combinations(codes, together))

    own = moved({})
    found = weighted_moves(Goal("next_rank", "进位", needed), own, items, [needed], 2)
    if own >= needed:
        assert [move.state for move in found] == ["reached"]
        return
    if not reachable(3):
        assert [move.state for move in found] == ["out_of_reach"]
        return
    assert {move.item for move in found} == {c for c in codes if moved({c: room(c)}) >= needed} or not reachable(1)
    for move in found:
        changes = (
            {move.item: int(move.amount)} if move.amount is not None else {s.code: int(s.amount) for s in move.set}
        )
        assert moved(changes) == move.score_after >= needed
        if move.amount is not None:
            nearer = int(move.amount) - (1 if move.amount > 0 else -1)
            assert moved({move.item: nearer}) < needed
        else:
            assert len(changes) == next(n for n in (2, 3) if reachable(n))


def test_the_smallest_move_comes_first_and_what_cannot_be_moved_is_left_out() -> None:
    """70 points, 75 wanted. a (50 %) 10 of 100 households, b (30 %) 17 of 100; c is sampled and stays."""
    items = [item("b", 30, 50, 100), item("a", 50, 70, 100), item("c", 20, 100, 100, movable=False)]
    moves = weighted_moves(Goal("next_rank", "进位", Decimal(75)), Decimal(70), items, [Decimal(75)], 2)
    assert [(move.item, move.amount) for move in moves] == [("a", Decimal(10)), ("b", Decimal(17))]


def test_lower_is_better_moves_downwards() -> None:
    """2 of 10 issues overdue count 80 of 100 points; 90 takes one issue less."""
    moves = weighted_moves(
        Goal("next_rank", "进位", Decimal(90)), Decimal(80), [item("overdue", 100, 2, 10, lower=True)], [Decimal(90)], 2
    )
    assert [(move.item, move.amount, move.rank_after) for move in moves] == [("overdue", Decimal(-1), 1)]
