"""灵山镇's 49 projects of 2018 in three batches, just under 20 million yuan, and their money."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from orchestration.demo.funds import Allocation, Payer, Project, month_end, rows_of, soon, split
from orchestration.demo.places import LINGSHAN, Place

PERIODS = ("2018-06", "2018-07", "2018-08", "2018-09")
BATCHES = {  # name: projects, money, receipt: (level, type, issued on), planned start and finish
    "第一批": (20, 8_460_000, ("中央", "财政专项扶贫资金", date(2018, 3, 15)), date(2018, 4, 20), date(2018, 7, 31)),
    "第二批": (17, 6_920_000, ("省级", "财政专项扶贫资金", date(2018, 5, 10)), date(2018, 6, 15), date(2018, 9, 20)),
    "第三批": (12, 4_480_000, ("县级", "统筹整合涉农资金", date(2018, 7, 12)), date(2018, 8, 10), date(2018, 11, 30)),
}  # fmt: skip
KINDS = [
    ("基础设施", "基础建设", "通组道路硬化", "县交通运输局"), ("产业发展", "产业发展", "油茶基地", "县农业局"),
    ("公共服务", "基础建设", "标准化卫生室", "县卫计委"), ("基础设施", "基础建设", "安全饮水巩固提升", "县水利局"),
    ("产业发展", "以奖代补", "光伏电站", "县发改委"), ("其他", "其他", "人居环境整治", "县住建局"),
    ("公共服务", "基础建设", "文化广场", "县文广新局"),
]  # fmt: skip
OVERDUE = {"LS2018-005", "LS2018-011", "LS2018-017"}
"""Projects of the first batch that are not finished by their planned date nor by September."""
UNFUNDED = "LS2018-049"
"""A project in no allocation."""
PAID_EARLY = "LS2018-045"
"""Half of it is paid in August although it starts at the end of September."""


@dataclass
class LuoshanMoney:
    """Everything about money and projects that 灵山镇 hands in."""

    projects: list[Project]
    receipts: list[tuple[str, dict[str, Any]]]
    allocations: list[tuple[str, dict[str, Any]]]
    payments: list[tuple[str, dict[str, Any]]]

    def project_rows(self, period: str) -> list[dict[str, Any]]:
        return [project.row_at(month_end(period)) for project in self.projects]

    def receipt_rows(self, period: str) -> list[dict[str, Any]]:
        return rows_of(period, self.receipts)

    def allocation_rows(self, period: str) -> list[dict[str, Any]]:
        return rows_of(period, self.allocations)

    def payment_rows(self, period: str) -> list[dict[str, Any]]:
        return rows_of(period, self.payments)


def filed_in(day: date) -> str:
    """The journal an event goes to: its own month's, or the first one for what happened before."""
    return max(f"{day:%Y-%m}", PERIODS[0])


def make_money(seed: int, villages: Sequence[Place]) -> LuoshanMoney:
    """Projects, receipts, allocations and payments of 2018, with what remains of 2017 and 2015."""
    rng = Random(f"{seed}:lingshan money")
    projects: list[Project] = []
    receipts, allocations = [], []
    for number, (batch, (count, money, source, start, finish)) in enumerate(BATCHES.items(), start=1):
        made = _batch_projects(rng, batch, count, money, start, finish, villages, len(projects))
        projects += made
        funded = [project for project in made if project.id != UNFUNDED]
        receipt = _receipt(f"ZB2018-{number:02d}", f"罗财预示例〔2018〕{number * 11}号", 2018, *source, _total(funded))
        receipts.append((filed_in(source[2]), receipt))
        for project in funded:
            allocations.append(_allocation(rng, receipt, project, len(allocations) + 1))
    payer = Payer(LINGSHAN, "ZF2018", rng)
    _pay_2018(payer, allocations)
    _earlier_years(payer, receipts, allocations, projects)
    return LuoshanMoney(projects, receipts, [(filed_in(a.row["allocated_on"]), a.row) for a in allocations], payer.rows)


def _total(projects: Sequence[Project]) -> Decimal:
    return sum((Decimal(project.row["planned_amount"]) for project in projects), Decimal(0))


