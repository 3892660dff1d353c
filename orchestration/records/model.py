"""What a person can put on record, and which record may follow which.

A consequence is a proposal until people act: proposed → verified → confirmed, changed or waived → carried out;
reopening puts it back to proposed. Nothing is deleted: what is taken back is a record of its own.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from orchestration.errors import GuatuError
from orchestration.settings import now

Kind = Literal["step", "appeal", "veto", "grade"]
Matter = tuple[Any, ...]

KIND_TITLES: Mapping[str, str] = {"step": "奖惩", "appeal": "申诉", "veto": "一票否决", "grade": "定等"}
STEP_TITLES: Mapping[str, str] = {
    "verified": "已核实",
    "confirmed": "已确认",
    "changed": "已变更",
    "waived": "已免除",
    "carried_out": "已兑现",
    "reopened": "已重新研究",
    "lodged": "已受理",
    "upheld": "申诉成立",
    "dismissed": "申诉驳回",
    "found": "已认定",
    "lifted": "已撤销认定",
    "graded": "已定等",
    "withdrawn": "已撤销定等",
}

STATE_TITLES: Mapping[str, str] = {"proposed": "建议", "needs_review": "需研究", **STEP_TITLES}
"""States of a consequence that can be decided on."""

OPEN = "reopened"
"""The step after which a consequence is a proposal again."""

FOLLOWS: Mapping[str, Mapping[str | None, tuple[str, ...]]] = {
    "step": {
        None: ("verified",),
        "verified": ("confirmed", "changed", "waived", OPEN),
        "confirmed": ("carried_out", OPEN),
        "changed": ("carried_out", OPEN),
        "waived": (OPEN,),
        "carried_out": (OPEN,),
        OPEN: ("verified",),
    },
    "appeal": {None: ("lodged",), "lodged": ("upheld", "dismissed"), "upheld": ("lodged",), "dismissed": ("lodged",)},
    "veto": {None: ("found",), "found": ("lifted",), "lifted": ("found",)},
    "grade": {None: ("graded",), "graded": ("withdrawn",), "withdrawn": ("graded",)},
}
"""By kind: the steps that may follow the newest one; None where there is none yet."""


class Signature(BaseModel):
    """Who puts something on record, why, and when (naive Asia/Shanghai; the present unless given).

    Raises GuatuError ``unsigned`` for a blank person or reason, ``in_the_future`` for a time that has not come.
    """

    model_config = ConfigDict(frozen=True)

    person: str
    reason: str
    decided_at: datetime

    @classmethod
    def of(cls, person: str, reason: str, decided_at: datetime | None = None) -> "Signature":
        if not person.strip() or not reason.strip():
            raise GuatuError(
                "unsigned",
                "经办人和理由都要写明,不能为空。",
                "person and reason are both needed",
                exit_code=2,
            )
        present = now()
        if decided_at is not None and decided_at > present:
            raise GuatuError(
                "in_the_future",
                f"记录时间 {decided_at:%Y-%m-%d %H:%M} 还没有到,请核对。",
                f"the time {decided_at:%Y-%m-%d %H:%M} has not come yet",
                exit_code=2,
            )
        return cls(person=person.strip(), reason=reason.strip(), decided_at=decided_at or present)


class Decision(BaseModel):
    """One record. ``amount`` in yuan, a deduction negative; ``score`` as the scheme counts it.

    edition_id  the edition that was looked at
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Kind
    scheme: str
    ranking: str | None = None
    edition_period: str
    division_code: str | None = None
    unit: str | None = None
    clause_id: str | None = None
    object: str | None = None
    action_kind: str | None = None
    step: str
    code: str | None = None
    year: int | None = None
    amount: Decimal | None = None
    score: Decimal | None = None
    person: str
    reason: str
    decided_at: datetime
    edition_id: str

    @property
    def matter(self) -> Matter:
        """What it is about: records on one matter follow each other."""
        who = (self.kind, self.scheme, self.division_code, self.unit)
        match self.kind:
            case "step":
                return (*who, self.ranking, self.edition_period, self.clause_id, self.object, self.action_kind)
            case "appeal":
                return (*who, self.ranking, self.edition_period)
            case "veto":
                return (*who, self.code, self.year)
            case "grade":
                return (*who, self.year)


def newest(decisions: Iterable[Decision]) -> dict[Matter, Decision]:
    """The newest record on each matter; ``decisions`` oldest first."""
    return {decision.matter: decision for decision in decisions}


def check_follows(decision: Decision, before: Decision | None, titles: Mapping[str, str]) -> None:
    """GuatuError ``impossible_step`` where the record cannot follow the newest one on its matter.

    That one must also not be of a later time: what was known then would change (``before_the_last_step``).
    titles  Chinese names of objects and of kinds of consequence, by code
    """
    stands = before.step if before else None
    possible = FOLLOWS[decision.kind][stands]
    wanted = STEP_TITLES[decision.step]
    where = f"{decision.unit or decision.division_code} 的{KIND_TITLES[decision.kind]}"
    if decision.clause_id:
        what = "、".join(titles.get(code, code) for code in (decision.object, decision.action_kind) if code)
        where += f"(条款 {decision.clause_id},{what})"
    if decision.step not in possible:
        choices = "、".join(f"{step}({STEP_TITLES[step]})" for step in possible)
        raise GuatuError(
            "impossible_step",
            f"{where}现为“{STEP_TITLES[stands] if stands else '尚无记录'}”,不能记为“{wanted}”;下一步只能是:{choices}。",
            f"{decision.step} cannot follow {stands or 'nothing'}; possible: {', '.join(possible)}",
        )
    if before is not None and decision.decided_at < before.decided_at:
        raise GuatuError(
            "before_the_last_step",
            f"{where}上一条记录在 {before.decided_at:%Y-%m-%d %H:%M:%S},新记录的时间不能更早。",
            f"the record before is of {before.decided_at:%Y-%m-%d %H:%M:%S}; a new one cannot be earlier",
        )
