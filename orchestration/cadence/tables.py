"""Cadences as tables for dbt: when each is due, who owes it by name, who is to have it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import polars as pl

from orchestration.cadence.occurrences import occurrences

if TYPE_CHECKING:  # the catalogue imports this module
    from orchestration.catalogue.schemes import Scheme

NO_RECIPIENT = ""
"""Stands for "done" where the document names nobody who is to have it (a meeting, a dispatch)."""
_KEY = {"scheme": pl.String(), "cadence": pl.String()}


def cadence_tables(schemes: Iterable["Scheme"]) -> dict[str, pl.DataFrame]:
    """The tables by name.

    cadence_occurrences    one row per occurrence: scheme, cadence, occurrence, opens_on, due_on
    cadence_recipients     one row per recipient (``NO_RECIPIENT`` where none is named): scheme, cadence, recipient
    cadence_sender_units   one row per sender known by name: scheme, cadence, sender
    """
    pairs = [(scheme, cadence) for scheme in schemes for cadence in scheme.cadences]
    due = [
        (scheme.scheme, cadence.code, each.occurrence, each.opens_on, each.due_on)
        for scheme, cadence in pairs
        for each in occurrences(cadence, scheme.valid_from, scheme.valid_to)
    ]
    recipients = [(s.scheme, c.code, name) for s, c in pairs for name in c.recipients or (NO_RECIPIENT,)]
    senders = [(s.scheme, c.code, name) for s, c in pairs for name in c.named_senders]
    days = {"opens_on": pl.Date(), "due_on": pl.Date()}
    return {
        "cadence_occurrences": _table(due, {"occurrence": pl.String()} | days),
        "cadence_recipients": _table(recipients, {"recipient": pl.String()}),
        "cadence_sender_units": _table(senders, {"sender": pl.String()}),
    }


def _table(rows: list[tuple], columns: dict[str, pl.DataType]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=_KEY | columns, orient="row")
