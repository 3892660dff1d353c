"""Taking in what people upload: each file under a name that says what it is, inside the person's own divisions."""

import secrets
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from dashboards.townships.receipts import in_scope
from orchestration.access.roles import Grant
from orchestration.catalogue.templates import load_templates
from orchestration.errors import GuatuError
from orchestration.intake import ingest
from orchestration.intake.blank import write_blank_workbooks
from orchestration.intake.files import FileName, parse_name
from orchestration.intake.locked import Restating
from orchestration.records.reviews import locked_months
from orchestration.settings import Settings, now

SUFFIXES = ("xlsx", "xls", "csv")
MOST_FILES = 60
"""Files handed in at once: three times the templates there are."""
LONGEST_NAME = 200
"""Bytes of a file's name; file systems end at 255."""


@dataclass(frozen=True)
class Upload:
    """A file as it came."""

    name: str
    data: bytes


def told_by_name(settings: Settings, name: str) -> FileName | None:
    """What a file's name says about it; None where it does not say template, division and month."""
    return parse_name(Path(name).name, load_templates(settings.seeds))


def full_name(settings: Settings, name: str, chosen: FileName) -> str:
    """A name that says what was chosen for a file, with the old one behind it."""
    title = load_templates(settings.seeds)[chosen.template].title
    old = Path(name)
    return f"{title}_{chosen.scope_code}_{chosen.period}_{old.stem[:20]}{old.suffix}"


def recent_months(settings: Settings) -> list[str]:
    """The month now due first, then the present one and the year before it."""
    present = now()
    due = f"{present - timedelta(days=settings.due_day):%Y-%m}"
    back = [f"{present.year - (present.month <= n):04d}-{(present.month - n - 1) % 12 + 1:02d}" for n in range(12)]
    return list(dict.fromkeys([due, *back]))


def blank_workbook(settings: Settings, place: FileName, prefill: bool) -> bytes:
    """The blank workbook of one template for a division and month. Raises what ``write_blank_workbooks`` raises."""
    with TemporaryDirectory() as folder:
        paths = write_blank_workbooks(
            settings, Path(folder), place.scope_code, [place.template], place.period, prefill=prefill
        )
        return paths[0].read_bytes()


def locked_by(settings: Settings, uploads: Sequence[Upload]) -> list[str]:
    """Locked months that the files would change."""
    templates = load_templates(settings.seeds)
    told = (told_by_name(settings, upload.name) for upload in uploads)
    found = (
        locked_months(settings, place.period, place.scope_code, templates[place.template].kind == "journal")
        for place in told
        if place is not None
    )
    return sorted({month for months in found for month in months})


def require_plain(uploads: Sequence[Upload]) -> None:
    """GuatuError ``bad_upload`` for too many files, and for one whose name or kind no form's own file has.

    The browser's own limits are no limits: what is sent past them comes here.
    """
    wrong = f"一次上传了 {len(uploads)} 个文件,至多 {MOST_FILES} 个" if len(uploads) > MOST_FILES else None
    for upload in uploads:
        plain = upload.name == Path(upload.name).name and upload.name.isprintable() and not upload.name.startswith(".")
        if Path(upload.name).suffix.lower().lstrip(".") not in SUFFIXES:
            wrong = wrong or f"“{upload.name[:40]}”不是 {'、'.join(SUFFIXES)} 文件"
        elif not plain or len(upload.name.encode()) > LONGEST_NAME:
            wrong = wrong or f"“{upload.name[:40]}”的文件名不能用"
    if wrong:
        raise GuatuError("bad_upload", f"{wrong},没有接收任何文件。", "too many files, or a name that cannot be used")


def require_own(settings: Settings, held: Grant, uploads: Sequence[Upload]) -> None:
    """GuatuError ``not_your_division`` unless every file is for a division the person answers for."""
    for upload in uploads:
        told = told_by_name(settings, upload.name)
        code = told.scope_code if told else None
        if not in_scope(held, code):
            raise GuatuError(
                "not_your_division",
                f"“{upload.name}”不是您辖区的报送({code or '文件名没有写明区划'}),没有接收任何文件。"
                f"您可以报送的区划:{'、'.join(held.divisions) or '无'}。",
                f"{upload.name!r} is not for a division of this person; nothing was taken in",
            )


def take_in(
    settings: Settings,
    held: Grant,
    uploads: Sequence[Upload],
    reason: str = "",
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> list[int]:
    """Takes the files in and returns the numbers of their submissions, in the order they were taken.

    Raises what ``require_plain`` and ``require_own`` do, and what ``ingest`` raises.
    """
    held.require("submit")
    require_plain(uploads)
    require_own(settings, held, uploads)
    folder = settings.work / "uploads" / secrets.token_hex(8)
    folder.mkdir(parents=True, mode=0o700)
    try:
        paths = []
        for place, upload in enumerate(uploads):
            inner = folder / str(place)  # two files may have one name
            inner.mkdir()
            paths.append(inner / Path(upload.name).name)
            paths[-1].write_bytes(upload.data)
        restating = Restating(held.name, reason) if reason.strip() else None
        taken = ingest(settings, paths, progress=lambda done, total, _: progress(done, total), restating=restating)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return [result.submission.submission_id for result in taken]
