"""The part of G14 about a publisher that stops: the supervisor's look, the notice, and the word on every page."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

from hardness import office
from hardness.g14_pages import page_names, view
from hardness.receiver import listening
from orchestration import watch
from orchestration.month import open_instance
from orchestration.settings import PROJECT_ROOT, Settings, get_settings

PATIENCE_SECONDS = 240.0
BANNER = "定时发布自"

Found = tuple[int, int, int, list[str]]
"""Pages, pages with the word, notices received, and what did not hold."""


def stopped_publisher(home: Path, real: bool) -> Found:
    """``real``: Dagster's own daemon is started and halted; else its signs of life are given by hand."""
    ours, theirs = office.forks().Pipe()
    process = office.forks().Process(target=_watched, args=(home, real, theirs))
    process.start()
    theirs.close()
    try:
        return ours.recv()
    finally:
        process.join()


def _watched(home: Path, real: bool, answer: Connection) -> None:
    os.environ |= {"GUATU_HOME": str(home), "GUATU_ACCESS": "open"}
    failures: list[str] = []
    with listening() as receiver, (_daemon if real else _by_hand)(home) as (beat, halt, go_on):
        os.environ["GUATU_NOTIFY"] = receiver.url()
        settings = get_settings()
        eye = watch.Watch(settings, lambda _: None, beat)
        eye.look(time.time())
        if receiver.taken or any(_banners()):
            failures.append("an alarm or a word on a page while the publisher was well")
        halt()
        silent = watch.SILENT_SECONDS + 2 * watch.LOOK_SECONDS
        last = time.time()
        for later in (watch.LOOK_SECONDS + 1, silent, 2 * silent):
            eye.look(last + later)
        _let_pass(settings, silent)
        shown = _banners()
        alarms = len(receiver.taken)
        go_on()
        eye.look(last + 3 * silent)
        if watch.stopped_since(settings) is not None:
            failures.append("still called stopped after it went on")
        eye.end()
    failures += [f"{name} does not say that the publisher has stopped" for name in _missing(shown)]
    failures += [f"{alarms} notices instead of one"] if alarms != 1 else []
    answer.send((len(shown), sum(shown), alarms, failures))


def _banners() -> list[bool]:
    return [any(BANNER in warning for warning in view(name)[0]) for name in page_names()]


def _missing(shown: list[bool]) -> list[str]:
    return [name for name, is_there in zip(page_names(), shown, strict=True) if not is_there]


def _let_pass(settings: Settings, seconds: float) -> None:
    """As if so much time had passed since the publisher's last sign of life."""
    moment = time.time() - seconds
    os.utime(watch.beat_file(settings), (moment, moment))


Hands = tuple[Callable[[Settings], float], Callable[[], None], Callable[[], None]]
"""What tells the last sign of life, what halts the publisher, and what lets it go on."""


@contextmanager
def _by_hand(home: Path) -> Iterator[Hands]:
    state = {"halted_at": 0.0}

    def halt() -> None:
        state["halted_at"] = time.time()

    def go_on() -> None:
        state["halted_at"] = 0.0

    yield (lambda _: state["halted_at"] or time.time()), halt, go_on


@contextmanager
def _daemon(home: Path) -> Iterator[Hands]:
    """Dagster's daemon over the installation; halted by a signal, as a process that hangs is."""
    settings = get_settings(home)
    open_instance(settings).dispose()
    command = [str(Path(sys.executable).with_name("dagster-daemon")), "run", "-m", "orchestration.definitions"]
    child = subprocess.Popen(
        command,
        env={**os.environ, "GUATU_HOME": str(home), "DAGSTER_HOME": str(settings.dagster_home)},
        cwd=PROJECT_ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not watch.last_beat(settings):
            if time.monotonic() > deadline or child.poll() is not None:
                raise RuntimeError("the daemon gave no sign of life")
            time.sleep(1)
        yield watch.last_beat, lambda: os.killpg(child.pid, signal.SIGSTOP), lambda: _resume(settings, child.pid)
    finally:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def _resume(settings: Settings, group: int) -> None:
    os.killpg(group, signal.SIGCONT)
    before = watch.last_beat(settings)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while watch.last_beat(settings) <= before and time.monotonic() < deadline:
        time.sleep(1)
