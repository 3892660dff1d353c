"""Everything one bulletin says, read from the edition once: the PDF and the annex are two views of the same facts.

No column of these queries holds personal data, and texts that may quote a row (finding messages, rejected values, file
names) are not read at all.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from orchestration.errors import GuatuError
from orchestration.reports import wording
from orchestration.reports.geography import Geography
from orchestration.reports.kinds import asks_for_bulletin
from orchestration.reports.source import Edition, Row

UNANNOUNCED = "pending_announcement"
"""Actions in this state list every consequence a unit might meet: the unit is named once, they are not shown."""


@dataclass(frozen=True)
class EditionHead:
    """Identity of the edition: printed on every page."""

    edition_id: str
    period: str
    as_of: datetime


@dataclass(frozen=True)
class Scheme:
    """One assessment scheme."""

    code: str
    title: str
    issuer: str | None
    division_code: str | None
    """Empty where the document names no place: nobody is measured by it."""
    valid_from: date | None
    valid_to: date | None
    source: str | None

    def in_force(self, period: str) -> bool:
        """Whether any day of the period lies in the scheme's time."""
        begun = self.valid_from is None or self.valid_from <= wording.last_day(period)
        return begun and (self.valid_to is None or self.valid_to >= wording.first_day(period))


@dataclass(frozen=True)
class Facts:
    """One scheme, one division, one period. Row lists carry the columns their query names."""

    head: EditionHead
    scheme: Scheme
    division_code: str
    period: str
    geography: Geography
    indicators: list[Row]
    targets: list[Row]
    rankings: list[Row]
    milestones: list[Row]
    actions: list[Row]
    unannounced: list[str]
    clauses: dict[str, Row]
    receipts: list[Row]
    reporting: list[Row]
    submissions: list[Row]
    findings: list[Row]
    cadences: list[Row]

    def inside(self, code: str) -> bool:
        """Whether a unit belongs to the bulletin's division."""
        return self.geography.contains(self.division_code, code)

    def name(self, code: str | None) -> str:
        return self.geography.name(code)

    def cadences_of(self, every: str | None) -> list[Row]:
        """The clauses that ask for a 通报 in this interval."""
        return [row for row in self.cadences if row["every"] == every and asks_for_bulletin(row["title"])]


def read_head(edition: Edition) -> EditionHead:
    """The single row of dim_edition."""
    rows = edition.rows("select edition_id, period, as_of from marts.dim_edition")
    if len(rows) != 1:
        raise GuatuError(
            "edition_incomplete",
            f"该数据版本的版本信息应为一行，实为{len(rows)}行；请重新运行 guatu run",
            f"dim_edition should hold one row, found {len(rows)}; run guatu run again",
        )
    return EditionHead(**rows[0])


def read_schemes(edition: Edition) -> list[Scheme]:
    """All schemes in code order."""
    rows = edition.rows(
        """
        select scheme as code, title, issuer, division_code, valid_from, valid_to, source
        from marts.dim_scheme
        order by scheme
        """
    )
    return [Scheme(**row) for row in rows]


def active_schemes(edition: Edition, period: str) -> set[str]:
    """Schemes with a unit ranked or held to a target or milestone in the period."""
    rows = edition.rows(
        """
        select scheme from marts.fct_ranking where edition_period = $1
        union select scheme from marts.fct_target where period = $1
        union select scheme from marts.fct_milestone where period = $1
        """,
        period,
    )
    return {row["scheme"] for row in rows}


def read_facts(
    edition: Edition, head: EditionHead, geography: Geography, scheme: Scheme, division_code: str, period: str
) -> Facts:
    """Read what the bulletin of one scheme, division and period needs."""
    milestones = _milestones(edition, scheme.code, period)
    targets = _targets(edition, scheme.code, period)
    rankings = _rankings(edition, scheme.code, period)
    actions = _actions(edition, scheme.code, period)

    def ours(rows: list[Row]) -> list[Row]:
        return [
            row
            for row in rows
            if row["division_code"] is not None and geography.contains(division_code, row["division_code"])
        ]

    return Facts(
        head=head,
        scheme=scheme,
        division_code=division_code,
        period=period,
        geography=geography,
        indicators=_indicators(edition, scheme.code, division_code, period),
        targets=ours(targets),
        rankings=rankings,
        milestones=ours(milestones),
        actions=[row for row in ours(actions) if row["state"] != UNANNOUNCED],
        unannounced=sorted({row["division_code"] for row in ours(actions) if row["state"] == UNANNOUNCED}),
        clauses=_clauses(edition, scheme.code),
        receipts=ours(_receipts(edition, period)),
        reporting=ours(_reporting(edition, period, scheme.code)),
        submissions=_submissions(edition, geography, division_code, period),
        findings=_findings(edition, geography, division_code, period),
        cadences=_cadences(edition, scheme.code),
    )


