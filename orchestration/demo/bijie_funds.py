"""The money and projects of 毕节市's counties in 2022, made so that each month's payments fit ``bijie_plan``."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from orchestration.demo.bijie_plan import (
    DADING,
    JINSHA,
    NAYONG,
    PERIODS,
    RECEIPTS,
    WEINING,
    ZHIJIN,
    CountyPlan,
    ReceiptPlan,
)  # fmt: skip
from orchestration.demo.funds import Allocation, Payer, Project, month_end, rows_of, soon, split
from orchestration.demo.places import Place

FIRST_APRIL_RECEIPT, FIRST_MAY_RECEIPT = 6, 10
"""Numbers of the receipts with an allocation after exactly 60 and 61 days."""
MID_YEAR = date(2022, 6, 30)
WHATS = {
    "产业发展": ("产业发展", ["高标准蔬菜基地", "食用菌大棚", "肉牛养殖场", "茶园提质", "冷链仓储"], "县农业农村局"),
    "基础设施": ("基础建设", ["产业路硬化", "农村供水工程", "小型水利设施"], "县水务局"),
    "公共服务": ("基础建设", ["村卫生室改造", "人居环境整治"], "县乡村振兴局"),
}


@dataclass
class CountyMoney:
    """What one county hands in over the year: rows with the month of the journal they are filed in."""

    code: str
    projects: list[Project]
    receipts: list[tuple[str, dict[str, Any]]]
    allocations: list[tuple[str, dict[str, Any]]]
    payments: list[tuple[str, dict[str, Any]]]

    def rows(self, template: str, period: str) -> list[dict[str, Any]]:
        """Rows of one of the four templates on money, as filed for the month."""
        if template == "projects":
            day = month_end(period)
            return [p.row_at(day) for p in self.projects if p.row["planned_start"] <= day + timedelta(days=60)]
        journals = {
            "fund_receipts": self.receipts, "fund_allocations": self.allocations, "fund_payments": self.payments,
        }  # fmt: skip
        return rows_of(period, journals[template])


def filed_in(day: date) -> str:
    return max(f"{day:%Y-%m}", PERIODS[0])


def make_county(seed: int, plan: CountyPlan, county: Place, townships: Sequence[Place]) -> CountyMoney:
    """Receipts, allocations, projects and payments of one county."""
    rng = Random(f"{seed}:county money:{plan.code}")
    short = plan.code[:6]
    projects: list[Project] = []
    receipts: list[dict[str, Any]] = []
    groups: dict[str, list[Allocation]] = {"linkage": [], "east_west": [], "other": [], "former": []}
    for number, source in enumerate(RECEIPTS, start=1):
        receipt = _receipt(plan, source, number)
        receipts.append(receipt)
        group = _group(source)
        for index, (amount, category) in enumerate(_pieces(plan, source, receipt["amount"], rng), start=1):
            allocated = _allocated_on(plan, source, number, index, rng)
            serial = f"{short}-{receipt['fund_year']}-{len(projects) + 1:03d}"
            project = _project(
                plan, source, f"XM{serial}", county, rng.choice(townships), category, amount, allocated, rng
            )
            projects.append(project)
            groups[group].append(Allocation({
                "division_code": plan.code, "allocation_id": f"AP{serial}", "receipt_id": receipt["receipt_id"],
                "project_id": project.id, "allocated_on": allocated,
                "filed_on": soon(allocated, rng.randint(2, 9)), "amount": amount,
            }, project))  # fmt: skip
    payer = Payer(plan.code, f"ZF{short}-", rng)
    for period in PERIODS:
        _pay_month(payer, plan, period, groups)
    everything = [allocation for group in groups.values() for allocation in group]
    return CountyMoney(
        plan.code, projects, [(filed_in(row["issued_on"]), row) for row in receipts],
        [(filed_in(a.row["allocated_on"]), a.row) for a in everything], payer.rows,
    )  # fmt: skip


def _group(source: ReceiptPlan) -> str:
    if source.fund_year < 2022:
        return "former"
    if source.linkage:
        return "linkage"
    return "east_west" if source.kind == "东西部协作资金" else "other"


def _receipt(plan: CountyPlan, source: ReceiptPlan, number: int) -> dict[str, Any]:
    received = soon(source.issued, 5 if source.kind == "东西部协作资金" else 12)
    return {
        "division_code": plan.code, "receipt_id": f"ZB{plan.code[:6]}-{source.fund_year}-{number:02d}",
        "document_no": f"黔财农示例〔{source.issued.year}〕{number * 7}号", "fund_year": source.fund_year,
        "source_level": source.level, "fund_type": source.kind, "advance": source.advance, "issued_on": source.issued,
        "received_on": received, "amount": plan.linkage * Decimal(source.share),
    }  # fmt: skip


def _pieces(plan: CountyPlan, source: ReceiptPlan, amount: Decimal, rng: Random) -> list[tuple[Decimal, str]]:
    """The receipt's amount by project; of central linkage money the county's share goes to industry."""
    if source.level == "中央" and source.linkage:
        industry = (amount * Decimal(plan.industry_share)).quantize(Decimal(1))
        count = max(1, (source.projects + 1) // 2)
        first = [(piece, "产业发展") for piece in split(industry, count, rng)]
        others = max(1, source.projects - count)
        rest = split(amount - industry, others, rng)
        return first + [(piece, rng.choice(["基础设施", "公共服务"])) for piece in rest]
    categories = list(WHATS)
    return [(piece, rng.choice(categories)) for piece in split(amount, source.projects, rng)]


def _allocated_on(plan: CountyPlan, source: ReceiptPlan, number: int, index: int, rng: Random) -> date:
    """Within 60 days of 下达, but for the cases planted in three counties."""
    if (plan.code, number, index) == (ZHIJIN, FIRST_APRIL_RECEIPT, 1):
        return source.issued + timedelta(days=60)
    if (plan.code, number, index) == (WEINING, FIRST_MAY_RECEIPT, 1):
        return source.issued + timedelta(days=61)
    if (plan.code, number) == (NAYONG, 3) and index in (1, 2):
        return date(2022, 4, 12)  # advance money that is not allocated by the end of March
    if source.advance:
        return date(2022, 1, 6 + number) if number == 1 else date(2022, 1, 14) + timedelta(days=rng.randint(0, 30))
    if source.kind == "东西部协作资金":
        return source.issued + timedelta(days=rng.randint(6, 14))
    if source.issued == date(2022, 5, 20):
        return source.issued + timedelta(days=rng.randint(12, 24))
    return source.issued + timedelta(days=rng.randint(15, 40))


def _project(
    plan: CountyPlan, source: ReceiptPlan, code: str, county: Place, township: Place, category: str, amount: Decimal,
    allocated: date, rng: Random,
) -> Project:  # fmt: skip
    behind = plan.code in (NAYONG, WEINING)
    form, whats, department = WHATS[category]
    started = allocated + timedelta(days=rng.randint(2, 12))
    if source.kind == "东西部协作资金" and behind and amount < plan.linkage / 60:
        started += timedelta(days=70)  # later than 30 working days after the money came
    elif behind and rng.random() < 0.12:
        started += timedelta(days=75)
    if not behind and allocated < MID_YEAR:
        started = min(started, MID_YEAR)  # all that is allocated by June has started by June
    days = rng.randint(150, 230) if source.fund_year == 2022 else rng.randint(180, 320)
    if source.kind == "东西部协作资金":
        days = rng.randint(140, 200)
    planned = allocated + timedelta(days=8)
    finished = started + timedelta(days=days + rng.randint(-25, 20) + (60 if behind and rng.random() < 0.3 else 0))
    if source.kind == "世行贷款":
        finished = date(2022, 6, 24)
    accepted = finished + timedelta(days=rng.randint(7, 28)) if rng.random() < 0.85 else None
    relief = category == "基础设施" and rng.random() < 0.5
    row = {
        "division_code": township.code, "project_id": code,
        "name": f"{county.name}{township.name}{rng.choice(whats)}项目",
        "category": category, "funding_form": form, "project_year": source.fund_year,
        "batch": f"{source.issued.year}年{source.issued.month}月批次", "implementer": f"{township.name}人民政府(示例)",
        "department": department, "planned_amount": amount, "planned_start": planned,
        "planned_finish": planned + timedelta(days=days), "work_relief": relief,
    }  # fmt: skip
    announced = allocated + timedelta(days=3) if rng.random() < 0.98 else None
    wages = (amount * Decimal(rng.randint(17, 30)) / 100).quantize(Decimal("0.01")) if relief else None
    return Project(row, started, finished, accepted, announced, wages)


def _issued(plan: CountyPlan, period: str) -> Decimal:
    """Central and provincial linkage money of 2022 issued by the month's end."""
    shares = [Decimal(s.share) for s in RECEIPTS if s.linkage and s.issued <= month_end(period)]
    return plan.linkage * sum(shares, Decimal(0))