def _batch_projects(
    rng: Random, batch: str, count: int, money: int, start: date, finish: date, villages: Sequence[Place], before: int
) -> list[Project]:
    projects = []
    for index, amount in enumerate(split(Decimal(money), count, rng)):
        number = before + index + 1
        code, village = f"LS2018-{number:03d}", villages[number % len(villages)]
        category, form, what, department = KINDS[number % len(KINDS)]
        started = start + timedelta(days=rng.randint(-3, 9))
        finished = date(2018, 11, 15) if code in OVERDUE else finish + timedelta(days=rng.randint(-20, 4))
        accepted = finished + timedelta(days=rng.randint(8, 25)) if rng.random() < 0.8 else None
        if code == "LS2018-002":
            accepted = finished - timedelta(days=5)  # accepted before it finished
        row = {
            "division_code": village.code, "project_id": code, "name": f"{village.name}{what}项目",
            "category": category,
            "funding_form": form, "project_year": 2018, "batch": batch, "implementer": f"{village.name}村级示例合作社",
            "department": department, "planned_amount": amount, "planned_start": start, "planned_finish": finish,
            "work_relief": None,
        }  # fmt: skip
        announced = start - timedelta(days=rng.randint(6, 14)) if rng.random() < 0.96 else None
        projects.append(Project(row, started, finished, accepted, announced))
    return projects


def _receipt(
    receipt_id: str, document: str, year: int, level: str, kind: str, issued: date, amount: Decimal
) -> dict[str, Any]:
    return {
        "division_code": LINGSHAN, "receipt_id": receipt_id, "document_no": document, "fund_year": year,
        "source_level": level, "fund_type": kind, "advance": False, "issued_on": issued,
        "received_on": issued + timedelta(days=7), "amount": amount,
    }  # fmt: skip


def _allocation(rng: Random, receipt: dict[str, Any], project: Project, number: int) -> Allocation:
    day = receipt["issued_on"] + timedelta(days=rng.randint(18, 34))
    if project.id == "LS2018-020":
        day = receipt["issued_on"] + timedelta(days=66)
    return Allocation({
        "division_code": LINGSHAN, "allocation_id": f"AP2018-{number:03d}", "receipt_id": receipt["receipt_id"],
        "project_id": project.id, "allocated_on": day, "filed_on": soon(day, 4),
        "amount": project.row["planned_amount"],
    }, project)  # fmt: skip


def _pay_2018(payer: Payer, allocations: Sequence[Allocation]) -> None:
    """30 % at the start, 60 % from half-way, the rest once accepted; one project is paid ahead of its start."""
    early = next(a for a in allocations if a.project.id == PAID_EARLY)
    early.project.started_on = date(2018, 9, 28)
    for period in PERIODS:
        for allocation in allocations:
            amount = _due(allocation, month_end(period)) - allocation.paid
            if amount > 0 and allocation is not early:
                payer.pay(period, allocation, amount)
    payer.add("2018-08", early.id, date(2018, 8, 20), "预付款", early.amount / 2, True)


def _due(allocation: Allocation, day: date) -> Decimal:
    """What should be paid by the day, given how far the project is."""
    project = allocation.project
    if not allocation.payable_by(day):
        return Decimal(0)
    if project.accepted_on is not None and project.accepted_on <= day:
        return allocation.amount
    return allocation.amount * (6 if project.progress_at(day) >= Decimal("0.5") else 3) / 10


def _earlier_years(
    payer: Payer, receipts: list[tuple[str, dict[str, Any]]], allocations: list[Allocation], projects: list[Project]
) -> None:
    """600,000 yuan of 2017 with 40,000 left (surplus 6.67 %), 120,000 of 2015 with 20,000 left to recall."""
    for year, amount, paid in ((2017, 600_000, 560_000), (2015, 120_000, 100_000)):
        issued = date(year, 4, 10)
        receipt = _receipt(
            f"ZB{year}-01", f"罗财预示例〔{year}〕8号", year, "县级", "统筹整合涉农资金", issued, Decimal(amount)
        )
        row = {
            "division_code": LINGSHAN, "project_id": f"LS{year}-001", "name": f"灵山镇{year}年道路项目",
            "category": "基础设施",
            "funding_form": "基础建设", "project_year": year, "batch": "第一批", "implementer": "灵山镇人民政府",
            "department": "县交通运输局", "planned_amount": Decimal(amount), "planned_start": date(year, 6, 1),
            "planned_finish": date(year, 10, 31),
        }  # fmt: skip
        project = Project(row, date(year, 6, 3), date(year, 10, 20), date(year, 11, 5), date(year, 5, 20))
        allocation = Allocation({
            "division_code": LINGSHAN, "allocation_id": f"AP{year}-001", "receipt_id": receipt["receipt_id"],
            "project_id": project.id, "allocated_on": date(year, 5, 15), "filed_on": date(year, 5, 20),
            "amount": Decimal(amount),
        }, project)  # fmt: skip
        receipts.append((PERIODS[0], receipt))
        projects.append(project)
        allocations.append(allocation)
        payer.pay(PERIODS[0], allocation, Decimal(paid), paid_on=date(year, 11, 20))