def _indicators(edition: Edition, scheme: str, division_code: str, period: str) -> list[Row]:
    """Indicators the scheme ranks or holds to something, for the division itself, in catalogue order of use."""
    return edition.rows(
        """
        with used as (
            select indicator_code, min(weight) as weight
            from (
                select indicator_code, 1 as weight from marts.dim_ranking where scheme = $1
                union all select indicator_code, 2 from marts.dim_milestone where scheme = $1
                union all select indicator_code, 3 from marts.dim_target where scheme = $1
            )
            where indicator_code is not null
            group by indicator_code
        )
        select
            catalogue.indicator_code, catalogue.title, catalogue.unit, catalogue.better, catalogue.grain,
            fact.value, fact.state, fact.coverage, fact.previous_value, fact.year_ago_value,
        from used
        join marts.dim_indicator as catalogue using (indicator_code)
        left join marts.fct_indicator as fact
            on fact.indicator_code = used.indicator_code and fact.division_code = $2 and fact.period = $3
        order by used.weight, catalogue.indicator_code
        """,
        scheme, division_code, period,
    )  # fmt: skip


def _targets(edition: Edition, scheme: str, period: str) -> list[Row]:
    return edition.rows(
        """
        with head as (
            -- one row per target and clause: the contract lists them once for each level and class of unit
            select
                target, clause_id, min(title) as title, min(operator) as operator,
                min(floor_operator) as floor_operator, min(stretch_operator) as stretch_operator,
            from marts.dim_target
            where scheme = $1
            group by target, clause_id
        )
        select
            fact.target, fact.clause_id, coalesce(head.title, catalogue.title) as title,
            head.operator as target_value_operator, head.floor_operator, head.stretch_operator,
            fact.division_code, fact.indicator_code, catalogue.unit, fact.value, fact.floor, fact.target_value,
            fact.stretch, fact.band, fact.state,
        from marts.fct_target as fact
        left join head using (target, clause_id)
        left join marts.dim_indicator as catalogue on catalogue.indicator_code = fact.indicator_code
        where fact.scheme = $1 and fact.period = $2
        order by fact.target, fact.clause_id, fact.division_code
        """,
        scheme, period,
    )  # fmt: skip


def _rankings(edition: Edition, scheme: str, period: str) -> list[Row]:
    return edition.rows(
        """
        select
            fact.ranking, head.title, head.indicator_code, catalogue.unit, head.population_code,
            coalesce(head.decimals, 2) as decimals, head.first_places, head.last_places,
            fact.round_code, fact.class, fact.division_code, fact.score, fact.state, fact.rank, fact.rank_from_bottom,
            fact.ranked_units, fact.previous_rank, fact.rank_change, fact.gap_to_next,
        from marts.fct_ranking as fact
        left join marts.dim_ranking as head using (scheme, ranking)
        left join marts.dim_indicator as catalogue on catalogue.indicator_code = head.indicator_code
        where fact.scheme = $1 and fact.edition_period = $2
        order by fact.ranking, fact.class, fact.rank nulls last, fact.division_code
        """,
        scheme, period,
    )  # fmt: skip


def _milestones(edition: Edition, scheme: str, period: str) -> list[Row]:
    return edition.rows(
        """
        with head as (
            -- a milestone may be listed once for each level it binds
            select milestone, min(title) as title, min(operator) as operator, min(benchmark_level) as benchmark_level
            from marts.dim_milestone
            where scheme = $1
            group by milestone
        )
        select
            fact.milestone, head.title, head.operator, head.benchmark_level, fact.clause_id, fact.division_code,
            fact.indicator_code, catalogue.unit, catalogue.better, fact.checkpoint, fact.threshold, fact.value,
            fact.benchmark, fact.branch, fact.state, fact.daily_pace,
        from marts.fct_milestone as fact
        left join head using (milestone)
        left join marts.dim_indicator as catalogue on catalogue.indicator_code = fact.indicator_code
        where fact.scheme = $1 and fact.period = $2
        order by fact.checkpoint, fact.milestone, fact.division_code
        """,
        scheme, period,
    )  # fmt: skip


