"""Whether the publisher (Dagster's daemon) is at work: looked at by the supervisor, shown on every page.

The supervisor keeps the time of the publisher's last sign of life in a file. It grows old when the publisher hangs, and
also when the supervisor itself is gone: pages that are still served then say so.
"""

import os
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from orchestration import notify
from orchestration.errors import GuatuError
from orchestration.settings import TIMEZONE, Settings

LOOK_SECONDS = 60.0
SILENT_SECONDS = 600.0
"""The daemon gives a sign of life every half minute; a busy machine may hold it up for minutes."""
BEATING = ("SCHEDULER", "SENSOR", "QUEUED_RUN_COORDINATOR")
"""The parts of the daemon without which no month is built."""


def beat_file(settings: Settings) -> Path:
    return settings.work / "publisher.beat"


def stopped_since(settings: Settings, at: float | None = None) -> datetime | None:
    """When the publisher was last seen at work, where that is too long ago; None while it is well or nobody watches.

    ``at``: seconds since the epoch, the present unless given.
    """
    try:
        beat = beat_file(settings).stat().st_mtime
    except FileNotFoundError:
        return None
    silent = (time.time() if at is None else at) - beat
    return datetime.fromtimestamp(beat, TIMEZONE).replace(tzinfo=None) if silent > SILENT_SECONDS else None


def last_beat(settings: Settings) -> float:
    """The daemon's last sign of life, seconds since the epoch; 0 where a part of it never gave one."""
    from orchestration.month import open_instance

    with open_instance(settings) as instance:
        beats = instance.get_daemon_heartbeats()
    return min(beats[name].timestamp if name in beats else 0.0 for name in BEATING)


class Watch:
    """The supervisor's eye on the publisher, from the start of serving to its end."""

    def __init__(
        self,
        settings: Settings,
        announce: Callable[[str], None],
        beat: Callable[[Settings], float] = last_beat,
        tell: Callable[[Settings, notify.Message], bool] = notify.send,
    ) -> None:
        self._settings, self._announce, self._beat, self._tell = settings, announce, beat, tell
        self._next = 0.0
        self._told = False
        self._keep(time.time())  # it is only starting

    def look(self, at: float) -> None:
        """Looks once a minute, whenever called; people are told once each time the publisher falls silent."""
        if at < self._next:
            return
        self._next = at + LOOK_SECONDS
        try:
            self._keep(max(self._beat(self._settings), beat_file(self._settings).stat().st_mtime))
        except Exception as error:  # a daemon that cannot be asked is not heard either
            self._announce(f"查不到定时任务的状态:{type(error).__name__}")
        since = stopped_since(self._settings, at)
        if since is None:
            self._told = False
        elif not self._told:
            self._told = self._say(_silent(since))

    def child_ended(self, name: str, code: int) -> None:
        """Tells people that a service ended by itself and all is being stopped."""
        self._say(
            notify.Message(
                f"挂图:{name}意外退出,服务已停止",
                f"{name}意外退出(代码 {code}),看板和定时发布都已停止。"
                "请在服务器上运行 guatu doctor,再启动 guatu serve。",
                ("service", name, f"{time.time():.0f}"),
            )
        )

    def end(self) -> None:
        """Nobody watches any more, as intended."""
        beat_file(self._settings).unlink(missing_ok=True)

    def _keep(self, beat: float) -> None:
        path = beat_file(self._settings)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        os.utime(path, (beat, beat))

    def _say(self, message: notify.Message) -> bool:
        self._announce(message.title)
        try:
            self._tell(self._settings, message)
        except GuatuError as error:
            self._announce(error.message_zh)
            return False
        return True


def _silent(since: datetime) -> notify.Message:
    return notify.Message(
        "挂图:定时发布没有响应",
        f"定时发布自 {since:%Y-%m-%d %H:%M} 起没有响应,收件箱不再自动接收,到期的版本和文件不再自动生成;"
        "看板仍显示原有版本。请在服务器上重新启动 guatu serve,并运行 guatu doctor。",
        ("publisher", since.isoformat()),
    )
