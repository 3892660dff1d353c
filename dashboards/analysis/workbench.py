"""What a person keeps of the query page: saved queries and the history, one private file a person.

``GUATU_HOME/workbench/<login>.json``, written whole under a lock. A query's text may name people, so nobody else's page
shows it and the file is readable by its owner only.
"""

import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from urllib.parse import quote

from filelock import FileLock

from orchestration.errors import GuatuError
from orchestration.settings import Settings, now

MOST_SAVED = 200
MOST_HISTORY = 100
NAME_LENGTH = 60
_LOCK_SECONDS = 20.0


@dataclass(frozen=True)
class Saved:
    """A query kept under a name."""

    name: str
    sql: str
    saved_at: str


@dataclass(frozen=True)
class Run:
    """One query that was run: on which edition, when, for how long, and what came of it (行数 or the reason)."""

    sql: str
    edition: str
    at: str
    seconds: float
    outcome: str


@dataclass(frozen=True)
class Workbench:
    """Saved queries by name, and the history, newest first."""

    saved: tuple[Saved, ...] = field(default=())
    history: tuple[Run, ...] = field(default=())


def load(settings: Settings, login: str) -> Workbench:
    """The person's workbench; an empty one where there is none. Raises GuatuError ``workbench_damaged``."""
    path = _path(settings, login)
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        return Workbench(
            tuple(Saved(**entry) for entry in record["saved"]), tuple(Run(**entry) for entry in record["history"])
        )
    except FileNotFoundError:
        return Workbench()
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise GuatuError(
            "workbench_damaged",
            f"您保存的查询无法读取({path.name})。请联系管理员恢复或移走该文件。",
            f"the saved queries cannot be read: {path.name}",
        ) from error


def save(settings: Settings, login: str, name: str, sql: str) -> Workbench:
    """Keeps a query; one of the same name is replaced. Raises GuatuError ``name_wanted``, ``too_many_saved``."""
    name = name.strip()[:NAME_LENGTH]
    if not name or not sql.strip():
        raise GuatuError("name_wanted", "请写出查询和保存的名称。", "a query and a name are wanted")

    def kept(bench: Workbench) -> Workbench:
        others = tuple(entry for entry in bench.saved if entry.name != name)
        if len(others) >= MOST_SAVED:
            raise GuatuError(
                "too_many_saved", f"已保存 {MOST_SAVED} 条查询,请先删除不用的。", "too many saved queries; remove some"
            )
        return Workbench((*others, Saved(name, sql, _moment())), bench.history)

    return _change(settings, login, kept)


def remove(settings: Settings, login: str, name: str) -> Workbench:
    """Drops a saved query; one that is not there is no error."""
    return _change(
        settings,
        login,
        lambda bench: Workbench(tuple(entry for entry in bench.saved if entry.name != name), bench.history),
    )


def remember(settings: Settings, login: str, sql: str, edition: str, seconds: float, outcome: str) -> Workbench:
    """Puts a run into the history; of the same query run again and again only the newest stays."""

    def grown(bench: Workbench) -> Workbench:
        others = tuple(run for run in bench.history if (run.sql, run.edition) != (sql, edition))
        newest = Run(sql, edition, _moment(), round(seconds, 2), outcome)
        return Workbench(bench.saved, (newest, *others)[:MOST_HISTORY])

    return _change(settings, login, grown)


def _change(settings: Settings, login: str, change: Callable[[Workbench], Workbench]) -> Workbench:
    path = _path(settings, login)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with FileLock(path.with_suffix(".lock"), timeout=_LOCK_SECONDS):
        bench = change(load(settings, login))
        temporary = path.with_suffix(".tmp")
        temporary.unlink(missing_ok=True)
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            json.dump(asdict(bench), file, ensure_ascii=False, indent=1)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    return bench


def _path(settings: Settings, login: str) -> Path:
    """No login leads out of the folder: whatever is not a letter, digit, dot or dash is written as %XX."""
    return settings.root / "workbench" / f"{quote(login, safe='')}.json"


def _moment() -> str:
    return now().isoformat(timespec="seconds")
