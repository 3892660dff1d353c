"""Decisions of people: steps on proposed consequences, vetoes (一票否决), grades. Appeals are in ``records.appeals``.

Kept in ``GUATU_HOME/decisions.jsonl``. A published edition never changes: what is decided shows in the next edition.
"""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

import duckdb

from orchestration.catalogue.indicators import load_reference
from orchestration.errors import GuatuError
from orchestration.records.edition import (
    action_rows,
    find_division,
    no_such,
    reading,
    scheme_division,
    support_unit,
)
from orchestration.records.model import OPEN, Decision, Matter, Signature, newest
from orchestration.records.store import decisions_table, read_decisions, record
from orchestration.release.reading import Row, rows
from orchestration.settings import Settings

__all__ = ["decide", "decisions_table", "grade", "matching_actions", "veto"]

UNDECIDABLE: Mapping[str, str] = {
    "absorbed": "已被更重的一项吸收",
    "insufficient_units": "参评单位不足,不奖不罚",
    "pending_announcement": "名次待上级通报",
}
"""States of a consequence that leave nothing to decide, and why."""

MONEY_SIGNS: Mapping[str, int] = {"money_up": 1, "money_down": -1}
"""Which sign an amount has, by what a kind of consequence does."""

MOST_MONEY = Decimal(10) ** 16
"""Yuan; what ``amount`` can hold."""


def matching_actions(
    settings: Settings,
    scheme: str,
    ranking: str,
    period: str,
    division: str,
    clause: str | None = None,
    object: str | None = None,
    kind: str | None = None,
) -> tuple[list[Row], str]:
    """The consequences a decision speaks of in the current edition, and that edition's id.

    ``object`` and ``kind`` by their code or Chinese title; what leaves nothing to decide is left out. ``state`` is that
    of the newest record where there is one later than the edition.
    Raises GuatuError ``unknown_matter`` where there is none, ``nothing_to_decide`` where none can be decided.
    """
    with reading(settings) as (connection, edition_id):
        division_code = find_division(connection, division)
        found = action_rows(connection, scheme, ranking, period, division_code)
    chosen = [
        row
        for row in found
        if clause in (None, row["clause_id"])
        and object in (None, row["object"], row["object_title"])
        and kind in (None, row["kind"], row["title"])
    ]
    if not chosen:
        choices = [f"{row['clause_id']} {row['object_title']} {row['title']}" for row in found]
        raise no_such("这样的奖惩建议", f"{scheme} {ranking} {period} {division_code}", choices)
    open_ones = [row for row in chosen if row["state"] not in UNDECIDABLE]
    if not open_ones:
        reasons = ";".join(sorted({UNDECIDABLE[row["state"]] for row in chosen}))
        raise GuatuError(
            "nothing_to_decide",
            f"该单位的 {len(chosen)} 项奖惩建议无须决定:{reasons}。",
            f"nothing to decide on: {', '.join(sorted({row['state'] for row in chosen}))}",
        )
    recorded = newest(decision for _, decision in read_decisions(settings))
    return [_with_recorded_state(row, recorded) for row in open_ones], edition_id


def _with_recorded_state(row: Row, recorded: Mapping[Matter, Decision]) -> Row:
    record_ = recorded.get(action_matter(row))
    if record_ is None:
        return row
    return {**row, "state": "proposed" if record_.step == OPEN else record_.step}


def decide(
    settings: Settings,
    actions: Sequence[Row],
    edition_id: str,
    step: str,
    signature: Signature,
    amount: Decimal | None = None,
) -> list[Decision]:
    """Puts one step on record for each of the consequences, all or none. ``actions`` are rows of ``fct_action``.

    amount  yuan, only with ``changed`` and one consequence; what is carried out later keeps it.
    Raises GuatuError ``impossible_step``, ``before_the_last_step``, ``bad_amount``.
    """
    if amount is not None:
        _check_amount(settings, actions, step, amount)

    def make(stand: Mapping[Matter, Decision]) -> list[Decision]:
        wanted = []
        for row in actions:
            decision = action_step(row, edition_id, step, signature, amount)
            before = stand.get(decision.matter)
            if step == "carried_out" and before is not None:
                decision = decision.model_copy(update={"amount": before.amount})
            wanted.append(decision)
        return wanted

    return record(settings, make)


def action_matter(row: Row) -> Matter:
    """What a row of ``fct_action`` is in the journal."""
    return (
        "step", row["scheme"], row["division_code"], None, row["ranking"], row["edition_period"], row["clause_id"],
        row["object"], row["kind"],
    )  # fmt: skip


def action_step(row: Row, edition_id: str, step: str, signature: Signature, amount: Decimal | None = None) -> Decision:
    """The record of one step on one consequence."""
    return Decision(
        kind="step",
        scheme=row["scheme"],
        ranking=row["ranking"],
        edition_period=row["edition_period"],
        division_code=row["division_code"],
        clause_id=row["clause_id"],
        object=row["object"],
        action_kind=row["kind"],
        step=step,
        amount=amount,
        edition_id=edition_id,
        **signature.model_dump(),
    )


