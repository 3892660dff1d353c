"""泌阳县's money of 2016 by form of support (直接救助, 以奖代补, 产业发展, 基础建设), and what is left of 2015."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from orchestration.demo.biyang_plan import BIYANG, PERIOD
from orchestration.demo.funds import Allocation, Payer, Project, month_end, split
from orchestration.demo.places import Place


@dataclass(frozen=True)
class Form:
    """One form of support: its receipt, and projects at the townships or at the poor villages."""

    name: str
    category: str
    what: str
    department: str
    level: str
    fund_type: str
    amount: int
    paid: str
    """Share of the amount paid by the end of the year."""
    at_townships: bool


FORMS = (
    Form("直接救助", "其他", "大病和慢性病临时救助", "县民政局", "县级", "统筹整合涉农资金", 6_700_000, "1", True),
    Form("以奖代补", "产业发展", "到户增收养殖奖补", "县畜牧局", "省级", "财政专项扶贫资金", 7_270_000, "0.98", True),
    Form("产业发展", "产业发展", "产业帮扶基地", "县扶贫办", "中央", "财政专项扶贫资金", 14_000_000, "0.92", False),
    Form("基础建设", "基础设施", "通村道路和安全饮水", "县项目办", "县级", "统筹整合涉农资金", 60_000_000, "0.85",
         False),
)  # fmt: skip
RECEIVED_2015, PAID_2015 = Decimal(20_000_000), Decimal(19_400_000)
"""结余 3 % of the year before."""


@dataclass
class BiyangMoney:
    """Rows of the four templates on money, all filed in December."""

    projects: list[dict[str, Any]] = field(default_factory=list)
    receipts: list[dict[str, Any]] = field(default_factory=list)
    allocations: list[dict[str, Any]] = field(default_factory=list)
    payments: list[dict[str, Any]] = field(default_factory=list)


def make_money(seed: int, townships: Sequence[Place], villages: Sequence[Place]) -> BiyangMoney:
    """``villages`` are the poor ones."""
    rng = Random(f"{seed}:biyang money")
    money, payer = BiyangMoney(), Payer(BIYANG, "ZF4117262016", rng)
    for number, form in enumerate(FORMS, start=1):
        places = townships if form.at_townships else villages
        allocations = _fund(money, rng, form, number, places)
        payer.pay_up_to(PERIOD, allocations, Decimal(form.amount) * Decimal(form.paid), pieces=len(places) * 2)
    _year_before(money, payer)
    money.payments = [row for _, row in payer.rows]
    return money


def _fund(money: BiyangMoney, rng: Random, form: Form, number: int, places: Sequence[Place]) -> list[Allocation]:
    issued = date(2016, 2, 25) + timedelta(days=9 * number)
    receipt_id = f"ZB411726-2016-{number:02d}"
    money.receipts.append(_receipt(receipt_id, 2016, form.level, form.fund_type, issued, Decimal(form.amount), number))
    start, finish = date(2016, 5, 10), date(2016, 11, 30)
    made = []
    for position, (place, amount) in enumerate(zip(places, split(Decimal(form.amount), len(places), rng), strict=True)):
        project = Project(
            {
                "division_code": place.code, "project_id": f"BY2016-{number}{position + 1:03d}",
                "name": f"{place.name}{form.what}项目", "category": form.category, "funding_form": form.name,
                "project_year": 2016, "batch": "2016年度", "implementer": f"{place.name}示例实施单位",
                "department": form.department, "planned_amount": amount, "planned_start": start,
                "planned_finish": finish,
            },
            started_on=start + timedelta(days=rng.randint(0, 12)),
            finished_on=finish + timedelta(days=rng.randint(-25, 0) if position % 11 else 40),
            accepted_on=None if position % 11 == 0 else date(2016, 12, rng.randint(5, 24)),
            announced_on=start - timedelta(days=rng.randint(8, 20)),
        )  # fmt: skip
        made.append(Allocation(
            {"division_code": BIYANG, "allocation_id": f"AP411726-{number}{position + 1:03d}",
             "receipt_id": receipt_id, "project_id": project.id, "allocated_on": issued + timedelta(days=30),
             "filed_on": issued + timedelta(days=35), "amount": amount},
            project,
        ))  # fmt: skip
    money.projects += [allocation.project.row_at(month_end(PERIOD)) for allocation in made]
    money.allocations += [allocation.row for allocation in made]
    return made


def _year_before(money: BiyangMoney, payer: Payer) -> None:
    issued = date(2015, 4, 20)
    receipt = _receipt("ZB411726-2015-01", 2015, "省级", "财政专项扶贫资金", issued, RECEIVED_2015, 5)
    project = Project(
        {
            "division_code": BIYANG, "project_id": "BY2015-001", "name": "泌阳县2015年整村推进项目",
            "category": "基础设施", "funding_form": "基础建设", "project_year": 2015, "batch": "2015年度",
            "implementer": "泌阳县示例实施单位", "department": "县扶贫办", "planned_amount": RECEIVED_2015,
            "planned_start": date(2015, 6, 1), "planned_finish": date(2015, 11, 30),
        },
        date(2015, 6, 3), date(2015, 11, 20), date(2015, 12, 10), date(2015, 5, 20),
    )  # fmt: skip
    allocation = Allocation(
        {"division_code": BIYANG, "allocation_id": "AP411726-2015-001", "receipt_id": "ZB411726-2015-01",
         "project_id": project.id, "allocated_on": date(2015, 5, 18), "filed_on": date(2015, 5, 22),
         "amount": RECEIVED_2015},
        project,
    )  # fmt: skip
    payer.pay(PERIOD, allocation, PAID_2015, paid_on=date(2015, 12, 20), documented=True)
    money.receipts.append(receipt)
    money.projects.append(project.row_at(month_end(PERIOD)))
    money.allocations.append(allocation.row)


def _receipt(
    receipt_id: str, year: int, level: str, kind: str, issued: date, amount: Decimal, number: int
) -> dict[str, Any]:
    return {
        "division_code": BIYANG, "receipt_id": receipt_id, "document_no": f"泌财预示例〔{year}〕{number * 7}号",
        "fund_year": year, "source_level": level, "fund_type": kind, "advance": False, "issued_on": issued,
        "received_on": issued + timedelta(days=6), "amount": amount,
    }  # fmt: skip
