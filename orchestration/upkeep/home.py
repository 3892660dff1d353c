"""The form of a data directory: a number in ``format.json``. A program never works on a form it does not know."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from orchestration.errors import GuatuError
from orchestration.settings import Settings

FORMAT = 1
"""The form this program reads and writes. 1 is the first; directories from before it was written down have it too."""
_LOCK_SECONDS = 5.0


def stamp_path(settings: Settings) -> Path:
    return settings.root / "format.json"


def format_of(settings: Settings) -> int | None:
    """The form written down; None where none is. Raises GuatuError ``format_unreadable``."""
    path = stamp_path(settings)
    try:
        return int(json.loads(path.read_text(encoding="utf-8"))["format"])
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as error:
        raise GuatuError(
            "format_unreadable",
            f"{path} 读不出来,不能判断数据目录的格式。核对数据目录是否完好;确认无误后删去此文件重试",
            f"{path} cannot be read",
        ) from error


def require_format(settings: Settings) -> None:
    """Before anything is written: the directory's form is this program's. A directory without a number gets it.

    Raises GuatuError ``home_newer`` for a directory that a newer program has changed, ``format_unreadable``.
    """
    found = format_of(settings)
    if found is None:
        settings.root.mkdir(parents=True, exist_ok=True)
        partial = stamp_path(settings).with_name(".format.json.tmp")
        partial.write_text(json.dumps({"format": FORMAT}) + "\n", encoding="utf-8")
        partial.replace(stamp_path(settings))
    elif found > FORMAT:
        raise GuatuError(
            "home_newer",
            f"数据目录 {settings.root} 的格式为 {found},本程序只识别到 {FORMAT}。请升级程序,"
            "或用升级以前的备份恢复到新的目录(guatu restore)",
            f"the data directory has format {found}, this program knows {FORMAT}: upgrade the program",
            exit_code=2,
        )


@contextmanager
def upkeep_lock(settings: Settings) -> Iterator[None]:
    """One backup, rebuild or erasure at a time. Raises GuatuError ``upkeep_busy``."""
    settings.root.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(settings.root / ".upkeep.lock", timeout=_LOCK_SECONDS):
            yield
    except Timeout as error:
        raise GuatuError(
            "upkeep_busy",
            "另一次备份、重建或删除正在进行,请等它完成",
            "another backup, rebuild or erasure is at work",
        ) from error
