"""Notices reach a real receiver, and the addresses never appear anywhere else."""

import logging
import socket

import pytest
from hardness.receiver import listening
from pydantic import SecretStr

from orchestration.defs.rhythm import failure_message
from orchestration.errors import GuatuError
from orchestration.notify import Message, send
from orchestration.settings import Settings, get_settings

MESSAGE = Message("挂图:季通报已生成", "reports/2022-06/季度通报.pdf", ("make", "bijie-2022", "quarterly", "2022-Q2"))
TOKEN = "s3cr3t-t0ken"


def _with(settings: Settings, *addresses: str) -> Settings:
    return settings.model_copy(update={"notify": SecretStr(" ".join(addresses))})


def test_notice_reaches_every_address_with_its_number(settings: Settings) -> None:
    with listening() as first, listening() as second:
        assert send(_with(settings, first.url(), second.url(TOKEN)), MESSAGE)
        for receiver in (first, second):
            (notice,) = receiver.taken
            assert notice["title"] == MESSAGE.title and MESSAGE.body in notice["message"]
            assert receiver.numbers() == [MESSAGE.message_id]
        assert TOKEN in second.paths[0]


def test_nothing_is_sent_where_no_address_is_set(settings: Settings) -> None:
    assert not send(settings, MESSAGE)
    assert not send(_with(settings, ""), MESSAGE)


def test_same_occasion_has_the_same_number_whatever_it_says() -> None:
    again = Message("另一个标题", "另一句话", MESSAGE.about)
    other = Message(MESSAGE.title, MESSAGE.body, ("make", "bijie-2022", "quarterly", "2022-Q3"))
    assert again.message_id == MESSAGE.message_id != other.message_id


def test_receiver_that_refuses_is_named_by_its_place_only(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with listening() as good, listening() as bad:
        bad.status = 500
        with pytest.raises(GuatuError, match="第 2 个") as error:
            send(_with(settings, good.url(), bad.url(TOKEN)), MESSAGE)
        assert error.value.code == "notify_failed" and len(good.taken) == 1
    said = caplog.text + error.value.message_zh + error.value.message_en
    assert TOKEN not in said and "127.0.0.1" not in said


def test_address_nobody_answers_at(settings: Settings) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"json://127.0.0.1:{probe.getsockname()[1]}/{TOKEN}"
    with pytest.raises(GuatuError, match="第 1 个"):
        send(_with(settings, url), MESSAGE)


def test_address_that_cannot_be_read_sends_nothing_at_all(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with listening() as receiver:
        with pytest.raises(GuatuError) as error:
            send(_with(settings, receiver.url(), f"nonsense://{TOKEN}"), MESSAGE)
        assert error.value.code == "bad_notify" and receiver.taken == []
    assert TOKEN not in caplog.text + error.value.message_zh


def test_dingtalk_wecom_and_mail_are_known() -> None:
    from apprise import Apprise

    for address in (
        "dingtalk://abcdef0123456789/13800000000",
        "wecombot://12345678-abcd-1234-abcd-123456789abc",
        "mailtos://office:password@mail.example.cn?to=chief@example.cn",
    ):
        assert Apprise().add(address), address


def test_setting_is_read_from_the_environment_and_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUATU_NOTIFY", f"json://127.0.0.1/{TOKEN}")
    settings = get_settings()
    assert TOKEN not in repr(settings) and TOKEN in settings.notify.get_secret_value()


def test_word_of_a_failed_run_says_where_to_look() -> None:
    message = failure_message("month", "2022-06", "0123456789abcdef")
    assert "month(2022-06)" in message.title and "01234567" in message.body
