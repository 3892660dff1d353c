"""Money and things one by one, support units, lists, submissions, and the catalogue's own tables."""

import csv
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pyarrow.parquet as pq
import yaml

from second.calendar_math import month_of, shift
from second.documents import IN_FORCE, SUPPORT, in_force
from second.funds import Funds, overdue
from second.indicators import indicator_cells
from second.milestones import fct_milestone, fct_target
from second.month import Month, on_or_before
from second.tree import Row
from second.world import SEEDS, World

Table = dict[tuple[Any, ...], Row]


def _plain(row: Row, *columns: str) -> Row:
    return {column: row[column] for column in columns}


def fund_tables(month: Month) -> dict[str, Table]:
    """Receipts with their 60-day clock, allocations and payments that count."""
    funds, period = Funds(month), month.period

    receipts: Table = {}
    for code, r in funds.receipts.items():
        drawn = [a for a in funds.allocations.values() if a["receipt_id"] == code]
        due = r["issued_on"] + timedelta(days=60)
        place = r["division_code"]
        known = funds.spoken("fund_allocations", place, drawn)
        within = [a for a in drawn if a["allocated_on"] <= due]
        prompt = sum((Fraction(a["amount"]) for a in within), Fraction(0)) if known else None
        state = "met" if prompt is not None and prompt >= r["amount"] else "missed" if due <= month.end else "running"
        spent = [p for p in funds.payments if p["allocation"]["receipt_id"] == code]
        receipts[(period, code)] = {
            **_plain(r, "document_no", "division_code", "fund_year", "source_level", "fund_type"),
            **_plain(r, "advance", "issued_on"),
            "amount": r["amount"],
            "allocated": funds.total("fund_allocations", place, drawn),
            "allocated_within_60": prompt,
            "paid": funds.total("fund_payments", place, spent),
            "due_60_on": due,
            "sixty_day_state": state if known else "no_data",
            "is_linkage": r["source_level"] in ("central", "province")
            and r["fund_type"] in ("linkage", "special_relief"),
        }  # fmt: skip
    allocations: Table = {
        (period, code): {
            **_plain(a, "receipt_id", "project_id", "division_code", "allocated_on", "amount"),
            "paid": funds.total(
                "fund_payments", a["division_code"], [p for p in funds.payments if p["allocation_id"] == code]
            ),
        }
        for code, a in funds.allocations.items()
    }
    payments: Table = {
        (period, p["payment_id"]): {
            **_plain(p, "allocation_id", "division_code", "paid_on", "payment_type", "amount", "documented"),
            **_plain(p["allocation"], "receipt_id", "project_id"),
        }
        for p in funds.payments
    }
    return {"fct_fund_receipt": receipts, "fct_fund_allocation": allocations, "fct_fund_payment": payments}


def fct_rectification(month: Month) -> Table:
    """Issues found by the month's end; what was closed later is still open."""
    found: Table = {}
    for row in month.snapshot("rectifications"):
        if row["found_on"] <= month.end:
            closed = row["closed_on"] if on_or_before(row["closed_on"], month.end) else None
            found[(month.period, row["issue_id"])] = {
                **_plain(row, "division_code", "source", "unit", "found_on", "due_on"),
                "closed_on": closed,
                "is_overdue": row["due_on"] < month.end and closed is None,
            }
    return found


def fct_asset(month: Month) -> Table:
    columns = (
        "division_code", "name", "category", "formed_year", "original_value", "titled", "keeper", "annual_income",
        "distributed", "status",
    )  # fmt: skip
    return {(month.period, row["asset_id"]): _plain(row, *columns) for row in month.snapshot("assets")}


def support_tables(world: World, period: str) -> dict[str, Table]:
    """包村单位 and 包村领导: the villages behind each added up, ranked in their county."""
    return {
        "fct_support_unit": _supporters(world, period, "unit"),
        "fct_support_leader": _supporters(world, period, "leader"),
    }


def _supporters(world: World, period: str, column: str) -> Table:
    tree = world.tree(period)
    behind: dict[tuple[str, str], set[str]] = {}
    for row in world.snapshot("support_units", period):
        county = next((code for code in tree.chain(row["village_code"]) if tree.level(code) == "county"), None)
        if county is not None and row[column] is not None:
            behind.setdefault((county, row[column]), set()).add(row["village_code"])
    found: Table = {}
    for county in {county for county, _ in behind}:
        for indicator in _held_to(world, period, county):
            cells = indicator_cells(world, period)[indicator]
            values: dict[str, Fraction | None] = {}
            for (place, name), villages in behind.items():
                if place != county:
                    continue
                known = [cells[v] for v in villages if v in cells and cells[v].value is not None]
                top = sum((c.numerator for c in known), Fraction(0)) if known else None
                bottom = sum((c.denominator for c in known), Fraction(0)) if known else None
                values[name] = top / bottom if known and bottom else None
                found[(period, county, name, indicator)] = {
                    "villages": len(villages), "numerator": top, "denominator": bottom, "value": values[name],
                }  # fmt: skip
            ranked = [value for value in values.values() if value is not None]
            for name, value in values.items():
                place = None if value is None else 1 + sum(other > value for other in ranked)
                found[(period, county, name, indicator)] |= {"rank": place, "ranked_units": len(ranked)}
    return found


