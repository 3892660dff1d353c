"""The rhythm: every occurrence of every cadence once, whatever the clock, the power and a second process do."""

import json
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
import rhythm_office
from hypothesis import given
from hypothesis import settings as profile
from hypothesis import strategies as st
from pydantic import SecretStr
from receiver import Receiver, listening
from typer.testing import CliRunner

from orchestration import notify
from orchestration.cadence.deliveries import record as deliver
from orchestration.cadence.occurrences import occurrences
from orchestration.catalogue.schemes import load_schemes
from orchestration.cli import app
from orchestration.errors import GuatuError
from orchestration.records.journal import broken_at
from orchestration.reports.kinds import load_kinds
from orchestration.rhythm.done import Done, all_done, began
from orchestration.rhythm.files import Made, edition_for
from orchestration.rhythm.keep import keep, pending
from orchestration.rhythm.steps import Step, edition_steps, last_month, steps
from orchestration.settings import Settings

CHILD = Path(__file__).with_name("rhythm_child.py")
LINGSHAN = "411521103000"


@pytest.fixture
def office(tmp_path: Path) -> Settings:
    return rhythm_office.office(tmp_path)


@pytest.fixture
def placed(office: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The office with its divisions known, as intake would have them."""
    divisions, units = rhythm_office.divisions(office), rhythm_office.support_units(office)
    monkeypatch.setattr("orchestration.rhythm.owing.divisions_on", lambda _settings, _day: divisions)
    monkeypatch.setattr("orchestration.rhythm.owing.support_units_of", lambda _settings: units)
    return office


class Told:
    """Keeps the messages; fails while ``away``."""

    def __init__(self) -> None:
        self.messages: list[notify.Message] = []
        self.away = False

    def __call__(self, _settings: Settings, message: notify.Message) -> bool:
        if self.away:
            raise GuatuError("notify_failed", "没有送到", "did not take it")
        self.messages.append(message)
        return True


def _no_documents(_settings: Settings, _step: Step, _cadence: object) -> Made:
    return Made({"2022-01/x.pdf": "0"}, "2022-01_0001")


# --- which steps, and when ---


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


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> list:
    seeds = rhythm_office.office(tmp_path_factory.mktemp("year")).seeds
    return [*load_schemes(seeds).values()]


@profile(deadline=None, max_examples=60)
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


# --- a pass ---


def test_rhythm_begins_with_its_first_pass_and_looks_back_no_further(placed: Settings) -> None:
    told = Told()
    assert keep(placed, date(2020, 10, 6), _no_documents, told).done
    assert began(placed) == date(2020, 10, 6)
    assert {each.day for each in all_done(placed)} == {date(2020, 10, 6)}
    assert keep(placed, date(2020, 10, 1), _no_documents, told).done == [], "a clock set back finds nothing"


def test_what_was_missed_is_caught_up_once_and_stale_reminders_are_not_sent(placed: Settings) -> None:
    told = Told()
    keep(placed, date(2020, 9, 21), _no_documents, told)
    told.messages.clear()
    caught = keep(placed, date(2020, 10, 20), _no_documents, told).done
    outcomes = {(e.what, e.occurrence): e.outcome for e in caught if e.cadence == "job_ledger"}
    assert outcomes == {
        ("remind", "2020-10-05"): "expired",
        ("chase", "2020-10-05"): "told",
        ("remind", "2020-10-19"): "expired",
        ("chase", "2020-10-19"): "told",
        ("remind", "2020-11-02"): "told",
    }
    assert len(told.messages) == sum(each.outcome in ("told", "made") for each in caught)
    assert keep(placed, date(2020, 10, 20), _no_documents, told).done == []


def test_who_has_delivered_is_not_chased(placed: Settings) -> None:
    told, counties = Told(), ["220800001100", "220800001200"]
    keep(placed, date(2020, 10, 4), _no_documents, told)
    told.messages.clear()
    when = datetime(2020, 10, 6, 6)  # in time for the pass of the same morning
    deliver(placed, "baicheng-2020", "job_ledger", "2020-10-05", counties[0], (), when, "示例人", None, when)
    deliver(placed, "baicheng-2020", "job_ledger", "2020-10-05", counties[1], ("市人社局",), when, "示例人", None, when)
    keep(placed, date(2020, 10, 6), _no_documents, told)
    (message,) = [each for each in told.messages if each.about[0] == "chase" and "job_ledger" in each.about]
    assert "逾期未送 1 个" in message.title and "示例county2(缺市扶贫办)" in message.body
    assert "示例county1" not in message.body


def test_failed_notice_leaves_its_step_for_the_next_pass(placed: Settings) -> None:
    told = Told()
    told.away = True
    failed = keep(placed, date(2020, 10, 19), _no_documents, told)
    assert failed.problems and not [each for each in failed.done if each.outcome == "told"]
    told.away = False
    again = keep(placed, date(2020, 10, 20), _no_documents, told)
    assert {step.key for step, _ in failed.problems} <= {each.key for each in again.done} and not again.problems
    assert max(Counter(message.message_id for message in told.messages).values()) == 1


def test_bulletin_waits_for_an_edition_that_carries_its_interval(placed: Settings) -> None:
    rhythm_office.publish_halves(placed, 2022)
    quarter = next(c for c in load_schemes(placed.seeds)["bijie-2022"].cadences if c.code == "quarterly_bulletin")
    half = next(c for c in load_schemes(placed.seeds)["lingshan-2018"].cadences if c.every == "half_month")

    def edition(cadence: object, due_on: date, opens_on: date) -> str | None:
        step = Step("make", "x", "y", "z", due_on, due_on, opens_on)
        found = edition_for(placed, step, cadence)
        return found.edition_id if found else None

    assert edition(quarter, date(2022, 6, 30), date(2022, 4, 1)) == "2022-12_0024"
    assert edition(quarter, date(2023, 3, 31), date(2023, 1, 1)) is None
    for number in range(12, 25):
        for path in placed.published.glob(f"*_{number:04d}.*"):
            path.unlink()
    assert edition(quarter, date(2022, 6, 30), date(2022, 4, 1)) == "2022-06_0011"
    assert edition(half, date(2022, 6, 15), date(2022, 6, 1)) == "2022-06_0011", "as of the first half"
    assert edition(half, date(2022, 6, 30), date(2022, 6, 16)) is None, "no edition of the second half yet"
    step = [s for s in keep(placed, date(2022, 6, 30), tell=Told(), make=lambda *_: None).waiting if s.what == "make"]
    assert step and {s.key for s in step} <= {s.key for s in pending(placed, date(2022, 7, 5))}


def test_missing_edition_is_told_once(placed: Settings) -> None:
    told = Told()
    for day in (7, 8, 9, 10):
        keep(placed, date(2017, 2, day), _no_documents, told)
    (message,) = told.messages
    assert message.about[0] == "edition" and "guatu run --period 2017-01" in message.body


def test_installation_without_a_schemes_places_tells_nobody(office: Settings) -> None:
    told = Told()
    done = keep(office, date(2022, 6, 30), _no_documents, told).done
    assert done and {each.outcome for each in done} == {"settled"} and told.messages == []


def test_notices_name_places_and_files_but_nobody(placed: Settings) -> None:
    told = Told()
    keep(placed, date(2022, 6, 30), _no_documents, told)
    made = next(each for each in told.messages if each.about[0] == "make")
    assert "reports/2022-01/x.pdf" in made.body and "guatu deliver" in made.body


def test_command_lists_what_is_due_then_does_it_once(office: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def guatu(*words: str) -> str:
        result = CliRunner().invoke(app, ["rhythm", *words, "--home", str(office.root)])
        assert result.exit_code == 0, result.output
        return result.output

    assert "尚未开始" in guatu("--on", "2022-07-01") and not office.rhythm.exists()
    assert "已办 4 项" in guatu("--on", "2022-07-01", "--run")
    assert "已办 0 项" in guatu("--on", "2022-07-01", "--run")
    listed = guatu("--on", "2022-07-02")
    assert "自 2022-07-01 起办理" in listed and "应办 0 项,一个月内已办 4 项" in listed


def test_month_is_built_without_the_check_of_freshness(toy: Settings) -> None:
    from orchestration.defs import build_definitions

    job = build_definitions(toy).resolve_job_def("month")
    assert [node.name for node in job.graph.nodes if "fresh" in node.name] == []


# --- killed at random ---


def _environment(settings: Settings, receiver: Receiver) -> dict[str, str]:
    named = {"GUATU_HOME": settings.root, "GUATU_SEEDS": settings.seeds, "GUATU_NOTIFY": receiver.url()}
    return {**os.environ, **{name: str(value) for name, value in named.items()}}


def _start(settings: Settings, receiver: Receiver, seed: int, kill: float, last_day: date) -> subprocess.Popen:
    command = [sys.executable, str(CHILD), str(seed), str(kill), str(last_day)]
    return subprocess.Popen(command, env=_environment(settings, receiver), stderr=subprocess.PIPE)


def _set_clock(settings: Settings, day: date) -> None:
    settings.root.mkdir(parents=True, exist_ok=True)
    (settings.root / "clock").write_text(str(day), encoding="utf-8")


def _clock(settings: Settings) -> date:
    return date.fromisoformat((settings.root / "clock").read_text(encoding="utf-8"))


def _assert_whole(settings: Settings, year: int) -> list[Done]:
    """Every occurrence of the year in the journal exactly once, its files there once and as written down."""
    done = all_done(settings)
    assert broken_at(settings.rhythm) is None
    assert set(Counter(each.key for each in done).values()) == {1}
    held = {each.key for each in done}
    for scheme in rhythm_office.schemes_of(settings, year):
        for cadence in scheme.cadences:
            due = occurrences(cadence, scheme.valid_from, scheme.valid_to)
            for each in [each for each in due if each.due_on.year == year and each.due_on >= date(year, 2, 2)]:
                kept = [key for key in held if key[1:] == (scheme.scheme, cadence.code, each.occurrence)]
                wanted = {"make"} if "通报" in cadence.title else {"remind"}
                assert {key[0] for key in kept} == wanted | {"chase"}, (cadence.code, each.occurrence)
    written = {}
    for each in done:
        for name, digest in each.files.items():
            assert name not in written, "no two occurrences share a file"
            written[name] = digest
    found = {
        str(path.relative_to(settings.reports)): sha256(path.read_bytes()).hexdigest()
        for path in settings.reports.rglob("*")
        if path.is_file()
    }
    assert found == written
    assert bool(written) == any("通报" in c.title for s in rhythm_office.schemes_of(settings, year) for c in s.cadences)
    assert not list(settings.work.glob("rhythm-*"))
    return done


KILLS = {2018: 0.25, 2020: 0.15, 2022: 0.04}
"""How often a pass is killed in a year of the shipped schemes; GUATU_RHYTHM_YEARS="2018 2020 2022" runs them all."""


def years() -> list[tuple[int, float]]:
    return [(int(year), KILLS[int(year)]) for year in os.environ.get("GUATU_RHYTHM_YEARS", "2020").split()]


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL")
@pytest.mark.parametrize(("year", "often"), years())
def test_year_killed_at_random_does_every_occurrence_once(office: Settings, year: int, often: float) -> None:
    rhythm_office.publish_halves(office, year)
    chance = random.Random(year)
    last_day = date(year + 1, 1, 20)
    _set_clock(office, date(year, 1, 1))
    killed = 0
    with listening() as receiver:
        while _clock(office) <= last_day:
            kill = often if killed < 15 else 0.0
            child = _start(office, receiver, chance.randrange(10**9), kill, last_day)
            try:
                child.wait(chance.uniform(1.0, 4.0) if kill else 240)
            except subprocess.TimeoutExpired:
                child.send_signal(signal.SIGKILL)  # in the middle of anything
            _, error = child.communicate()
            assert child.returncode in (0, -signal.SIGKILL), error.decode()
            killed += child.returncode != 0
            if child.returncode and _clock(office) < last_day:  # off for some days
                _set_clock(office, min(_clock(office) + timedelta(days=chance.choice([0, 0, 1, 9])), last_day))
        numbers = Counter(receiver.numbers())
    done = _assert_whole(office, year)
    assert killed >= 8
    sent = {each.message_id for each in done if each.sent}
    assert sent and sent <= set(numbers), "whoever was to be told was told"
    # a reminder sent just before a kill, and too late to repeat when the power came back
    expired = {notify.Message("", "", each.key).message_id for each in done if each.outcome == "expired"}
    assert set(numbers) - sent <= expired, "and about nothing else"
    doubled = sum(numbers.values()) - len(numbers)
    assert doubled <= killed, "a notice comes again only where a process died between sending and writing down"


@pytest.mark.skipif(os.name != "posix", reason="file locks of a process")
def test_two_at_work_at_once_double_nothing(office: Settings) -> None:
    rhythm_office.publish_halves(office, 2018)
    _set_clock(office, date(2018, 7, 1))
    with listening() as receiver:
        children = [_start(office, receiver, seed, 0.0, date(2018, 12, 31)) for seed in (1, 2)]
        for child in children:
            _, error = child.communicate(timeout=240)
            assert child.returncode == 0, error.decode()
        numbers = Counter(receiver.numbers())
    done = all_done(office)
    assert set(Counter(each.key for each in done).values()) == {1}
    assert set(numbers.values()) == {1} and set(numbers) == {each.message_id for each in done if each.sent}


def test_journal_changed_by_hand_stops_the_rhythm(placed: Settings) -> None:
    keep(placed, date(2020, 10, 6), _no_documents, Told())
    path = placed.rhythm
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    lines[1]["occurrence"] = "2020-12-28"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    with pytest.raises(GuatuError, match=r"rhythm\.jsonl"):
        keep(placed, date(2020, 10, 20), _no_documents, Told())


def test_daily_job_sends_through_the_address_set(toy: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    from orchestration.defs import build_definitions
    from orchestration.month import open_instance

    monkeypatch.setattr("orchestration.defs.rhythm.now", lambda: datetime(2017, 2, 8, 7))
    with listening() as receiver:
        told = toy.model_copy(update={"notify": SecretStr(receiver.url())})
        definitions = build_definitions(told)
        job, schedule = definitions.resolve_job_def("rhythm"), definitions.resolve_schedule_def("rhythm_daily")
        assert (schedule.cron_schedule, schedule.execution_timezone) == ("0 7 * * *", "Asia/Shanghai")
        with open_instance(told) as instance:
            for _ in range(2):
                assert job.execute_in_process(instance=instance).success
            fresh = definitions.resolve_job_def("freshness").execute_in_process(instance=instance)
        (check,) = fresh.get_asset_check_evaluations()
        assert not check.passed and check.severity.value == "WARN" and check.metadata["wanted"].value == "2017-01"
        (notice,) = receiver.taken
        assert "2017-01" in notice["title"]
        rhythm_office.publish_halves(told, 2017)
        with open_instance(told) as instance:
            fresh = definitions.resolve_job_def("freshness").execute_in_process(instance=instance)
        assert fresh.get_asset_check_evaluations()[0].passed
    policy = job.graph.nodes[0].definition.retry_policy
    assert policy.max_retries == 3 and policy.backoff.value == "EXPONENTIAL"


def test_failed_run_is_told(toy: Settings) -> None:
    from dagster import build_run_status_sensor_context
    from toy_project import spoil

    from orchestration.defs import build_definitions
    from orchestration.month import open_instance

    with listening() as receiver, open_instance(toy) as instance:
        told = toy.model_copy(update={"notify": SecretStr(receiver.url())})
        spoil(told)
        definitions = build_definitions(told)
        result = definitions.resolve_job_def("month").execute_in_process(
            partition_key="2022-06", instance=instance, raise_on_error=False
        )
        assert not result.success
        context = build_run_status_sensor_context(
            sensor_name="failures",
            dagster_instance=instance,
            dagster_run=instance.get_run_by_id(result.run_id),
            dagster_event=result.all_events[-1],
        ).for_run_failure()
        definitions.resolve_sensor_def("failures")(context)
        (notice,) = receiver.taken
        assert "month(2022-06)失败" in notice["title"] and result.run_id[:8] in notice["message"]
