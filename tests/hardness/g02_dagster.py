"""Real Dagster with dbt, killed with everything it started: every file taken in exactly once, no run left behind."""

import os
import random
import signal
import socket
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from dagster import DagsterInstance, DagsterRun, DagsterRunStatus

from hardness import office
from hardness.goal import Outcome, Size
from orchestration.intake import read_ledger
from orchestration.month import end_dead_runs, open_instance
from orchestration.release import current_edition, list_editions, open_edition
from orchestration.serve import dagster_command
from orchestration.settings import Settings

LABEL = "G2"
WAITS = True
"""For Dagster to start and its sensors to look: other goals go on meanwhile."""
KILLS = 30
PATIENCE_SECONDS = 420.0
LONGEST_LIFE = 12.0
"""Seconds a run may go on before the power fails, at most; drawn anew for each."""
WAITING = {
    DagsterRunStatus.QUEUED,
    DagsterRunStatus.NOT_STARTED,
    DagsterRunStatus.STARTING,
    DagsterRunStatus.STARTED,
    DagsterRunStatus.CANCELING,
}


def run(home: Path, size: Size) -> Outcome:
    settings = office.opened(home / "office")
    chance = random.Random(size.seed)
    wanted = size.of(KILLS, least=1)
    handed_in = {path.name: sha256(path.read_bytes()).hexdigest() for path in settings.inbox.iterdir()}
    _let_settle(*settings.inbox.iterdir())
    kills: Counter[str] = Counter()
    while sum(kills.values()) < wanted:
        with _dagster(settings):
            _until("a run is at work", lambda: _is_working(settings))
            time.sleep(chance.uniform(0.0, LONGEST_LIFE))
            kills[_phase(settings)] += 1
        name = office.hand_in(settings, sum(kills.values()))
        handed_in[name] = sha256((settings.inbox / name).read_bytes()).hexdigest()
        _let_settle(settings.inbox / name)
    with _dagster(settings):
        _until("the inbox is empty and every run at its end", lambda: _idle(settings))
    phases = ", ".join(f"{count} {phase}" for phase, count in sorted(kills.items()))
    runs = _runs(settings)
    figures = (
        f"{sum(kills.values())} kills ({phases}), {len(handed_in)} files, {len(runs)} runs, "
        f"{len(list_editions(settings))} editions"
    )
    return Outcome(figures, tuple(wrongs(settings, handed_in, runs)))


def wrongs(settings: Settings, handed_in: dict[str, str], runs: list[DagsterRun]) -> list[str]:
    """What does not hold: of the ledger, the archive, the inbox, the runs and the edition served."""
    lines = read_ledger(settings)
    taken = Counter(line.file_name for line in lines)
    found = [f"{name} was taken in {taken[name]} times" for name in sorted(handed_in) if taken[name] != 1]
    found += [f"{name} was never handed in" for name in sorted(taken.keys() - handed_in.keys())]
    found += [
        f"{line.file_name} is not what was handed in" for line in lines if line.sha256 != handed_in[line.file_name]
    ]
    found += [
        f"{digest} is not in the archive" for digest in handed_in.values() if not (settings.archive / digest).exists()
    ]
    if left := [path.name for path in settings.inbox.iterdir() if path.is_file()]:
        found.append(f"{len(left)} files left in the inbox")
    stuck = Counter(each.status.value for each in runs if each.status in WAITING)
    found += [f"{count} runs stuck as {status}" for status, count in sorted(stuck.items())]
    edition = current_edition(settings)
    if edition is None:
        return [*found, "no edition was published"]
    with open_edition(settings, edition.edition_id) as connection:
        (counted,) = connection.execute("select count(distinct submission_id) from marts.fct_submission").fetchone()
    if counted != len(lines):
        found.append(f"the edition served knows {counted} of {len(lines)} submissions")
    return found


@contextmanager
def _dagster(settings: Settings) -> Iterator[None]:
    """Web page, daemon and their run processes as ``guatu serve`` starts them; then the power fails."""
    with open_instance(settings) as instance:
        end_dead_runs(settings, instance, older_than_seconds=0)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    child = subprocess.Popen(
        dagster_command(settings.model_copy(update={"dagster_port": port})),
        env={**os.environ, "GUATU_HOME": str(settings.root), "DAGSTER_HOME": str(settings.dagster_home)},
        cwd=settings.root,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield
    finally:
        _kill_all(settings, child.pid)
        child.wait()


def _kill_all(settings: Settings, group: int) -> None:
    """The group, and the run processes Dagster gave groups of their own: known by the home in their environment."""
    os.killpg(group, signal.SIGKILL)
    killed: list[Path] = [Path("/proc") / str(group)]
    mark = f"DAGSTER_HOME={settings.dagster_home}".encode()
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            ours = int(entry.name) != os.getpid() and mark in (entry / "environ").read_bytes().split(b"\0")
        except OSError:
            continue
        if ours:
            os.kill(int(entry.name), signal.SIGKILL)
            killed.append(entry)
    _until("the killed processes are gone", lambda: not any(_lives(entry) for entry in killed))


def _lives(process: Path) -> bool:
    """Whether a process still holds its files: one that waits to be collected no longer does."""
    try:
        return (process / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _phase(settings: Settings) -> str:
    """How far the run in hand has come, by what there is on disk."""
    if not any(each.status in WAITING for each in _runs(settings)):
        return "between runs"
    if any(path.is_file() for path in settings.inbox.iterdir()):
        return "in intake"
    return "in build or publish"


def _is_working(settings: Settings) -> bool:
    return any(each.status == DagsterRunStatus.STARTED for each in _runs(settings))


def _idle(settings: Settings) -> bool:
    inbox = any(path.is_file() for path in settings.inbox.iterdir())
    lines = len(read_ledger(settings)) if settings.ledger.exists() else 0
    return (
        not inbox
        and lines > 0
        and not any(each.status in WAITING for each in _runs(settings))
        and _is_current(settings)
    )


def _is_current(settings: Settings) -> bool:
    """Whether the edition served was made after the last file was taken in."""
    edition = current_edition(settings)
    return edition is not None and edition.as_of >= max(line.received_at for line in read_ledger(settings))


def _runs(settings: Settings) -> list[DagsterRun]:
    with DagsterInstance.from_config(str(settings.dagster_home)) as instance:
        return list(instance.get_runs())


def _let_settle(*files: Path) -> None:
    """Files too young would still be on their way into the folder.

    Only those just handed in: one recorded when the power failed, and not yet removed, is known by its time.
    """
    for path in files:
        os.utime(path, (time.time() - 60,) * 2)


def _until(what: str, holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {PATIENCE_SECONDS:.0f} s: {what}")
        time.sleep(0.3)
