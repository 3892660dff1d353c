"""Appeals (申诉) against a ranking: lodged, upheld or dismissed; and who moves when a score is corrected.

Only scores given by an inspecting team are corrected here. A score computed from submissions is corrected by handing
in the submission again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import duckdb

from orchestration.catalogue.indicators import load_reference
from orchestration.catalogue.schemes import load_schemes
from orchestration.errors import GuatuError
from orchestration.explain.moves import FULL_SCORE
from orchestration.records.edition import find_division, no_such, reading, standing_rows
from orchestration.records.model import OPEN, Decision, Matter, Signature
from orchestration.records.moves import Move, Rule, Unit, moves, places
from orchestration.records.store import decisions_table, record
from orchestration.release.editions import find_edition
from orchestration.release.reading import Row, rows
from orchestration.settings import Settings


@dataclass(frozen=True)
class Appeal:
    """What an appeal is about: a unit's place in one ranking and month."""

    scheme: str
    ranking: str
    edition_period: str
    division: str
    """Code (its significant digits do) or unique name."""


def lodge(settings: Settings, appeal: Appeal, signature: Signature) -> Decision:
    """An appeal is received. Raises GuatuError ``unknown_matter``, ``impossible_step`` where one is open already."""
    decision = _decision(settings, appeal, "lodged", signature, None)
    return record(settings, lambda _: [decision])[0]


def dismiss(settings: Settings, appeal: Appeal, signature: Signature) -> Decision:
    """The appeal lodged is rejected. Raises GuatuError ``impossible_step`` where none is open."""
    decision = _decision(settings, appeal, "dismissed", signature, None)
    return record(settings, lambda _: [decision])[0]


def uphold(
    settings: Settings, appeal: Appeal, signature: Signature, new_score: Decimal | None = None
) -> tuple[list[Decision], list[Move]]:
    """The appeal lodged is upheld, with a corrected score where one was wrong.

    What was already verified, decided or carried out is reopened: for the unit, and for everyone whose consequences the
    corrected score changes. Returns all records written, the appeal's first, and everyone who moves.
    Raises what ``who_moves`` raises and ``impossible_step`` where no appeal is open.
    """
    decision = _decision(settings, appeal, "upheld", signature, new_score)
    moved = (
        who_moves(
            settings,
            decision.edition_id,
            appeal.scheme,
            appeal.ranking,
            appeal.edition_period,
            str(decision.division_code),
            new_score,
        )
        if new_score is not None
        else []
    )
    affected = {decision.division_code, *(move.division_code for move in moved if move.gained or move.lost)}

    def make(stand: Mapping[Matter, Decision]) -> list[Decision]:
        reopened = [
            before.model_copy(
                update={"step": OPEN, "amount": None, "edition_id": decision.edition_id, **signature.model_dump()}
            )
            for before in stand.values()
            if before.kind == "step"
            and before.step != OPEN
            and (before.scheme, before.ranking) == (decision.scheme, decision.ranking)
            and before.edition_period >= decision.edition_period
            and before.division_code in affected
        ]
        return [decision, *reopened]

    return record(settings, make), moved


def try_score(settings: Settings, appeal: Appeal, new_score: Decimal) -> list[Move]:
    """Who would move in the current edition; nothing is recorded. Raises what ``who_moves`` raises."""
    with reading(settings) as (connection, edition_id):
        division_code = find_division(connection, appeal.division)
    return who_moves(
        settings, edition_id, appeal.scheme, appeal.ranking, appeal.edition_period, division_code, new_score
    )


