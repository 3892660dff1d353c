"""Rows of the templates kept by any division: projects, money, inspections, tasks."""

from datetime import date, timedelta
from random import Random

from second.calendar_math import add_working_days, last_day
from second.case_tree import D, Flavour, Row, codes_in, flag, maybe, money, near


def _places(flavour: Flavour, scope: str, period: str) -> list[str]:
    """Divisions projects and money are attached to: mostly counties and townships, some villages."""
    codes = codes_in(flavour, scope, period, None)
    return [code for code in codes if not code.endswith("0000000000")] or codes


def _sample(rng: Random, codes: list[str], count: int) -> list[str]:
    """So many rows for each county and a few for the places below."""
    return [code for code in codes for _ in range(count if code.endswith("000000") else rng.randrange(2))]


def arrived(year: int) -> date:
    """A day on which money often arrives: some projects start on the last day in time for it, some a day later."""
    return date(year, 1, 10)


def projects(rng: Random, flavour: Flavour, scope: str, period: str) -> list[Row]:
    rows: dict[str, Row] = {}
    year = int(period[:4])
    thirtieth = add_working_days(arrived(year), 30)
    in_time = [thirtieth, thirtieth + timedelta(days=1)]
    for code in _places(flavour, scope, period):
        for n in range(3 if code.endswith("000000") else rng.randrange(2)):
            start = near(rng, period)
            done = rng.random() < 0.4
            project = f"P{code[2:6]}{code[8:]}-{n}" if rng.random() < 0.9 else f"P{code[2:6]}-x"
            rows[project] = {
                "division_code": code, "project_id": project, "name": "示例项目",
                "category": rng.choice(["industry", "industry", "infrastructure", "public_service", "other"]),
                "project_year": rng.choice([year, year, year, year - 1]),
                "planned_amount": money(rng, 100000, 50000), "planned_start": maybe(rng, start),
                "planned_finish": maybe(rng, start + timedelta(days=rng.choice([0, 1, 90, 365]))),
                "started_on": maybe(rng, rng.choice([near(rng, period), *in_time]), 0.3),
                "finished_on": near(rng, period) if done else None,
                "accepted_on": near(rng, period) if done and rng.random() < 0.7 else None,
                "announced_on": maybe(rng, near(rng, period)),
                "completion_announced_on": maybe(rng, near(rng, period), 0.5),
                "progress": maybe(rng, rng.choice([D(0), D("0.3333"), D("0.5"), D(1)])),
                "work_relief": flag(rng, 0.5), "wages_paid": maybe(rng, money(rng, 20000)),
            }  # fmt: skip
    return list(rows.values())


LINKAGE = (("central", "linkage"), ("province", "linkage"), ("province", "special_relief"))
OTHER = (("central", "east_west"), ("county", "east_west"), ("prefecture", "linkage"), ("central", "donation"))


def fund_receipts(rng: Random, flavour: Flavour, scope: str, period: str) -> list[Row]:
    rows: dict[str, Row] = {}
    year = int(period[:4])
    for code in _sample(rng, _places(flavour, scope, period), 3):
        level, kind = rng.choice(LINKAGE + LINKAGE + OTHER)
        receipt = f"R{code[2:6]}-{rng.randrange(9)}"
        issued = near(rng, period)
        rows[receipt] = {
            "division_code": code, "receipt_id": receipt, "document_no": f"示财〔{year}〕{receipt[-1]}号",
            "fund_year": rng.choice([year, year, year, year, year - 1, year - 2]),
            "source_level": level, "fund_type": kind, "advance": rng.random() < 0.5, "issued_on": issued,
            "received_on": maybe(rng, rng.choice([issued, issued + timedelta(days=3), arrived(year)])),
            "amount": money(rng, 1200, 1000, 600),
        }  # fmt: skip
    return list(rows.values())


def fund_allocations(rng: Random, flavour: Flavour, scope: str, period: str) -> list[Row]:
    rows: dict[str, Row] = {}
    for code in _sample(rng, _places(flavour, scope, period), 4):
        allocation = f"A{code[2:6]}-{rng.randrange(12)}"
        rows[allocation] = {
            "division_code": code, "allocation_id": allocation,
            "receipt_id": f"R{code[2:6]}-{int(allocation[6:]) % 9}",
            "project_id": f"P{code[2:6]}{code[8:]}-{rng.randrange(3)}", "allocated_on": near(rng, period),
            "amount": money(rng, 600, 500, 300),
        }  # fmt: skip
    return list(rows.values())


def fund_payments(rng: Random, flavour: Flavour, scope: str, period: str) -> list[Row]:
    rows: dict[str, Row] = {}
    for code in _sample(rng, _places(flavour, scope, period), 5):
        payment = f"Z{code[2:6]}-{rng.randrange(20)}"
        refund = rng.random() < 0.15
        amount = money(rng, 600, 300, 500)
        rows[payment] = {
            "division_code": code, "payment_id": payment,
            "allocation_id": f"A{code[2:6]}-{rng.randrange(13)}", "paid_on": near(rng, period),
            "payment_type": "refund" if refund else "progress", "amount": -amount if refund else amount,
            "documented": rng.choice([True, True, True, None, False]),
        }  # fmt: skip
    return [*rows.values(), *_month_end(rng, flavour, scope, period)]


