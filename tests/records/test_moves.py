"""Who moves when a score changes: places, ties, classes, groups, absorption, bars."""

from decimal import Decimal
from fractions import Fraction

from county_round import PERIOD
from hypothesis import given
from hypothesis import strategies as st

from orchestration.records.appeals import _inside_scheme, _rules, _units
from orchestration.records.edition import reading, standing_rows
from orchestration.records.moves import Rule, Unit, consequences, moves, places
from orchestration.settings import Settings


def unit(number: int, score: str | None, class_: str = "all", **more: object) -> Unit:
    return Unit(f"{number:012d}", f"第{number}村", class_, None if score is None else Decimal(score), **more)


def rule(clause: str, trigger: str, n: int, object: str, kind: str, amount: str | None = None, **more) -> Rule:
    money = None if amount is None else Decimal(amount)
    defaults = {"effect": "money_up" if trigger == "top" else "money_down", "weight": 1}
    return Rule(clause, trigger, n, object, kind, money, kind, object, **{**defaults, **more})


FUNDS = [rule("1", "top", 1, "经费", "奖励", "300"), rule("2", "last", 1, "经费", "扣减", "-50")]
SECRETARY = [
    rule("2", "last", 2, "书记", "通报批评", effect="personal", weight=1),
    rule("3", "last", 1, "书记", "免职建议", effect="personal", weight=5),
]


def moved(units: list[Unit], rules: list[Rule], number: int, score: str, decimals: int = 2) -> dict[int, object]:
    everyone = frozenset(u.division_code for u in units)
    found = moves(units, rules, everyone, f"{number:012d}", Decimal(score), decimals)
    return {int(move.division_code): move for move in found}


def test_the_last_changes_places_with_the_next() -> None:
    units = [unit(1, "90"), unit(2, "80"), unit(3, "70")]
    found = moved(units, FUNDS + SECRETARY, 3, "85")
    assert set(found) == {2, 3}
    assert (found[3].rank_before, found[3].rank_after) == (3, 2)
    assert found[3].lost == ("经费:扣减 -50 元", "书记:免职建议") and found[3].gained == ("书记:通报批评",)
    assert found[2].gained == ("经费:扣减 -50 元", "书记:免职建议") and found[2].lost == ("书记:通报批评",)
    assert (found[2].money_before, found[2].money_after) == (0, Decimal(-50))


def test_a_score_is_rounded_before_it_ranks() -> None:
    units = [unit(1, "90.00"), unit(2, "80.00"), unit(3, "70.00")]
    found = moved(units, FUNDS, 2, "89.996")
    assert found[2].score_after == Decimal("90.00") and found[2].rank_after == 1
    assert found[2].gained == ("经费:奖励 +300 元",)
    # the first keeps its rank; from the bottom it shares its place now
    assert (found[1].rank_after, found[1].rank_from_bottom_before, found[1].rank_from_bottom_after) == (1, 3, 2)


def test_the_same_score_moves_nobody() -> None:
    assert moved([unit(1, "90"), unit(2, "80"), unit(3, "80")], FUNDS, 2, "80.00") == {}


def test_other_classes_do_not_move() -> None:
    units = [unit(1, "90", "poor"), unit(2, "80", "poor"), unit(3, "85", "other"), unit(4, "70", "other")]
    assert set(moved(units, FUNDS, 2, "95")) == {1, 2}


def test_a_unit_that_was_not_assessed_comes_in() -> None:
    units = [unit(1, "90"), unit(2, None), unit(3, "70")]
    found = moved(units, [], 2, "80")
    assert (found[2].rank_before, found[2].rank_after) == (None, 2)
    assert found[3].rank_after == 3 and found[1].rank_from_bottom_after == 3


def test_an_exempt_unit_is_not_ranked_whatever_its_score() -> None:
    units = [unit(1, "90"), unit(2, "80", takes_part=False), unit(3, "70")]
    found = moved(units, FUNDS, 2, "95")
    assert set(found) == {2} and found[2].rank_after is None and found[2].gained == ()