def _actions(edition: Edition, scheme: str, period: str) -> list[Row]:
    return edition.rows(
        """
        select
            action.ranking, ranking.title as ranking_title, action.round_code, action.division_code, action.clause_id,
            action.trigger, action.object, action.object_title, action.kind, action.title, action.amount, action.score,
            action.rank, action.rank_from_bottom, action.absorbed_by, action.state, action.reason,
        from marts.fct_action as action
        left join marts.dim_ranking as ranking using (scheme, ranking)
        where action.scheme = $1 and action.edition_period = $2
        order by
            action.ranking, action.rank nulls last, action.division_code, action.object, action.kind, action.clause_id
        """,
        scheme, period,
    )  # fmt: skip


def _clauses(edition: Edition, scheme: str) -> dict[str, Row]:
    rows = edition.rows(
        "select clause_id, title, quote, source from marts.dim_scheme_clause where scheme = $1 order by clause_id",
        scheme,
    )
    return {row["clause_id"]: row for row in rows}


def _receipts(edition: Edition, period: str) -> list[Row]:
    return edition.rows(
        """
        select
            receipt_id, document_no, division_code, fund_year, source_level, fund_type, advance, issued_on,
            amount, allocated, allocated_within_60, paid, due_60_on, sixty_day_state,
        from marts.fct_fund_receipt
        where period = $1
        order by division_code, fund_year desc, issued_on, receipt_id
        """,
        period,
    )


def _reporting(edition: Edition, period: str, scheme: str) -> list[Row]:
    """Villages due and covered by division and template, for the templates the scheme requires."""
    return edition.rows(
        """
        select
            fact.division_code, fact.level, fact.template, template.title as template_title,
            fact.villages_expected, fact.villages_covered, fact.villages_on_time,
        from marts.fct_reporting as fact
        inner join marts.dim_scheme_template as required using (template)
        inner join marts.dim_template as template using (template)
        where fact.period = $1 and required.scheme = $2
        order by template.position, fact.division_code
        """,
        period,
        scheme,
    )


def _submissions(edition: Edition, geography: Geography, division_code: str, period: str) -> list[Row]:
    """Submissions of the period whose scope lies inside the division or contains it."""
    rows = edition.rows(
        """
        select
            submission.submission_id, submission.scope_code, template.title as template_title, submission.template,
            submission.received_at, submission.outcome,
            submission.rows_read, submission.rows_accepted, submission.rows_rejected, submission.rows_warned,
        from marts.fct_submission as submission
        left join marts.dim_template as template using (template)
        where submission.period = $1 and submission.scope_code is not null
        order by submission.submission_id
        """,
        period,
    )
    above = set(geography.path(division_code))
    return [r for r in rows if r["scope_code"] in above or geography.contains(division_code, r["scope_code"])]


def _findings(edition: Edition, geography: Geography, division_code: str, period: str) -> list[Row]:
    """Number of findings by kind inside the division; no message, no entity."""
    rows = edition.rows(
        """
        select
            fact.code, catalogue.title, fact.severity, catalogue.department, fact.division_code,
            count(*) as findings,
        from marts.fct_finding as fact
        inner join marts.dim_finding as catalogue using (code)
        where fact.period = $1 and fact.division_code is not null
        group by all
        order by fact.severity, catalogue.department, fact.code, fact.division_code
        """,
        period,
    )
    return [row for row in rows if geography.contains(division_code, row["division_code"])]


def _cadences(edition: Edition, scheme: str) -> list[Row]:
    return edition.rows(
        """
        select cadence, title, sender, recipients, every, clause_id
        from marts.dim_cadence
        where scheme = $1
        order by cadence
        """,
        scheme,
    )


def total(values: list[Decimal | None]) -> Decimal:
    """Sum of the amounts that are known."""
    return sum((Decimal(value) for value in values if value is not None), Decimal(0))
