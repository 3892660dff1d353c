"""Where the original of a submission lies: under the hash in its line, or that of the copy an erasure left of it.

Where submissions were gathered from other offices, their originals are with those.
"""

from collections.abc import Mapping
from pathlib import Path

from orchestration.records.journal import entries
from orchestration.settings import Settings

Replaced = Mapping[str, str | None]
"""Hash of an original as handed in -> hash of what is kept instead; None where nothing could be kept."""


def replaced_originals(settings: Settings) -> Replaced:
    """What erasures have put in the place of originals, the newest for each."""
    replaced: dict[str, str | None] = {}
    for record in entries(settings.erasures):
        for before, after in record["originals"].items():
            replaced = {first: after if last == before else last for first, last in replaced.items()}
            replaced[before] = after
    return replaced


def original(settings: Settings, sha256: str, replaced: Replaced) -> Path | None:
    """The file kept of an original; None where an erasure left nothing of it, or where it stayed with the office that
    received it."""
    if settings.gathered.exists():
        return None
    name = replaced.get(sha256, sha256)
    return settings.archive / name if name is not None else None
