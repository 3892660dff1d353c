"""The steps the calendar asks for: making a bulletin, reminding who owes a report, chasing it, missing an edition.

Pure: from schemes and days to steps. Each has a key of its own, which is what makes it happen once.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from orchestration.cadence.occurrences import MONTHS, Occurrence, occurrences
from orchestration.catalogue.cadences import Cadence, Every
from orchestration.catalogue.schemes import Scheme
from orchestration.reports.kinds import asks_for_bulletin

What = Literal["make", "remind", "chase", "edition"]
Key = tuple[str, str, str, str]
LONGEST_NOTICE = timedelta(days=31)
"""Nobody is reminded earlier than ``guatu due`` looks ahead, however long the interval."""
NO_SCHEME = ""


@dataclass(frozen=True)
class Step:
    """One thing to do on or after ``day``.

    make     write the documents of an occurrence, on its due day
    remind   tell who owes an occurrence, one interval before its due day; pointless after ``due_on``
    chase    tell who still owes it, the day after
    edition  tell that the month's edition (``occurrence``: YYYY-MM) is not there, some days after it was to be built
    """

    what: What
    scheme: str
    cadence: str
    occurrence: str
    day: date
    due_on: date
    opens_on: date

    @property
    def key(self) -> Key:
        return (self.what, self.scheme, self.cadence, self.occurrence)


def steps(schemes: Iterable[Scheme], bulletins: Collection[Every], since: date, on: date) -> list[Step]:
    """The steps that fall on a day from ``since`` to ``on``, in order of day and key.

    bulletins  intervals for which a kind of document exists: a cadence of one that asks for a 通报 is made here and not
               reminded of. Schemes without a division hold for nobody and ask for nothing.
    """
    found = [
        step
        for scheme in schemes
        if scheme.division is not None
        for cadence in scheme.cadences
        for step in _steps_of(scheme, cadence, cadence.every in bulletins and asks_for_bulletin(cadence.title))
        if since <= step.day <= on
    ]
    return sorted(found, key=lambda step: (step.day, step.key))


def edition_steps(due_day: int, grace_days: int, since: date, on: date) -> list[Step]:
    """One step for each month whose edition should be there by a day from ``since`` to ``on``.

    ``due_day``: day of the following month submissions are due; ``grace_days``: days after it.
    """
    found = []
    month = _month_before(_month_before(since.replace(day=1)))
    while month <= on:
        following = _month_after(month)
        due_on = following + timedelta(days=due_day - 1)
        day = due_on + timedelta(days=grace_days)
        if since <= day <= on:
            found.append(Step("edition", NO_SCHEME, NO_SCHEME, f"{month:%Y-%m}", day, due_on, month))
        month = following
    return found


def last_month(every: Every, opens_on: date) -> str:
    """The month (YYYY-MM) an interval ends in: of the second quarter 06, of half a month its own."""
    months = MONTHS.get(every, 1)
    return f"{opens_on.year}-{(opens_on.month - 1) // months * months + months:02d}"


def _steps_of(scheme: Scheme, cadence: Cadence, is_bulletin: bool) -> Iterator[Step]:
    before: date | None = None
    due_before: date | None = None
    for each in occurrences(cadence, scheme.valid_from, scheme.valid_to):
        if each.due_on != due_before:  # several of one interval are due together
            before, due_before = due_before, each.due_on
        if is_bulletin:
            yield _step("make", scheme, cadence, each, each.due_on)
        else:
            yield _step("remind", scheme, cadence, each, max(before or each.opens_on, each.due_on - LONGEST_NOTICE))
        yield _step("chase", scheme, cadence, each, each.due_on + timedelta(days=1))


def _step(what: What, scheme: Scheme, cadence: Cadence, each: Occurrence, day: date) -> Step:
    return Step(what, scheme.scheme, cadence.code, each.occurrence, day, each.due_on, each.opens_on)


def _month_after(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


def _month_before(month: date) -> date:
    return (month - timedelta(days=1)).replace(day=1)
