"""``guatu backup``: one file that holds everything an installation cannot make again, taken while others write.

Nothing is stopped for it. Journals and ledger only grow, and whatever a line stands for is on disk before the line. So
the lines are copied first, those that speak of others before those they speak of, and then the files they name. The
file is an uncompressed tar (workbooks and Parquet are compressed already) whose last member lists every other with its
SHA-256; beside it stands its own, as ``sha256sum`` writes it.
"""

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any

from orchestration.errors import GuatuError
from orchestration.intake.lake import lake_file, problems_folder
from orchestration.intake.ledger import Submission, submissions_of
from orchestration.intake.originals import original, replaced_originals
from orchestration.records.heads import head_path
from orchestration.release import list_editions
from orchestration.release.editions import database_path, sidecar_path
from orchestration.settings import Settings, now
from orchestration.upkeep.home import FORMAT, require_format, stamp_path, upkeep_lock

MANIFEST = "manifest.json"
SECRET = {"home", "seeds", "dbt_project", "oidc_client_secret", "notify", "shared_lake"}
"""Settings that stay out of a backup: places of this machine, and secrets."""


@dataclass(frozen=True)
class Backup:
    """What was kept. ``missing``: files the ledger names that were not there."""

    path: Path
    files: int
    size: int
    submissions: int
    missing: tuple[str, ...]


@dataclass
class _Contents:
    """The hash and size of every member written, by its name."""

    members: dict[str, tuple[int, str]] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)


def back_up(settings: Settings, folder: Path, editions: bool = True, at: datetime | None = None) -> Backup:
    """Writes ``guatu-YYYYMMDD-HHMMSS.tar`` into ``folder`` and reads it again to check it.

    Without ``editions`` the published editions and their documents stay out. Raises GuatuError ``no_home``,
    ``backup_inside``, ``backup_failed``, and what a newer or busy directory raises.
    """
    if not settings.root.is_dir():
        raise GuatuError("no_home", f"没有数据目录 {settings.root}", f"there is no data directory {settings.root}")
    folder = folder.expanduser().resolve()
    if folder.is_relative_to(settings.root):
        raise GuatuError(
            "backup_inside",
            f"备份不能放在数据目录 {settings.root} 里面,请换一个磁盘或文件夹",
            "a backup must not lie inside the data directory",
            exit_code=2,
        )
    require_format(settings)
    made_at = at or now()
    path = folder / f"guatu-{made_at:%Y%m%d-%H%M%S}.tar"
    partial = path.with_name(f".{path.name}.partial")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with upkeep_lock(settings):
            return _write(settings, path, partial, editions, made_at)
    except OSError as error:
        raise GuatuError(
            "backup_failed",
            f"备份没有写成:{error.strerror or error}({error.filename or path})。检查磁盘空间和权限后重试",
            f"the backup was not written: {error.strerror or error}",
        ) from error
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)


