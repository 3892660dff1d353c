"""The move found reaches its goal when the ranking is computed again from the rule alone; one step less does not."""

from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.explain.moves import Lever, even_pace, lever_move, milestone, numerator_move, place_goals, score_move
from orchestration.explain.ranks import ScoreRule, fewest_steps

CENT = Decimal("0.01")
PERCENT = ScoreRule(is_percent=True, decimals=2)

issued = st.integers(1, 10**10).map(lambda cents: Decimal(cents) * CENT)
unit_of_ranking = issued.flatmap(
    lambda whole: st.tuples(st.integers(0, int(whole * 100)).map(lambda cents: Decimal(cents) * CENT), st.just(whole))
)
close_unit = st.tuples(st.integers(4990, 5010).map(Decimal), st.just(Decimal(10000)))
"""Scores around 50 % that tie often."""
rankings = st.lists(st.one_of(unit_of_ranking, close_unit), min_size=1, max_size=9)


def percent(part: Decimal, whole: Decimal) -> Decimal:
    """The rule itself: the percent, rounded half up to two decimals."""
    with localcontext() as context:
        context.prec = 60
        return (part / whole * 100).quantize(CENT, ROUND_HALF_UP)


def places(scores: list[Decimal]) -> list[tuple[int, int]]:
    """Rank and rank from the bottom of each, by sorting."""
    down, up = sorted(scores, reverse=True), sorted(scores)
    return [(down.index(score) + 1, up.index(score) + 1) for score in scores]


def lever_of(part: Decimal, whole: Decimal) -> Lever:
    return Lever(part, whole, CENT, "元", PERCENT, is_share=True, movable=True)


def holds(goal: str, needed: int | None, before: list[Decimal], after: list[Decimal]) -> bool:
    """Whether the ranking ``after`` shows the first unit where the goal wants it."""
    rank, bottom = places(after)[0]
    if goal == "next_rank":
        return rank <= needed
    if goal == "ahead":
        next_better = min(score for score in before[1:] if score > before[0])
        return all(after[0] > score for score in before[1:] if score <= next_better)
    n = int(goal.rsplit("_", 1)[1])
    return rank <= n if goal.startswith("top") else bottom > n


@given(rankings, st.integers(1, 4), st.integers(1, 4))
def test_paying_the_amount_gives_the_place_and_one_cent_less_does_not(units, first, last) -> None:
    (part, whole), others = units[0], units[1:]
    before = [percent(*unit) for unit in units]
    for goal in place_goals(before[0], before[1:], CENT, [first], [last]):
        move = lever_move(goal, lever_of(part, whole), before[1:])
        wanted = places(before)[before.index(goal.needed)][0] if goal.code == "next_rank" else None

        def then(paid: Decimal, whole=whole, others=others) -> list[Decimal]:
            return [percent(paid, whole), *(percent(*other) for other in others)]

        if move.state == "reached":
            assert holds(goal.code, wanted, before, before)
        elif move.state == "reachable":
            after = then(part + move.amount)
            assert holds(goal.code, wanted, before, after)
            assert (move.score_after, move.rank_after, move.rank_from_bottom_after) == (after[0], *places(after)[0])
            assert not holds(goal.code, wanted, before, then(part + move.amount - CENT))
        else:
            assert not holds(goal.code, wanted, before, then(whole))


@given(st.lists(st.integers(0, 10000).map(lambda n: Decimal(n) * CENT), min_size=1, max_size=9), st.integers(1, 4))
def test_the_points_missing_give_the_place_and_a_hundredth_less_does_not(scores, n) -> None:
    own, others = scores[0], scores[1:]
    for goal in place_goals(own, others, CENT, [n], [n]):
        move = score_move(goal, own, others)
        wanted = places(scores)[scores.index(goal.needed)][0] if goal.code == "next_rank" else None
        assert move.movable is False
        if move.state == "reachable":
            after = [own + move.amount, *others]
            assert holds(goal.code, wanted, scores, after)
            assert (move.rank_after, move.rank_from_bottom_after) == places(after)[0]
            assert not holds(goal.code, wanted, scores, [own + move.amount - CENT, *others])
        elif move.state == "reached":
            assert holds(goal.code, wanted, scores, scores)
        else:
            assert not holds(goal.code, wanted, scores, [Decimal(100), *others])


