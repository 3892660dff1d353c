"""The rankings of the documents: who is where, and from what."""

from dataclasses import dataclass
from fractions import Fraction

from second.calendar_math import round_half_up, shift
from second.documents import in_force
from second.indicators_villages import counts_from
from second.milestones import indicator_value, units
from second.records import upheld_appeals
from second.tree import Row
from second.world import World

BIJIE = "520500000000"
DECIMALS = 2


@dataclass(frozen=True)
class Round:
    """One assessment round; ``previous`` is the round before it of the same inspector."""

    scheme: str
    ranking: str
    code: str
    level: str
    population: str
    previous: str | None = None


ROUNDS = (
    Round("lingshan-2018", "round-2018-07", "2018-07", "village", "411521000000"),
    Round("lingshan-2018", "round-2018-08", "2018-08", "village", "411521000000"),
    Round("lingshan-2018", "round-2018-09", "2018-09", "village", "411521000000", "2018-08"),
    Round("yueyang-2019", "townships-2019", "2019", "township", "430621000000"),
    Round("biyang-2016", "townships-2016", "2016", "township", "411726000000"),
)


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


def round_of(code: str | None) -> Round | None:
    return next((a_round for a_round in ROUNDS if a_round.code == code), None)


def round_rows(world: World, period: str, a_round: Round) -> list[Row]:
    """Rows of a round for units of its population, known by the month."""
    wanted = set(units(world, period, a_round.population, a_round.level))
    return [
        row
        for row in world.journal("inspections", period)
        if row["round_code"] == a_round.code and row["division_code"] in wanted
    ]


def round_standing(world: World, period: str, a_round: Round) -> dict[str, Standing]:
    """A round by its own scores where the whole population is at hand, else by announced ranks."""
    rows = round_rows(world, period, a_round)
    scores = {}
    for row in rows:
        score = corrected_score(world, period, a_round, row)
        scores[row["division_code"]] = None if score is None else round_half_up(score, DECIMALS)
    assessed = sum(score is not None for score in scores.values())
    announced = [row["ranked_units"] for row in rows if row["ranked_units"] is not None]
    whole = world.code(a_round.population) in _scopes_in_force(world, period, a_round) or (
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


def corrected_score(world: World, period: str, a_round: Round, row: Row) -> Fraction | None:
    """The reported score; that of the newest upheld appeal, until the inspector hands in a later row."""
    appeals = [
        record
        for record in upheld_appeals(world)
        if (record["scheme"], record["ranking"]) == (a_round.scheme, a_round.ranking)
        and record["division_code"] == row["division_code"]
        and record["edition_period"] <= period
        and record["decided_at"] > row["_order"][0]
    ]
    if appeals:
        return Fraction(appeals[-1]["score"])
    return None if row["score"] is None else Fraction(row["score"])


def _scopes_in_force(world: World, period: str, a_round: Round) -> set[str]:
    """Divisions inside the scope of a submission that still has rows of the round in force."""
    orders = {row["_order"] for row in round_rows(world, period, a_round)}
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
            "previous_score": before[unit].score if unit in before else None,
            "rank_change": change,
            "gap_to_next": standing.gap,
        }
    return found


def rounds_filed(world: World, period: str) -> list[Round]:
    """The rounds some of whose rows count from this month on: filed for it, or inspected in it."""
    return [
        a_round for a_round in ROUNDS if any(counts_from(row) == period for row in round_rows(world, period, a_round))
    ]


def fct_ranking(world: World, period: str) -> dict[tuple[str, str, str, str, str], Row]:
    """Every ranking whose edition month is ``period``."""
    found: dict[tuple[str, str, str, str, str], Row] = {}
    for a_round in rounds_filed(world, period):
        former = round_of(a_round.previous)
        before = round_standing(world, period, former) if former else {}
        now = round_standing(world, period, a_round)
        found |= _table(a_round.scheme, a_round.ranking, period, a_round.code, now, before)
    if in_force("bijie-2022", period):
        earlier = month_standing(world, shift(period, -1)) if in_force("bijie-2022", shift(period, -1)) else {}
        found |= _table("bijie-2022", "monthly-expenditure", period, None, month_standing(world, period), earlier)
    return found
