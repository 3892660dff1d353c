"""Logs of what ``guatu serve`` starts: files the children append to, turned over by size while they write."""

import os
import shutil
from pathlib import Path
from typing import IO

from orchestration.settings import Settings


def open_log(settings: Settings, name: str) -> IO[bytes]:
    """The log of one child, for it to append to; readable by the service's user only."""
    settings.logs.mkdir(parents=True, exist_ok=True)
    path = settings.logs / f"{name}.log"
    path.touch(mode=0o600)
    return path.open("ab")


def rotate_logs(settings: Settings) -> None:
    """Copies each log that has grown too large to ``<name>.log.1`` and empties it; older copies move on by one.

    The child goes on writing into the same file, at its new end. What it writes between copy and emptying is lost.
    """
    for path in settings.logs.glob("*.log"):
        if path.stat().st_size > settings.log_mb << 20:
            _turn_over(path, settings.log_keep)


def _turn_over(path: Path, keep: int) -> None:
    for number in range(keep - 1, 0, -1):
        former = path.with_name(f"{path.name}.{number}")
        if former.exists():
            os.replace(former, path.with_name(f"{path.name}.{number + 1}"))
    if keep:
        shutil.copy2(path, path.with_name(f"{path.name}.1"))
    os.truncate(path, 0)
