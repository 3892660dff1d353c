"""The parent's side of reading: one child process, reused over the files of a call, with limits."""

import pickle
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Timer
from types import TracebackType
from typing import Any, Self

import polars as pl

from orchestration.catalogue.template_versions import Form
from orchestration.catalogue.templates import Template
from orchestration.intake.headers import PERIOD_FIELD, PERIOD_TITLE, TemplateTitles, normalise_title
from orchestration.intake.lake import READING
from orchestration.intake.reading import ReadResult
from orchestration.settings import Settings


@dataclass(frozen=True)
class RawFile:
    """A file as read: what was found, and its columns of text (None when it was refused)."""

    result: ReadResult
    table: pl.DataFrame | None = None


class ChildFailed(Exception):
    """The child process did not bring the work to an end; ``code`` is that of a refusal."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def template_titles(template: Template) -> TemplateTitles:
    """The titles of a template, normalised as header cells are; 期别 comes first and is optional."""
    titles = {normalise_title(f.title)[0]: f for f in template.fields}
    return TemplateTitles(
        name=template.name,
        title=template.title,
        fields={PERIOD_TITLE: PERIOD_FIELD, **{t: f.name for t, f in titles.items()}},
        required=frozenset(t for t, f in titles.items() if f.required),
        money=frozenset(t for t, f in titles.items() if f.type == "money"),
        percent=frozenset(t for t, f in titles.items() if f.type == "percent"),
        id_numbers=frozenset(t for t, f in titles.items() if f.type == "id_number"),
    )


def form_titles(form: Form, today: Template) -> TemplateTitles:
    """The titles of one form: a former one is also read under the titles of today."""
    own, new = template_titles(form.template), template_titles(today)
    return replace(
        own,
        fields={**own.fields, **new.fields},
        money=own.money | new.money,
        percent=own.percent | new.percent,
        id_numbers=own.id_numbers | new.id_numbers,
        version=form.title,
        since=form.since,
        until=form.until,
        renamed=frozenset(own.fields) - frozenset(new.fields),
        absent=form.absent,
        dropped=frozenset(normalise_title(title)[0] for title in form.dropped),
    )


class Reader:
    """Reads files in a child process; a child that dies or hangs costs only the file it was at."""

    def __init__(self, settings: Settings, forms: Mapping[str, Sequence[Form]]) -> None:
        """``forms``: of each template, the oldest first."""
        self._settings = settings
        self._titles = [form_titles(form, known[-1].template) for known in forms.values() for form in reversed(known)]
        settings.work.mkdir(parents=True, exist_ok=True)
        self._folder = Path(tempfile.mkdtemp(prefix=READING, dir=settings.work))
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def read(self, path: Path, wanted: str | None) -> RawFile:
        """Read one file; ``wanted`` is the template its name gives, if any."""
        if path.stat().st_size > self._settings.max_file_mb << 20:
            return RawFile(ReadResult("too_large", str(self._settings.max_file_mb)))
        out = self._folder / "table.arrow"
        try:
            result = self.call("read_table", path, self._titles, wanted, out)
            table = pl.read_ipc(out.read_bytes()) if result.code is None else None
        except ChildFailed as failed:
            return RawFile(ReadResult(failed.code))
        finally:
            out.unlink(missing_ok=True)
        return RawFile(result, table)

    def call(self, name: str, *args: object) -> Any:
        """Run a function of ``worker.CALLS`` in the child under its limits, or raise ``ChildFailed``."""
        child = self._running()
        assert child.stdin is not None and child.stdout is not None
        timer = Timer(self._settings.read_timeout_seconds, child.kill)
        timer.start()
        try:
            pickle.dump((name, args), child.stdin)
            child.stdin.flush()
            state, result = pickle.load(child.stdout)
        except (EOFError, OSError, pickle.UnpicklingError):
            timed_out = not timer.is_alive()
            ended = self._stop(patience=1)
            # a reader that is refused memory, for a sheet that reaches to its last cell, aborts
            raise ChildFailed("timeout" if timed_out else "memory" if ended == -signal.SIGABRT else "crashed") from None
        finally:
            timer.cancel()
        if state == "memory":
            # what is left of its memory is not worth another file
            self._stop()
            raise ChildFailed("memory")
        if state == "failed":
            raise ChildFailed("unreadable")
        return result

    def _running(self) -> "subprocess.Popen[bytes]":
        if self._child is None:
            # -P: a file of the working directory must not stand in for a module
            command = [sys.executable, "-P", "-m", "orchestration.intake.worker"]
            self._child = subprocess.Popen(
                [*command, str(self._settings.read_memory_mb)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        return self._child

    def _stop(self, patience: float = 0) -> int | None:
        """Ends the child, if there is one, and returns how it ended: a signal is negative.

        ``patience``: seconds one that is about to end by itself is given, so that it can say how.
        """
        child, self._child = self._child, None
        if child is None:
            return None
        with suppress(subprocess.TimeoutExpired):
            child.wait(timeout=patience)
        child.kill()
        child.communicate()
        return child.returncode
