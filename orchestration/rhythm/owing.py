"""Who owes an occurrence on a day, and which recipients still wait for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

import polars as pl

from orchestration.cadence.deliveries import delivered, deliveries_table
from orchestration.cadence.places import divisions_on, support_units_of
from orchestration.cadence.standing import Sender, senders
from orchestration.cadence.tables import NO_RECIPIENT
from orchestration.catalogue.cadences import Cadence
from orchestration.catalogue.schemes import Scheme
from orchestration.settings import Settings


@dataclass(frozen=True)
class Owing:
    """One sender, and the recipients (``NO_RECIPIENT``: it was not done) still waiting."""

    sender: Sender
    waiting: tuple[str, ...]


class Owed:
    """Reads an installation once a pass: divisions by month, support units, what was delivered by the day."""

    def __init__(self, settings: Settings, on: date) -> None:
        had = delivered(deliveries_table(settings))
        self._had: Mapping[tuple[str, ...], datetime] = {key: when for key, when in had.items() if when.date() <= on}
        self._divisions = cache(lambda month: divisions_on(settings, month))
        self._units = cache(lambda: support_units_of(settings))

    def senders(self, scheme: Scheme, cadence: Cadence, due_on: date) -> list[Sender]:
        """Everybody the cadence falls to, by the divisions of the month it is due in."""
        month = min(max(due_on, scheme.valid_from), scheme.valid_to).replace(day=1)
        divisions: pl.DataFrame = self._divisions(month)
        return senders(scheme, cadence, divisions, self._units() if cadence.sender_level == "support_unit" else {})

    def owing(self, scheme: Scheme, cadence: Cadence, occurrence: str, due_on: date) -> list[Owing]:
        """Those of the senders whom a recipient still waits for."""
        wanted = cadence.recipients or (NO_RECIPIENT,)
        found = []
        for sender in self.senders(scheme, cadence, due_on):
            key = (scheme.scheme, cadence.code, occurrence, sender.sender)
            waiting = tuple(name for name in wanted if (*key, name) not in self._had)
            found += [Owing(sender, waiting)] if waiting else []
        return found
