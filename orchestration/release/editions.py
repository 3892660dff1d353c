"""What an edition is, and which there are.

An edition is ``published/<edition_id>.duckdb`` together with its sidecar ``<edition_id>.json``; the sidecar is
written last, so a database without one is half made. ``published/current.duckdb`` points at the edition served.
"""

from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from orchestration.errors import GuatuError
from orchestration.settings import Settings

CURRENT = "current.duckdb"


class Edition(BaseModel):
    """One published edition. Times are naive Asia/Shanghai; ``tables`` counts rows by table."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    edition_id: str
    period: str
    as_of: datetime
    published_at: datetime
    sequence: int
    tables: dict[str, int]
    table_hashes: dict[str, str]
    logical_hash: str
    """Equal for equal content, whatever the order of rows, the number of threads or the time of the build."""


def database_path(settings: Settings, edition_id: str) -> Path:
    return settings.published / f"{edition_id}.duckdb"


def sidecar_path(settings: Settings, edition_id: str) -> Path:
    return settings.published / f"{edition_id}.json"


def list_editions(settings: Settings, period: str | None = None) -> list[Edition]:
    """Complete editions, oldest first; those of one period where ``period`` (YYYY-MM) is given.

    Raises GuatuError ``edition_record_damaged`` where a record cannot be read: without it numbers would be given twice.
    """
    editions = [_recorded(path) for path in settings.published.glob("*.json") if path.with_suffix(".duckdb").exists()]
    chosen = [edition for edition in editions if period in (None, edition.period)]
    return sorted(chosen, key=lambda edition: edition.sequence)


def current_edition(settings: Settings) -> Edition | None:
    """The edition served now; None before the first is published."""
    pointer = settings.published / CURRENT
    if not pointer.exists():
        return None
    if pointer.is_symlink():
        sidecar = pointer.resolve().with_suffix(".json")
        if sidecar.exists():
            return _recorded(sidecar)
    editions = list_editions(settings)  # without symbolic links the newest is the one served
    return editions[-1] if editions else None


def _recorded(sidecar: Path) -> Edition:
    try:
        return Edition.model_validate_json(sidecar.read_text(encoding="utf-8"))
    except ValueError as error:
        raise GuatuError(
            "edition_record_damaged",
            f"版本记录 {sidecar} 读不出来,可能被截断或改动过。"
            "请从备份恢复;没有备份的,删去它再运行 guatu run 重新发布。",
            f"the record of an edition cannot be read: {sidecar}; restore it, or delete it and run guatu run",
            exit_code=3,
        ) from error


def find_edition(settings: Settings, edition_id: str | None = None) -> Edition:
    """The edition named, or the current one.

    Raises GuatuError ``no_edition`` before anything is published, ``unknown_edition`` for an unknown name.
    """
    if edition_id is None:
        edition = current_edition(settings)
        if edition is None:
            raise GuatuError(
                "no_edition",
                f"{settings.published} 下还没有已发布的版本。请先运行 guatu run --period YYYY-MM。",
                "no edition has been published yet; run: guatu run --period YYYY-MM",
            )
        return edition
    for edition in list_editions(settings):
        if edition.edition_id == edition_id:
            return edition
    raise GuatuError(
        "unknown_edition",
        f"没有版本 {edition_id}。可用 guatu editions 查看全部版本。",
        f"there is no edition {edition_id}; list them with: guatu editions",
    )


def next_edition_id(settings: Settings, period: str) -> str:
    """``<period>_<running number>``; the number runs over all periods. Stable while the run lock is held."""
    editions = list_editions(settings)
    return f"{period}_{(editions[-1].sequence if editions else 0) + 1:04d}"
