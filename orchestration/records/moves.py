"""What one corrected score does to a ranking: everyone's rank and consequences before and after.

The rules are those of the warehouse (standard competition rank inside a class, tie-breaks, groups, absorption); the
ranks of the unchanged scores are held against the edition's own before anything is said.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from orchestration.explain.ranks import half_up, rank_among, rank_from_bottom_among


@dataclass(frozen=True)
class Unit:
    """A unit of one ranking and month.

    takes_part  whether it is ranked once it has a score: neither exempt nor without a class
    tie_values  values of the tie-break indicators in the scheme's order, greater is better; None: not known
    """

    division_code: str
    name: str
    class_: str
    score: Decimal | None
    takes_part: bool = True
    tie_values: tuple[Fraction | None, ...] = ()


@dataclass(frozen=True)
class Place:
    """A rank from the top and from the bottom; None where the unit is not ranked."""

    rank: int | None
    rank_from_bottom: int | None
    ranked_units: int


@dataclass(frozen=True)
class Rule:
    """A consequence that the scheme attaches to the first or last ``n`` places, as in ``dim_action``.

    effect, weight  what the kind does to its object, and how heavy it is among those of one effect
    barred          units that a veto or a bar keeps from this kind
    """

    clause_id: str
    trigger: str
    n: int
    object: str
    kind: str
    amount: Decimal | None
    title: str
    object_title: str
    effect: str
    weight: int
    barred: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Standing:
    """One consequence of a unit: its rule and state (proposed, absorbed, needs_review, insufficient_units)."""

    rule: Rule
    state: str

    @property
    def words(self) -> str:
        """What the consequence is, in Chinese."""
        money = "" if self.rule.amount is None else f" {self.rule.amount:+f} 元"
        note = {"needs_review": "(需研究)", "insufficient_units": "(参评单位不足)"}.get(self.state, "")
        return f"{self.rule.object_title}:{self.rule.title}{money}{note}"


@dataclass(frozen=True)
class Outcome:
    """What a unit comes to with one set of scores."""

    unit: Unit
    place: Place
    standings: tuple[Standing, ...]

    @property
    def words(self) -> tuple[str, ...]:
        """Its consequences in Chinese, absorbed ones left out."""
        return tuple(standing.words for standing in self.standings if standing.state != "absorbed")

    @property
    def money(self) -> Decimal:
        """What is proposed in all, yuan."""
        sums = (s.rule.amount for s in self.standings if s.state == "proposed" and s.rule.amount is not None)
        return sum(sums, Decimal(0))

    @property
    def shown(self) -> tuple[object, ...]:
        """What makes it another outcome."""
        return self.unit.score, self.place.rank, self.place.rank_from_bottom, self.words


@dataclass(frozen=True)
class Move:
    """A unit whose score, rank or consequences change. Money in yuan of what is proposed, a deduction negative."""

    division_code: str
    name: str
    class_: str
    score_before: Decimal | None
    score_after: Decimal | None
    rank_before: int | None
    rank_after: int | None
    rank_from_bottom_before: int | None
    rank_from_bottom_after: int | None
    gained: tuple[str, ...]
    lost: tuple[str, ...]
    money_before: Decimal
    money_after: Decimal


def moves(
    units: Sequence[Unit],
    rules: Sequence[Rule],
    acted_on: frozenset[str],
    division_code: str,
    new_score: Decimal,
    decimals: int,
) -> list[Move]:
    """Everyone who moves when one unit's score becomes ``new_score`` (rounded to the scheme's decimals).

    acted_on  the units inside the scheme's own division: only to these the rules apply
    """
    corrected = half_up(Fraction(new_score), decimals)
    changed = [replace(unit, score=corrected) if unit.division_code == division_code else unit for unit in units]
    before, after = (_outcomes(side, rules, acted_on) for side in (units, changed))
    return [_move(before[code], after[code]) for code in before if before[code].shown != after[code].shown]


def places(units: Sequence[Unit]) -> dict[str, Place]:
    """Everyone's place in their class; equal scores share a rank unless a tie-break known of all the equal decides."""
    found = {}
    for class_ in {unit.class_ for unit in units}:
        together = [unit for unit in units if unit.class_ == class_]
        ranked = [unit for unit in together if unit.takes_part and unit.score is not None]
        keys = {unit.division_code: _key(unit, ranked) for unit in ranked}
        for unit in together:
            key = keys.get(unit.division_code)
            found[unit.division_code] = Place(
                rank_among(keys.values(), key) if key else None,
                rank_from_bottom_among(keys.values(), key) if key else None,
                len(ranked),
            )
    return found


def consequences(place: Place, rules: Sequence[Rule], division_code: str) -> tuple[Standing, ...]:
    """What a place leads to for a unit, with the state of each."""
    if place.rank is None:
        return ()
    hit = [rule for rule in rules if _triggers(rule, place)]
    needed = sum(max((rule.n for rule in rules if rule.trigger == group), default=0) for group in ("top", "last"))
    if place.ranked_units < needed:
        return tuple(Standing(rule, "insufficient_units") for rule in hit)
    if {rule.trigger for rule in hit} >= {"top", "last"}:
        return tuple(Standing(rule, "needs_review") for rule in hit)
    stands = (_heaviest(rule, hit) == rule and division_code not in rule.barred for rule in hit)
    return tuple(Standing(rule, "proposed" if is_ else "absorbed") for rule, is_ in zip(hit, stands, strict=True))


def _key(unit: Unit, ranked: Iterable[Unit]) -> tuple[Fraction | Decimal, ...]:
    equals = [other for other in ranked if other.score == unit.score]
    known = [all(value is not None for value in values) for values in zip(*(u.tie_values for u in equals), strict=True)]
    ties = (value for value, is_known in zip(unit.tie_values, known, strict=True) if is_known and value is not None)
    return (unit.score or Decimal(0), *ties)


def _triggers(rule: Rule, place: Place) -> bool:
    rank = place.rank if rule.trigger == "top" else place.rank_from_bottom
    return rank is not None and rank <= rule.n


def _heaviest(rule: Rule, hit: Sequence[Rule]) -> Rule:
    """Of the consequences of one effect on one object, the one that stands."""
    same = [other for other in hit if (other.object, other.effect) == (rule.object, rule.effect)]
    return min(same, key=lambda other: (-other.weight, -abs(other.amount or 0), other.clause_id))


def _outcomes(units: Sequence[Unit], rules: Sequence[Rule], acted_on: frozenset[str]) -> dict[str, Outcome]:
    where = places(units)
    return {
        unit.division_code: Outcome(unit, place, consequences(place, rules, unit.division_code) if acts else ())
        for unit in units
        for place in [where[unit.division_code]]
        for acts in [unit.division_code in acted_on]
    }


def _move(before: Outcome, after: Outcome) -> Move:
    return Move(
        division_code=before.unit.division_code,
        name=before.unit.name,
        class_=before.unit.class_,
        score_before=before.unit.score,
        score_after=after.unit.score,
        rank_before=before.place.rank,
        rank_after=after.place.rank,
        rank_from_bottom_before=before.place.rank_from_bottom,
        rank_from_bottom_after=after.place.rank_from_bottom,
        gained=tuple(words for words in after.words if words not in before.words),
        lost=tuple(words for words in before.words if words not in after.words),
        money_before=before.money,
        money_after=after.money,
    )
