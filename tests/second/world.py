"""What was known at a moment: ledger and lake of a home, and the rows in force for a month."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from orchestration.catalogue.templates import Template, load_templates
from second.calendar_math import last_day, shift
from second.tree import Row, Tree, build_tree, prefix_ancestors, successors

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
CARRIED = {"divisions", "support_units"}

EVENT_DATE = {
    "fund_receipts": "issued_on",
    "fund_allocations": "allocated_on",
    "fund_payments": "paid_on",
    "inspections": "inspected_on",
    "visits": "visited_on",
}


@dataclass(frozen=True)
class Submission:
    """One line of the ledger that changed the warehouse, or tried to."""

    submission_id: int
    template: str | None
    scope: str | None
    period: str | None
    received_at: datetime
    outcome: str
    rows_read: int
    rows_rejected: int

    @property
    def order(self) -> tuple[datetime, int]:
        return (self.received_at, self.submission_id)


def read_submissions(home: Path) -> list[Submission]:
    """All ledger lines of a home, as typed records."""
    lines = (home / "ledger.jsonl").read_text(encoding="utf-8").splitlines()
    records = [json.loads(line) for line in lines if line.strip()]
    return [
        Submission(
            record["submission_id"],
            record["template"],
            record["scope_code"],
            record["period"],
            datetime.fromisoformat(record["received_at"]),
            record["outcome"],
            record["rows_read"],
            record["rows_rejected"],
        )
        for record in records
    ]


class World:
    """Edition month ``period`` as known at ``as_of``; every answer is for a month up to it."""

    def __init__(self, home: Path, period: str, as_of: datetime) -> None:
        self.home = home
        self.as_of = as_of
        self.period = period
        self.templates: dict[str, Template] = load_templates(SEEDS)
        self.known = [s for s in read_submissions(home) if s.received_at <= as_of]
        self.usable = [s for s in self.known if s.outcome in ("accepted", "partial")]
        self.canonical: dict[str, str] = {}
        self.read = cache(self._read)
        self.tree = cache(self._tree)
        self.rows = cache(self._rows)
        self.snapshot = cache(self._snapshot)
        self.journal = cache(self._journal)
        self.cover = cache(self._cover)
        self.canonical = successors(self.division_rows(period), last_day(period))

    @cached_property
    def months(self) -> list[str]:
        """Months of the edition: from the first reported one on, none over a year after the last report before it."""
        reported = {str(s.period) for s in self.usable if s.template != "divisions" and s.period}
        found = [min(reported)]
        while found[-1] < self.period:
            found.append(shift(found[-1], 1))
        near = {shift(month, later) for month in reported for later in range(13)}
        return [month for month in found if month in near or month == self.period]

    def code(self, division: str) -> str:
        """A division's code today."""
        return self.canonical.get(division, division)

    def submissions(self, template: str, wanted: Callable[[str], bool]) -> list[Submission]:
        """Submissions of a template whose month is wanted, in order of receipt."""
        found = [s for s in self.usable if s.template == template and s.period and wanted(s.period)]
        return sorted(found, key=lambda s: s.order)

    def _read(self, submission: Submission) -> list[Row]:
        path = (
            self.home / "lake" / str(submission.template) / f"period={submission.period}"
        ) / f"{submission.submission_id}.parquet"
        return pq.ParquetFile(path).read().to_pylist() if path.exists() else []

    def division_rows(self, period: str) -> list[Row]:
        """Rows of 行政区划表 in force for a month: the newest month, then the latest receipt, speaks."""
        found = self.submissions("divisions", lambda p: p <= period)
        found.sort(key=lambda s: (s.period, s.order))
        return list(self._in_force(found, "division_code", lambda code: [code, *prefix_ancestors(code)], str))

    def _in_force(
        self,
        ordered: list[Submission],
        division: str,
        reach: Callable[[str], list[str]],
        canonical: Callable[[str], str],
    ) -> Iterable[Row]:
        """Rows that no later submission of ``ordered`` covers with its scope."""
        last_of_scope = {canonical(str(s.scope)): rank for rank, s in enumerate(ordered)}
        for rank, submission in enumerate(ordered):
            for row in self.read(submission):
                code = canonical(row[division])
                newest = max((last_of_scope.get(above, -1) for above in reach(code)), default=-1)
                if newest <= rank:
                    yield {**row, "_rank": rank, "_order": submission.order, "_month": submission.period}

    def _tree(self, period: str) -> Tree:
        return build_tree(self.division_rows(period), last_day(period), self.canonical)

    def _rows(self, template: str, period: str) -> list[Row]:
        """Rows in force of one month's files, with divisions under the codes of today."""
        return self._placed(self.submissions(template, lambda p: p == period), template, period)

    def _placed(self, ordered: list[Submission], template: str, period: str) -> list[Row]:
        field = self.templates[template].division
        tree = self.tree(period)
        rows = self._in_force(ordered, field, tree.reach, self.code)
        placed = [{**row, field: self.code(row[field])} for row in rows]
        return [row for row in placed if row[field] in tree.nodes]  # what is in no division of the month is nowhere

    def _latest(self, template: str, rows: list[Row], order: str) -> list[Row]:
        """One row per key: of a key in two places the later submission's row counts."""
        key = self.templates[template].key
        chosen: dict[tuple[Any, ...], Row] = {}
        for row in sorted(rows, key=lambda r: (r[order], r["row_number"])):
            chosen[tuple(row[name] for name in key)] = row
        return list(chosen.values())

    def _snapshot(self, template: str, period: str) -> list[Row]:
        """The state of a snapshot template at a month's end."""
        if template in CARRIED or template == "task_targets":
            ordered = self.submissions(template, self.within_reach(template, period))
            ordered.sort(key=lambda s: (s.period, s.order))
            return self._latest(template, self._placed(ordered, template, period), "_rank")
        return self._latest(template, self.rows(template, period), "_order")

    def within_reach(self, template: str, period: str) -> Callable[[str], bool]:
        """Which months' submissions speak for a month."""
        if template == "task_targets":
            return lambda p: p <= period and p[:4] == period[:4]
        if template in CARRIED:
            return lambda p: p <= period
        if self.templates[template].kind == "journal" and template != "visits":
            return lambda p: p <= period
        return lambda p: p == period

    def _journal(self, template: str, period: str) -> list[Row]:
        """The events known and dated up to a month's end."""
        months = sorted({str(s.period) for s in self.usable if s.template == template and s.period})
        rows = [row for month in months if month <= period for row in self.rows(template, month)]
        dated = EVENT_DATE[template]
        end = last_day(period)
        return [row for row in self._latest(template, rows, "_order") if row[dated] <= end]

    def _cover(self, template: str, period: str) -> frozenset[str]:
        """Divisions a template speaks for in a month; `villages` only through a village's own row."""
        if template == "villages":
            return frozenset(row["village_code"] for row in self.snapshot("villages", period))
        found = self.submissions(template, self.within_reach(template, period))
        if self.templates[template].kind == "journal":  # from the first month on in which a file's scope contains it
            scopes: dict[str, set[str]] = {}
            for s in found:
                scopes.setdefault(str(s.period), set()).add(str(s.scope))
            covered = {code for month, filed in scopes.items() for code in self.inside(filed, month)}
            return frozenset(covered & self.tree(period).nodes.keys())
        return self.inside({str(s.scope) for s in found}, period)

    def inside(self, scopes: set[str], period: str) -> frozenset[str]:
        """Divisions of the month's tree that lie in one of the scopes."""
        today = {self.code(scope) for scope in scopes}
        tree = self.tree(period)
        return frozenset(code for code in tree.nodes if today.intersection(tree.reach(code)))
