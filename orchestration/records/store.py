"""The journal of decisions, ``GUATU_HOME/decisions.jsonl``: writing what may follow, and reading it as a table."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import polars as pl

from orchestration.catalogue.indicators import load_reference
from orchestration.records.journal import append_checked, checked_entries
from orchestration.records.model import Decision, Matter, check_follows, newest
from orchestration.settings import Settings

SCHEMA: dict[str, pl.DataType] = {
    "entry": pl.Int64(),
    **{
        name: pl.String()
        for name in (
            "kind", "scheme", "ranking", "edition_period", "division_code", "unit", "clause_id", "object",
            "action_kind", "step", "code",
        )
    },
    "year": pl.Int32(),
    "amount": pl.Decimal(18, 2),
    "score": pl.Decimal(9, 4),
    "person": pl.String(),
    "reason": pl.String(),
    "decided_at": pl.Datetime("us"),
}  # fmt: skip
"""Columns of ``decisions_table``, in order."""

Make = Callable[[Mapping[Matter, Decision]], Sequence[Decision]]


def record(settings: Settings, make: Make) -> list[Decision]:
    """Writes the records that ``make`` returns, given the newest record on each matter; all or none, under a lock."""

    titles = {code: title for name in ("objects", "consequences") for code, title in _titles(settings, name)}

    def checked(entries: list[dict]) -> list[dict]:
        stand = newest(_decision(entry) for entry in entries)
        wanted = list(make(stand))
        for decision in wanted:
            check_follows(decision, stand.get(decision.matter), titles)
            stand[decision.matter] = decision
        return [decision.model_dump(mode="json") for decision in wanted]

    return [_decision(entry) for entry in append_checked(settings.decisions, checked)]


def read_decisions(settings: Settings) -> list[tuple[int, Decision]]:
    """All records with their number, oldest first. Raises GuatuError ``journal_damaged`` where one was changed."""
    return [(entry["entry"], _decision(entry)) for entry in checked_entries(settings.decisions)]


def decisions_table(settings: Settings, as_of: datetime) -> pl.DataFrame:
    """The records made by ``as_of`` (naive Asia/Shanghai), one row each, columns as in ``SCHEMA``."""
    table = [
        {"entry": entry, **decision.model_dump(exclude={"edition_id"})}
        for entry, decision in read_decisions(settings)
        if decision.decided_at <= as_of
    ]
    return pl.DataFrame(table, schema=SCHEMA, orient="row")


def _titles(settings: Settings, name: str) -> list[tuple[str, str]]:
    table = load_reference(settings.seeds, name)
    return list(zip(table.to_series(0), table["title"], strict=True))


def _decision(entry: Mapping[str, object]) -> Decision:
    return Decision.model_validate({key: value for key, value in entry.items() if key not in ("entry", "chain")})
