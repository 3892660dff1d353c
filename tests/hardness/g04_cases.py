"""The faults of G4: how each is brought about upon a copy of the office, and mended again."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from hardness import office

RUN = ("run", "--period", office.PERIOD)
FULL, CLOSED, CLOCK = ("磁盘已满", "磁盘读写失败"), ("没有权限", "只读"), ("时钟",)
KB, MB = 1 << 10, 1 << 20


@dataclass(frozen=True)
class Fault:
    """A fault in force; ``mend`` ends it."""

    mend: Callable[[], None]


@dataclass(frozen=True)
class Case:
    """One fault.

    on          brings it about upon the office in ``home``
    says        one of these words must be said where the run fails; nothing is asked for where empty
    must_fail   whether the run may not end well
    limit       largest file the run may write, in bytes
    hook        file of the inbox that goes away when it is opened
    served      whether what was served can still be
    takes_back  whether the waiting file is gone in the end
    bound       whether modes of files hold for the run, also where root runs it
    """

    kind: str
    name: str
    on: Callable[[Path], AbstractContextManager[Fault]]
    says: tuple[str, ...] = ()
    must_fail: bool = True
    limit: int | None = None
    hook: str | None = None
    served: bool = True
    takes_back: bool = False
    bound: bool = False
    command: tuple[str, ...] = RUN


def cases() -> list[Case]:
    """Every fault that can be brought about here: mounting takes root, elsewhere limits and modes stand in."""
    waiting = f"{office.PAYMENTS}_00001.csv"
    found = [
        *(Case("disk full", f"largest file {limit // KB} KB", _nothing, FULL, limit=limit) for limit in LIMITS),
        Case("clock", "back by a day", _clock_back, CLOCK),
        Case("clock", "back by a month", lambda home: _clock_back(home, 31), CLOCK),
        Case("files", "the waiting file goes away", _nothing, must_fail=False, hook=waiting, takes_back=True),
        Case("two runs", "another begins with this one", _beside_another, must_fail=False),
    ]
    found += [
        Case("unreadable", pattern, _unreadable(pattern), (*CLOSED, *says), must_fail=False, bound=True)
        for pattern, says in UNREADABLE
    ]
    if os.geteuid() == 0 and shutil.which("mount"):
        found += [Case("disk full", f"{free // KB} KB left", _full(free), FULL) for free in LEFT]
        found += [Case("read-only", name or "whole home", _read_only(name), CLOSED) for name in FOLDERS]
    else:
        found += [Case("read-only", name or "whole home", _modes(name), CLOSED) for name in FOLDERS]
    found += [
        Case("cut short", pattern, _cut(pattern), tuple(says), must_fail=False, served=served)
        for pattern, says, served in CUT
    ]
    return found


LIMITS = (2 * KB, 40 * KB, 400 * KB)
LEFT = (0, 4 * KB, 48 * KB, 256 * KB, 1 * MB, 3 * MB, 6 * MB, 10 * MB)
FOLDERS = ("", "archive", "lake", "receipts", "published", "work", "inbox", "reports", "dagster")
CUT: tuple[tuple[str, tuple[str, ...], bool], ...] = (
    ("ledger.jsonl", ("台账",), True),
    ("archive/*", (), True),
    ("lake/households/*/*.parquet", ("parquet",), True),
    ("lake/households/schema.parquet", (), True),
    ("receipts/1.json", (), True),
    ("published/*.json", ("版本记录",), False),
    ("published/2018-07_0001.duckdb", (), False),
    ("plans/*/plan.json", (), True),
    ("plans/*/manifest.json", (), True),
    ("plans/catalogue-*/indicators.parquet", (), True),
    ("work/inputs/ledger.jsonl", (), True),
    ("dagster/dagster.yaml", (), True),
    ("dagster/history/runs.db", ("运行记录",), True),
    ("reports/*/*", (), True),
)
"""Files the product writes, what a run that fails has to name, and whether what was served can still be."""
UNREADABLE: tuple[tuple[str, tuple[str, ...]], ...] = (
    (f"inbox/{office.PAYMENTS}_00001.csv", ()),
    ("ledger.jsonl", ()),
    ("lake/households/*/*.parquet", ()),
    ("published/2018-07_0001.duckdb", ()),
    ("published/*.json", ()),
    ("plans/*/plan.json", ()),
    ("dagster/dagster.yaml", ()),
    ("dagster/history/runs.db", ("运行记录",)),
)
"""Files another account has closed, and what else a run that fails may say."""


@contextmanager
def _nothing(home: Path) -> Iterator[Fault]:
    _restore(home)
    yield Fault(lambda: None)


@contextmanager
def _clock_back(home: Path, days: int = 1) -> Iterator[Fault]:
    """As if the office had written so many days later than its clock says now."""
    _restore(home)
    written = [home / "office" / name for name in ("ledger.jsonl", "published")]
    later = time.time() + days * 86_400
    for path in written:
        os.utime(path, (later, later))

    def mend() -> None:
        for path in written:
            os.utime(path)

    yield Fault(mend)


def _full(free: int) -> Callable[[Path], AbstractContextManager[Fault]]:
    @contextmanager
    def on(home: Path) -> Iterator[Fault]:
        """The office on a disk of its own with so many bytes left."""
        place = home / "office"
        with _disk(place):
            _restore(home)
            state = os.statvfs(place)
            used = (state.f_blocks - state.f_bfree) * state.f_frsize
            _mount("-o", f"remount,size={used + free}", place)
            yield Fault(lambda: _mount("-o", "remount,size=2G", place))

    return on


def _read_only(name: str) -> Callable[[Path], AbstractContextManager[Fault]]:
    @contextmanager
    def on(home: Path) -> Iterator[Fault]:
        """The office, or a folder of it, on a disk that was mounted read-only."""
        place = home / "office"
        with _disk(place):
            _restore(home)
            folder = place / name
            folder.mkdir(exist_ok=True)
            if not name:
                _mount("-o", "remount,ro", place)
                yield Fault(lambda: _mount("-o", "remount,rw", place))
                return
            _mount("--bind", folder, folder)
            try:
                _mount("-o", "remount,ro,bind", folder, folder)
                yield Fault(lambda: _mount("-o", "remount,rw,bind", folder, folder))
            finally:
                subprocess.run(["umount", folder], check=False)

    return on


def _modes(name: str) -> Callable[[Path], AbstractContextManager[Fault]]:
    @contextmanager
    def on(home: Path) -> Iterator[Fault]:
        """The office, or a folder of it, without the right to write."""
        _restore(home)
        top = home / "office" / name
        top.mkdir(exist_ok=True)
        folders = [top, *(path for path in top.rglob("*") if path.is_dir())]
        for folder in folders:
            folder.chmod(0o555)

        def mend() -> None:
            for folder in folders:
                folder.chmod(0o755)

        try:
            yield Fault(mend)
        finally:
            mend()

    return on


@contextmanager
def _beside_another(home: Path) -> Iterator[Fault]:
    """A second run that began at the same time."""
    from hardness.g04_faults import beginning

    _restore(home)
    other = beginning(home, RUN, home / "other.txt")

    def mend() -> None:
        other.join()
        words = (home / "other.txt").read_text("utf-8")
        if "Traceback" in words:
            raise AssertionError(words[-500:])

    yield Fault(mend)


def _unreadable(pattern: str) -> Callable[[Path], AbstractContextManager[Fault]]:
    @contextmanager
    def on(home: Path) -> Iterator[Fault]:
        """Files of a pattern, closed to whoever runs."""
        _restore(home)
        modes = {path: path.stat().st_mode for path in (home / "office").glob(pattern) if path.is_file()}
        if not modes:
            raise FileNotFoundError(pattern)
        for path in modes:
            path.chmod(0)

        def mend() -> None:
            for path, mode in modes.items():
                if path.exists():
                    path.chmod(mode)

        yield Fault(mend)

    return on


def _cut(pattern: str) -> Callable[[Path], AbstractContextManager[Fault]]:
    @contextmanager
    def on(home: Path) -> Iterator[Fault]:
        """The largest file of a pattern, cut to half; mending brings the whole one back, as from a backup."""
        _restore(home)
        files = [path for path in (home / "office").glob(pattern) if path.is_file() and not path.is_symlink()]
        file = max(files, key=lambda path: path.stat().st_size)
        whole, mode = file.read_bytes(), file.stat().st_mode
        file.chmod(0o644)
        file.write_bytes(whole[: len(whole) // 2])
        file.chmod(mode)

        def mend() -> None:
            if pattern in MENDED_BY_HAND:
                file.unlink(missing_ok=True)
                file.write_bytes(whole)
                file.chmod(mode)

        yield Fault(mend)

    return on


MENDED_BY_HAND = {
    "ledger.jsonl", "archive/*", "lake/households/*/*.parquet", "published/*.json", "dagster/history/runs.db",
}  # fmt: skip
"""What nothing but a backup brings back; the others a run has to bring back or do without."""


@contextmanager
def _disk(place: Path) -> Iterator[None]:
    place.mkdir(parents=True, exist_ok=True)
    _mount("-t", "tmpfs", "-o", "size=2G", "tmpfs", place)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", place], check=False)


def _mount(*arguments: object) -> None:
    subprocess.run(["mount", *map(str, arguments)], check=True, capture_output=True)


def _restore(home: Path) -> None:
    from hardness.g04_faults import restored

    restored(home)
