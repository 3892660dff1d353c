"""What a month's review consists of, as data (``seeds/reference/review_steps.csv``), and what follows from its records.

A unit's month goes submitted → checked → approved → locked. A submission that comes after a step undoes what the step
stood for: nobody approved those figures. Of a locked month it stays locked and waits for 核定更正.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from orchestration.access.roles import Ability, Grant
from orchestration.catalogue.indicators import load_reference

State = Literal["waiting", "submitted", "checked", "approved", "locked", "restated", "unlock_requested"]

STATE_TITLES: Mapping[str, str] = {
    "waiting": "未报齐",
    "submitted": "已报齐,待审核",
    "checked": "乡镇已审核",
    "approved": "县级已核定",
    "locked": "已锁定",
    "restated": "锁定后有更正,待核定",
    "unlock_requested": "已锁定,申请解锁中",
}
LOCKED = frozenset({"locked", "restated", "unlock_requested"})
"""States in which a submission needs a reason."""
_ORDER: Mapping[str, int] = {"waiting": 0, "submitted": 1, "checked": 2, "approved": 3}
_RESTATE = "restate"
_DIGITS = (2, 4, 6, 9)


class Review(BaseModel):
    """One record of the journal: a step on a month of a division, or the reason of a submission for a locked month.

    through     number of submissions taken in when the step was made: what came later it says nothing about
    sha256      of the file a reason belongs to (step ``restate``), with its ``received_at``
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    period: str
    division_code: str
    step: str
    person: str
    login: str | None = None
    remark: str = ""
    at: datetime
    edition_id: str | None = None
    through: int = 0
    sha256: str | None = None
    received_at: datetime | None = None

    @property
    def is_step(self) -> bool:
        return self.step != _RESTATE


@dataclass(frozen=True)
class Rule:
    """One step from one state. ``to_state`` None: as if nobody had acted yet.

    ability, level   what the person must be allowed, for a division at least as high as this level
    remark, another  whether a remark is obligatory; whether it takes somebody else than the step before
    settles          whether the person answers for the figures as they stand
    """

    step: str
    title: str
    from_state: str
    to_state: str | None
    ability: Ability
    level: str
    remark: bool
    another: bool
    settles: bool

    def allows(self, grant: Grant, division_code: str) -> bool:
        """Whether the grant has the ability, for this division, from a division high enough."""
        most = 6 if self.level == "county" else 9
        high = any(
            len(code_prefix(own)) <= most and division_code.startswith(code_prefix(own)) for own in grant.divisions
        )
        return grant.may(self.ability) and (grant.everywhere or high)


@dataclass(frozen=True)
class Stand:
    """Where a division's month stands: its state (None: nobody acted), the step answering for the figures, the newest
    step, and the submissions that came after."""

    state: str | None = None
    settled: Review | None = None
    newest: Review | None = None
    changed: tuple[int, ...] = ()

    @property
    def is_settled(self) -> bool:
        """Approved, and nothing has come since: the figures are final."""
        return self.state in ("approved", "locked", "unlock_requested") and not self.changed


def code_prefix(code: str) -> str:
    """The digits that all codes inside a division share."""
    return next((code[:digits] for digits in _DIGITS if not code[digits:].strip("0")), code)


@cache
def load_rules(seeds: Path) -> tuple[Rule, ...]:
    """The steps in force, read once a process; a step not listed from a state is not possible in it."""
    return tuple(
        Rule(
            **{name: row[name] for name in ("step", "title", "from_state", "to_state", "ability", "level")},
            **{name: row[name] == "yes" for name in ("remark", "another", "settles")},
        )
        for row in load_reference(seeds, "review_steps").iter_rows(named=True)
    )


def stand_of(
    rules: Sequence[Rule], records: Iterable[Review], changed_since: Callable[[int], tuple[int, ...]]
) -> Stand:
    """What follows from the steps on one division's month, oldest first.

    ``changed_since``: of a number of submissions, those that came later and change the figures looked at.
    """
    by_step = {rule.step: rule for rule in rules}  # a step leads to one state, wherever it starts
    state: str | None = None
    settled: Review | None = None
    newest: Review | None = None
    for record in records:
        rule = by_step[record.step]
        newest, state = record, rule.to_state
        if rule.settles:
            settled = record
        elif state is None:
            settled = None
    changed = changed_since(settled.through) if settled else ()
    if changed and state in ("checked", "approved"):
        state = None
    elif changed and state == "locked":
        state = "restated"
    return Stand(state, settled, newest, changed)


def farther(own: Stand, above: Stand) -> bool:
    """Whether the step on a division above counts for the one inside, because it has come farther."""
    return _position(above.state) > _position(own.state)


def _position(state: str | None) -> int:
    return -1 if state is None else _ORDER.get(state, len(_ORDER))


def step_titles(seeds: Path) -> dict[str, str]:
    """Step → Chinese, the reason given for a submission to a locked month included."""
    return {rule.step: rule.title for rule in load_rules(seeds)} | {_RESTATE: "更正理由"}
