"""Working days by the statutory calendar: holidays off, make-up days (调休) on."""

from datetime import date, timedelta

import chinese_calendar

_WEEKDAYS = 5


def is_workday(day: date) -> bool:
    """Whether people work; Monday to Friday in years whose holidays are not announced yet."""
    try:
        return chinese_calendar.is_workday(day)
    except NotImplementedError:
        return day.weekday() < _WEEKDAYS


def add_workdays(day: date, count: int) -> date:
    """The ``count``-th working day after ``day``; ``day`` itself is not counted."""
    while count:
        day += timedelta(days=1)
        count -= is_workday(day)
    return day


def next_workday(day: date) -> date:
    """The day itself where it is a working day, else the first one after it."""
    return day if is_workday(day) else add_workdays(day, 1)
