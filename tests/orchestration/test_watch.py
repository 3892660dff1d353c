"""The supervisor's eye on the publisher: people are told once, the pages know, and recovery is seen."""

import os
import time

import pytest

from orchestration.errors import GuatuError
from orchestration.notify import Message
from orchestration.settings import Settings
from orchestration.watch import LOOK_SECONDS, SILENT_SECONDS, Watch, beat_file, stopped_since

LONG = SILENT_SECONDS + 2 * LOOK_SECONDS


class Office:
    """A publisher whose last sign of life is set by hand, and the notices people got."""

    def __init__(self, settings: Settings) -> None:
        self.settings, self.beat, self.refuses = settings, time.time(), False
        self.notices: list[Message] = []
        self.said: list[str] = []
        self.watch = Watch(settings, self.said.append, lambda _: self.beat, self.tell)

    def tell(self, _: Settings, message: Message) -> bool:
        if self.refuses:
            raise GuatuError("notify_failed", "没有送到", "not taken")
        self.notices.append(message)
        return True


@pytest.fixture
def office(settings: Settings) -> Office:
    return Office(settings)


def test_nobody_watches_where_only_the_dashboards_run(settings: Settings) -> None:
    assert stopped_since(settings) is None


def test_a_publisher_that_falls_silent_is_told_of_once(office: Office) -> None:
    start = office.beat
    for minute in range(40):
        office.watch.look(start + 60 * minute)
    assert [notice.title for notice in office.notices] == ["挂图:定时发布没有响应"]
    assert stopped_since(office.settings, start + LONG) is not None


def test_a_publisher_that_comes_back_is_well_and_may_fall_silent_again(office: Office) -> None:
    start = office.beat
    office.watch.look(start + LONG)
    office.beat = start + LONG + 60
    office.watch.look(start + LONG + 90)
    assert stopped_since(office.settings, start + LONG + 90) is None
    office.watch.look(start + 3 * LONG)
    assert len(office.notices) == 2
    assert office.notices[0].message_id != office.notices[1].message_id


def test_a_notice_nobody_took_is_sent_again(office: Office) -> None:
    office.refuses = True
    office.watch.look(office.beat + LONG)
    assert office.notices == []
    office.refuses = False
    office.watch.look(office.beat + LONG + LOOK_SECONDS)
    assert len(office.notices) == 1


def test_a_supervisor_that_is_gone_shows_too(office: Office) -> None:
    long_ago = time.time() - LONG
    os.utime(beat_file(office.settings), (long_ago, long_ago))
    assert stopped_since(office.settings) is not None


def test_a_clean_stop_leaves_no_alarm(office: Office) -> None:
    office.watch.end()
    assert stopped_since(office.settings, time.time() + LONG) is None


def test_a_service_that_ends_by_itself_is_told_of(office: Office) -> None:
    office.watch.child_ended("看板", 1)
    assert "看板意外退出" in office.notices[0].title


def test_the_doctor_names_a_silent_publisher(office: Office) -> None:
    from orchestration.doctor import examine

    long_ago = time.time() - LONG
    os.utime(beat_file(office.settings), (long_ago, long_ago))
    (found,) = [finding for finding in examine(office.settings) if finding.subject == "定时发布"]
    assert found.is_problem
    assert "没有响应" in found.state
