"""The campaign: finds the goals, runs each in a process of its own, prints a line a goal and the sum.

A goal is a module ``gNN_name.py`` beside this one with ``LABEL`` and ``run(home, size)``; its first docstring line
says what is to hold. One that mostly ``WAITS`` goes on beside the others. A process of its own keeps what one goal
breaks, patches or leaks away from the next.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path

from hardness.goal import Outcome, Size

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SMALL = 0.02
"""The share of CI's form."""
LONGEST_SECONDS = 1500
"""A goal that has not ended by then hangs."""
SOAK_MINUTES = "HARDNESS_SOAK_MINUTES"
"""Tells a goal that soaks how long, where not as long as it does by itself."""
ANSWER = "outcome: "


@dataclass(frozen=True)
class Goal:
    """A goal as found: its label, the first line of its module's docstring, what runs it, and whether it waits."""

    label: str
    title: str
    run: Callable[[Path, Size], Outcome]
    waits: bool = False


def goals(wanted: Sequence[str] = ()) -> list[Goal]:
    """All goals in the order of their numbers, or those whose labels are given. ValueError for an unknown label."""
    found = []
    for path in sorted(HERE.glob("g[0-9][0-9]_*.py")):
        label = f"G{int(path.stem[1:3])}"
        if wanted and label not in wanted:
            continue
        module = import_module(f"hardness.{path.stem}")
        if hasattr(module, "LABEL"):  # the others are parts of a goal
            title = (module.__doc__ or "").strip().splitlines()[0]
            found.append(Goal(module.LABEL, title, module.run, getattr(module, "WAITS", False)))
    if missing := sorted(set(wanted) - {goal.label for goal in found}):
        raise ValueError(f"no such goal: {' '.join(missing)}")
    return found


def attempt(goal: Goal, size: Size) -> Outcome:
    """Runs a goal here, in an empty folder of its own; an exception is a failure, not the end of the campaign."""
    with tempfile.TemporaryDirectory(prefix=f"hardness_{goal.label}_", ignore_cleanup_errors=True) as folder:
        try:
            return goal.run(Path(folder).resolve(), size)
        except Exception as error:
            traceback.print_exc()
            return Outcome("broke off", (f"{type(error).__name__}: {' '.join(str(error).split())[:300]}",))


def attempt_apart(goal: Goal, size: Size) -> Outcome:
    """Runs a goal in a process of its own, which is ended with all it started after ``LONGEST_SECONDS``."""
    command = [sys.executable, "-m", "tests.hardness", goal.label, "--here"]
    command += ["--share", str(size.share), "--seed", str(size.seed)]
    longest = LONGEST_SECONDS + 60 * float(os.environ.get(SOAK_MINUTES, "0"))
    # files, not pipes: something left running would hold a pipe open
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as complaints:
        process = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=complaints, start_new_session=True)
        try:
            process.wait(timeout=longest)
        except subprocess.TimeoutExpired:
            return Outcome("broke off", (f"not at its end after {longest:.0f} s",))
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        out.seek(0)
        complaints.seek(0)
        return _answer(out.read(), complaints.read(), process.returncode)


def _answer(printed: str, complaints: str, code: int) -> Outcome:
    for said in reversed(printed.splitlines()):
        if said.startswith(ANSWER):
            answer = json.loads(said.removeprefix(ANSWER))
            outcome = Outcome(answer["figures"], tuple(answer["failures"]))
            break
    else:
        outcome = Outcome("broke off", (f"its process ended with {code} and said nothing",))
    if outcome.figures == "broke off":
        print(complaints[-4000:], file=sys.stderr)
    return outcome


def line(goal: Goal, outcome: Outcome, seconds: float) -> str:
    """What is printed of a goal: state, label, title, figures, time; what failed on lines of its own."""
    state = "failed" if outcome.failures else "passed"
    shown = f"{state}  {goal.label:<4} {goal.title}  {outcome.figures}  ({seconds:.0f} s)"
    return "\n".join([shown, *(f"        - {failure}" for failure in outcome.failures)])


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; returns 0 where every goal was reached, 1 otherwise, 2 for an unknown label."""
    parser = argparse.ArgumentParser(prog="python -m tests.hardness", description=__doc__)
    parser.add_argument("labels", nargs="*", help="goals to run, e.g. G5 G6; all unless given")
    parser.add_argument("--small", action="store_true", help="CI's form: seconds a goal")
    parser.add_argument("--share", type=float, default=1.0, help="share of the full figures, 1.0 unless given")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--soak", type=float, metavar="MINUTES", help="let G14 soak so long instead of its few minutes")
    parser.add_argument("--here", action="store_true", help="in this process; the outcome as JSON on the last line")
    given = parser.parse_args(arguments)
    size = Size(SMALL if given.small else given.share, given.seed)
    try:
        chosen = goals(given.labels)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    if given.soak:
        os.environ[SOAK_MINUTES] = str(given.soak)
    if given.here:
        for goal in chosen:
            print(ANSWER + json.dumps(asdict(attempt(goal, size))), flush=True)
        return 0
    with tempfile.TemporaryDirectory(prefix="hardness_plans_") as plans:
        os.environ.setdefault("GUATU_CACHE", plans)  # compiled once for the whole campaign
        return _all(chosen, size)


def _all(chosen: Sequence[Goal], size: Size) -> int:
    """One goal after the other; those that mostly wait beside them."""

    def one_by_one(goals: Sequence[Goal]) -> int:
        failed = 0
        for goal in goals:
            started = time.monotonic()
            outcome = attempt_apart(goal, size)
            failed += bool(outcome.failures)
            print(line(goal, outcome, time.monotonic() - started), flush=True)
        return failed

    lanes = [[goal for goal in chosen if goal.waits is waits] for waits in (True, False)]
    with ThreadPoolExecutor(len(lanes)) as pool:
        failed = sum(pool.map(one_by_one, lanes))
    print(f"{len(chosen) - failed} passed, {failed} failed")
    return 1 if failed else 0
