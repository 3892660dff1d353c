"""Submissions for a locked month: taken in with a reason, refused without one."""

from dataclasses import dataclass, replace
from datetime import datetime

import polars as pl

from orchestration.catalogue.templates import Template
from orchestration.intake.messages import refusal
from orchestration.intake.submit import Verdict
from orchestration.records.reviews import give_reason, locked_months
from orchestration.settings import Settings


@dataclass(frozen=True)
class Restating:
    """Who hands something in for a locked month, and why."""

    person: str
    reason: str


def held_to_locks(
    settings: Settings,
    verdict: Verdict,
    template: Template | None,
    restating: Restating | None,
    sha256: str,
    received_at: datetime,
) -> Verdict:
    """The verdict as it is where no locked month would change; else with the reason on record, or a refusal.

    The original stays in the archive either way.
    """
    if verdict.outcome not in ("accepted", "partial") or template is None:
        return verdict
    period, scope = str(verdict.period), str(verdict.scope_code)
    months = locked_months(settings, period, scope, later_too=template.kind == "journal")
    if not months:
        return verdict
    if restating is not None and restating.reason.strip():
        for month in months:
            give_reason(settings, month, scope, restating.person, restating.reason, sha256, received_at)
        return verdict
    return refused_for_lock(verdict, refusal("month_locked", "、".join(months)))


def refused_for_lock(verdict: Verdict, reason: str) -> Verdict:
    """The verdict on a file that would have been taken in, had its month not been locked."""
    return replace(
        verdict,
        outcome="refused",
        rows_rejected=verdict.rows_read,
        rows_warned=0,
        reason=reason,
        accepted=pl.DataFrame(),
        notes=replace(verdict.notes, problems=verdict.notes.problems.clear()),
    )
