"""Review of a month before it counts: the journal ``GUATU_HOME/reviews.jsonl``, where a month stands, what is locked.

A step on a division counts for every division inside it. Who may take which step is data; see ``review_steps``.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import duckdb

from orchestration.access.roles import ABILITY_TITLES, Grant
from orchestration.errors import GuatuError
from orchestration.intake.ledger import Submission, read_ledger
from orchestration.records.journal import append_checked, checked_entries
from orchestration.records.review_facts import Changes, journal_templates, overlap, owing_reports
from orchestration.records.review_steps import (
    LOCKED,
    STATE_TITLES,
    Review,
    Rule,
    Stand,
    code_prefix,
    farther,
    load_rules,
    stand_of,
)
from orchestration.release.editions import find_edition
from orchestration.settings import Settings, now


@dataclass(frozen=True)
class ReviewStatus:
    """Where the month of a division stands.

    decided_by   the division whose steps count: its own, or one above that has come farther
    owing        titles of the reports asked for that are not complete
    changed      numbers of the submissions that came after the figures were answered for
    history      steps on the division and those above, and reasons given for submissions to a locked month
    """

    period: str
    division_code: str
    state: str
    decided_by: str
    owing: tuple[str, ...]
    changed: tuple[int, ...]
    newest: Review | None
    history: tuple[Review, ...]
    is_settled: bool

    @property
    def title(self) -> str:
        return STATE_TITLES[self.state]

    @property
    def is_locked(self) -> bool:
        return self.state in LOCKED


def read_reviews(settings: Settings) -> list[Review]:
    """All records, oldest first. Raises GuatuError ``journal_damaged`` where one was changed."""
    return [_review(entry) for entry in checked_entries(settings.reviews)]


def review_status(
    settings: Settings, connection: duckdb.DuckDBPyConnection, period: str, division: str
) -> ReviewStatus:
    """Where the month of one division stands.

    connection  any edition with the month in it: it says which reports are asked for and which have come
    division    12 digits, province to township; a village's month is its township's
    """
    return _status(settings, connection, period, division, read_reviews(settings), read_ledger(settings))


def review_statuses(
    settings: Settings, connection: duckdb.DuckDBPyConnection, period: str, divisions: Iterable[str]
) -> dict[str, ReviewStatus]:
    """By division code: as ``review_status``, reading the journal and the ledger once."""
    records, ledger = read_reviews(settings), read_ledger(settings)
    return {code: _status(settings, connection, period, code, records, ledger) for code in divisions}


def provisional(
    settings: Settings,
    period: str,
    divisions: Iterable[str],
    as_of: datetime | None = None,
    known_by: datetime | None = None,
) -> dict[str, bool]:
    """By division code, villages included: whether the month's figures are still provisional (暂定).

    ``as_of``: of an edition, whose figures differ from the approved ones where a submission lies between the two.
    ``known_by``: steps taken later are not known yet.
    """
    records = [
        record
        for record in read_reviews(settings)
        if record.period == period and (known_by is None or record.at <= known_by)
    ]
    submissions = read_ledger(settings) if records else []
    rules, journals = load_rules(settings.seeds), journal_templates(settings.seeds)
    return {
        code: not any(
            stand.is_settled
            for _, stand in _stands(rules, records, Changes(submissions, journals, period, code, as_of), code)
        )
        for code in divisions
    }


def provisional_in(settings: Settings, edition_id: str, period: str) -> Callable[[str], bool]:
    """Whether a division's month was still provisional as the edition knew it: by its as-of time, and so for ever."""
    as_of = find_edition(settings, edition_id).as_of

    def of_division(division: str) -> bool:
        return provisional(settings, period, [division], as_of, known_by=as_of)[division]

    return of_division


def locked_months(settings: Settings, period: str, scope: str, later_too: bool) -> list[str]:
    """Months (YYYY-MM) that a submission of this month and scope would change although they are locked.

    ``later_too``: of a journal template, whose rows count in every later month as well.
    """
    if not settings.reviews.exists():
        return []
    records = [r for r in read_reviews(settings) if r.period == period or (later_too and r.period > period)]
    rules = load_rules(settings.seeds)
    places = sorted({(r.period, r.division_code) for r in records if r.is_step and overlap(r.division_code, scope)})
    return sorted(
        {
            month
            for month, place in places
            if stand_of(rules, _steps(records, month, place), lambda _: ()).state in LOCKED
        }
    )


def give_reason(
    settings: Settings, period: str, scope: str, person: str, reason: str, sha256: str, received_at: datetime
) -> None:
    """Puts on record why a file is handed in for a locked month; before the file is."""
    record = Review(
        period=period, division_code=scope, step="restate", person=person, remark=reason.strip(), at=now(),
        sha256=sha256, received_at=received_at,
    )  # fmt: skip
    append_checked(settings.reviews, lambda _: [_entry(record)])


def possible_steps(settings: Settings, status: ReviewStatus, grant: Grant) -> list[Rule]:
    """The steps this person may take now on the division the status is of."""
    if status.decided_by != status.division_code and status.is_locked:
        return []
    return [
        rule
        for rule in load_rules(settings.seeds)
        if rule.from_state == status.state and rule.allows(grant, status.division_code)
    ]


