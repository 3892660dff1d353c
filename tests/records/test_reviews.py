"""A month's review: who may take which step when, what a later submission undoes, and what a lock holds back."""

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import duckdb
import pytest
from county_round import AS_OF, FILES, PERIOD, change_edition, publish_edition
from typer.testing import CliRunner

from orchestration.access.roles import Grant, grant, load_roles, operator
from orchestration.cli import app
from orchestration.errors import GuatuError
from orchestration.intake import Submission, ingest, ingest_inbox
from orchestration.intake.locked import Restating
from orchestration.records.reviews import (
    ReviewStatus,
    possible_steps,
    provisional,
    read_reviews,
    review_status,
    take_step,
)
from orchestration.release import open_edition
from orchestration.settings import Settings, get_settings

COUNTY, TOWN, VILLAGE = "411521000000", "411521103000", "411521103201"
OTHER_TOWN = "411726101000"
VILLAGES_FILE = FILES / f"村情监测表_{TOWN}_{PERIOD}.csv"


@pytest.fixture
def town(round_home: Path, tmp_path: Path) -> Settings:
    """A copy of the whole installation: submissions and the edition built from them."""
    shutil.copytree(round_home, tmp_path / "home", symlinks=True)
    return get_settings(tmp_path / "home")


@pytest.fixture
def edition(town: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_edition(town) as connection:
        yield connection


def person(town: Settings, role: str, *divisions: str, login: str = "") -> Grant:
    return grant(load_roles(town.seeds), login or role, role, role, divisions)


def step(town: Settings, name: str, who: str, remark: str = "", division: str = TOWN) -> ReviewStatus:
    with open_edition(town) as connection:
        return take_step(town, connection, PERIOD, division, name, who, operator(), remark)


def status(town: Settings, division: str = TOWN) -> ReviewStatus:
    with open_edition(town) as connection:
        return review_status(town, connection, PERIOD, division)


def approve(town: Settings, division: str = TOWN) -> None:
    step(town, "check", "周明", "村情监测表下月补齐", division)
    step(town, "approve", "李华", division=division)


def lock(town: Settings, division: str = TOWN) -> None:
    approve(town, division)
    step(town, "lock", "李华", division=division)


def corrected(folder: Path, name: str = VILLAGES_FILE.name) -> Path:
    """The month's villages once more, with other bytes."""
    path = folder / name
    lines = VILLAGES_FILE.read_text(encoding="utf-8-sig").splitlines()
    path.write_text("\n".join([*lines[:1], *reversed(lines[1:])]) + "\n", encoding="utf-8")
    return path


def hand_in(town: Settings, path: Path, reason: str = "", day: int = 10) -> Submission:
    restating = Restating("王芳", reason) if reason else None
    (taken,) = ingest(town, [path], datetime(2018, 9, day), restating=restating)
    return taken.submission


def seen_until(town: Settings, moment: datetime) -> None:
    """As a run after that moment would leave the edition."""
    change_edition(town, f"update marts.dim_edition set as_of = timestamp '{moment}'")


def test_a_month_counts_once_it_is_checked_and_approved_by_two_people(town):
    assert provisional(town, PERIOD, [TOWN, VILLAGE]) == {TOWN: True, VILLAGE: True}
    with pytest.raises(GuatuError) as missing:
        step(town, "check", "周明")
    assert missing.value.code == "remark_wanted"
    assert "还缺" in missing.value.message_zh and "村情监测表" in missing.value.message_zh
    assert step(town, "check", "周明", "集体收入下月补齐").state == "checked"
    assert provisional(town, PERIOD, [TOWN]) == {TOWN: True}
    with pytest.raises(GuatuError) as same:
        step(town, "approve", "周明")
    assert same.value.code == "another_person_wanted"
    assert step(town, "approve", "李华").state == "approved"
    assert provisional(town, PERIOD, [TOWN, VILLAGE, COUNTY, OTHER_TOWN]) == {
        TOWN: False, VILLAGE: False, COUNTY: True, OTHER_TOWN: True,
    }  # fmt: skip
    assert provisional(town, "2018-08", [TOWN]) == {TOWN: True}
    assert [(r.step, r.person, r.remark) for r in status(town).history] == [
        ("check", "周明", "集体收入下月补齐"),
        ("approve", "李华", ""),
    ]


def test_steps_out_of_order_are_refused_and_leave_nothing(town):
    for name in ("approve", "lock", "unlock", "request"):
        with pytest.raises(GuatuError) as refused:
            step(town, name, "李华", "理由")
        assert refused.value.code == "not_in_this_state"
    assert read_reviews(town) == []


def test_what_comes_later_undoes_the_approval(town, tmp_path):
    approve(town)
    number = hand_in(town, corrected(tmp_path)).submission_id
    found = status(town)
    assert (found.state, found.changed) == ("waiting", (number,))
    assert provisional(town, PERIOD, [TOWN]) == {TOWN: True}
    # the edition that was approved keeps its approval, the one with the correction does not
    assert provisional(town, PERIOD, [TOWN], AS_OF) == {TOWN: False}
    assert provisional(town, PERIOD, [TOWN], datetime(2018, 9, 30)) == {TOWN: True}


def test_an_edition_from_before_the_approved_figures_stays_provisional(town, tmp_path):
    hand_in(town, corrected(tmp_path))
    seen_until(town, datetime(2018, 9, 30))
    approve(town)
    assert provisional(town, PERIOD, [TOWN], datetime(2018, 9, 30)) == {TOWN: False}
    assert provisional(town, PERIOD, [TOWN], AS_OF) == {TOWN: True}


def test_nobody_answers_for_figures_not_built_yet(town, tmp_path):
    number = hand_in(town, corrected(tmp_path)).submission_id
    with pytest.raises(GuatuError) as unseen:
        step(town, "check", "周明", "理由")
    assert unseen.value.code == "not_built_yet"
    assert f"第 {number} 号" in unseen.value.message_zh


def test_what_an_edition_did_not_know_yet_does_not_make_it_final(town):
    approve(town)
    assert provisional(town, PERIOD, [TOWN], AS_OF) == {TOWN: False}
    assert provisional(town, PERIOD, [TOWN], AS_OF, known_by=AS_OF) == {TOWN: True}


def test_returned_months_are_checked_again(town):
    approve(town)
    with pytest.raises(GuatuError):
        step(town, "return", "李华")
    assert step(town, "return", "李华", "收入有误").state == "waiting"
    assert provisional(town, PERIOD, [TOWN]) == {TOWN: True}
    approve(town)
    assert provisional(town, PERIOD, [TOWN]) == {TOWN: False}


def test_locked_month_takes_a_correction_only_with_a_reason(town, tmp_path):
    lock(town)
    file = corrected(tmp_path)
    refused = hand_in(town, file)
    assert (refused.outcome, refused.rows_accepted) == ("refused", 0)
    assert f"{PERIOD} 已锁定" in refused.reason
    assert (town.archive / refused.sha256).is_file()
    assert status(town).state == "locked"
    taken = hand_in(town, file, "村主任核对后更正", day=11)
    assert taken.outcome == "accepted"
    found = status(town)
    assert (found.state, found.is_locked, found.changed) == ("restated", True, (taken.submission_id,))
    assert provisional(town, PERIOD, [TOWN]) == {TOWN: True}
    reason = found.history[-1]
    assert (reason.step, reason.person, reason.remark, reason.sha256) == (
        "restate", "王芳", "村主任核对后更正", taken.sha256,
    )  # fmt: skip
    seen_until(town, datetime(2018, 9, 30))
    assert step(town, "confirm", "李华", "已看差异").state == "locked"
    assert provisional(town, PERIOD, [TOWN]) == {TOWN: False}


def test_inbox_of_a_locked_month_is_refused_and_kept_in_the_archive(town, tmp_path):
    lock(town)
    town.inbox.mkdir(exist_ok=True)
    corrected(town.inbox)
    (taken,) = ingest_inbox(town, datetime(2018, 9, 10))
    assert taken.submission.outcome == "refused"
    assert (town.archive / taken.submission.sha256).is_file()


def test_restating_makes_a_new_edition_with_its_difference(town, tmp_path):
    lock(town)
    path = tmp_path / VILLAGES_FILE.name
    text = VILLAGES_FILE.read_text(encoding="utf-8-sig").splitlines()
    path.write_text("\n".join(text[:-1]) + "\n", encoding="utf-8")  # a village withdrawn
    number = hand_in(town, path, "末一村重复").submission_id
    publish_edition(town, PERIOD, datetime(2018, 9, 30), 2)
    shown = CliRunner().invoke(app, ["diff", f"{PERIOD}_0001", f"{PERIOD}_0002", "--home", str(town.root)])
    assert shown.exit_code == 0, shown.output
    assert str(number) in shown.output
    assert step(town, "confirm", "李华", "已看差异").is_settled


def test_journal_of_an_earlier_month_would_change_a_locked_one(town, tmp_path):
    lock(town)
    earlier = tmp_path / f"资金支付台账_{TOWN}_2018-06.csv"
    original = FILES / f"资金支付台账_{TOWN}_2018-07.csv"
    earlier.write_bytes(original.read_bytes().replace(b"2018-07", b"2018-06"))
    refused = hand_in(town, earlier)
    assert (refused.outcome, f"{PERIOD} 已锁定" in refused.reason) == ("refused", True)
    # a snapshot speaks of its own month alone
    assert hand_in(town, corrected(tmp_path, f"村情监测表_{TOWN}_2018-06.csv")).outcome == "accepted"
    assert hand_in(town, corrected(tmp_path, f"村情监测表_{TOWN}_2018-08.csv")).outcome == "accepted"


def test_unlocking_takes_a_request_and_another_person(town, tmp_path):
    lock(town)
    assert step(town, "request", "周明", "漏报一村").state == "unlock_requested"
    assert provisional(town, PERIOD, [TOWN]) == {TOWN: False}
    with pytest.raises(GuatuError) as same:
        step(town, "unlock", "周明", "同意")
    assert same.value.code == "another_person_wanted"
    assert step(town, "refuse", "李华", "理由不足").state == "locked"
    step(town, "request", "周明", "漏报一村,附说明")
    assert step(town, "unlock", "李华", "同意").state == "waiting"
    assert provisional(town, PERIOD, [TOWN]) == {TOWN: True}
    assert hand_in(town, corrected(tmp_path)).outcome == "accepted"


def test_county_steps_count_for_its_townships(town, tmp_path):
    lock(town, COUNTY)
    found = status(town)
    assert (found.state, found.decided_by, found.is_settled) == ("locked", COUNTY, True)
    with pytest.raises(GuatuError) as above:
        step(town, "request", "周明", "漏报")
    assert above.value.code == "decided_above"
    assert hand_in(town, corrected(tmp_path)).outcome == "refused"
    # villages elsewhere are not held back
    assert provisional(town, PERIOD, [OTHER_TOWN]) == {OTHER_TOWN: True}


def test_who_may_take_which_step(town, edition):
    now = review_status(town, edition, PERIOD, TOWN)
    allowed = {
        name: [rule.step for rule in possible_steps(town, now, held)]
        for name, held in {
            "own township": person(town, "township", TOWN),
            "another township": person(town, "township", OTHER_TOWN),
            "county": person(town, "leader", COUNTY),
            "analyst": person(town, "analyst"),
            "administrator": person(town, "administrator"),
        }.items()
    }
    assert allowed == {
        "own township": ["check"], "another township": [], "county": [], "analyst": [], "administrator": ["check"],
    }  # fmt: skip
    take_step(town, edition, PERIOD, TOWN, "check", "甲", person(town, "township", TOWN), "集体收入下月补齐")
    for held in (person(town, "township", TOWN), person(town, "leader", TOWN), person(town, "leader", "411726000000")):
        with pytest.raises(GuatuError) as refused:
            take_step(town, edition, PERIOD, TOWN, "approve", "乙", held)
        assert refused.value.code == "not_allowed"
    approved = take_step(town, edition, PERIOD, TOWN, "approve", "乙", person(town, "leader", COUNTY))
    assert approved.is_settled


def test_changed_journal_is_not_believed(town):
    approve(town)
    path = town.reviews
    path.write_text(path.read_text(encoding="utf-8").replace("李华", "李花"), encoding="utf-8")
    with pytest.raises(GuatuError) as damaged:
        provisional(town, PERIOD, [TOWN])
    assert damaged.value.code == "journal_damaged"


def test_commands_say_where_a_month_stands(town):
    def run(*words: str):
        return CliRunner().invoke(app, ["review", *words, "--period", PERIOD, "--home", str(town.root)])

    assert "暂定" in run("status", "--division", "411521103").output
    done = run("check", "--division", "411521103", "--person", "周明", "--remark", "集体收入下月补齐")
    assert (done.exit_code, "乡镇已审核" in done.output) == (0, True)
    assert "已核定" in run("approve", "--division", "411521103", "--person", "李华").output
    shown = run("status", "--division", "411521103").output
    assert "周明" in shown and "集体收入下月补齐" in shown and "县级核定" in shown
    assert run("status", "--division", VILLAGE).exit_code != 0
