"""The smallest change that reaches a goal, all other units as they are.

Goals of place: the next better rank, strictly ahead of it, into the first n, out of the last n. Goals of amount: the
even pace and the milestones on the ranking's indicator. Every promise is computed again from the scores it leads to.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from orchestration.explain.model import Move
from orchestration.explain.ranks import ScoreRule, cut, fewest_steps, rank_among, rank_from_bottom_among

FULL_SCORE = Decimal(100)
"""综合得分 ends at 100 (template 考核抽查结果)."""
SEARCH_LIMIT = 10**20
"""Steps beyond which an unbounded numerator is given up: more than any amount the ledgers can hold."""


@dataclass(frozen=True)
class Goal:
    """A score to be reached; ``needed`` is None where there are too few units for the goal to mean anything."""

    code: str
    title: str
    needed: Decimal | None


@dataclass(frozen=True)
class Lever:
    """A unit's numerator over its denominator (None: additive), and how finely the numerator can be moved.

    is_share  the numerator is part of the denominator, so it ends there
    """

    numerator: Decimal
    denominator: Decimal | None
    step: Decimal
    unit: str
    rule: ScoreRule
    is_share: bool
    movable: bool

    def after(self, steps: int) -> Decimal:
        return self.numerator + steps * self.step

    @property
    def limit(self) -> int:
        if not self.is_share or self.denominator is None:
            return SEARCH_LIMIT
        return max(0, int((self.denominator - self.numerator) / self.step))


def place_goals(
    own: Decimal, others: list[Decimal], step: Decimal, first: Iterable[int], last: Iterable[int]
) -> list[Goal]:
    """The goals of place for a unit, each with the score it takes. Joining a score shares its rank."""
    goals = []
    better = [other for other in others if other > own]
    if better:
        next_better = min(better)
        place = rank_among(others, next_better)
        goals.append(Goal("next_rank", f"进到第 {place} 名(与其并列)", next_better))
        goals.append(Goal("ahead", f"超过现第 {place} 名", next_better + step))
    for n in sorted(set(first), reverse=True):
        needed = sorted(others, reverse=True)[n - 1] if len(others) >= n else own
        goals.append(Goal(f"top_{n}", f"进入前 {n} 名", needed))
    for n in sorted(set(last)):
        needed = sorted(others)[n - 1] + step if len(others) >= n else None
        goals.append(Goal(f"out_of_last_{n}", "不再倒数第一" if n == 1 else f"退出后 {n} 名", needed))
    return goals


def score_move(goal: Goal, own: Decimal, others: list[Decimal]) -> Move:
    """The points missing for a goal of place where an inspecting team gives the score: nobody else can move it."""
    base = {"goal": goal.code, "title": goal.title, "item": "score", "unit": "分", "movable": False}
    if goal.needed is not None and own >= goal.needed:
        return Move(state="reached", **base)
    if goal.needed is None or goal.needed > FULL_SCORE:
        return Move(state="out_of_reach", note=why_out_of_reach(goal, "已是满分"), **base)
    return Move(
        state="reachable",
        amount=goal.needed - own,
        item_after=goal.needed,
        score_after=goal.needed,
        rank_after=rank_among(others, goal.needed),
        rank_from_bottom_after=rank_from_bottom_among(others, goal.needed),
        **base,
    )


def lever_move(goal: Goal, lever: Lever, others: list[Decimal]) -> Move:
    """The smallest addition to the numerator whose score reaches a goal of place."""
    needed = goal.needed
    if needed is None:
        base = {"goal": goal.code, "title": goal.title, "item": "numerator", "unit": lever.unit}
        return Move(state="out_of_reach", movable=lever.movable, note=why_out_of_reach(goal, ""), **base)
    return numerator_move(
        goal.code,
        goal.title,
        lever,
        others,
        lambda numerator: lever.rule.score(numerator, lever.denominator) >= needed,
    )


def numerator_move(
    code: str, title: str, lever: Lever, others: list[Decimal], reaches: Callable[[Decimal], bool]
) -> Move:
    """The smallest addition to the numerator with ``reaches(numerator)``, and the place it leads to."""
    base = {"goal": code, "title": title, "item": "numerator", "unit": lever.unit, "movable": lever.movable}
    steps = fewest_steps(lambda n: reaches(lever.after(n)), lever.limit)
    if steps == 0:
        return Move(state="reached", **base)
    if steps is None:
        return Move(state="out_of_reach", note="分子增至与分母相等也达不到", **base)
    after = lever.after(steps)
    score = lever.rule.score(after, lever.denominator)
    return Move(
        state="reachable",
        amount=steps * lever.step,
        item_after=after,
        score_after=score,
        rank_after=rank_among(others, score),
        rank_from_bottom_after=rank_from_bottom_among(others, score),
        **base,
    )


def even_pace(lever: Lever, month: int) -> Callable[[Decimal], bool]:
    """At or above the even pace: numerator / denominator ≥ month / 12, exactly."""
    return lambda numerator: Fraction(numerator) * 12 >= Fraction(lever.denominator or 1) * month


def milestone(lever: Lever, operator: str, threshold: Decimal, benchmark: Decimal | None) -> Callable[[Decimal], bool]:
    """A milestone with ``>=`` or ``>``, or above the average where that is known (both rates 0–1)."""
    whole = Fraction(lever.denominator) if lever.denominator is not None else Fraction(1)

    def reaches(numerator: Decimal) -> bool:
        part, least = Fraction(numerator), Fraction(threshold) * whole
        if part >= least if operator == ">=" else part > least:
            return True
        return benchmark is not None and cut(part / whole) > Fraction(benchmark)

    return reaches


def why_out_of_reach(goal: Goal, otherwise: str) -> str:
    """Too few units, or what the caller says."""
    return "参评单位太少,人人都在后几名之内" if goal.needed is None else otherwise
