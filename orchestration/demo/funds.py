"""Invented money and projects: receipts are allocated to projects, projects start, are paid and finish."""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from typing import Any

CENT = Decimal("0.01")


def month_start(period: str) -> date:
    return date(int(period[:4]), int(period[5:]), 1)


def month_end(period: str) -> date:
    year, month = int(period[:4]), int(period[5:])
    return date(year, month, monthrange(year, month)[1])


def soon(day: date, days: int) -> date:
    """``days`` later, but still in the month: what a journal can know by its month's end."""
    return min(day + timedelta(days=days), month_end(f"{day:%Y-%m}"))


@dataclass
class Project:
    """A project as it will turn out; ``row_at`` shows what is known of it on a day."""

    row: dict[str, Any]
    """The columns that do not change, planned dates among them."""
    started_on: date
    finished_on: date
    accepted_on: date | None
    announced_on: date | None
    wages: Decimal | None = None

    @property
    def id(self) -> str:
        return str(self.row["project_id"])

    def row_at(self, day: date) -> dict[str, Any]:
        events = {
            "started_on": self.started_on, "finished_on": self.finished_on, "accepted_on": self.accepted_on,
            "announced_on": self.announced_on,
            "completion_announced_on": self.accepted_on + timedelta(days=3) if self.accepted_on else None,
        }  # fmt: skip
        known = {name: value for name, value in events.items() if value is not None and value <= day}
        progress = self.progress_at(day)
        wages = (self.wages * progress).quantize(CENT) if self.wages is not None else None
        return {**self.row, **known, "progress": progress, "wages_paid": wages}

    def progress_at(self, day: date) -> Decimal:
        """Share done, to whole percents: 0 before the start, 1 once finished, never 1 before."""
        if day < self.started_on:
            return Decimal(0)
        if day >= self.finished_on:
            return Decimal(1)
        share = Decimal((day - self.started_on).days) / max(1, (self.finished_on - self.started_on).days)
        return min(share, Decimal("0.97")).quantize(CENT, ROUND_HALF_UP)


@dataclass
class Allocation:
    """Money of one receipt set aside for one project, and what has been paid of it."""

    row: dict[str, Any]
    project: Project
    paid: Decimal = Decimal(0)

    @property
    def id(self) -> str:
        return str(self.row["allocation_id"])

    @property
    def amount(self) -> Decimal:
        return Decimal(self.row["amount"])

    @property
    def left(self) -> Decimal:
        return self.amount - self.paid

    def payable_by(self, day: date) -> bool:
        """Allocated, and the project started, by the day."""
        return self.row["allocated_on"] <= day and self.project.started_on <= day


def stage_of(allocation: Allocation, amount: Decimal) -> str:
    """支付类型 by the share paid once ``amount`` is added."""
    share = (allocation.paid + amount) / allocation.amount
    if share <= Decimal("0.3"):
        return "预付款"
    if share < Decimal("0.9"):
        return "进度款"
    return "质保金" if amount < allocation.amount / 12 else "竣工结算"


@dataclass
class Payer:
    """Numbers and dates the payments of one division."""

    division_code: str
    prefix: str
    rng: Random
    rows: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    """(period of the file, row of 资金支付台账)"""

    def pay(
        self,
        period: str,
        allocation: Allocation,
        amount: Decimal,
        paid_on: date | None = None,
        documented: bool | None = None,
    ) -> None:
        """Records one payment; a negative amount is a refund. ``documented`` is drawn where not given."""
        first = max(month_start(period), allocation.row["allocated_on"], allocation.project.started_on)
        last = month_end(period)
        day = paid_on or first + timedelta(days=self.rng.randint(0, max(0, (last - first).days)))
        kind = "退回" if amount < 0 else stage_of(allocation, amount)
        if documented is None and self.rng.random() > 0.01:
            documented = self.rng.random() < 0.96
        self.add(period, allocation.id, day, kind, amount, documented)
        allocation.paid += amount

    def add(
        self, period: str, allocation_id: str, day: date, kind: str, amount: Decimal, documented: bool | None
    ) -> None:
        self.rows.append((period, {
            "division_code": self.division_code, "payment_id": f"{self.prefix}{len(self.rows) + 1:05d}",
            "allocation_id": allocation_id, "paid_on": day, "payment_type": kind, "amount": amount,
            "documented": documented,
        }))  # fmt: skip

    def pay_up_to(self, period: str, allocations: Sequence[Allocation], target: Decimal, pieces: int) -> None:
        """Pays until the allocations' payments net of refunds come to exactly ``target``."""
        due = target - sum((a.paid for a in allocations), Decimal(0))
        if due < 0:
            raise ValueError(f"{self.division_code} {period}: already {-due} yuan above the target")
        step = max(Decimal(100), (due / pieces).quantize(Decimal(100), ROUND_HALF_UP))
        while due > 0:
            payable = [a for a in allocations if a.left > 0 and a.payable_by(month_end(period))]
            if not payable:
                raise ValueError(f"{self.division_code} {period}: {due} yuan more to pay than is allocated")
            for allocation in self.rng.sample(payable, len(payable)):
                amount = min(due, allocation.left, step)
                if amount > 0:
                    self.pay(period, allocation, amount)
                    due -= amount


def split(total: Decimal, parts: int, rng: Random, unit: int = 10000) -> list[Decimal]:
    """``total`` in ``parts`` positive pieces, all but the last multiples of ``unit`` yuan."""
    weights = [rng.uniform(0.6, 1.4) for _ in range(parts)]
    pieces = [max(unit, int(float(total) * w / sum(weights)) // unit * unit) for w in weights[:-1]]
    return [*map(Decimal, pieces), total - sum(pieces)]


def rows_of(period: str, rows: Iterable[tuple[str, dict[str, Any]]]) -> list[dict[str, Any]]:
    """The rows whose file is that of the period."""
    return [row for filed, row in rows if filed == period]