def checked_members(path: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """The members of a backup in turn, ``manifest.json`` last; the whole file is checked against the sum beside it.

    Raises GuatuError ``backup_damaged`` before the first member where that sum differs. Use it inside ``readable``;
    what a member holds is for the caller to compare with the manifest.
    """
    beside = path.with_name(f"{path.name}.sha256")
    if beside.exists():
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != beside.read_text(encoding="utf-8")[:64]:
            raise damaged(path, f"整份文件与 {beside.name} 不符", "the file does not fit the sum beside it")
    with tarfile.open(path, "r|") as tar:
        for member in tar:
            content = tar.extractfile(member)
            if content is None or Path(member.name).is_absolute() or ".." in Path(member.name).parts:
                raise damaged(path, f"含有不该有的 {member.name}", f"it holds {member.name}")
            yield member.name, content


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Around everything that reads a backup's members: GuatuError ``backup_damaged`` where it breaks off."""
    try:
        yield
    except (tarfile.TarError, EOFError) as error:
        raise damaged(path, "读到一半就断了", "it ends too early or cannot be read") from error


def damaged(path: Path, what: str, what_en: str) -> GuatuError:
    return GuatuError(
        "backup_damaged",
        f"备份 {path} 已损坏:{what}。没有恢复任何内容,请改用另一份备份",
        f"the backup {path} is damaged: {what_en}",
    )


def _write(settings: Settings, path: Path, partial: Path, editions: bool, made_at: datetime) -> Backup:
    contents = _Contents()
    with partial.open("wb") as file:
        hashing = _Hashing(file)
        with tarfile.open(fileobj=hashing, mode="w|", format=tarfile.PAX_FORMAT) as tar:  # type: ignore[call-overload]
            lines = _journals(settings, tar, contents)
            submissions = submissions_of(lines)
            _files(settings, submissions, editions, tar, contents)
            manifest = _manifest(settings, contents, submissions, made_at)
            _add(tar, MANIFEST, io.BytesIO(manifest), len(manifest), _Contents())
        file.flush()
        os.fsync(file.fileno())
    _check(partial, contents)
    beside = path.with_name(f"{path.name}.sha256")
    beside.write_text(f"{hashing.digest.hexdigest()}  {path.name}\n", encoding="utf-8")
    partial.chmod(0o600)  # it holds personal data and the accounts
    os.replace(partial, path)
    return Backup(path, len(contents.members), path.stat().st_size, len(submissions), tuple(contents.missing))


def _journals(settings: Settings, tar: tarfile.TarFile, contents: _Contents) -> bytes:
    """What waits in the inbox, then journals, then the ledger, whose whole lines are returned."""
    for path in sorted(settings.inbox.rglob("*")):
        if path.is_file() and not path.name.startswith("."):
            _add_file(settings, tar, path, contents, needed=False)
    lines = b""
    for path in (*settings.journals.values(), settings.ledger):
        _add_file(settings, tar, head_path(path), contents, needed=False)  # before its chain, which may grow meanwhile
        lines = path.read_bytes() if path.exists() else b""
        lines = lines[: lines.rfind(b"\n") + 1]
        if path.exists():
            _add(tar, path.name, io.BytesIO(lines), len(lines), contents)
    return lines


def _files(
    settings: Settings, submissions: list[Submission], editions: bool, tar: tarfile.TarFile, contents: _Contents
) -> None:
    for path in sorted(settings.lake.glob("*/schema.parquet")):
        _add_file(settings, tar, path, contents)
    replaced = replaced_originals(settings)
    for line in submissions:
        kept = original(settings, line.sha256, replaced)
        if kept is not None:
            _add_file(settings, tar, kept, contents)
        if line.rows_accepted:
            _add_file(settings, tar, lake_file(settings, line), contents)
        number = line.submission_id
        beside = [problems_folder(settings) / f"{number}.parquet", *settings.receipts.glob(f"{number}[._]*")]
        for path in beside:
            _add_file(settings, tar, path, contents, needed=False)
    for folder in (settings.access_folder, settings.workbench, *([settings.reports] if editions else [])):
        for path in sorted(folder.rglob("*")):
            # nobody is to be signed in again by restoring
            if path.is_file() and not path.name.startswith(".") and path.parent.name != "sessions":
                _add_file(settings, tar, path, contents, needed=False)
    for edition in list_editions(settings) if editions else []:
        # the sidecar makes an edition: it comes after the database, as it did when it was published
        if _add_file(settings, tar, database_path(settings, edition.edition_id), contents, needed=False):
            _add_file(settings, tar, sidecar_path(settings, edition.edition_id), contents, needed=False)
    _add_file(settings, tar, settings.gathered, contents, needed=False)
    _add_file(settings, tar, stamp_path(settings), contents)


def _add_file(settings: Settings, tar: tarfile.TarFile, path: Path, contents: _Contents, needed: bool = True) -> bool:
    """Adds a file under its place in the data directory; returns whether it was there."""
    name = path.relative_to(settings.root).as_posix()
    if name in contents.members:
        return True
    try:
        with path.open("rb") as file:
            _add(tar, name, file, os.fstat(file.fileno()).st_size, contents)
    except FileNotFoundError:
        if needed:
            contents.missing.append(name)
        return False
    return True


def _add(tar: tarfile.TarFile, name: str, file: IO[bytes], size: int, contents: _Contents) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    reading = _Hashing(file)
    tar.addfile(info, reading)  # type: ignore[arg-type]  # it reads, and no more is asked of it
    contents.members[name] = (size, reading.digest.hexdigest())


def _manifest(settings: Settings, contents: _Contents, submissions: list[Submission], made_at: datetime) -> bytes:
    record = {
        "format": FORMAT,
        "program": version("guatu"),
        "made_at": made_at.isoformat(timespec="seconds"),
        "submissions": len(submissions),
        "missing": contents.missing,
        "settings": settings.model_dump(mode="json", exclude=SECRET),
        "files": contents.members,
    }
    return (json.dumps(record, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def _check(path: Path, contents: _Contents) -> None:
    """Reads what was written: a disk that does not keep what it is given shows now and not on the day of need."""
    with readable(path):
        for name, content in checked_members(path):
            if name != MANIFEST and hashlib.file_digest(content, "sha256").hexdigest() != contents.members[name][1]:
                raise damaged(path, f"{name} 写入后与原文件不符", f"{name} is not what was written")


class _Hashing:
    """A file that is hashed as it is read or written."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self.file.read(size)
        self.digest.update(piece)
        return piece

    def write(self, piece: bytes) -> int:
        self.digest.update(piece)
        return self.file.write(piece)


def manifest_of(content: IO[bytes], path: Path) -> dict[str, Any]:
    """The list of members, as the backup's last one holds it. Raises GuatuError ``backup_damaged``."""
    try:
        record = json.loads(content.read())
        if not isinstance(record["files"], dict) or not isinstance(record["format"], int):
            raise ValueError
    except (ValueError, KeyError, TypeError) as error:
        raise damaged(path, "清单读不出来", "its list cannot be read") from error
    return record
