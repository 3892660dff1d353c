"""Notices to people: mail, 钉钉, 企业微信 and whatever else Apprise knows, to the addresses in ``GUATU_NOTIFY``.

A notice says that something is there or is owed, and where to look; never a person's data. The addresses hold
passwords and tokens: they are named by their place in the setting only.
"""

import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from orchestration.errors import GuatuError
from orchestration.settings import Settings

CHATTY = ("apprise", "urllib3", "requests")
"""Loggers that write addresses, tokens included."""


@dataclass(frozen=True)
class Message:
    """One notice. ``about`` names its occasion: the same occasion has the same number whenever it is sent again."""

    title: str
    body: str
    about: tuple[str, ...]

    @property
    def message_id(self) -> str:
        return f"GT{hashlib.sha256('|'.join(self.about).encode()).hexdigest()[:12]}"

    def again(self) -> "Message":
        """The same notice for those who may have had it already."""
        return replace(self, title=f"(可能重复){self.title}")


def addresses(settings: Settings) -> list[str]:
    """The addresses set; none where nobody is to be told."""
    return settings.notify.get_secret_value().split() if settings.notify else []


def send(settings: Settings, message: Message) -> bool:
    """Sends to every address; False where none is set, and nothing was sent.

    Raises GuatuError ``bad_notify`` for an address that cannot be read and ``notify_failed`` where one did not take it;
    the others have it then, and get it again with the same number when the sender tries again.
    """
    wanted = addresses(settings)
    if not wanted:
        return False
    with _silence():
        from apprise import Apprise, NotifyFormat

        targets = [Apprise() for _ in wanted]
        known = [target.add(address) for target, address in zip(targets, wanted, strict=True)]
        _refuse([at for at, fits in enumerate(known, 1) if not fits], "bad_notify", "写法不能识别", "cannot be read")
        body = f"{message.body}\n\n(消息编号 {message.message_id},编号相同的为同一条)"
        taken = [target.notify(body=body, title=message.title, body_format=NotifyFormat.TEXT) for target in targets]
    _refuse(
        [at for at, done in enumerate(taken, 1) if not done], "notify_failed", "没有送到", "did not take the notice"
    )
    return True


def _refuse(places: list[int], code: str, what: str, what_en: str) -> None:
    if places:
        raise GuatuError(
            code,
            f"GUATU_NOTIFY 的第 {'、'.join(map(str, places))} 个通知地址{what},请核对后重试",
            f"address {', '.join(map(str, places))} of GUATU_NOTIFY {what_en}",
        )


@contextmanager
def _silence() -> Iterator[None]:
    loggers = [logging.getLogger(name) for name in CHATTY]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
