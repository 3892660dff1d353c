"""The occurrences of a cadence: every interval of a scheme's validity with the day its report is due.

An occurrence counts where the day it falls on lies inside the validity, so a fortnight or a week cut off by the
scheme's end is not asked for, and a first month that began before the scheme is.
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from orchestration.cadence.workdays import add_workdays, next_workday

if TYPE_CHECKING:  # the catalogue imports this module
    from orchestration.catalogue.cadences import Cadence, Due, Every

FRIDAY = 5
MONTHS: dict[str, int] = {"month": 1, "two_months": 2, "quarter": 3, "year": 12}
"""Intervals of whole months, counted from January."""
TERM_OPENS = {2: "春", 9: "秋"}
"""School terms: 秋季学期 from September, 春季学期 from February."""


@dataclass(frozen=True)
class Occurrence:
    """One time a report is due: ``2018-07-15`` (半月), ``2020-10-W2`` (周), ``2022-06`` (月), ``2022-Q2`` (季) …"""

    occurrence: str
    opens_on: date
    due_on: date


def occurrences(cadence: "Cadence", valid_from: date, valid_to: date) -> list[Occurrence]:
    """All occurrences of a cadence of a scheme in force from ``valid_from`` to ``valid_to``, in order."""
    found: list[Occurrence] = []
    for opens_on, closes_on in _intervals(cadence.every, valid_from, valid_to):
        falls_on, due_on = _days(cadence.due, cadence.every, closes_on)
        if cadence.every != "once" and not valid_from <= falls_on <= valid_to:
            continue
        if cadence.on_holiday == "next_workday":
            due_on = next_workday(due_on)
        name = _name(cadence.every, opens_on, closes_on, falls_on)
        names = [name] if cadence.times == 1 else [f"{name}#{n}" for n in range(1, cadence.times + 1)]
        found += [Occurrence(each, max(opens_on, valid_from), due_on) for each in names]
    return found


def _intervals(every: "Every", valid_from: date, valid_to: date) -> Iterator[tuple[date, date]]:
    """Whole intervals (first and last day) that touch the validity; those of weeks and months by the calendar."""
    if every == "once":
        yield valid_from, valid_to
        return
    opens_on = _first_day(every, valid_from)
    while opens_on <= valid_to:
        following = _following(every, opens_on)
        yield opens_on, following - timedelta(days=1)
        opens_on = following


def _first_day(every: "Every", day: date) -> date:
    """The first day of the interval a day lies in; fortnights run from the scheme's first day."""
    if every == "week":
        return day - timedelta(days=day.weekday())
    if every == "half_month":
        return day.replace(day=1 if day.day <= 15 else 16)
    if every == "term":
        opened = max((month for month in TERM_OPENS if month <= day.month), default=max(TERM_OPENS))
        return date(day.year - (opened > day.month), opened, 1)
    if every in MONTHS:
        return date(day.year, (day.month - 1) // MONTHS[every] * MONTHS[every] + 1, 1)
    return day


def _following(every: "Every", opens_on: date) -> date:
    """The first day of the next interval."""
    if every in MONTHS:
        return _month_later(opens_on, MONTHS[every])
    if every == "term":
        return date(opens_on.year, 9, 1) if opens_on.month == 2 else date(opens_on.year + 1, 2, 1)
    if every == "half_month":
        return opens_on.replace(day=16) if opens_on.day == 1 else _month_later(opens_on, 1)
    return opens_on + timedelta(days={"day": 1, "week": 7, "two_weeks": 14}[every])


def _month_later(day: date, months: int) -> date:
    """The first day of the month a number of months later."""
    number = day.year * 12 + day.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def _day_of_month(month: date, day: int) -> date:
    """That day of the month, or its last where the month is shorter."""
    return month.replace(day=min(day, monthrange(month.year, month.month)[1]))


def _days(due: "Due | None", every: "Every", closes_on: date) -> tuple[date, date]:
    """(the day inside the interval it stands for, the day it is due): they differ where it is due afterwards."""
    weekday = due.weekday if due else FRIDAY if every == "week" else None
    if weekday is not None:
        falls_on = closes_on - timedelta(days=(closes_on.isoweekday() - weekday) % 7)
        return falls_on, falls_on
    if due is None or due.end:
        return closes_on, closes_on
    if due.workdays_after:
        return closes_on, add_workdays(closes_on, due.workdays_after)
    if due.day:
        due_on = _day_of_month(_month_later(closes_on, due.months_after), due.day)
        return (closes_on if due.months_after else due_on), due_on
    if due.month_day:
        month, day = map(int, due.month_day.split("-"))
        closes_on = _day_of_month(date(closes_on.year, month, 1), day)
    return (due.fixed or closes_on,) * 2


def _name(every: "Every", opens_on: date, closes_on: date, falls_on: date) -> str:
    if every == "week":
        return f"{falls_on:%Y-%m}-W{(falls_on.day - 1) // 7 + 1}"
    if every == "month":
        return f"{opens_on:%Y-%m}"
    if every == "two_months":
        return f"{opens_on:%Y-%m}~{closes_on:%m}"
    if every == "quarter":
        return f"{opens_on:%Y}-Q{closes_on.month // 3}"
    if every == "term":
        return f"{opens_on:%Y}-{TERM_OPENS[opens_on.month]}"
    if every == "year":
        return f"{opens_on:%Y}"
    return f"{falls_on if every == 'once' else closes_on}"
