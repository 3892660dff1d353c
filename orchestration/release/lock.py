"""One run at a time in one installation."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from orchestration.errors import GuatuError
from orchestration.settings import Settings
from orchestration.upkeep.home import require_format

WAIT_SECONDS = 900.0


@contextmanager
def run_lock(
    settings: Settings,
    wait_seconds: float = WAIT_SECONDS,
    on_wait: Callable[[str], None] | None = None,
) -> Iterator[None]:
    """Holds the installation's run lock; the operating system frees it when a process dies.

    ``on_wait`` is told, in Chinese, that another run is being waited for. Raises GuatuError ``busy`` when
    that one has not finished after ``wait_seconds``.
    """
    require_format(settings)
    settings.work.mkdir(parents=True, exist_ok=True)
    lock = FileLock(settings.work / "run.lock", thread_local=False)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        if on_wait:
            on_wait("另一轮构建正在进行,等待其结束……")
        try:
            lock.acquire(timeout=wait_seconds)
        except Timeout as error:
            raise GuatuError(
                "busy",
                f"另一轮构建正在进行,已等待 {wait_seconds:.0f} 秒。请待其结束后重试。",
                "another run is in progress; try again when it has finished",
                exit_code=3,
            ) from error
    try:
        yield
    finally:
        lock.release()
