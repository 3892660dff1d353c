"""Which steps the calendar asks for, and when."""

from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as profile
from hypothesis import strategies as st

from orchestration.catalogue.schemes import load_schemes
from orchestration.reports.kinds import load_kinds
from orchestration.rhythm.steps import edition_steps, last_month, steps
from orchestration.settings import Settings


def _steps(settings: Settings, scheme: str, cadence: str) -> list[tuple[str, str, date]]:
    intervals = {kind.cadence for kind in load_kinds(settings.seeds).values() if kind.cadence}
    found = steps(load_schemes(settings.seeds).values(), intervals, date(2015, 1, 1), date(2024, 1, 1))
    return [(s.what, s.occurrence, s.day) for s in found if (s.scheme, s.cadence) == (scheme, cadence)]


def test_bulletin_is_made_on_its_due_day_and_chased_the_day_after(settings: Settings) -> None:
    found = _steps(settings, "bijie-2022", "quarterly_bulletin")
    assert found[:4] == [
        ("make", "2022-Q1", date(2022, 3, 31)),
        ("chase", "2022-Q1", date(2022, 4, 1)),
        ("make", "2022-Q2", date(2022, 6, 30)),
        ("chase", "2022-Q2", date(2022, 7, 1)),
    ]
    assert len(found) == 8 and found[-1] == ("chase", "2022-Q4", date(2023, 1, 1)), "after the scheme has ended too"


def test_ledger_of_others_is_reminded_of_one_interval_before(settings: Settings) -> None:
    found = _steps(settings, "baicheng-2020", "job_ledger")
    assert found[:4] == [
        ("remind", "2020-10-05", date(2020, 9, 22)),  # the first: on the day its interval opens
        ("remind", "2020-10-19", date(2020, 10, 5)),
        ("chase", "2020-10-05", date(2020, 10, 6)),
        ("remind", "2020-11-02", date(2020, 10, 19)),
    ]


def test_nobody_is_reminded_more_than_a_month_ahead(settings: Settings) -> None:
    reminders = [each for each in _steps(settings, "bijie-2022", "fund_inspection") if each[0] == "remind"]
    assert reminders[1] == ("remind", "2022-Q2", date(2022, 5, 30))
    assert ("remind", "2018-12-31", date(2018, 11, 30)) in _steps(settings, "lingshan-2018", "stage_summary")


def test_two_of_one_interval_are_reminded_of_on_the_same_day(settings: Settings) -> None:
    found = _steps(settings, "baicheng-2020", "two_summaries")
    assert {(what, occurrence[-2:]) for what, occurrence, _ in found} == {
        ("remind", "#1"), ("remind", "#2"), ("chase", "#1"), ("chase", "#2"),
    }  # fmt: skip
    assert len({day for what, _, day in found if what == "remind"}) == 1


def test_months_whose_edition_should_be_there() -> None:
    found = edition_steps(5, 3, date(2022, 1, 8), date(2022, 4, 7))
    assert [(each.occurrence, each.day) for each in found] == [
        ("2021-12", date(2022, 1, 8)), ("2022-01", date(2022, 2, 8)), ("2022-02", date(2022, 3, 8)),
    ]  # fmt: skip
    assert edition_steps(5, 3, date(2022, 1, 9), date(2022, 2, 7)) == []


@pytest.mark.parametrize(
    ("every", "opens_on", "expected"),
    [
        ("quarter", date(2022, 4, 1), "2022-06"),
        ("quarter", date(2022, 5, 17), "2022-06"),
        ("half_month", date(2018, 7, 16), "2018-07"),
        ("month", date(2022, 12, 1), "2022-12"),
        ("year", date(2022, 1, 1), "2022-12"),
    ],
)
def test_month_an_interval_ends_in(every: str, opens_on: date, expected: str) -> None:
    assert last_month(every, opens_on) == expected


@pytest.fixture(scope="session")
def year(every_interval: Path) -> list:
    return [*load_schemes(every_interval).values()]


@profile(deadline=None, max_examples=25)
@given(jumps=st.lists(st.integers(0, 120), min_size=1, max_size=40))
def test_however_the_clock_jumps_each_step_comes_up_once(year: list, jumps: list[int]) -> None:
    """Steps asked for since the beginning, less those done: no pass sees one again, and none is left out."""
    day = start = date(2017, 12, 31)
    bulletins = {"half_month", "month", "quarter"}
    taken: Counter = Counter()
    before = start - timedelta(days=1)
    for jump in jumps:
        day += timedelta(days=jump)
        by_now = steps(year, bulletins, start, day)
        taken.update(step.key for step in by_now if step.key not in taken)
        since_then = {step.key for step in steps(year, bulletins, before + timedelta(days=1), day)}
        assert since_then == {step.key for step in by_now if step.day > before}
        before = day
    assert taken == Counter(step.key for step in steps(year, bulletins, start, day)), "one key, one step"
