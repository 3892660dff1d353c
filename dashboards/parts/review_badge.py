"""Whether a month's figures count yet: 暂定(未核定) until the county has approved them."""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from dashboards.edition import Edition
from dashboards.words.common import Badge
from orchestration.records.reviews import provisional
from orchestration.settings import get_settings

STANDING = {"provisional": Badge("▲", "暂定", "warn"), "approved": Badge("✔", "已核定", "good")}
PROVISIONAL = '<span class="g-badge g-warn">▲ 暂定(未核定)</span>'
PARTLY = '<span class="g-badge g-warn">▲ 暂定({all}个单位中{open}个未核定)</span>'
APPROVED = '<span class="g-badge g-good">✔ 已核定</span>'


def badge(edition: Edition, period: str, division: str) -> str:
    """The state of one division's month as a badge in HTML."""
    return badge_of_units(edition, period, [division])


def standing(edition: Edition, period: str, division: str) -> str:
    """The same as a code of ``STANDING``."""
    return "provisional" if provisional_units(edition, period, [division]) else "approved"


def badge_of_units(edition: Edition, period: str, divisions: Iterable[str]) -> str:
    """The same of figures of several divisions side by side: approved only where every one of them is."""
    codes = tuple(sorted(set(divisions)))
    count = provisional_units(edition, period, codes)
    if count == len(codes):
        return PROVISIONAL
    return APPROVED if count == 0 else PARTLY.format(open=count, all=len(codes))


def provisional_units(edition: Edition, period: str, divisions: Iterable[str]) -> int:
    """Of how many divisions the figures this edition shows for a month are still provisional."""
    settings = get_settings()
    versions = tuple(_version(path) for path in (settings.reviews, settings.ledger))
    return _provisional(str(settings.root), period, tuple(divisions), edition.as_of, versions)


def _version(path: Path) -> tuple[int, int]:
    """Changes whenever the file does."""
    try:
        status = path.stat()
    except OSError:
        return (0, 0)
    return (status.st_size, status.st_mtime_ns)


@lru_cache(maxsize=2000)
def _provisional(root: str, period: str, divisions: tuple[str, ...], as_of: datetime, versions: object) -> int:
    return sum(provisional(get_settings(), period, divisions, as_of).values())