def _month_end(rng: Random, flavour: Flavour, scope: str, period: str) -> list[Row]:
    """A township's four to six equal payments: all or all but one in the last three days, which may be four fifths."""
    codes = codes_in(flavour, scope, period, "township")[:1]
    count = rng.choice([4, 5, 5, 6])
    early = rng.choice([0, 1, 1, 2])
    return [
        {
            "division_code": code, "payment_id": f"ZE{code[2:9]}{period}-{n}", "allocation_id": f"A{code[2:6]}-{n}",
            "paid_on": last_day(period) - timedelta(days=3 if n < early else rng.choice([0, 2])),
            "payment_type": "progress", "amount": D(100), "documented": True,
        }
        for code in codes
        for n in range(count)
    ]  # fmt: skip


def inspections(rng: Random, flavour: Flavour, scope: str, period: str) -> list[Row]:
    rows = []
    code = period if rng.random() < 0.8 or not "2018-07" < period < "2019" else "2018-07"
    level = rng.choice(["village"] * 6 + ["township"])
    if flavour.yearly is not None and rng.random() < 0.6:
        code, level = flavour.yearly, "township"
    total = rng.choice([None, 5, 6, 7, 20])
    last = (total - 2, total - 1, total) if total else ()
    units = codes_in(flavour, scope, period, level)
    # some units are visited for a second round in the same month
    for unit, visited in [*((unit, code) for unit in units), *((unit, f"{code}-b") for unit in units[::3])]:
        if rng.random() < 0.06:
            continue
        sample = rng.choice([None, 0, 100, 50])
        rows.append({
            "division_code": unit, "round_code": visited,
            "inspector": "province" if code == "2018-07" else "county",
            "inspected_on": last_day(period) - timedelta(days=rng.choice([0, 5, 60, -1])),
            "exited_sampled": sample, "wrong_exits": maybe(rng, rng.choice([0, 1, 2])),
            "unregistered_sampled": rng.choice([None, 100, 50]), "missed": maybe(rng, rng.choice([0, 1, 2])),
            "responses": 100, "satisfied": maybe(rng, rng.choice([90, 91, 100])),
            "households_sampled": 50, "identified_correctly": rng.choice([49, 50]),
            "fields_checked": maybe(rng, 200), "fields_matched": rng.choice([190, 199]),
            "score": maybe(rng, rng.choice([D("91.234"), D("91.229"), D(88), D(95), D("76.005"), D(60)]), 0.1),
            "ranked_units": rng.choice([total, total, total, total and total + 1]),
            "official_rank": rng.choice([None, 1, 2, 3, *last]),
        })  # fmt: skip
    return rows


def rectifications(rng: Random, flavour: Flavour, scope: str, period: str) -> list[Row]:
    return [
        {
            "division_code": code, "issue_id": f"Q{code}-{n}", "source": "audit",
            "found_on": near(rng, period), "unit": "示例单位", "due_on": near(rng, period),
            "closed_on": maybe(rng, near(rng, period), 0.4),
        }
        for code in _places(flavour, scope, period)
        for n in range(rng.randrange(3))
    ]  # fmt: skip


def assets(rng: Random, flavour: Flavour, scope: str, period: str) -> list[Row]:
    return [
        {
            "division_code": code, "asset_id": f"Z{code}-{n}", "name": "示例资产",
            "category": rng.choice(["operating", "operating", "public_benefit", "household"]),
            "formed_year": 2016, "original_value": money(rng, 100000, 0), "titled": rng.random() < 0.6,
            "keeper": maybe(rng, "示例村委会"), "annual_income": maybe(rng, money(rng, 0, 3000)),
            "distributed": maybe(rng, money(rng, 2000)),
            "status": rng.choice(["in_use", "in_use", "idle", "damaged"]),
        }
        for code in _places(flavour, scope, period)
        for n in range(rng.randrange(3))
    ]  # fmt: skip


def reported_statistics(rng: Random, flavour: Flavour, scope: str, period: str) -> list[Row]:
    codes = ["linkage_expenditure_rate", *flavour.tasks]
    return [
        {
            "division_code": code, "indicator_code": indicator,
            "numerator": D(rng.choice([40, 50, 55])), "denominator": rng.choice([D(100), D(100), None]),
        }
        for code in [c for c in codes_in(flavour, scope, period, None) if c.endswith("000000")]
        for indicator in codes
        if rng.random() < 0.6
    ]  # fmt: skip


def task_targets(rng: Random, flavour: Flavour, scope: str, period: str) -> list[Row]:
    return [
        {
            "division_code": code, "indicator_code": indicator, "target": D(rng.choice([0, 50, 80])),
            "due_on": near(rng, period),
        }
        for code in [c for c in codes_in(flavour, scope, period, None) if c.endswith("000000")]
        for indicator in flavour.tasks
        if rng.random() < 0.6
    ]  # fmt: skip