def _held_to(world: World, period: str, county: str) -> list[str]:
    """Indicators the documents in force over a county name; all of them where none does."""
    above = world.tree(period).chain(county)
    named = [
        indicator
        for scheme, indicators in SUPPORT.items()
        if in_force(scheme, period) and world.code(IN_FORCE[scheme][0]) in above
        for indicator in indicators
    ]
    return named or sorted({indicator for indicators in SUPPORT.values() for indicator in indicators})


LISTS = (
    ("lingshan-2018", "key_villages"),
    ("lingshan-2018", "overdue_projects"),
    ("bijie-2022", "overdue_rectifications"),
    ("yueyang-2019", "loans_due"),
    ("baota-2017", "recallable_receipts"),
    ("baicheng-2020", "overdue_rectifications"),
    ("baicheng-2020", "overdue_projects"),
    ("baicheng-2020", "loans_due"),
)


def fct_list(month: Month) -> Table:
    """Lists of the documents in force, the most pressing first; equal ones by place and name."""
    found: Table = {}
    for scheme, name in LISTS:
        if not in_force(scheme, month.period):
            continue
        division = month.world.code(IN_FORCE[scheme][0])
        things = [
            thing for thing in _things(month, scheme, name)
            if thing[0] in month.tree.nodes and division in month.tree.chain(thing[0])
        ]  # fmt: skip
        things.sort(key=lambda thing: (-thing[2], thing[0], thing[1]))
        for position, (place, entity, value, reason) in enumerate(things, start=1):
            key = (scheme, name, month.period, position)
            found[key] = {"division_code": place, "entity_id": entity, "value": value, "reason": reason}
    return found


def _things(month: Month, scheme: str, name: str) -> list[tuple[str, str, Fraction, str]]:
    """(division, thing, how pressing, what is said of it)."""
    world, period, end = month.world, month.period, month.end
    if name == "key_villages":
        counts: dict[str, int] = {}
        unmet = [key for key, row in fct_target(world, period).items() if row["band"] == "below"]
        unmet += [key for key, row in fct_milestone(world, period).items() if row["state"] == "missed"]
        for its_scheme, _, _, unit in unmet:
            if its_scheme == scheme and month.tree.level(unit) == "village":
                counts[unit] = counts.get(unit, 0) + 1
        return [(unit, unit, Fraction(count), f"{count}项目标或节点未达") for unit, count in counts.items()]
    if name == "overdue_projects":
        return [
            (
                p["division_code"], p["project_id"], Fraction((end - p["planned_finish"]).days),
                f"{p['name']}:计划{p['planned_finish']}竣工,逾期{(end - p['planned_finish']).days}日",
            )
            for p in Funds(month).of_year()
            if overdue(p, month)
        ]  # fmt: skip
    if name == "overdue_rectifications":
        return [
            (
                row["division_code"], row["issue_id"], Fraction((end - row["due_on"]).days),
                f"{row['unit']}:期限{row['due_on']},逾期{(end - row['due_on']).days}日",
            )
            for row in month.snapshot("rectifications")
            if row["due_on"] < end and not on_or_before(row["closed_on"], end)
        ]  # fmt: skip
    if name == "loans_due":
        due: dict[tuple[str, str], list[Row]] = {}
        for row in month.snapshot("loans"):
            if row["balance"] > 0 and row["due_on"] > end and month_of(row["due_on"]) <= shift(period, 1):
                key = (row["village_code"], row["household_id"])
                due.setdefault(key, []).append(row)
        return [
            (
                *key, sum((Fraction(row["balance"]) for row in rows), Fraction(0)),
                f"一个月内到期,最早{min(row['due_on'] for row in rows)}",
            )
            for key, rows in due.items()
        ]  # fmt: skip
    return [
        (
            row["division_code"], str(receipt), Fraction(row["amount"]) - row["paid"],
            f"{row['document_no']}:{row['fund_year']}年资金尚余{float(Fraction(row['amount']) - row['paid']):.2f}元",
        )
        for (_, receipt), row in fund_tables(month)["fct_fund_receipt"].items()
        if row["fund_year"] < month.year - 1 and row["paid"] is not None and row["amount"] > row["paid"]
    ]  # fmt: skip


