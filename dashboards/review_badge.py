"""Whether a month's figures count yet: 暂定(未核定) until the county has approved them."""

from datetime import datetime
from functools import lru_cache
from pathlib import Path

from dashboards.edition import Edition
from orchestration.records.reviews import provisional
from orchestration.settings import get_settings

PROVISIONAL = '<span class="g-badge g-warn">▲ 暂定(未核定)</span>'
APPROVED = '<span class="g-badge g-good">✔ 已核定</span>'


def is_provisional(edition: Edition, period: str, division: str) -> bool:
    """Whether the figures this edition shows for a month of a division are still provisional."""
    settings = get_settings()
    versions = tuple(_version(path) for path in (settings.reviews, settings.ledger))
    return _provisional(str(settings.root), period, division, edition.as_of, versions)


def badge(edition: Edition, period: str, division: str) -> str:
    """The state as a badge in HTML."""
    return PROVISIONAL if is_provisional(edition, period, division) else APPROVED


def _version(path: Path) -> tuple[int, int]:
    """Changes whenever the file does."""
    try:
        status = path.stat()
    except OSError:
        return (0, 0)
    return (status.st_size, status.st_mtime_ns)


@lru_cache(maxsize=2000)
def _provisional(root: str, period: str, division: str, as_of: datetime, versions: object) -> bool:
    return provisional(get_settings(), period, [division], as_of)[division]
