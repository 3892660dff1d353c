"""Who owes which report on a day: each occurrence of a cadence and each sender, with what has been delivered.

The same rules as ``int_cadences`` of the warehouse, for a day of one's choosing and without waiting for an edition.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

import polars as pl

from orchestration.cadence.occurrences import occurrences
from orchestration.cadence.tables import NO_RECIPIENT
from orchestration.catalogue.cadences import Cadence
from orchestration.catalogue.schemes import Scheme

State = Literal["on_time", "late", "partly", "missing", "not_due"]


@dataclass(frozen=True)
class Sender:
    """Who owes a report: a division (by code) or a unit (by name)."""

    sender: str
    name: str


@dataclass(frozen=True)
class Standing:
    """One occurrence owed by one sender, as of a day."""

    scheme: str
    cadence: Cadence
    occurrence: str
    sender: Sender
    due_on: date
    delivered_on: date | None
    """When the last recipient had it; None while one is missing."""
    waiting: tuple[str, ...]
    """Recipients that do not have it yet."""
    state: State
    days_late: int | None

    @property
    def is_owed(self) -> bool:
        return self.state in ("partly", "missing")


def senders(
    scheme: Scheme, cadence: Cadence, divisions: pl.DataFrame, support_units: Mapping[str, Sequence[str]]
) -> list[Sender]:
    """Everybody who owes the cadence; nobody where the scheme's division is not known.

    divisions       columns division_code, name, level, parent_code, as in force on the day
    support_units   county code → units that stand behind its villages
    """
    inside = _inside(divisions, scheme.division) if scheme.division else divisions.clear()
    if inside.is_empty():
        return []
    found = [Sender(name, name) for name in cadence.named_senders]
    if cadence.sender_level == "support_unit":
        units = sorted({unit for code in inside["division_code"] for unit in support_units.get(code, ())})
        return found + [Sender(unit, unit) for unit in units]
    level = inside.filter(pl.col("level").is_in([cadence.sender_level])).sort("division_code")
    return found + [Sender(code, name) for code, name in level.select("division_code", "name").iter_rows()]


def standings(
    schemes: Iterable[Scheme],
    divisions: pl.DataFrame,
    support_units: Mapping[str, Sequence[str]],
    delivered: Mapping[tuple[str, ...], datetime],
    on: date,
    until: date,
) -> list[Standing]:
    """What was due by ``on`` under the schemes in force in its month, and what falls due by ``until``, by due day.

    delivered  (scheme, cadence, occurrence, sender, recipient) → when
    """
    found = []
    for scheme in schemes:
        for cadence in scheme.cadences if _speaks(scheme, on) else ():
            owing = senders(scheme, cadence, divisions, support_units)
            for each in occurrences(cadence, scheme.valid_from, scheme.valid_to):
                if each.due_on <= until:
                    keys = [(scheme.scheme, cadence.code, each.occurrence, sender.sender) for sender in owing]
                    times = [{name: delivered.get((*key, name)) for name in _recipients(cadence)} for key in keys]
                    found += [
                        _standing(scheme.scheme, cadence, each.occurrence, sender, each.due_on, had, on)
                        for sender, had in zip(owing, times, strict=True)
                    ]
    return sorted(found, key=lambda each: (each.due_on, each.scheme, each.cadence.code, each.sender.sender))


def _speaks(scheme: Scheme, on: date) -> bool:
    """Whether the scheme is in force in the month of the day."""
    month = (on.year, on.month)
    begins, ends = scheme.valid_from, scheme.valid_to
    return (begins.year, begins.month) <= month <= (ends.year, ends.month)


def _recipients(cadence: Cadence) -> tuple[str, ...]:
    return cadence.recipients or (NO_RECIPIENT,)


def _standing(
    scheme: str,
    cadence: Cadence,
    occurrence: str,
    sender: Sender,
    due_on: date,
    had: Mapping[str, datetime | None],
    on: date,
) -> Standing:
    waiting = tuple(name for name, when in had.items() if when is None)
    days = [when.date() for when in had.values() if when is not None]
    delivered_on = max(days) if not waiting else None
    state = _state(due_on, delivered_on, bool(days), on)
    late = max(((delivered_on or on) - due_on).days, 0)
    days_late = None if state == "not_due" else late
    return Standing(scheme, cadence, occurrence, sender, due_on, delivered_on, waiting, state, days_late)


def _state(due_on: date, delivered_on: date | None, some: bool, on: date) -> State:
    if delivered_on is not None:
        return "on_time" if delivered_on <= due_on else "late"
    if on <= due_on:
        return "not_due"
    return "partly" if some else "missing"


def _inside(divisions: pl.DataFrame, code: str) -> pl.DataFrame:
    """The division and everything below it."""
    inside, found = [code], [code]
    while found:
        found = divisions.filter(pl.col("parent_code").is_in(found))["division_code"].to_list()
        inside += found
    return divisions.filter(pl.col("division_code").is_in(inside))
