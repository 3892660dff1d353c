"""Why a unit has its rank, item by item, and the smallest moves that would change it: from one published edition."""

from decimal import Decimal

import duckdb

from orchestration.explain import reading
from orchestration.explain.model import Basis, Consequence, Explanation, Item, Move, Neighbour, Sample, Step
from orchestration.explain.moves import (
    Lever,
    even_pace,
    lever_move,
    milestone,
    numerator_move,
    place_goals,
    score_move,
)
from orchestration.explain.payments import fewest_payments
from orchestration.explain.ranks import ScoreRule, rank_among, rank_from_bottom_among
from orchestration.explain.reading import Row
from orchestration.explain.samples import difference, turning, wilson
from orchestration.explain.weighted import WeightedItem, weighted_moves

CENT, ONE = Decimal("0.01"), Decimal(1)
FUND_RANKING = "linkage_expenditure_rate"
"""The indicator whose numerator the ledgers show payment by payment."""


def explain(
    connection: duckdb.DuckDBPyConnection, scheme: str, ranking: str, period: str, division: str, class_: str = "all"
) -> Explanation:
    """The explanation of one unit's place.

    division  code (12 digits or the significant ones) or the unit's name, unique in the ranking

    Raises GuatuError where the edition has no such ranking, period or unit, listing what there is.
    """
    head = reading.ranking_head(connection, scheme, ranking)
    units = reading.ranked_rows(connection, scheme, ranking, period, class_)
    unit = reading.find_unit(units, division)
    items = reading.rank_items(connection, unit)
    basis = _basis(head, units, unit)
    return Explanation(
        edition_id=reading.edition_id(connection),
        scheme=scheme,
        scheme_title=head["scheme_title"],
        ranking=ranking,
        ranking_title=head["title"],
        tie_breaks=head["tie_breaks"],
        clause_id=head["clause_id"],
        period=period,
        class_=class_,
        division_code=unit["division_code"],
        name=unit["name"],
        basis=basis,
        score=unit["score"],
        score_unit=head["unit"] or "分",
        rank=unit["rank"],
        rank_from_bottom=unit["rank_from_bottom"],
        ranked_units=unit["ranked_units"],
        shared_with=tuple(
            other["name"]
            for other in units
            if unit["rank"] is not None and other["rank"] == unit["rank"] and other is not unit
        ),
        previous_rank=unit["previous_rank"],
        previous_score=unit["previous_score"],
        gap_to_next=unit["gap_to_next"] if basis == "own" else None,
        items=tuple(
            Item.model_validate({name: row[name] for name in Item.model_fields})
            for row in items
            if row["division_code"] == unit["division_code"]
        ),
        moves=_moves(connection, head, units, unit, items) if basis == "own" else (),
        samples=_samples(connection, head, units, unit, items),
        consequences=tuple(Consequence.model_validate(row) for row in reading.consequence_rows(connection, unit)),
    )


def _basis(head: Row, units: list[Row], unit: Row) -> Basis:
    """Whether the ranks are those of the scores at hand: only then is anything promised about other ranks."""
    if unit["state"] == "not_assessed":
        return "not_assessed"
    if unit["state"] == "pending_announcement":
        return "pending"
    ranked = [other for other in units if other["state"] == "ranked"]
    scores = [other["score"] for other in ranked if other["score"] is not None]
    is_own = all(
        other["score"] is not None
        and other["rank"] == rank_among(scores, other["score"])
        and other["rank_from_bottom"] == rank_from_bottom_among(scores, other["score"])
        and other["ranked_units"] == len(scores)
        for other in ranked
    )
    if is_own:
        return "own"
    return "tie_broken" if head["tie_breaks"] else "announced"


def _moves(
    connection: duckdb.DuckDBPyConnection, head: Row, units: list[Row], unit: Row, items: list[Row]
) -> tuple[Move, ...]:
    others = [other["score"] for other in units if other["state"] == "ranked" and other is not unit]
    groups = reading.action_groups(connection, unit["scheme"], unit["ranking"])
    first = [group["n"] for group in groups if group["trigger"] == "top"]
    last = [group["n"] for group in groups if group["trigger"] in ("last", "lagging")]
    rule = ScoreRule(head["unit"] == "%", head["decimals"])
    goals = place_goals(unit["score"], others, rule.step, first, last)
    if unit["round_code"] is not None:
        return tuple(score_move(goal, unit["score"], others) for goal in goals)
    if head["indicator_code"] is None:
        weighted = _weighted_items(connection, unit, items)
        return tuple(
            move for goal in goals for move in weighted_moves(goal, unit["score"], weighted, others, rule.decimals)
        )
    lever = _lever(units, unit, items, rule)
    moves = [lever_move(goal, lever, others) for goal in goals]
    if any(group["trigger"] == "lagging" for group in groups):
        month = int(unit["edition_period"][5:])
        moves.append(numerator_move("even_pace", f"不低于序时进度({month}/12)", lever, others, even_pace(lever, month)))
    for row in reading.milestone_rows(connection, unit, head["indicator_code"]):
        moves.extend(_milestone_moves(row, unit["edition_period"], lever, others))
    if head["indicator_code"] == FUND_RANKING:
        return tuple(_with_payments(connection, unit, moves))
    return tuple(moves)


