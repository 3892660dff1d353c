"""Disk full or read-only, clock gone back, files gone or cut short: the former edition stays, the next run is whole."""

import ctypes
import os
import shutil
import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path

from hardness import office
from hardness.g04_cases import Case, cases
from hardness.goal import Outcome, Size
from orchestration.intake import read_ledger
from orchestration.release import current_edition
from orchestration.settings import Settings, get_settings

LABEL = "G4"
SMALL_FORM = 2
"""Faults of the small form: each takes two months."""
TIMED = {"dim_edition", "fct_submission"}
"""Tables that tell when something was received or built; all others follow from what was handed in."""
BROKEN = ("Traceback", "程序出错", "unexpected error")

Content = dict[str, str]


@dataclass(frozen=True)
class Said:
    """How a command ended, and all it printed."""

    code: int
    words: str


def run(home: Path, size: Size) -> Outcome:
    chosen = cases()
    if size.share < 1:
        chosen = [chosen[(size.seed * 7 + 5 * number) % len(chosen)] for number in range(SMALL_FORM)]
    return trial(home, chosen)


def trial(home: Path, chosen: Sequence[Case]) -> Outcome:
    """Every fault chosen, each upon a fresh copy of an office that serves an edition and has a file waiting."""
    settings, former, expected = _prepared(home)
    failures: list[str] = []
    kinds: Counter[str] = Counter()
    served = equal = 0
    for case in chosen:
        kinds[case.kind] += 1
        found = _one(settings, home, case, former, expected)
        served += not any("served" in each for each in found)
        equal += not any("next run" in each for each in found)
        failures += [f"{case.name}: {each}" for each in found]
    figures = (
        f"{len(chosen)} faults ({', '.join(f'{kind} {count}' for kind, count in sorted(kinds.items()))}): "
        f"former edition served in {served}, next run equal to an undisturbed one in {equal}"
    )
    return Outcome(figures, tuple(failures))


def _prepared(home: Path) -> tuple[Settings, Content, Content]:
    """The office, kept as it is in ``home/kept``; what it serves, and what it will when the waiting file is in."""
    settings = office.opened(home / "office")
    if settings.plans.is_dir():
        shutil.copytree(settings.plans, settings.root / "plans")
    first = guatu(home, "run", "--period", office.PERIOD)
    if first.code:
        raise RuntimeError(first.words[-500:])
    former = content(settings)
    office.hand_in(settings, 1)
    keep(home)
    done = guatu(home, "run", "--period", office.PERIOD)
    expected = content(settings)
    if done.code or expected == former:
        raise RuntimeError(f"nothing to compare: {done.words[-500:]}")
    return settings, former, expected


def keep(home: Path) -> None:
    shutil.copytree(home / "office", home / "kept", symlinks=True)


def _one(settings: Settings, home: Path, case: Case, former: Content, expected: Content) -> list[str]:
    found: list[str] = []
    with case.on(home) as fault:
        said = guatu(home, *case.command, limit=case.limit, hook=case.hook, bound=case.bound)
        if case.served and content(settings) not in (former, expected):
            found.append("the former edition is not served")
        if any(word in said.words for word in BROKEN):
            found.append(f"not a clear message: {said.words.strip().splitlines()[-1][:160]}")
        if said.code and case.says and not any(each in said.words for each in case.says):
            found.append(f"does not say {' or '.join(case.says)}: {said.words.strip()[-160:]!r}")
        if said.code == 0 and case.must_fail:
            found.append("went on as if nothing were wrong")
        fault.mend()
        again = guatu(home, "run", "--period", office.PERIOD)
        if again.code:
            found.append(f"next run failed: {again.words.strip().splitlines()[-1][:200]}")
        elif content(settings) != (former if case.takes_back else expected):
            found.append("next run differs from an undisturbed one")
        names = Counter(line.file_name for line in read_ledger(settings) if line.outcome != "duplicate")
        if any(count > 1 for count in names.values()):
            found.append("next run recorded a file twice")
    return found


def content(settings: Settings) -> Content:
    """Hashes of the tables served, read from the rows themselves; empty where nothing can be read."""
    edition = current_edition(settings)
    if edition is None:
        return {}
    try:
        rows = office.seen(settings.published / f"{edition.edition_id}.duckdb")
    except Exception:
        return {}
    return {table: f"{count} {total}" for table, (count, total) in rows.items() if table not in TIMED}


def guatu(home: Path, *arguments: str, limit: int | None = None, hook: str | None = None, bound: bool = False) -> Said:
    """The command line in a process of its own, to its end.

    limit  the largest file it may write, in bytes
    hook   the file of the inbox that its owner takes back
    bound  whether modes of files hold for it, also where it is root's
    """
    words = home / "said.txt"
    process = beginning(home, arguments, words, limit, hook, bound)
    process.join()
    return Said(process.exitcode if process.exitcode is not None else 99, words.read_text("utf-8", errors="replace"))


def beginning(
    home: Path,
    arguments: Sequence[str],
    words: Path,
    limit: int | None = None,
    hook: str | None = None,
    bound: bool = False,
) -> BaseProcess:
    """The command line in a process that has been started."""
    process = office.forks().Process(target=_command, args=(home / "office", arguments, words, limit, hook, bound))
    process.start()
    return process


def _command(
    home: Path, arguments: Sequence[str], words: Path, limit: int | None, hook: str | None, bound: bool
) -> None:
    with words.open("w", encoding="utf-8") as out, redirect_stdout(out), redirect_stderr(out):
        os.environ.pop("GUATU_CACHE", None)
        # as with seeds of its own: what is installed with the product is out of the faults' reach
        Settings.installed_plans = property(lambda settings: settings.root / "none")
        if limit is not None:
            import resource

            words.touch()
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        if bound and os.geteuid() == 0:
            _give_up_reading_everything()
        if hook:
            _take_away(home / "inbox" / hook)
        sys.argv = ["guatu", *arguments, "--home", str(home)]
        from orchestration.cli import main

        try:
            main()
        except SystemExit as end:
            out.flush()
            os._exit(end.code if isinstance(end.code, int) else 1)


def _give_up_reading_everything() -> None:
    """Root keeps its rights but those of passing over modes of files: CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH."""
    version_3, all_of_64 = 0x20080522, 6
    header = (ctypes.c_uint32 * 2)(version_3, 0)
    sets = (ctypes.c_uint32 * all_of_64)()  # effective, permitted, inheritable: the lower 32 rights, then the upper
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.capget(header, sets):
        raise OSError(ctypes.get_errno(), "capget")
    for which in (0, 1):
        sets[which] &= ~0b110
    if libc.capset(header, sets):
        raise OSError(ctypes.get_errno(), "capset")


def _take_away(file: Path) -> None:
    """Its owner takes a file back at the moment it is opened."""

    def touched(event: str, arguments: tuple[object, ...]) -> None:
        if event == "open" and str(arguments[0]) == str(file) and file.exists():
            file.unlink()

    sys.addaudithook(touched)


def restored(home: Path) -> Settings:
    """The office as it was kept."""
    place = home / "office"
    for each in place.iterdir() if place.exists() else ():
        shutil.rmtree(each) if each.is_dir() and not each.is_symlink() else each.unlink()
    shutil.copytree(home / "kept", place, symlinks=True, dirs_exist_ok=True)
    return get_settings(place)
