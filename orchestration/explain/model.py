"""What an explanation says: plain data, ready for a terminal, a page or JSON (decimals as text, exact)."""

from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Basis = Literal["own", "tie_broken", "announced", "pending", "not_assessed"]
"""own: ranked here by the scores; tie_broken: by the scores and what the scheme names for equal ones; announced: by the
inspecting level; pending: 待上级通报; not_assessed: 未参评."""

MoveState = Literal["reached", "reachable", "out_of_reach", "past"]


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Item(Part):
    """One item of the score. value: a rate is 0–1; numerator and denominator only of rates; weight in percent."""

    item: str
    title: str
    value: Decimal
    numerator: Decimal | None
    denominator: Decimal | None
    unit: str | None
    weight: Decimal | None
    contribution: Decimal | None
    numerator_unit: str | None
    movable: bool


class Step(Part):
    """One of a set of moves: a payment named by its ledger entry, or an item of a weighted score.

    available  how far it could be moved at most
    amount     how far the set moves it, in ``unit``; negative where lower is better
    """

    kind: Literal["unpaid_allocation", "unallocated_receipt", "item"]
    code: str
    title: str = ""
    unit: str = "元"
    available: Decimal
    amount: Decimal


class Move(Part):
    """The smallest change of one item that reaches a goal, all other units as they are.

    amount   how much more of the item, in its unit; NULL where nothing is needed or nothing helps
    movable  whether the unit can bring it about; False where only others (an inspecting team) can
    set      the fewest moves that do it together: the single payments that add up to the amount, where the ledgers
             show them; or several items of a weighted score, where none does it alone (item is then ``set``)
    """

    goal: str
    title: str
    state: MoveState
    item: str
    unit: str
    amount: Decimal | None = None
    movable: bool
    item_after: Decimal | None = None
    score_after: Decimal | None = None
    rank_after: int | None = None
    rank_from_bottom_after: int | None = None
    set: tuple[Step, ...] = ()
    note: str | None = None


class Interval(Part):
    """A sampled rate (0–1) with its 95 % interval."""

    numerator: int
    denominator: int
    value: Decimal
    low: Decimal
    high: Decimal


class Neighbour(Part):
    """A unit next in the order, held against the one explained, on one sampled rate.

    tied     the 95 % interval of the difference holds zero
    turning  how many answers or households of one sample, found otherwise, reverse (or, from a draw, make) the order
    """

    division_code: str
    name: str
    rank: int
    interval: Interval
    overlapping: bool
    tied: bool
    difference_low: Decimal
    difference_high: Decimal
    turning: int | None


class Sample(Part):
    """One sampled rate of the unit, and its neighbours' ones."""

    item: str
    title: str
    better: str
    interval: Interval
    neighbours: tuple[Neighbour, ...]


class Consequence(Part):
    """What the place leads to now (fct_action)."""

    clause_id: str
    object_title: str
    title: str
    amount: Decimal | None
    state: str
    reason: str


class Explanation(Part):
    """Why a unit has its rank, and what would change it."""

    edition_id: str
    scheme: str
    scheme_title: str
    ranking: str
    ranking_title: str
    tie_breaks: str | None
    clause_id: str | None
    period: str
    class_: str = Field(serialization_alias="class")
    division_code: str
    name: str
    basis: Basis
    score: Decimal | None
    score_unit: str
    rank: int | None
    rank_from_bottom: int | None
    ranked_units: int | None
    shared_with: tuple[str, ...]
    previous_rank: int | None
    previous_score: Decimal | None
    gap_to_next: Decimal | None
    items: tuple[Item, ...]
    moves: tuple[Move, ...]
    samples: tuple[Sample, ...]
    consequences: tuple[Consequence, ...]