def test_tie_breaks_decide_only_where_known_of_all_the_equal() -> None:
    first, second, third = (Fraction(1),), (Fraction(2),), (None,)
    two = [unit(1, "80", tie_values=first), unit(2, "80", tie_values=second)]
    assert [places(two)[u.division_code].rank for u in two] == [2, 1]
    three = [*two, unit(3, "80", tie_values=third)]
    assert {place.rank for place in places(three).values()} == {1}
    # the unknown one leaves the tie, and the two others are told apart
    found = moved(three, [], 3, "70")
    assert (found[1].rank_after, found[2].rank_before, found[2].rank_after) == (2, 1, 1)


def test_too_few_units_or_both_groups_decide_nothing() -> None:
    lone = [unit(1, "90")]
    place = places(lone)[lone[0].division_code]
    assert {s.state for s in consequences(place, FUNDS, lone[0].division_code)} == {"insufficient_units"}
    tied = [unit(number, "90") for number in range(1, 4)]
    place = places(tied)[tied[0].division_code]
    assert {s.state for s in consequences(place, FUNDS, tied[0].division_code)} == {"needs_review"}


def test_a_bar_keeps_rewards_away() -> None:
    barred = [rule("1", "top", 1, "经费", "奖励", "300", barred=frozenset({f"{2:012d}"})), FUNDS[1]]
    found = moved([unit(1, "90"), unit(2, "80"), unit(3, "70")], barred, 2, "95")
    assert found[2].rank_after == 1 and found[2].gained == () and found[2].money_after == 0
    assert found[1].lost == ("经费:奖励 +300 元",)


def test_only_units_of_the_schemes_own_division_are_acted_on() -> None:
    units = [unit(1, "90"), unit(2, "80"), unit(3, "70")]
    (first, *_) = moves(units, FUNDS, frozenset(), units[2].division_code, Decimal(95), 2)
    assert first.gained == first.lost == ()


scores = st.lists(st.integers(0, 20), min_size=1, max_size=12)


@given(scores, st.integers(0, 20), st.data())
def test_what_is_promised_is_what_a_ranking_of_the_new_scores_gives(
    numbers: list[int], new: int, data: st.DataObject
) -> None:
    chosen = data.draw(st.integers(0, len(numbers) - 1))
    units = [unit(number, str(score)) for number, score in enumerate(numbers)]
    after = places([unit(n, str(new if n == chosen else score)) for n, score in enumerate(numbers)])
    found = moved(units, FUNDS, chosen, str(new))
    before = places(units)
    for each in units:
        promised = found.get(int(each.division_code))
        rank = promised.rank_after if promised else before[each.division_code].rank
        assert rank == after[each.division_code].rank
        better = sum(s > (new if int(each.division_code) == chosen else numbers[int(each.division_code)])
                     for n, s in enumerate(new if n == chosen else s for n, s in enumerate(numbers)))  # fmt: skip
        assert rank == better + 1


def test_unchanged_scores_give_the_editions_ranks_and_consequences(office: Settings) -> None:
    """The rules here and the warehouse's SQL come to the same on a real edition."""
    with reading(office) as (connection, _):
        standing = standing_rows(connection, "lingshan-2018", "round-2018-07", PERIOD)
        units = _units(office, connection, standing)
        rules = _rules(office, connection, "lingshan-2018", "round-2018-07", frozenset(), {})
        acted_on = _inside_scheme(connection, "lingshan-2018")
        published = set(
            connection.execute(
                "select division_code, clause_id, object, kind, amount, state from marts.fct_action "
                "where ranking = 'round-2018-07'"
            ).fetchall()
        )
    where = places(units)
    assert [(where[r["division_code"]].rank, where[r["division_code"]].rank_from_bottom) for r in standing] == [
        (r["rank"], r["rank_from_bottom"]) for r in standing
    ]
    computed = {
        (code, s.rule.clause_id, s.rule.object, s.rule.kind, s.rule.amount, s.state)
        for code, place in where.items()
        if code in acted_on
        for s in consequences(place, rules, code)
    }
    assert computed == published and len(published) == 22