def fct_submission(world: World) -> Table:
    """The ledger as known by then."""
    return {
        (s.submission_id,): {
            "template": s.template, "scope_code": s.scope, "period": s.period, "received_at": s.received_at,
            "outcome": s.outcome, "rows_read": s.rows_read, "rows_rejected": s.rows_rejected,
            "rows_accepted": s.rows_read - s.rows_rejected,
        }
        for s in world.known
    }  # fmt: skip


def fct_rejected_row(world: World) -> Table:
    """Cells that were refused, of the submissions known by then; of two problems of one cell the first by its code."""
    known = {s.submission_id for s in world.known}
    found: Table = {}
    for path in sorted((world.home / "lake" / "_problems").glob("*.parquet")):
        for row in sorted(pq.ParquetFile(path).read().to_pylist(), key=lambda row: str(row["code"])):
            key = (row["submission_id"], row["row_number"], row["field"])
            if row["submission_id"] in known and row["severity"] == "error" and key not in found:
                found[key] = _plain(row, "value", "code", "message")
    return found


def dim_indicator() -> Table:
    """The catalogue's rows as they stand in its file."""
    with (SEEDS / "indicators" / "indicators.csv").open(encoding="utf-8-sig", newline="") as lines:
        return {
            (row["indicator_code"],): {
                column: row[column] or None
                for column in ("title", "unit", "better", "grain", "numerator", "denominator")
            }
            for row in csv.DictReader(lines)
        }


def _documents() -> list[Row]:
    return [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted((SEEDS / "schemes").glob("*.yml"))]


def dim_scheme() -> Table:
    """The documents as their files say."""
    return {
        (each["scheme"],): {
            **_plain(each, "title", "valid_from", "valid_to", "source"), "division_code": each.get("division"),
        }
        for each in _documents()
    }  # fmt: skip


def dim_scheme_clause() -> Table:
    """Every clause with its words, and what carries it."""
    found: Table = {}
    for each in _documents():
        for clause in each["clauses"]:
            carried, reason = clause.get("element"), clause.get("not_computable")
            found[(clause["id"],)] = {
                **_plain(clause, "kind", "quote"), "scheme": each["scheme"], "source": each["source"],
                "element": carried or reason,
                "state": "carried" if carried else "not_computable" if reason else "todo",
            }  # fmt: skip
    return found


def dim_ranking() -> Table:
    """How many places lead and trail: three, as the documents say or, where they say nothing, as is shown."""
    codes = [
        ("bijie-2022", "monthly-expenditure"),
        ("yueyang-2019", "townships-2019"),
        ("biyang-2016", "townships-2016"),
    ]
    codes += [("lingshan-2018", f"round-2018-0{month}") for month in (7, 8, 9)]
    return {code: {"first_places": 3, "last_places": 3, "tie_breaks": None, "decimals": 2} for code in codes}


def fct_figure(world: World, period: str) -> Table:
    """Published numbers beside what the document's own division says."""
    found: Table = {}
    for scheme, figure, published, indicator, part in FIGURES:
        division = world.code(IN_FORCE[scheme][0])
        if not in_force(scheme, period) or division not in world.tree(period).nodes:
            continue
        cell = indicator_cells(world, period)[indicator][division]
        value = None if cell.value is None else getattr(cell, part)
        difference = None if value is None else value - Fraction(published)
        found[(scheme, figure, period)] = {
            "division_code": division,
            "published_value": Decimal(published),
            "warehouse_value": value,
            "difference": difference,
            "state": "missing" if difference is None else "agrees" if difference == 0 else "differs",
        }
    return found


FIGURES = (
    ("lingshan-2018", "integrated_fund_projects", 49, "completion_rate", "denominator"),
    ("yueyang-2019", "exited_population", 22998, "exited_population", "value"),
    ("yueyang-2019", "planned_exit_population", 4139, "exit_plan_rate", "denominator"),
    ("baicheng-2020", "unexited_population", 1526, "poor_population", "value"),
    ("baicheng-2020", "unstable_exited_population", 2206, "unstable_population", "value"),
    ("baicheng-2020", "marginal_population", 4755, "marginal_population", "value"),
    ("biyang-2016", "exited_villages", 31, "ten_items_rate", "numerator"),
    ("biyang-2016", "exited_persons", 14774, "exit_plan_rate", "numerator"),
)
