"""``guatu restore``: a backup into an empty data directory, everything checked before anything counts."""

import hashlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orchestration.errors import GuatuError
from orchestration.release.publish import tidy
from orchestration.settings import Settings
from orchestration.upkeep.backup import MANIFEST, SECRET, checked_members, damaged, manifest_of, readable
from orchestration.upkeep.home import FORMAT

UNPACKING = ".restoring"
_IGNORED = {".upkeep.lock"}


@dataclass(frozen=True)
class Restored:
    """What came back. ``differing``: settings that had another value when the backup was made, (name, then, now)."""

    files: int
    submissions: int
    made_at: str
    differing: tuple[tuple[str, object, object], ...]
    missing: tuple[str, ...]


def restore(settings: Settings, path: Path) -> Restored:
    """Fills the empty data directory. Raises GuatuError ``no_backup``, ``home_not_empty``, ``backup_damaged``,
    ``backup_newer``, ``restore_failed``; the directory is as empty then as before."""
    if not path.is_file():
        raise GuatuError("no_backup", f"没有备份文件 {path}", f"there is no backup {path}", exit_code=2)
    _require_empty(settings)
    existed = settings.root.is_dir()
    folder = settings.root / UNPACKING
    try:
        folder.mkdir(parents=True)
        with readable(path):
            manifest = _unpack(path, folder)
        _move(folder, settings.root)
    except OSError as error:
        raise GuatuError(
            "restore_failed",
            f"恢复中断:{error.strerror or error}({error.filename or settings.root})。检查磁盘空间和权限后重试",
            f"restoring broke off: {error.strerror or error}",
        ) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if not existed and not any(settings.root.iterdir()):
            settings.root.rmdir()
    if list(settings.published.glob("*.json")):
        tidy(settings)  # sets the pointer
    present = settings.model_dump(mode="json", exclude=SECRET)
    differing = [(name, then, present.get(name)) for name, then in manifest["settings"].items()]
    return Restored(
        len(manifest["files"]),
        manifest["submissions"],
        manifest["made_at"],
        tuple((name, then, today) for name, then, today in differing if then != today),
        tuple(manifest["missing"]),
    )


def _require_empty(settings: Settings) -> None:
    found = sorted(p.name for p in settings.root.iterdir() if p.name not in _IGNORED) if settings.root.is_dir() else []
    if found == [UNPACKING]:  # a restore that was killed while unpacking
        shutil.rmtree(settings.root / UNPACKING)
    elif found:
        raise GuatuError(
            "home_not_empty",
            f"数据目录 {settings.root} 不是空的(有 {'、'.join(found[:3])}),不会覆盖。请用 --home 指定一个新的目录",
            f"the data directory {settings.root} is not empty: restore into a new one",
            exit_code=2,
        )


def _unpack(path: Path, folder: Path) -> dict[str, Any]:
    """Every member into ``folder``; returns the manifest once all is what it says."""
    found: dict[str, list[object]] = {}
    manifest: dict[str, Any] | None = None
    for name, content in checked_members(path):
        if name == MANIFEST:
            manifest = manifest_of(content, path)
            continue
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        digest = hashlib.sha256()
        size = 0
        with target.open("wb") as out:
            while piece := content.read(1 << 20):
                digest.update(piece)
                size += out.write(piece)
            out.flush()
            os.fsync(out.fileno())
        found[name] = [size, digest.hexdigest()]
    if manifest is None:
        raise damaged(path, "没有清单,备份不完整", "it has no list of its contents")
    if manifest["format"] > FORMAT:
        raise GuatuError(
            "backup_newer",
            f"备份 {path} 由较新的程序写成(格式 {manifest['format']},本程序识别到 {FORMAT}),请先升级程序",
            f"the backup has format {manifest['format']}, this program knows {FORMAT}",
            exit_code=2,
        )
    expected = {name: list(of) for name, of in manifest["files"].items()}
    for name in sorted(expected.keys() | found.keys()):
        if expected.get(name) != found.get(name):
            raise damaged(path, f"{name} 与清单不符", f"{name} does not fit the list")
    return manifest


def _move(folder: Path, root: Path) -> None:
    """Into place: the ledger last, for its lines make the rest count."""
    for path in sorted(folder.iterdir(), key=lambda path: path.name.startswith("ledger.jsonl")):
        os.replace(path, root / path.name)
    for area, mode in (("archive", 0o444), ("published", 0o444), ("access", 0o600)):
        for path in (root / area).rglob("*"):
            path.chmod(mode if path.is_file() else 0o700)
    if (root / "access").is_dir():
        (root / "access").chmod(0o700)