def _pay_month(payer: Payer, plan: CountyPlan, period: str, groups: dict[str, list[Allocation]]) -> None:
    month = int(period[5:])
    if period == PERIODS[0]:
        for allocation in groups["former"]:
            paid = allocation.amount * 94 / 100
            payer.pay(period, allocation, paid.quantize(Decimal("0.01")), paid_on=date(2021, 12, 10))
    if (plan.code, period) == (DADING, "2022-05"):
        payer.pay(period, max(groups["linkage"], key=lambda a: a.paid), Decimal(-50_000), paid_on=date(2022, 5, 9))
    if (plan.code, period) == (JINSHA, "2022-07"):
        payer.add(period, "AP520523-2022-999", date(2022, 7, 12), "进度款", Decimal(80_000), True)
    payer.pay_up_to(period, groups["linkage"], _issued(plan, period) * plan.rate(month), pieces=9)
    for allocation in groups["other"]:
        _pay_by_progress(payer, allocation, period)
    for number, allocation in enumerate(groups["east_west"]):
        # papers are complete everywhere but for one project of 金沙县
        _pay_by_progress(payer, allocation, period, documented=(plan.code, number) != (JINSHA, 0))


def _pay_by_progress(payer: Payer, allocation: Allocation, period: str, documented: bool | None = None) -> None:
    """A third at the start, two thirds from half-way, all once finished."""
    day = month_end(period)
    if not allocation.payable_by(day):
        return
    progress = allocation.project.progress_at(day)
    share = Decimal(1) if progress == 1 else Decimal("0.66") if progress >= Decimal("0.5") else Decimal("0.3")
    amount = (allocation.amount * share).quantize(Decimal("0.01")) - allocation.paid
    if amount > 0:
        payer.pay(period, allocation, amount, documented=documented)