def _lever(units: list[Row], unit: Row, items: list[Row], rule: ScoreRule) -> Lever:
    item = next(row for row in items if row["division_code"] == unit["division_code"] and row["item"] == "numerator")
    halves = [
        value
        for other in units
        for value in (other["score_numerator"], other["score_denominator"])
        if value is not None
    ]
    is_amount = item["unit"] is not None or any(value != value.to_integral_value() for value in halves)
    denominator = unit["score_denominator"]
    is_share = rule.is_percent and all(
        other["score_numerator"] <= other["score_denominator"]
        for other in units
        if other["score_numerator"] is not None and other["score_denominator"] is not None
    )
    return Lever(
        numerator=unit["score_numerator"],
        denominator=denominator,
        step=CENT if is_amount else ONE,
        unit=item["unit"] or "个",
        rule=rule,
        is_share=is_share,
        movable=item["movable"],
    )


def _weighted_items(connection: duckdb.DuckDBPyConnection, unit: Row, items: list[Row]) -> list[WeightedItem]:
    better = reading.indicators(connection)
    weighted = [row for row in items if row["weight"] is not None and row["item"] != "score"]
    amounts = {
        row["item"]
        for row in weighted
        if row["numerator_unit"] is not None or row["numerator"] != row["numerator"].to_integral_value()
    }
    return [
        WeightedItem(
            item=row["item"],
            title=row["title"],
            weight=row["weight"],
            numerator=row["numerator"],
            denominator=row["denominator"],
            value=row["value"],
            lower=better[row["item"]]["better"] == "lower",
            step=CENT if row["item"] in amounts else ONE,
            unit=row["numerator_unit"] or "个",
            movable=row["movable"],
        )
        for row in weighted
        if row["division_code"] == unit["division_code"]
    ]


def _milestone_moves(row: Row, period: str, lever: Lever, others: list[Decimal]) -> list[Move]:
    """A milestone still open in the period as a goal; one decided in an earlier month as past; others not at all."""
    code, checkpoint = f"milestone:{row['milestone']}", row["checkpoint"]
    title = f"{row['title']}({checkpoint:%m-%d} 前)"
    if row["operator"] not in (">=", ">") or row["state"] == "no_data":
        return []
    if checkpoint.strftime("%Y-%m") < period:
        if row["state"] == "met":
            return []
        past = {"goal": code, "title": title, "item": "numerator", "unit": lever.unit, "movable": False}
        return [Move(state="past", note="节点已过,结果不再改变", **past)]
    # what the average will be at the checkpoint nobody knows: until then only the threshold is a promise
    average = row["benchmark"] if row["state"] != "not_due" else None
    move = numerator_move(code, title, lever, others, milestone(lever, row["operator"], row["threshold"], average))
    if move.state != "reachable" or row["benchmark_level"] is None:
        return [move]
    by_average = not milestone(lever, row["operator"], row["threshold"], None)(move.item_after)
    note = "高于平均即算完成" if by_average else "按门槛测算,届时高于平均也算完成"
    return [move.model_copy(update={"note": note})]


def _with_payments(connection: duckdb.DuckDBPyConnection, unit: Row, moves: list[Move]) -> list[Move]:
    """Each amount as the fewest payments the ledgers allow; left out where the ledgers do not add up to the ranking."""
    money = reading.unpaid_money(connection, unit)
    adds_up = all(
        row["unit_issued"] == unit["score_denominator"] and row["unit_paid"] == unit["score_numerator"] for row in money
    )
    if not adds_up:
        return moves
    sources = [Step(kind=row["kind"], code=row["code"], available=row["available"], amount=Decimal(0)) for row in money]
    return [
        move.model_copy(update={"set": fewest_payments(move.amount, sources)}) if move.amount is not None else move
        for move in moves
    ]


def _samples(
    connection: duckdb.DuckDBPyConnection, head: Row, units: list[Row], unit: Row, items: list[Row]
) -> tuple[Sample, ...]:
    """The unit's sampled rates against those of the units next to it: a round's all, else the ranking's own."""
    catalogue = reading.indicators(connection)
    sampled = {
        (row["division_code"], row["item"]): row
        for row in items
        if row["denominator"]
        and row["numerator"] is not None
        and catalogue[head["indicator_code"] or row["item"]]["grain"] == "inspection"
    }
    found = []
    for (code, item), row in sampled.items():
        if code != unit["division_code"]:
            continue
        own = wilson(int(row["numerator"]), int(row["denominator"]))
        neighbours = []
        for other in _next_to(units, unit):
            theirs = sampled.get((other["division_code"], item))
            if theirs is None:
                continue
            interval = wilson(int(theirs["numerator"]), int(theirs["denominator"]))
            low, high = difference(own, interval)
            neighbours.append(
                Neighbour(
                    division_code=other["division_code"],
                    name=other["name"],
                    rank=other["rank"],
                    interval=interval,
                    overlapping=own.low <= interval.high and interval.low <= own.high,
                    tied=low <= 0 <= high,
                    difference_low=low,
                    difference_high=high,
                    turning=turning(own, interval),
                )
            )
        indicator = head["indicator_code"] or item
        found.append(
            Sample(
                item=indicator,
                title=row["title"],
                better=catalogue[indicator]["better"],
                interval=own,
                neighbours=tuple(neighbours),
            )
        )
    return tuple(found)


def _next_to(units: list[Row], unit: Row) -> list[Row]:
    """The units at the same place and at the nearest known ones above and below."""
    own = unit["rank"]
    if own is None:
        return []
    others = [other for other in units if other["rank"] is not None and other is not unit]
    above = max((other["rank"] for other in others if other["rank"] < own), default=None)
    below = min((other["rank"] for other in others if other["rank"] > own), default=None)
    return [other for other in others if other["rank"] in (above, own, below)]
