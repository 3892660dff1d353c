"""The rankings of lingshan-2018 and bijie-2022: who is where, and from what."""

from dataclasses import dataclass
from fractions import Fraction

from second.calendar_math import round_half_up, shift
from second.indicators_villages import counts_from
from second.milestones import IN_FORCE, indicator_value, units
from second.tree import Row
from second.world import World

LUOSHAN, BIJIE = "411521000000", "520500000000"
DECIMALS = 2


@dataclass(frozen=True)
class Round:
    """One assessment round; ``previous`` is the round before it of the same inspector."""

    code: str
    previous: str | None = None

    @property
    def ranking(self) -> str:
        return f"round-{self.code}"


ROUNDS = (Round("2018-07"), Round("2018-08"), Round("2018-09", "2018-08"))


@dataclass
class Standing:
    """A unit in a ranking."""

    score: Fraction | None
    state: str
    rank: int | None = None
    from_bottom: int | None = None
    ranked_units: int | None = None
    gap: Fraction | None = None


def rank_by_score(scores: dict[str, Fraction | None]) -> dict[str, Standing]:
    """Standard competition ranking from the top and, alike, from the bottom."""
    known = [score for score in scores.values() if score is not None]
    found = {}
    for unit, score in scores.items():
        if score is None:
            found[unit] = Standing(None, "not_assessed", ranked_units=len(known))
            continue
        better = [other for other in known if other > score]
        found[unit] = Standing(
            score,
            "ranked",
            1 + len(better),
            1 + sum(other < score for other in known),
            len(known),
            min(better) - score if better else None,
        )
    return found


def round_rows(world: World, period: str, code: str) -> list[Row]:
    """Village rows of a round inside 罗山县, known by the month."""
    wanted = set(units(world, period, LUOSHAN, "village"))
    return [
        row
        for row in world.journal("inspections", period)
        if row["round_code"] == code and row["division_code"] in wanted
    ]


def round_standing(world: World, period: str, code: str) -> dict[str, Standing]:
    """A round by its own scores where the whole population is at hand, else by announced ranks."""
    rows = round_rows(world, period, code)
    scores = {
        row["division_code"]: None if row["score"] is None else round_half_up(Fraction(row["score"]), DECIMALS)
        for row in rows
    }
    assessed = sum(score is not None for score in scores.values())
    announced = [row["ranked_units"] for row in rows if row["ranked_units"] is not None]
    whole = world.code(LUOSHAN) in _scopes_in_force(world, period, code) or (
        bool(announced) and assessed >= max(announced)
    )
    if whole:
        return rank_by_score(scores)
    found = {}
    for row in rows:
        unit, rank, total = row["division_code"], row["official_rank"], row["ranked_units"]
        score = scores[unit]
        if rank is not None:
            bottom = None if total is None else total - rank + 1
            found[unit] = Standing(score, "ranked", rank, bottom, total)
        else:
            state = "not_assessed" if score is None else "pending_announcement"
            found[unit] = Standing(score, state, ranked_units=total)
    return found


def _scopes_in_force(world: World, period: str, code: str) -> set[str]:
    """Divisions inside the scope of a submission that still has rows of the round in force."""
    orders = {row["_order"] for row in round_rows(world, period, code)}
    scopes = {str(s.scope) for s in world.usable if s.template == "inspections" and s.order in orders}
    return set(world.inside(scopes, period))


def month_standing(world: World, period: str) -> dict[str, Standing]:
    """毕节市's counties by 衔接资金支出进度, in percent to two decimals."""
    scores = {}
    for unit in units(world, period, BIJIE, "county"):
        value = indicator_value(world, period, "linkage_expenditure_rate", unit)
        scores[unit] = None if value is None else round_half_up(value * 100, DECIMALS)
    return rank_by_score(scores)


def _table(
    scheme: str, ranking: str, period: str, code: str | None,
    now: dict[str, Standing], before: dict[str, Standing],
) -> dict[tuple[str, str, str, str, str], Row]:  # fmt: skip
    found = {}
    for unit, standing in now.items():
        previous = before[unit].rank if unit in before else None
        change = None if previous is None or standing.rank is None else previous - standing.rank
        found[(scheme, ranking, period, "all", unit)] = {
            "round_code": code,
            "score": standing.score,
            "state": standing.state,
            "rank": standing.rank,
            "rank_from_bottom": standing.from_bottom,
            "ranked_units": standing.ranked_units,
            "previous_rank": previous,
            "rank_change": change,
            "gap_to_next": standing.gap,
        }
    return found


def rounds_filed(world: World, period: str) -> list[Round]:
    """The rounds some of whose rows count from this month on: filed for it, or inspected in it."""
    return [
        a_round
        for a_round in ROUNDS
        if any(counts_from(row) == period for row in round_rows(world, period, a_round.code))
    ]


def fct_ranking(world: World, period: str) -> dict[tuple[str, str, str, str, str], Row]:
    """Every ranking whose edition month is ``period``."""
    found: dict[tuple[str, str, str, str, str], Row] = {}
    for a_round in rounds_filed(world, period):
        before = round_standing(world, period, a_round.previous) if a_round.previous else {}
        now = round_standing(world, period, a_round.code)
        found |= _table("lingshan-2018", a_round.ranking, period, a_round.code, now, before)
    first, last = IN_FORCE["bijie-2022"]
    if first <= period <= last:
        earlier = month_standing(world, shift(period, -1)) if period > first else {}
        found |= _table("bijie-2022", "monthly-expenditure", period, None, month_standing(world, period), earlier)
    return found
