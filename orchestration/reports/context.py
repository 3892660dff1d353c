"""What a part of a document is written from: the facts, the open edition, and for whom."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from orchestration.reports import wording
from orchestration.reports.disclosure import Disclosure, read_disclosure
from orchestration.reports.facts import Facts, read_facts
from orchestration.reports.kinds import Kind
from orchestration.reports.source import Edition, Row


@dataclass(frozen=True)
class Context:
    """One document to be written: ``unit`` is whom it is about (the division itself unless the kind is per unit)."""

    facts: Facts
    edition: Edition
    kind: Kind
    unit: str
    due_day: int
    treatments: dict[str, str]
    small: int
    is_provisional: bool = False
    """Whether the division's month was not approved yet as the edition knew it."""
    spoken_of: str | None = None
    """The time the document speaks of, in words; None: as the edition's own month and as-of time say."""

    @cached_property
    def months(self) -> list[Facts]:
        """Facts of each month of the quarter up to the period."""
        facts = self.facts
        year, month = int(facts.period[:4]), int(facts.period[5:])
        first = month - (month - 1) % 3
        earlier = [
            read_facts(
                self.edition, facts.head, facts.geography, facts.scheme, facts.division_code, f"{year}-{each:02d}"
            )
            for each in range(first, month)
        ]
        return [*earlier, facts]

    @cached_property
    def disclosure(self) -> Disclosure:
        """Which figures of the period everyone may see."""
        return read_disclosure(self.edition, self.facts.period, self.treatments, self.small)

    @property
    def in_first_half(self) -> bool:
        """Whether the edition was made by the 15th of the period's own month."""
        return self.facts.head.as_of.date() <= date(int(self.facts.period[:4]), int(self.facts.period[5:]), 15)

    def span(self) -> str:
        """The time the document speaks of, in words."""
        if self.spoken_of is not None:
            return self.spoken_of
        period = self.facts.period
        if self.kind.span == "quarter":
            quarter = wording.numeral((int(period[5:]) - 1) // 3 + 1)
            done = "" if int(period[5:]) % 3 == 0 else f"（截至{int(period[5:])}月）"
            return f"{period[:4]}年第{quarter}季度{done}"
        if self.kind.span == "half_month":
            return f"{wording.month(period)}{'上' if self.in_first_half else '下'}半月"
        return wording.month(period)

    def actions_of(self, unit: str) -> list[Row]:
        """The unit's actions of the kind's own sorts that stand or are still to be decided."""
        return [
            row
            for row in self.facts.actions
            if row["division_code"] == unit
            and row["kind"] in self.kind.action_kinds
            and row["state"] not in ("absorbed", "waived", "insufficient_units")
        ]