def who_moves(
    settings: Settings,
    edition: str | None,
    scheme: str,
    ranking: str,
    edition_period: str,
    division_code: str,
    new_score: Decimal,
) -> list[Move]:
    """Everyone whose score, rank or consequences change when the unit's score becomes ``new_score``; the unit first.

    ``edition`` is an edition's id, None the current one; nothing is recorded. Raises GuatuError ``unknown_matter``,
    ``bad_score``, ``score_is_computed`` (not an inspecting team's) and ``rank_is_announced`` (the population is not
    at hand).
    """
    as_of = find_edition(settings, edition).as_of
    with reading(settings, edition) as (connection, _):
        standing = standing_rows(connection, scheme, ranking, edition_period)
        _check_score(standing, scheme, ranking, division_code, new_score)
        units = _units(settings, connection, standing)
        _check_whole(standing, units)
        vetoed = _vetoed(settings, scheme, int(edition_period[:4]), as_of)
        barred = _barred_kinds(connection, scheme, edition_period)
        rules = _rules(settings, connection, scheme, ranking, vetoed, barred)
        acted_on = _inside_scheme(connection, scheme)
        (head,) = rows(
            connection, "select decimals from marts.dim_ranking where scheme = $1 and ranking = $2", scheme, ranking
        )
    moved = moves(units, rules, acted_on, division_code, new_score, int(head["decimals"] or 0))
    return sorted(moved, key=lambda m: (m.division_code != division_code, m.class_, m.rank_after or 0, m.division_code))


def _decision(
    settings: Settings, appeal: Appeal, step: str, signature: Signature, new_score: Decimal | None
) -> Decision:
    with reading(settings) as (connection, edition_id):
        standing = standing_rows(connection, appeal.scheme, appeal.ranking, appeal.edition_period)
        division_code = find_division(connection, appeal.division)
    _row_of(standing, division_code)
    return Decision(
        kind="appeal",
        scheme=appeal.scheme,
        ranking=appeal.ranking,
        edition_period=appeal.edition_period,
        division_code=division_code,
        step=step,
        score=new_score,
        edition_id=edition_id,
        **signature.model_dump(),
    )


def _row_of(standing: list[Row], division_code: str) -> Row:
    for row in standing:
        if row["division_code"] == division_code:
            return row
    raise no_such("参加该排名的单位", division_code, [f"{row['name']}({row['division_code']})" for row in standing])


def _check_score(standing: list[Row], scheme: str, ranking: str, division_code: str, new_score: Decimal) -> None:
    row = _row_of(standing, division_code)
    if row["round_code"] is None:
        raise GuatuError(
            "score_is_computed",
            f"{scheme} 的排名 {ranking} 由报送数据计分,不能直接改分。"
            "请更正报送后重新生成版本,再用 guatu diff 看谁受影响。",
            f"the scores of {scheme} {ranking} are computed from submissions; hand in the correction instead",
        )
    if not new_score.is_finite() or not 0 <= new_score <= FULL_SCORE or new_score != round(new_score, 4):
        raise GuatuError(
            "bad_score",
            f"更正后的得分 {new_score} 不对:须在 0 到 {FULL_SCORE} 之间,最多四位小数。",
            f"score {new_score} is not between 0 and {FULL_SCORE} with at most four decimals",
            exit_code=2,
        )


def _check_whole(standing: list[Row], units: list[Unit]) -> None:
    """The ranks of the scores as they are must be the edition's: else they were announced from above."""
    found = places(units)
    for row in standing:
        place = found[row["division_code"]]
        if (place.rank, place.rank_from_bottom) != (row["rank"], row["rank_from_bottom"]):
            raise GuatuError(
                "rank_is_announced",
                "该轮的参评单位没有全部在库,名次以上级公布为准,不能在此重排。请以上级更正后的公布名次为准重新报送。",
                "not all units of the round are at hand, its ranks are announced from above",
            )


