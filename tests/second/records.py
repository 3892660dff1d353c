"""What people decided and delivered, read from a home's journals as of a moment."""

import json
from datetime import datetime
from decimal import Decimal
from typing import Any

from second.world import World

Record = dict[str, Any]


def _lines(world: World, name: str, moment: str) -> list[Record]:
    """Records of a journal made by the edition's moment, oldest first."""
    path = world.home / name
    if not path.exists():
        return []
    found = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    for record in found:
        record[moment] = datetime.fromisoformat(record[moment])
        for column in ("amount", "score"):
            if record.get(column) is not None:
                record[column] = Decimal(record[column])
    return [record for record in found if record[moment] <= world.as_of]


def decisions(world: World) -> list[Record]:
    return _lines(world, "decisions.jsonl", "decided_at")


def deliveries(world: World) -> list[Record]:
    return _lines(world, "deliveries.jsonl", "recorded_at")


def matter(record: Record) -> tuple[Any, ...]:
    """What a record is about; of the records on one matter the newest speaks."""
    who = (record["kind"], record["scheme"], record["division_code"], record["unit"])
    what = {
        "step": ("ranking", "edition_period", "clause_id", "object", "action_kind"),
        "appeal": ("ranking", "edition_period"),
        "veto": ("code", "year"),
        "grade": ("year",),
    }[record["kind"]]
    return (*who, *(record[name] for name in what))


def standing(world: World) -> dict[tuple[Any, ...], Record]:
    """The newest record on each matter."""
    return {matter(record): record for record in decisions(world)}


def upheld_appeals(world: World) -> list[Record]:
    """Appeals that corrected a round's score, oldest first."""
    return [
        record
        for record in decisions(world)
        if record["kind"] == "appeal" and record["step"] == "upheld" and record["score"] is not None
    ]


def newest_of(world: World, kind: str, step: str) -> list[Record]:
    """Records of a kind whose newest word on their matter is ``step``."""
    return [record for record in standing(world).values() if (record["kind"], record["step"]) == (kind, step)]
