"""When each report is due: every kind of interval, leap years, holidays, and what a scheme's own dates cut off."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from pydantic import ValidationError

from orchestration.cadence.occurrences import occurrences
from orchestration.cadence.workdays import add_workdays, is_workday, next_workday
from orchestration.catalogue import load_schemes
from orchestration.catalogue.cadences import Cadence
from orchestration.settings import get_settings

YEAR_2020 = (date(2020, 1, 1), date(2020, 12, 31))


def cadence(every: str, **more: object) -> Cadence:
    return Cadence(code="c", title="台账", sender="某局", every=every, clause="X-01", **more)


def due(every: str, span: tuple[date, date] = YEAR_2020, **more: object) -> dict[str, str]:
    return {each.occurrence: str(each.due_on) for each in occurrences(cadence(every, **more), *span)}


def test_half_months_end_on_the_15th_and_the_last_day_also_in_a_leap_february() -> None:
    leap, common = due("half_month"), due("half_month", (date(2021, 2, 1), date(2021, 2, 28)))
    assert len(leap) == 24 and all(name == day for name, day in leap.items())
    assert [name for name in leap if name.startswith("2020-02")] == ["2020-02-15", "2020-02-29"]
    assert list(common) == ["2021-02-15", "2021-02-28"]


def test_a_scheme_that_begins_on_the_7th_owes_its_first_half_month_from_then() -> None:
    first = occurrences(cadence("half_month"), date(2018, 7, 7), date(2018, 7, 31))[0]
    assert (first.occurrence, first.opens_on) == ("2018-07-15", date(2018, 7, 7))


def test_a_due_day_on_national_day_moves_only_where_the_scheme_says_so() -> None:
    """1 to 8 October 2020 were holidays; 9 October was a Friday, 10 October a make-up Saturday."""
    span = (date(2020, 9, 22), date(2020, 10, 31))
    assert due("two_weeks", span)["2020-10-05"] == "2020-10-05"
    assert due("two_weeks", span, on_holiday="next_workday")["2020-10-05"] == "2020-10-09"
    assert next_workday(date(2020, 10, 10)) == date(2020, 10, 10) and not is_workday(date(2020, 10, 8))


def test_working_days_after_the_interval_skip_the_holiday() -> None:
    """Three working days after the third quarter: 9, 10 (make-up) and 12 October."""
    assert due("quarter", due={"workdays_after": 3})["2020-Q3"] == "2020-10-12"
    assert add_workdays(date(2022, 4, 29), 3) == date(2022, 5, 7)


def test_beyond_the_known_years_monday_to_friday_are_working_days() -> None:
    assert is_workday(date(2040, 1, 2)) and not is_workday(date(2040, 1, 1))


def test_fortnights_run_from_the_first_day_and_a_cut_one_is_not_asked_for() -> None:
    found = due("two_weeks", (date(2020, 9, 22), date(2020, 12, 31)))
    assert list(found) == [
        "2020-10-05", "2020-10-19", "2020-11-02", "2020-11-16", "2020-11-30", "2020-12-14", "2020-12-28",
    ]  # fmt: skip


def test_weeks_end_on_friday_unless_said() -> None:
    span = (date(2020, 9, 22), date(2020, 10, 18))
    assert due("week", span) == {
        "2020-09-W4": "2020-09-25",
        "2020-10-W1": "2020-10-02",
        "2020-10-W2": "2020-10-09",
        "2020-10-W3": "2020-10-16",
    }
    assert due("week", span, due={"weekday": 1}) == {
        "2020-09-W4": "2020-09-28",
        "2020-10-W1": "2020-10-05",
        "2020-10-W2": "2020-10-12",
    }
    assert list(due("week", span, due={"end": True}).values())[-1] == "2020-10-18"


def test_a_week_whose_friday_lies_past_the_scheme_is_not_asked_for() -> None:
    assert due("week", (date(2020, 12, 28), date(2020, 12, 31))) == {}


@pytest.mark.parametrize(
    ("every", "names", "last"),
    [
        ("month", 12, ("2020-12", "2020-12-31")),
        ("two_months", 6, ("2020-11~12", "2020-12-31")),
        ("quarter", 4, ("2020-Q4", "2020-12-31")),
        ("year", 1, ("2020", "2020-12-31")),
        ("day", 366, ("2020-12-31", "2020-12-31")),
    ],
)
def test_intervals_of_the_calendar(every: str, names: int, last: tuple[str, str]) -> None:
    found = due(every)
    assert len(found) == names and list(found.items())[-1] == last


def test_terms_of_a_school_year() -> None:
    assert due("term", (date(2020, 3, 1), date(2021, 2, 28))) == {"2020-春": "2020-08-31", "2020-秋": "2021-01-31"}


def test_a_day_of_the_month_is_its_last_where_the_month_is_shorter() -> None:
    assert due("month", due={"day": 31})["2020-02"] == "2020-02-29"
    assert due("month", due={"day": 25})["2020-02"] == "2020-02-25"


def test_the_fifth_of_the_month_after_is_owed_even_past_the_scheme() -> None:
    found = due("month", due={"day": 5, "months_after": 1})
    assert (found["2020-01"], found["2020-12"], len(found)) == ("2020-02-05", "2021-01-05", 12)


def test_the_same_day_every_year_and_a_single_date() -> None:
    assert due("year", due={"month_day": "03-31"}) == {"2020": "2020-03-31"}
    assert due("once", due={"fixed": "2020-10-20"}) == {"2020-10-20": "2020-10-20"}
    assert due("once") == {"2020-12-31": "2020-12-31"}


def test_twice_in_an_interval_is_two_occurrences() -> None:
    assert due("quarter", (date(2020, 1, 1), date(2020, 3, 31)), times=2) == {
        "2020-Q1#1": "2020-03-31",
        "2020-Q1#2": "2020-03-31",
    }


@pytest.mark.parametrize(
    ("every", "rule"),
    [
        ("month", {"weekday": 5}),
        ("week", {"day": 5}),
        ("quarter", {"month_day": "03-31"}),
        ("month", {"fixed": "2020-01-01"}),
        ("month", {"day": 5, "end": True}),
        ("month", {}),
        ("year", {"month_day": "02-30"}),
        ("week", {"weekday": 5, "months_after": 1}),
        ("month", {"day": 32}),
    ],
)
def test_a_due_rule_that_makes_no_sense_is_refused(every: str, rule: dict) -> None:
    with pytest.raises(ValidationError):
        cadence(every, due=rule)


def test_every_cadence_of_every_scheme_is_due_at_least_once_and_never_twice_under_one_name() -> None:
    owing = [(s, c) for s in load_schemes(get_settings().seeds).values() for c in s.cadences]
    assert len(owing) >= 13
    for scheme, each in owing:
        found = occurrences(each, scheme.valid_from, scheme.valid_to)
        names = [one.occurrence for one in found]
        assert names and len(names) == len(set(names)), (scheme.scheme, each.code)
        assert all(scheme.valid_from <= one.opens_on <= one.due_on for one in found)


def test_occurrences_of_weeks_leave_no_week_out() -> None:
    days = [each.due_on for each in occurrences(cadence("week"), *YEAR_2020)]
    assert {later - earlier for earlier, later in pairwise(days)} == {timedelta(days=7)}
