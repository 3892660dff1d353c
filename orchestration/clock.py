"""The present, where it can be trusted: a clock that has gone back would misplace what is received now."""

import time
from datetime import datetime

from orchestration.errors import GuatuError
from orchestration.settings import Settings, now

TOLERANCE_SECONDS = 600.0
"""Clocks are set right by seconds all the time."""


def present(settings: Settings) -> datetime:
    """The present in Asia/Shanghai, for what is received or built now.

    Raises GuatuError ``clock_behind`` where the clock stands before the last time the ledger or the editions' folder
    was written: a file received now would count as older than those before it, and an edition as of now leave them out.
    """
    written = [settings.ledger, settings.published]
    newest = max((path.stat().st_mtime for path in written if path.exists()), default=0.0)
    behind = newest - time.time()
    if behind > TOLERANCE_SECONDS:
        raise GuatuError(
            "clock_behind",
            f"本机时钟比上次接收或发布时慢了约 {behind / 60:.0f} 分钟,未接收也未构建,原有版本照常使用。"
            "请校准时钟后重试;如确认现在的时钟正确,可写明时间:guatu ingest --received-at、guatu run --as-of",
            f"the clock is {behind / 60:.0f} minutes behind the last intake or edition; set it, or give the time",
            exit_code=3,
        )
    return now()