def veto(
    settings: Settings,
    scheme: str,
    code: str,
    period: str,
    step: str,
    signature: Signature,
    division: str | None = None,
    unit: str | None = None,
    year: int | None = None,
) -> Decision:
    """A veto of the scheme found for, or lifted from, a division or a support unit; ``year`` is that of the month.

    Raises GuatuError ``bad_period``, ``unknown_matter``, ``one_unit_wanted``, ``impossible_step``.
    """
    _check_month(period)
    with reading(settings) as (connection, edition_id):
        who = _unit(connection, scheme, division, unit)
        known = rows(connection, "select veto as code, title from marts.dim_veto where scheme = $1 order by 1", scheme)
    _check_code("一票否决", code, known)
    decision = Decision(
        kind="veto", scheme=scheme, edition_period=period, step=step, code=code, year=year or int(period[:4]),
        edition_id=edition_id, **who, **signature.model_dump(),
    )  # fmt: skip
    return record(settings, lambda _: [decision])[0]


def grade(
    settings: Settings,
    scheme: str,
    code: str,
    period: str,
    step: str,
    signature: Signature,
    division: str | None = None,
    unit: str | None = None,
    year: int | None = None,
) -> Decision:
    """A unit's grade of the year, set by people where the document publishes neither cut scores nor shares.

    Raises GuatuError ``bad_period``, ``unknown_matter``, ``grade_is_computed``, ``veto_wanted`` (a grade only given
    with a veto) and ``impossible_step``.
    """
    _check_month(period)
    with reading(settings) as (connection, edition_id):
        who = _unit(connection, scheme, division, unit)
        known = rows(
            connection, "select *, grade as code from marts.dim_grade where scheme = $1 order by position", scheme
        )
    chosen = _check_code("等次", code, known)
    if any(row["cut"] is not None or row.get("share") is not None for row in known):
        raise GuatuError(
            "grade_is_computed",
            f"{scheme} 已写明等次的分数线或比例,等次由计算得出,不由人定。对得分有异议请走申诉。",
            f"scheme {scheme} publishes cut scores or shares; its grades are computed",
        )
    decision = Decision(
        kind="grade", scheme=scheme, edition_period=period, step=step, code=code, year=year or int(period[:4]),
        edition_id=edition_id, **who, **signature.model_dump(),
    )  # fmt: skip

    def make(stand: Mapping[Matter, Decision]) -> list[Decision]:
        needed = chosen["needs_veto"]
        finding = decision.model_copy(update={"kind": "veto", "code": needed})
        found = stand.get(finding.matter)
        if step == "graded" and needed and (found is None or found.step != "found"):
            raise GuatuError(
                "veto_wanted",
                f"等次“{chosen['title']}”须先有 {decision.year} 年度一票否决认定({needed})。",
                f"grade {code} needs veto {needed} to be found first",
            )
        return [decision]

    return record(settings, make)[0]


def _unit(connection: duckdb.DuckDBPyConnection, scheme: str, division: str | None, unit: str | None) -> dict[str, str]:
    if (division is None) == (unit is None):
        raise GuatuError(
            "one_unit_wanted",
            "请写明区划(--division)或包村单位(--unit),二者择一。",
            "give a division or a support unit, one of the two",
            exit_code=2,
        )
    inside = scheme_division(connection, scheme)
    if division is not None:
        return {"division_code": find_division(connection, division, inside)}
    return {"unit": support_unit(connection, unit, inside)}


def _check_month(period: str) -> None:
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", period):
        raise GuatuError(
            "bad_period",
            f"期别“{period}”应写成 YYYY-MM,如 2018-07。",
            f"period {period!r} is not YYYY-MM",
            exit_code=2,
        )


def _check_code(what: str, code: str, known: Sequence[Row]) -> Row:
    for row in known:
        if row["code"] == code:
            return row
    raise no_such(what, code, [f"{row['code']}({row['title']})" for row in known])


def _check_amount(settings: Settings, actions: Sequence[Row], step: str, amount: Decimal) -> None:
    """GuatuError ``bad_amount`` unless the amount is one of money for one changed consequence, with its sign."""
    consequences = load_reference(settings.seeds, "consequences")
    effects = dict(consequences.select("kind", "consequence").iter_rows())
    if not amount.is_finite() or abs(amount) >= MOST_MONEY or amount != round(amount, 2):
        problem = "金额以元为单位,最多两位小数"
    elif step != "changed" or len(actions) != 1:
        problem = "金额只能在变更(changed)一项奖惩时写明;请用 --clause、--object、--kind 指明是哪一项"
    elif effects.get(actions[0]["kind"]) not in MONEY_SIGNS:
        problem = f"“{actions[0]['title']}”不涉及金额"
    elif amount * MONEY_SIGNS[effects[actions[0]["kind"]]] < 0:
        problem = "奖励为正、扣减为负,金额的正负号不符"
    else:
        return
    raise GuatuError("bad_amount", f"{problem}。", f"the amount {amount} does not fit", exit_code=2)