def _units(settings: Settings, connection: duckdb.DuckDBPyConnection, standing: list[Row]) -> list[Unit]:
    first = standing[0]
    scheme = load_schemes(settings.seeds).get(first["scheme"])
    ranking = next((r for r in scheme.rankings if r.code == first["ranking"]), None) if scheme else None
    exempt = {exemption.division for exemption in ranking.exempt} if ranking else set()
    values = {
        indicator: _better_is_greater(connection, first["edition_period"], indicator)
        for indicator in (ranking.tie_breaks if ranking else ())
    }
    return [
        Unit(
            division_code=row["division_code"],
            name=row["name"],
            class_=row["class"],
            score=row["score"],
            takes_part=row["division_code"] not in exempt and row["class"] != "unclassified",
            tie_values=tuple(found.get(row["division_code"]) for found in values.values()),
        )
        for row in standing
    ]


def _better_is_greater(connection: duckdb.DuckDBPyConnection, period: str, indicator: str) -> dict[str, Fraction]:
    """An indicator's values by unit, turned so that greater is better; unknown ones are left out."""
    found = rows(
        connection,
        """
        select fact.division_code, fact.value, head.better
        from marts.fct_indicator as fact
        inner join marts.dim_indicator as head using (indicator_code)
        where fact.period = $1 and fact.indicator_code = $2 and fact.value is not null
        """,
        period,
        indicator,
    )
    return {row["division_code"]: Fraction(row["value"]) * (-1 if row["better"] == "lower" else 1) for row in found}


def _rules(
    settings: Settings,
    connection: duckdb.DuckDBPyConnection,
    scheme: str,
    ranking: str,
    vetoed: frozenset[str],
    barred: Mapping[str, frozenset[str]],
) -> list[Rule]:
    """The ranking's rules for first and last places; lagging months only concern scores that are computed."""
    kinds = {row["kind"]: row for row in load_reference(settings.seeds, "consequences").iter_rows(named=True)}
    found = rows(
        connection,
        """
        select clause_id, trigger, n, object, kind, amount, title, object_title
        from marts.dim_action
        where scheme = $1 and ranking = $2 and trigger in ('top', 'last')
        order by clause_id, object, kind
        """,
        scheme,
        ranking,
    )
    return [
        Rule(
            **row,
            effect=kind["consequence"],
            weight=int(kind["weight"]),
            barred=(vetoed | barred.get(kind["barred_by"], frozenset()))
            if kind["is_reward"] == "true"
            else frozenset(),
        )
        for row in found
        for kind in [kinds[row["kind"]]]
    ]


def _vetoed(settings: Settings, scheme: str, year: int, as_of: datetime) -> frozenset[str]:
    """Divisions under a veto of the scheme and year at the edition's time: they get no reward."""
    stand: dict[tuple[str, str], str] = {}
    for row in decisions_table(settings, as_of).iter_rows(named=True):
        if row["kind"] == "veto" and row["scheme"] == scheme and row["year"] == year and row["division_code"]:
            stand[row["division_code"], row["code"]] = row["step"]
    return frozenset(division for (division, _), step in stand.items() if step == "found")


def _barred_kinds(connection: duckdb.DuckDBPyConnection, scheme: str, period: str) -> dict[str, frozenset[str]]:
    """By kind of consequence that holds for a time (取消评先评优资格): the units it holds for in the month."""
    first = date.fromisoformat(f"{period}-01")
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    found = rows(
        connection,
        """
        select kind, list(distinct division_code) as units
        from marts.fct_action
        where scheme = $1 and effect_from <= $2 and effect_until >= $3 and state not in ('absorbed', 'needs_review')
        group by kind
        """,
        scheme,
        last,
        first,
    )
    return {row["kind"]: frozenset(row["units"]) for row in found}


def _inside_scheme(connection: duckdb.DuckDBPyConnection, scheme: str) -> frozenset[str]:
    found = rows(
        connection,
        """
        select distinct divisions.division_code
        from marts.dim_division as divisions
        inner join marts.dim_scheme as schemes on schemes.division_code in (
            divisions.division_code, divisions.province_code, divisions.prefecture_code, divisions.county_code,
            divisions.township_code
        )
        where schemes.scheme = $1
        """,
        scheme,
    )
    return frozenset(row["division_code"] for row in found)
