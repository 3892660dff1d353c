"""宝塔区's money of 2013 to 2017: what of earlier years is left over in December 2016 and what of it a year later."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from orchestration.demo.baota_plan import BAOTA, FIRST, LAST, LATE_STARTS, UNANNOUNCED, UNCOMPLETED
from orchestration.demo.funds import Allocation, Payer, Project, month_end, split
from orchestration.demo.places import Place

OLD = {2013: (2_000_000, 1_850_000), 2014: (1_200_000, 1_120_000)}
"""Fund year: received, and allocated and paid at the time. The rest is recalled and allocated anew in 2017."""
YEARS = {2015: (10_000_000, 9_300_000, 10_000_000), 2016: (12_000_000, 6_000_000, 11_400_000),
         2017: (15_000_000, 0, 13_500_000)}  # fmt: skip
"""Fund year: received, paid by December 2016 and by December 2017: 7 % of 2015 left over, then 5.00 % of 2016."""
BY_TOWNSHIP = 2
"""Projects of a year in each township."""


@dataclass
class BaotaMoney:
    """Receipts, allocations and payments with the month they are filed in; projects as they turn out."""

    projects: list[Project] = field(default_factory=list)
    receipts: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    allocations: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    payments: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def project_rows(self, period: str) -> list[dict[str, Any]]:
        """项目库 at the month's end; one accepted project is never announced a second time."""
        day, rows = month_end(period), []
        for project in self.projects:
            if project.row["project_year"] <= day.year:
                row = project.row_at(day)
                if row["division_code"] == UNCOMPLETED and project.id.endswith("2017-1"):
                    row["completion_announced_on"] = None
                rows.append(row)
        return rows


def make_money(seed: int, townships: Sequence[Place]) -> BaotaMoney:
    rng = Random(f"{seed}:baota money")
    money, payer = BaotaMoney(), Payer(BAOTA, "ZF610602", rng)
    for year, (received, paid) in OLD.items():
        _old_year(money, payer, year, Decimal(received), Decimal(paid))
    for year, (received, paid_first, paid_last) in YEARS.items():
        allocations = _year(money, rng, year, Decimal(received), townships)
        if year < 2017:
            payer.pay_up_to(FIRST, allocations, Decimal(paid_first), pieces=60)
        payer.pay_up_to(LAST, allocations, Decimal(paid_last), pieces=60)
    money.payments = payer.rows
    return money


def _filed(day: date) -> str:
    return FIRST if day <= month_end(FIRST) else LAST


def _year(money: BaotaMoney, rng: Random, year: int, received: Decimal, townships: Sequence[Place]) -> list[Allocation]:
    """One receipt, two projects in each township, all of it allocated."""
    issued = date(year, 3, 20)
    receipt = _receipt(year, issued, received)
    money.receipts.append((_filed(issued), receipt))
    sites = [(township, turn) for township in townships for turn in range(1, BY_TOWNSHIP + 1)]
    made = []
    for (township, turn), amount in zip(sites, split(received, len(sites), rng), strict=True):
        project = _project(rng, year, township, turn, amount)
        made.append(_allocation(receipt, project, issued + timedelta(days=40), amount))
        money.projects.append(project)
    money.allocations += [(_filed(a.row["allocated_on"]), a.row) for a in made]
    return made


def _project(rng: Random, year: int, township: Place, turn: int, amount: Decimal) -> Project:
    start, finish = date(year, 6, 1), date(year, 11, 20)
    late = year == 2016 and turn == 2 and township.code in LATE_STARTS
    started = date(2017, 3, 8) if late else start + timedelta(days=rng.randint(0, 10))
    finished = date(2017, 8, 15) if late else finish - timedelta(days=rng.randint(0, 30))
    unannounced = year == 2017 and turn == 2 and township.code == UNANNOUNCED
    kind = ("产业发展", "设施大棚") if turn == 1 else ("基础设施", "通组道路")
    row = {
        "division_code": township.code, "project_id": f"BT{township.code[:9]}-{year}-{turn}",
        "name": f"{township.name}{year}年{kind[1]}项目", "category": kind[0],
        "funding_form": "产业发展" if turn == 1 else "基础建设", "project_year": year, "batch": f"{year}年度",
        "implementer": f"{township.name}人民政府" if township.name.endswith(("镇", "乡")) else f"{township.name}办事处",
        "department": "区农业局" if turn == 1 else "区交通运输局", "planned_amount": amount, "planned_start": start,
        "planned_finish": finish,
    }  # fmt: skip
    announced = None if unannounced else start - timedelta(days=rng.randint(7, 15))
    return Project(row, started, finished, finished + timedelta(days=rng.randint(5, 14)), announced)


def _old_year(money: BaotaMoney, payer: Payer, year: int, received: Decimal, paid: Decimal) -> None:
    """What was allocated at the time is paid; the rest goes, four years later, to a project of 2017."""
    receipt = _receipt(year, date(year, 4, 15), received)
    money.receipts.append((FIRST, receipt))
    for made_in, amount, paid_on in ((year, paid, date(year, 11, 25)), (2017, received - paid, date(2017, 8, 18))):
        row = {
            "division_code": BAOTA, "project_id": f"BT{year}-{made_in}",
            "name": f"宝塔区{year}年资金{made_in}年安排项目", "category": "基础设施", "funding_form": "基础建设",
            "project_year": made_in, "batch": f"{made_in}年度",
            "implementer": "宝塔区示例实施单位", "department": "区扶贫局", "planned_amount": amount,
            "planned_start": date(made_in, 5, 20), "planned_finish": date(made_in, 10, 31),
        }  # fmt: skip
        project = Project(
            row, date(made_in, 5, 22), date(made_in, 10, 12), date(made_in, 10, 28), date(made_in, 5, 5)
        )  # fmt: skip
        allocation = _allocation(receipt, project, date(made_in, 5, 10), amount)
        money.projects.append(project)
        money.allocations.append((_filed(allocation.row["allocated_on"]), allocation.row))
        payer.pay(_filed(paid_on), allocation, amount, paid_on=paid_on, documented=True)


def _receipt(year: int, issued: date, amount: Decimal) -> dict[str, Any]:
    return {
        "division_code": BAOTA, "receipt_id": f"ZB610602-{year}-01", "document_no": f"宝区财预示例〔{year}〕16号",
        "fund_year": year, "source_level": "省级", "fund_type": "财政专项扶贫资金", "advance": False,
        "issued_on": issued, "received_on": issued + timedelta(days=8), "amount": amount,
    }  # fmt: skip


def _allocation(receipt: dict[str, Any], project: Project, day: date, amount: Decimal) -> Allocation:
    row = {
        "division_code": BAOTA, "allocation_id": f"AP-{project.id}", "receipt_id": receipt["receipt_id"],
        "project_id": project.id, "allocated_on": day, "filed_on": day + timedelta(days=5), "amount": amount,
    }  # fmt: skip
    return Allocation(row, project)
