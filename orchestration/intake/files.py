"""Which files to take in, and what a file's name says about it."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from orchestration.catalogue.templates import Template
from orchestration.errors import GuatuError

_NAME = re.compile(
    r"^(?P<template>.+?)_(?P<code>[0-9]{2,12})_(?P<period>[0-9]{4}-(?:0[1-9]|1[0-2]))(?:_.*)?"
    r"\.(?:xlsx|xls|csv)$",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True)
class FileName:
    """What a submission's name says: template, scope (12 digits) and period (YYYY-MM)."""

    template: str
    scope_code: str
    period: str


def parse_name(file_name: str, templates: Mapping[str, Template]) -> FileName | None:
    """Read ``<template title or name>_<division code>_<YYYY-MM>[_anything].xlsx|xls|csv``.

    A code shortened to its significant digits is padded with zeros. ``None`` when the name does not
    say all three: the file is then recognised by its header.
    """
    match = _NAME.match(unicodedata.normalize("NFKC", file_name).strip())
    if match is None:
        return None
    wanted = match["template"].strip().casefold()
    by_name = {t.name.casefold(): t.name for t in templates.values()}
    by_name |= {unicodedata.normalize("NFKC", t.title).casefold(): t.name for t in templates.values()}
    template = by_name.get(wanted)
    if template is None:
        return None
    return FileName(template, match["code"].ljust(12, "0"), match["period"])


def recorded_name(file: Path) -> str:
    """A file's name as it can be written down: bytes that are no text, in an archive from elsewhere, become �."""
    return file.name.encode("utf-8", errors="surrogateescape").decode("utf-8", errors="replace")


def collect_files(paths: Iterable[Path]) -> list[Path]:
    """The files named, and every file inside the folders named; each once.

    Hidden files and a spreadsheet's own lock files (``~$…``) inside folders are left out. A path
    that does not exist is the caller's mistake: ``GuatuError``.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            for inner in sorted(path.rglob("*")):
                if inner.is_file() and not _is_hidden(inner.relative_to(path)):
                    found[inner.resolve()] = None
        elif path.is_file():
            found[path.resolve()] = None
        else:
            raise GuatuError(
                "path_not_found",
                f"找不到文件或文件夹:{path},请检查路径",
                f"no such file or folder: {path}",
                exit_code=2,
            )
    return list(found)


def order_files(files: Sequence[Path], template_of: Mapping[Path, str | None]) -> list[Path]:
    """Divisions first (rows of other templates refer to them), then by name."""
    return sorted(files, key=lambda f: (template_of.get(f) != "divisions", f.name, str(f)))


def _is_hidden(relative: Path) -> bool:
    return any(part.startswith((".", "~$")) for part in relative.parts)