@given(unit_of_ranking, st.integers(1, 12))
def test_the_even_pace_is_exact(unit, month) -> None:
    part, whole = unit
    move = numerator_move("even_pace", "", lever_of(part, whole), [], even_pace(lever_of(part, whole), month))
    after = part + (move.amount or 0)
    assert Fraction(after) * 12 >= Fraction(whole) * month
    assert move.state == "reached" or Fraction(after - CENT) * 12 < Fraction(whole) * month


@pytest.mark.parametrize(
    ("operator", "average", "amount"),
    [
        (">=", None, "20.00"),
        (">", None, "20.01"),
        (">=", "0.40", "10.01"),
        (">=", "0.30", None),
        (">=", "0.6", "20.00"),
    ],
)
def test_fifty_percent_is_fifty_percent_and_above_the_average_means_above(operator, average, amount) -> None:
    """30 of 100 paid: 50 % takes 20.00, more than 50 % a cent more, above an average of 40 % 10.01, of 30 % 0.01."""
    lever = lever_of(Decimal(30), Decimal(100))
    benchmark = None if average is None else Decimal(average)
    move = numerator_move("m", "", lever, [], milestone(lever, operator, Decimal("0.5"), benchmark))
    expected = Decimal(amount) if amount else CENT
    assert move.amount == expected


def test_joining_a_score_shares_its_rank_but_does_not_leave_the_last_group() -> None:
    """90, 80, 80, 70 and one's own 60: with 70 one is fourth too, yet still among the last two; 70.01 is not enough
    for the last three, 80.01 is."""
    others = [Decimal(score) for score in (90, 80, 80, 70)]
    goals = {goal.code: goal for goal in place_goals(Decimal(60), others, CENT, [3], [1, 2, 3])}
    needed = {code: goal.needed for code, goal in goals.items()}
    assert needed == {
        "next_rank": Decimal(70),
        "ahead": Decimal("70.01"),
        "top_3": Decimal(80),
        "out_of_last_1": Decimal("70.01"),
        "out_of_last_2": Decimal("80.01"),
        "out_of_last_3": Decimal("80.01"),
    }


def test_a_rate_rounds_up_to_the_score_half_a_step_early() -> None:
    """Of 90,000,000 yuan 38.00 % is reached at 37.995 %: 34,195,500.00, not 34,200,000.00."""
    lever = lever_of(Decimal("32400000.00"), Decimal("90000000.00"))
    goal = place_goals(Decimal("36.00"), [Decimal("38.00")], CENT, [], [])[0]
    assert lever_move(goal, lever, [Decimal("38.00")]).amount == Decimal("1795500.00")


def test_beyond_all_that_was_issued_nothing_is_promised() -> None:
    lever = lever_of(Decimal(50), Decimal(100))
    goals = place_goals(Decimal(50), [Decimal(100), Decimal(100)], CENT, [], [2])
    states = {goal.code: lever_move(goal, lever, [Decimal(100), Decimal(100)]).state for goal in goals}
    assert states == {"next_rank": "reachable", "ahead": "out_of_reach", "out_of_last_2": "out_of_reach"}


def test_with_fewer_units_than_the_last_group_nobody_leaves_it() -> None:
    goals = place_goals(Decimal(50), [Decimal(40)], CENT, [], [3])
    move = score_move(goals[-1], Decimal(50), [Decimal(40)])
    assert (move.state, move.note) == ("out_of_reach", "参评单位太少,人人都在后几名之内")


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_the_search_finds_the_first_step(threshold, limit) -> None:
    expected = threshold if threshold <= limit or threshold == 0 else None
    assert fewest_steps(lambda n: n >= threshold, limit) == expected


@given(st.integers(-(10**12), 10**12), st.integers(1, 10**12))
def test_the_score_is_the_percent_rounded_half_up(part, whole) -> None:
    """Away from zero at half a hundredth; the cut after 12 places changes nothing on the way up."""
    assert PERCENT.score(Decimal(abs(part)), Decimal(whole)) == percent(Decimal(abs(part)), Decimal(whole))
    assert PERCENT.score(Decimal(-abs(part)), Decimal(whole)) == -percent(Decimal(abs(part)), Decimal(whole))