def take_step(
    settings: Settings,
    connection: duckdb.DuckDBPyConnection,
    period: str,
    division: str,
    step: str,
    person: str,
    grant: Grant,
    remark: str = "",
) -> ReviewStatus:
    """Records one step of one person on the figures of an edition; returns where the month stands then.

    Raises GuatuError ``unsigned``, ``unknown_step``, ``not_allowed``, ``not_in_this_state``, ``remark_wanted``,
    ``another_person_wanted``, ``decided_above``, ``not_built_yet`` (submissions came in that the edition does not
    hold) and ``journal_damaged``.
    """
    edition_id, as_of = _edition(connection)
    if not person.strip():
        raise GuatuError("unsigned", "请写明经办人。", "the person is needed", exit_code=2)

    def make(entries: list[dict]) -> list[dict]:
        records, ledger = [_review(entry) for entry in entries], read_ledger(settings)
        changes = Changes(ledger, journal_templates(settings.seeds), period, division)
        status = _status(settings, connection, period, division, records, ledger)
        rule = _checked_rule(settings, status, step, person.strip(), grant, remark)
        if rule.settles and (unseen := changes.after(as_of)):
            raise GuatuError(
                "not_built_yet",
                f"第 {_listed(unseen)} 号报送是版本 {edition_id} 之后收到的。请先运行 guatu run --period {period},"
                "看过新版本再办理。",
                f"submissions {_listed(unseen)} are not in edition {edition_id}; run guatu run first",
            )
        record = Review(
            period=period, division_code=division, step=step, person=person.strip(), login=grant.login,
            remark=remark.strip(), at=now(), edition_id=edition_id, through=len(ledger),
        )  # fmt: skip
        return [_entry(record)]

    append_checked(settings.reviews, make)
    return review_status(settings, connection, period, division)


def _checked_rule(settings: Settings, status: ReviewStatus, step: str, person: str, grant: Grant, remark: str) -> Rule:
    """The rule under which the step is possible; raises what ``take_step`` raises."""
    rules = [rule for rule in load_rules(settings.seeds) if rule.step == step]
    if not rules:
        raise GuatuError("unknown_step", f"没有步骤 {step}。", f"unknown step {step}", exit_code=2)
    if status.decided_by != status.division_code and status.is_locked:
        raise GuatuError(
            "decided_above",
            f"{status.period} 已随上级 {status.decided_by} 锁定,请对该区划办理。",
            f"{status.period} is locked at {status.decided_by}",
        )
    found = next((rule for rule in rules if rule.from_state == status.state), None)
    if found is None:
        needed = "、".join(dict.fromkeys(f"“{STATE_TITLES[rule.from_state]}”" for rule in rules))
        raise GuatuError(
            "not_in_this_state",
            f"{status.period} 现在是“{status.title}”,{rules[0].title}须在{needed}时办理。",
            f"{step} is not possible while {status.state}",
        )
    if not found.allows(grant, status.division_code):
        raise GuatuError(
            "not_allowed",
            f"{found.title}须由对该区划有“{ABILITY_TITLES[found.ability]}”权限的"
            f"{'县级' if found.level == 'county' else '乡镇或县级'}人员办理。",
            f"this person may not {step} for {status.division_code}",
        )
    if found.remark and not remark.strip():
        missing = f"还缺{'、'.join(status.owing)}," if status.state == "waiting" and status.owing else ""
        raise GuatuError("remark_wanted", f"{missing}{found.title}须写明理由。", f"{step} needs a remark", exit_code=2)
    before = status.newest
    if found.another and before is not None and (before.login, before.person) == (grant.login, person):
        raise GuatuError(
            "another_person_wanted",
            f"{found.title}须由另一人办理:上一步是 {before.person} 办的。",
            f"{step} takes another person than the step before",
        )
    return found


def _status(
    settings: Settings,
    connection: duckdb.DuckDBPyConnection,
    period: str,
    division: str,
    records: Sequence[Review],
    ledger: Sequence[Submission],
) -> ReviewStatus:
    of_month = [record for record in records if record.period == period]
    changes = Changes(ledger, journal_templates(settings.seeds), period, division)
    stands = _stands(load_rules(settings.seeds), of_month, changes, division)
    decided_by, stand = stands[0]
    for place, other in stands[1:]:
        if farther(stand, other):
            decided_by, stand = place, other
    owing = owing_reports(connection, period, division)
    arrived = "submitted" if changes.has_arrived and not owing else "waiting"
    history = [
        record
        for record in of_month
        if (division.startswith(code_prefix(record.division_code)))
        or (not record.is_step and record.division_code.startswith(code_prefix(division)))
    ]
    return ReviewStatus(
        period,
        division,
        stand.state or arrived,
        decided_by,
        owing,
        stand.changed,
        stand.newest,
        tuple(history),
        stand.is_settled,
    )


def _stands(rules: Sequence[Rule], records: Sequence[Review], changes: Changes, code: str) -> list[tuple[str, Stand]]:
    """The division's own stand first, then those of the divisions above with steps, the nearest first."""
    above = {r.division_code for r in records if r.is_step and code.startswith(code_prefix(r.division_code))} - {code}
    places = [code, *sorted(above, key=lambda place: len(code_prefix(place)), reverse=True)]
    return [(place, stand_of(rules, _steps(records, changes.period, place), changes.since)) for place in places]


def _steps(records: Iterable[Review], period: str, division: str) -> list[Review]:
    return [r for r in records if r.is_step and r.period == period and r.division_code == division]


def _edition(connection: duckdb.DuckDBPyConnection) -> tuple[str, datetime]:
    return connection.execute("select edition_id, as_of from marts.dim_edition").fetchall()[0]


def _listed(numbers: Sequence[int]) -> str:
    return "、".join(map(str, numbers[:5])) + (f" 等 {len(numbers)} 份" if len(numbers) > 5 else "")


def _entry(record: Review) -> dict:
    return record.model_dump(mode="json", exclude_none=True)


def _review(entry: dict) -> Review:
    return Review.model_validate({key: value for key, value in entry.items() if key not in ("entry", "chain")})
