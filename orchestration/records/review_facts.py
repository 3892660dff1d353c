"""What a review is held against: the submissions that make a month, and the reports an edition still lacks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

import duckdb

from orchestration.catalogue.templates import load_templates
from orchestration.intake.ledger import Submission
from orchestration.records.review_steps import code_prefix

_OWING = """
with division as (
    select * from marts.dim_division where division_code = $division
),

homes as (
    -- a scheme of a place inside asks only for that place
    select distinct
        templates.template,
        case when $division in (home.province_code, home.prefecture_code, home.county_code, home.township_code)
            then home.division_code else $division end as division_code,
    from marts.dim_scheme as schemes
    inner join marts.dim_scheme_template as templates using (scheme)
    inner join marts.dim_division as home on home.division_code = schemes.division_code
    cross join division
    where strftime(schemes.valid_from, '%Y-%m') <= $period
        and coalesce(strftime(schemes.valid_to, '%Y-%m') >= $period, true)
        and (
            home.division_code in (
                division.division_code, division.province_code, division.prefecture_code, division.county_code,
                division.township_code
            )
            or $division in (home.province_code, home.prefecture_code, home.county_code, home.township_code)
        )
)

select distinct titles.title, titles.position
from homes
inner join marts.fct_reporting as reporting
    on reporting.period = $period
    and reporting.template = homes.template
    and reporting.division_code = homes.division_code
inner join marts.dim_template as titles on titles.template = homes.template
where reporting.villages_covered < reporting.villages_expected
order by titles.position
"""


@dataclass(frozen=True)
class Changes:
    """The submissions in effect that make the month of a division.

    journals  templates whose rows of earlier months count in this one as well
    as_of     changes are told against an edition of that time instead of the present
    """

    submissions: Sequence[Submission]
    journals: frozenset[str]
    period: str
    division_code: str
    as_of: datetime | None = None

    @property
    def has_arrived(self) -> bool:
        """Whether anything was handed in for the month itself."""
        return any(s.period == self.period and self._concerns(s) for s in self.submissions)

    def since(self, through: int) -> tuple[int, ...]:
        """Those by which the figures differ from what was known after ``through`` submissions."""
        return tuple(
            s.submission_id
            for s in self.submissions
            if self._concerns(s) and (s.submission_id <= through) != (self.as_of is None or s.received_at <= self.as_of)
        )

    def after(self, moment: datetime) -> tuple[int, ...]:
        """Those received after a moment."""
        return tuple(s.submission_id for s in self.submissions if self._concerns(s) and s.received_at > moment)

    def _concerns(self, submission: Submission) -> bool:
        if not submission.in_effect or submission.period is None or submission.scope_code is None:
            return False
        counts = submission.period == self.period or (
            submission.template in self.journals and submission.period < self.period
        )
        return counts and overlap(submission.scope_code, self.division_code)


@cache
def journal_templates(seeds: Path) -> frozenset[str]:
    """Templates of events: their rows count from their month on."""
    return frozenset(template.name for template in load_templates(seeds).values() if template.kind == "journal")


def overlap(one: str, other: str) -> bool:
    """Whether one of two divisions (12 digits) lies inside the other."""
    return one.startswith(code_prefix(other)) or other.startswith(code_prefix(one))


def owing_reports(connection: duckdb.DuckDBPyConnection, period: str, division: str) -> tuple[str, ...]:
    """Titles of the reports that a scheme in force asks of the division, or of a part of it, and that lack villages."""
    rows = connection.execute(_OWING, {"period": period, "division": division}).fetchall()
    return tuple(title for title, _ in rows)
