"""A pass: what is due is done once and written down, whatever was missed or failed."""

import json
from collections import Counter
from datetime import date, datetime

import pytest
from hardness import rhythm_office
from hardness.rhythm_office import Told, no_documents
from typer.testing import CliRunner

from orchestration.cadence.deliveries import record as deliver
from orchestration.catalogue.schemes import load_schemes
from orchestration.cli import app
from orchestration.errors import GuatuError
from orchestration.rhythm.done import all_done, began
from orchestration.rhythm.files import ground_for
from orchestration.rhythm.keep import keep, pending
from orchestration.rhythm.steps import Step
from orchestration.settings import Settings


def test_rhythm_begins_with_its_first_pass_and_looks_back_no_further(placed: Settings) -> None:
    told = Told()
    assert keep(placed, date(2020, 10, 6), no_documents, told).done
    assert began(placed) == date(2020, 10, 6)
    assert {each.day for each in all_done(placed)} == {date(2020, 10, 6)}
    assert keep(placed, date(2020, 10, 1), no_documents, told).done == [], "a clock set back finds nothing"


def test_what_was_missed_is_caught_up_once_and_stale_reminders_are_not_sent(placed: Settings) -> None:
    told = Told()
    keep(placed, date(2020, 9, 21), no_documents, told)
    told.messages.clear()
    caught = keep(placed, date(2020, 10, 20), no_documents, told).done
    outcomes = {(e.what, e.occurrence): e.outcome for e in caught if e.cadence == "job_ledger"}
    assert outcomes == {
        ("remind", "2020-10-05"): "expired",
        ("chase", "2020-10-05"): "told",
        ("remind", "2020-10-19"): "expired",
        ("chase", "2020-10-19"): "told",
        ("remind", "2020-11-02"): "told",
    }
    assert len(told.messages) == sum(each.outcome in ("told", "made") for each in caught)
    assert keep(placed, date(2020, 10, 20), no_documents, told).done == []


def test_who_has_delivered_is_not_chased(placed: Settings) -> None:
    told, counties = Told(), ["220800001100", "220800001200"]
    keep(placed, date(2020, 10, 4), no_documents, told)
    told.messages.clear()
    when = datetime(2020, 10, 6, 6)  # in time for the pass of the same morning
    deliver(placed, "baicheng-2020", "job_ledger", "2020-10-05", counties[0], (), when, "示例人", None, when)
    deliver(placed, "baicheng-2020", "job_ledger", "2020-10-05", counties[1], ("市人社局",), when, "示例人", None, when)
    keep(placed, date(2020, 10, 6), no_documents, told)
    (message,) = [each for each in told.messages if each.about[0] == "chase" and "job_ledger" in each.about]
    assert "逾期未送 1 个" in message.title and "示例county2(缺市扶贫办)" in message.body
    assert "示例county1" not in message.body


def test_failed_notice_leaves_its_step_for_the_next_pass(placed: Settings) -> None:
    told = Told()
    told.away = True
    failed = keep(placed, date(2020, 10, 19), no_documents, told)
    assert failed.problems and not [each for each in failed.done if each.outcome == "told"]
    told.away = False
    again = keep(placed, date(2020, 10, 20), no_documents, told)
    assert {step.key for step, _ in failed.problems} <= {each.key for each in again.done} and not again.problems
    assert max(Counter(message.message_id for message in told.messages).values()) == 1


def test_bulletin_waits_for_an_edition_that_carries_its_interval(placed: Settings) -> None:
    rhythm_office.publish_halves(placed, 2022)
    quarter = next(c for c in load_schemes(placed.seeds)["bijie-2022"].cadences if c.code == "quarterly_bulletin")

    def edition(cadence: object, due_on: date, opens_on: date) -> str | None:
        step = Step("make", "x", "y", "z", due_on, due_on, opens_on)
        found = ground_for(placed, step, load_schemes(placed.seeds)["bijie-2022"], cadence)
        return found.edition.edition_id if found else None

    assert edition(quarter, date(2022, 6, 30), date(2022, 4, 1)) == "2022-12_0024"
    assert edition(quarter, date(2023, 3, 31), date(2023, 1, 1)) is None
    for number in range(12, 25):
        for path in placed.published.glob(f"*_{number:04d}.*"):
            path.unlink()
    assert edition(quarter, date(2022, 6, 30), date(2022, 4, 1)) == "2022-06_0011"
    step = [s for s in keep(placed, date(2022, 6, 30), tell=Told(), make=lambda *_: None).waiting if s.what == "make"]
    assert step and {s.key for s in step} <= {s.key for s in pending(placed, date(2022, 7, 5))}


def test_half_a_month_is_written_from_its_own_edition_else_the_newest_at_hand(placed: Settings) -> None:
    rhythm_office.publish_halves(placed, 2018)
    scheme = load_schemes(placed.seeds)["lingshan-2018"]
    half = next(cadence for cadence in scheme.cadences if cadence.every == "half_month")

    def ground(opens_on: date) -> tuple[str, str, str | None] | None:
        found = ground_for(placed, Step("make", "x", "y", "z", opens_on, opens_on, opens_on), scheme, half)
        return (found.edition.edition_id, found.period, found.spoken_of) if found else None

    assert ground(date(2018, 9, 1)) == ("2018-09_0017", "2018-09", "2018年9月上半月"), "as of the first half"
    for path in [path for path in placed.published.glob("*") if path.stem > "2018-08_0016"]:
        path.unlink()
    assert ground(date(2018, 9, 1)) == ("2018-08_0016", "2018-08", "2018年9月上半月"), (
        "of the month before, and says so"
    )
    assert ground(date(2018, 9, 16)) == ("2018-08_0016", "2018-08", "2018年9月下半月")
    for path in [path for path in placed.published.glob("*") if path.stem > "2018-06_0012"]:
        path.unlink()
    assert ground(date(2018, 7, 1)) is None, "the scheme holds from July: nothing to write from yet"


def test_missing_edition_is_told_once(placed: Settings) -> None:
    told = Told()
    for day in (7, 8, 9, 10):
        keep(placed, date(2017, 2, day), no_documents, told)
    (message,) = told.messages
    assert message.about[0] == "edition" and "guatu run --period 2017-01" in message.body


def test_installation_without_a_schemes_places_tells_nobody(office: Settings) -> None:
    told = Told()
    done = keep(office, date(2022, 6, 30), no_documents, told).done
    assert done and {each.outcome for each in done} == {"settled"} and told.messages == []


def test_notices_name_places_and_files_but_nobody(placed: Settings) -> None:
    told = Told()
    keep(placed, date(2022, 6, 30), no_documents, told)
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


def test_journal_changed_by_hand_stops_the_rhythm(placed: Settings) -> None:
    keep(placed, date(2020, 10, 6), no_documents, Told())
    path = placed.rhythm
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    lines[1]["occurrence"] = "2020-12-28"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    with pytest.raises(GuatuError, match=r"rhythm\.jsonl"):
        keep(placed, date(2020, 10, 20), no_documents, Told())
