"""Cadences (定期事项): what a scheme says about reports that are due again and again."""

from datetime import date
from typing import Literal

from pydantic import Field, model_validator

from orchestration.catalogue.elements import Element, UnitLevel

Every = Literal["day", "week", "half_month", "two_weeks", "month", "two_months", "quarter", "term", "year", "once"]


class Due(Element):
    """When within its interval, or after it, something is due; one of the ways, as the document words it."""

    end: Literal[True] | None = None
    """The interval's last day."""
    day: int | None = Field(default=None, ge=1, le=31)
    """Day of the interval's last month (its last day where the month is shorter) …"""
    months_after: int = Field(default=0, ge=0, le=12)
    """… or of a month after it (次月5日前: day 5, months_after 1)."""
    weekday: int | None = Field(default=None, ge=1, le=7)
    """Day of the interval's last week, Monday is 1."""
    workdays_after: int | None = Field(default=None, ge=1)
    """Statutory working days after the interval's end."""
    month_day: str | None = Field(default=None, pattern=r"^\d\d-\d\d$")
    """The same day every year."""
    fixed: date | None = None
    """The date of a single one."""

    @property
    def way(self) -> str:
        """The one field that says when."""
        return next((name for name in DUE_WAYS if getattr(self, name) is not None), "")

    @model_validator(mode="after")
    def _one_way(self) -> "Due":
        if sum(getattr(self, name) is not None for name in DUE_WAYS) != 1:
            raise ValueError(f"due 须且只须写明 {'、'.join(DUE_WAYS)} 之一")
        if self.months_after and self.day is None:
            raise ValueError("due 的 months_after 只与 day 连用")
        if self.month_day:
            date.fromisoformat(f"2000-{self.month_day}")
        return self


_MONTHLY: frozenset[Every] = frozenset({"month", "two_months", "quarter", "term", "year"})
_REPEATED: frozenset[Every] = _MONTHLY | {"day", "week", "half_month", "two_weeks"}
DUE_WAYS: dict[str, frozenset[Every]] = {
    "end": _REPEATED,
    "day": _MONTHLY,
    "weekday": frozenset({"week", "two_weeks"}),
    "workdays_after": _REPEATED,
    "month_day": frozenset({"year"}),
    "fixed": frozenset({"once"}),
}
"""Each way of saying when → the intervals it makes sense for."""


class Cadence(Element):
    """A report, bulletin, meeting or ledger that is due again and again; on time once all recipients have it."""

    code: str
    title: str
    sender: str
    """Who owes it, in the document's words."""
    sender_level: UnitLevel | None = None
    """Owed by every unit of this level inside the scheme's division."""
    sender_units: tuple[str, ...] = ()
    """Units that owe it beside those of the level; the sender itself where both are empty."""
    recipients: tuple[str, ...] = ()
    """All of them; empty where the document names none (a meeting, a dispatch)."""
    every: Every
    times: int = Field(default=1, ge=1)
    due: Due | None = None
    """When; empty where the document does not say: the interval's last day, of a week its Friday."""
    due_words: str | None = None
    """When, in the document's words."""
    on_holiday: Literal["as_is", "next_workday"] = "as_is"
    """Whether a due day that is no working day moves to the next one; only where the document says so."""
    clause: str

    @property
    def named_senders(self) -> tuple[str, ...]:
        """Units that owe it by name."""
        return self.sender_units or (() if self.sender_level else (self.sender,))

    @property
    def when(self) -> str | None:
        """The document's words, or the date of a single one; empty where neither is known."""
        return self.due_words or (str(self.due.fixed) if self.due and self.due.fixed else None)

    @model_validator(mode="after")
    def _due_fits_the_interval(self) -> "Cadence":
        if self.due and self.every not in DUE_WAYS[self.due.way]:
            raise ValueError(f"定期事项 {self.code} 的周期 {self.every} 不能用 due 的 {self.due.way}")
        return self
