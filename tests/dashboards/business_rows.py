"""Rows for the business pages, added to the sample edition: 灵山镇 in 2018-09 and 毕节市 in 2022-06, all invented."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import edition_files
import sample

TABLES = """
create table if not exists marts.dim_finding (
    code varchar, title varchar, severity varchar, is_signal boolean, department varchar, cure varchar
);
create table if not exists marts.dim_list (scheme varchar, list varchar, title varchar, clause_id varchar);
create table if not exists marts.fct_list (
    scheme varchar, list varchar, period varchar, position bigint, division_code varchar, entity_id varchar,
    value decimal(38, 2), reason varchar
);
create table if not exists marts.fct_household (
    period varchar, household_id varchar, village_code varchar, household_type varchar, member_count bigint,
    registered boolean, monitored boolean, has_labour boolean, net_income_per_capita decimal(23, 2),
    income_ok varchar, food_ok varchar, clothing_ok varchar, education_ok varchar, medical_ok varchar,
    housing_ok varchar, water_ok varchar, exit_standard varchar, industry_ok varchar, loan_eligible boolean
);
create table if not exists marts.fct_burden (
    period varchar, village_code varchar, forms_asked bigint, forms_given bigint, columns_asked bigint,
    columns_repeated bigint, rows_given bigint, cells_given bigint, cells_prefillable bigint
);
create table if not exists marts.fct_rectification (
    period varchar, issue_id varchar, division_code varchar, source varchar, category varchar, unit varchar,
    found_on date, due_on date, closed_on date, is_overdue boolean
);
create table if not exists marts.fct_asset (
    period varchar, asset_id varchar, division_code varchar, name varchar, category varchar, formed_year integer,
    original_value decimal(18, 2), titled boolean, keeper varchar, annual_income decimal(18, 2),
    distributed decimal(18, 2), status varchar
);
alter table marts.fct_finding add column if not exists department varchar;
"""
GAOZHAI, DONGQIAO = "411521103202", "411521103203"
INDICATORS = [
    ("risk_cleared_rate", "风险消除率", "%", "higher"), ("visit_rate", "当月走访覆盖率", "%", "higher"),
    ("migrant_workers", "外出务工人数", "人", "higher"), ("migrant_year_ratio", "外出务工人数同比", "%", "higher"),
    ("loan_household_rate", "户贷率", "%", "higher"), ("loan_marginal_rate", "边缘户户贷率", "%", "higher"),
    ("loan_overdue_rate", "逾期率", "%", "lower"), ("loan_npl_rate", "不良率", "%", "lower"),
    ("rectification_rate", "问题整改销号率", "%", "higher"),
    ("overdue_rectifications", "逾期未整改问题数", "个", "lower"),
    ("titled_rate", "资产确权率", "%", "higher"), ("keeper_rate", "资产管护落实率", "%", "higher"),
    ("idle_asset_rate", "资产闲置率", "%", "lower"), ("distribution_rate", "资产收益分配率", "%", "higher"),
    ("reporting_rate", "报送率", "%", "higher"), ("recallable_amount", "应收回存量资金", "元", "lower"),
    ("surplus_rate", "上年度资金结余率", "%", "lower"),
]  # fmt: skip


def write_business_edition(published: Path) -> None:
    """The sample edition with the rows below."""
    path = edition_files.write_edition(published, sample.sample_tables(), 1)
    with duckdb.connect(str(path)) as connection:
        connection.execute(TABLES)
        for table, rows in (business_rows() | matter_rows()).items():
            for row in rows:
                names, marks = ", ".join(row), ", ".join("?" * len(row))
                connection.execute(f"insert into marts.{table} ({names}) values ({marks})", list(row.values()))


def _value(period: str, code: str, level: str, indicator: str, part: int | None, whole: int | None) -> dict[str, Any]:
    """An indicator row: a ratio where there is a ``whole``, else a count; missing where there is no ``part``."""
    ratio = None if part is None else Decimal(part) if whole is None else Decimal(part) / whole
    return {
        "period": period, "division_code": code, "level": level, "indicator_code": indicator, "numerator": part,
        "denominator": whole, "value": ratio, "coverage": 1, "state": "missing" if part is None else "value",
    }  # fmt: skip


def _household(number: int, village: str, kind: str, monitored: bool, housing: str, income: str) -> dict[str, Any]:
    results = {housing, income}
    whole = "fail" if "fail" in results else "unknown" if "unknown" in results else "pass"
    ok = dict.fromkeys(("food_ok", "clothing_ok", "education_ok", "medical_ok", "water_ok"), "pass")
    return {
        "period": "2018-09", "household_id": f"{village}{number:04d}", "village_code": village, "household_type": kind,
        "member_count": 4, "registered": kind in ("poor", "exited", "exited_unstable"), "monitored": monitored,
        "net_income_per_capita": Decimal("4321.50"), **ok, "housing_ok": housing, "income_ok": income,
        "exit_standard": whole,
    }  # fmt: skip


def _finding(number: int, code: str, division: str, entity: str, identity: str, message: str) -> dict[str, Any]:
    return {
        "period": "2018-09", "finding_id": f"B{number}", "code": code,
        "severity": "error" if number == 1 else "warning",
        "division_code": division, "entity_type": entity, "entity_id": identity, "message": message,
        "department": "乡镇",
    }  # fmt: skip


def _issue(number: int, division: str, source: str, due: date, closed: date | None, overdue: bool) -> dict[str, Any]:
    return {
        "period": "2022-06", "issue_id": f"WT{number:02d}", "division_code": division, "source": source,
        "category": "项目管理", "unit": "示例责任单位", "found_on": date(2022, 2, 19), "due_on": due,
        "closed_on": closed, "is_overdue": overdue,
    }  # fmt: skip


def _asset(
    number: int, category: str, value: str, titled: bool, keeper: str | None, money: tuple[str | None, str | None],
    status: str = "in_use",
) -> dict[str, Any]:  # fmt: skip
    income, distributed = (None if each is None else Decimal(each) for each in money)
    return {
        "period": "2022-06", "asset_id": f"ZC{number}", "division_code": "520521000000", "name": f"示例资产{number}",
        "category": category, "formed_year": 2019, "original_value": Decimal(value), "titled": titled,
        "keeper": keeper, "annual_income": income, "distributed": distributed, "status": status,
    }  # fmt: skip


def _payment(
    number: int, day: date, kind: str, amount: str, documented: bool | None, allocation: str
) -> dict[str, Any]:
    return {
        "period": "2022-06", "payment_id": f"ZF{number}", "allocation_id": allocation, "receipt_id": "R2-2",
        "project_id": "P2-2", "division_code": "520521000000", "paid_on": day, "payment_type": kind,
        "amount": Decimal(amount), "documented": documented,
    }  # fmt: skip


def matter_rows() -> dict[str, list[dict[str, Any]]]:
    """Single issues, assets and payments of 毕节市 and its counties in 2022-06."""
    dafang, qixingguan = "520521000000", "520502000000"
    return {
        "fct_rectification": [
            _issue(1, dafang, "audit", date(2022, 4, 19), None, True),
            _issue(2, dafang, "audit", date(2022, 6, 30), None, False),  # due on the last day: not overdue yet
            _issue(3, dafang, "audit", date(2022, 4, 30), date(2022, 6, 10), False),
            _issue(4, qixingguan, "petition", date(2022, 5, 31), date(2022, 5, 20), False),
        ],
        "fct_asset": [
            _asset(1, "operating", "2000000", True, "示例村集体", ("120000", "90000")),
            _asset(2, "operating", "1000000", False, None, ("30000", None), "idle"),
            _asset(3, "public_benefit", "500000", True, "示例村委会", (None, None), "damaged"),
        ],
        "fct_fund_payment": [
            _payment(2, date(2022, 5, 12), "progress", "350000.00", True, "A2-2"),
            _payment(1, date(2022, 4, 8), "advance", "200000.00", None, "A2-2"),
            _payment(3, date(2022, 6, 20), "refund", "-50000.00", False, "A2-2"),
        ],
    }


def business_rows() -> dict[str, list[dict[str, Any]]]:
    """Rows by table and column name."""
    town, bijie = sample.LINGSHAN, sample.PREFECTURE
    loans = [
        _value("2018-09", town, "township", "loan_household_rate", 45, 100),
        _value("2018-09", town, "township", "loan_marginal_rate", 3, 10),
        _value("2018-09", town, "township", "loan_overdue_rate", 2, 100),
        _value("2018-09", town, "township", "loan_npl_rate", None, None),
    ]
    people = [
        _value("2018-09", town, "township", "migrant_workers", 1_240, None),
        _value("2017-09", town, "township", "migrant_workers", 1_180, None),
        _value("2018-09", town, "township", "monitored_households", 2, None),
        _value("2018-09", town, "township", "risk_cleared_rate", 3, 5),
        _value("2018-09", town, "township", "reporting_rate", 9, 10),
    ]
    matters = [
        _value("2022-06", bijie, "prefecture", "rectification_rate", 29, 44),
        _value("2022-05", bijie, "prefecture", "rectification_rate", 27, 37),
        _value("2022-06", bijie, "prefecture", "overdue_rectifications", 1, None),
        _value("2022-06", "520521000000", "county", "rectification_rate", 6, 9),
        _value("2022-06", "520502000000", "county", "rectification_rate", 6, 8),
        _value("2022-06", bijie, "prefecture", "migrant_workers", 5_120, None),
        _value("2022-06", bijie, "prefecture", "titled_rate", 41_800_000, 45_540_000),
        _value("2022-06", bijie, "prefecture", "keeper_rate", 93, 96),
        _value("2022-06", bijie, "prefecture", "recallable_amount", 700_000, None),
    ]
    county = "520521000000"
    return {
        "dim_indicator": [
            {"indicator_code": code, "title": title, "unit": unit, "better": better}
            for code, title, unit, better in INDICATORS
        ],
        "fct_indicator": loans + people + matters,
        "dim_target": [
            {
                "scheme": "lingshan-2018", "target": "loan_overdue_rate", "title": "小额信贷逾期率",
                "level": "township", "indicator_code": "loan_overdue_rate", "operator": "<=",
            }
        ],
        "fct_target": [
            {
                "scheme": "lingshan-2018", "target": "loan_overdue_rate", "period": "2018-09", "division_code": town,
                "indicator_code": "loan_overdue_rate", "value": Decimal("0.02"), "target_value": Decimal("0.01"),
                "band": "below", "state": "value",
            }
        ],
        "dim_list": [
            {"scheme": "lingshan-2018", "list": "loans_due", "title": "一个月内到期贷款"},
            {"scheme": "bijie-2022", "list": "overdue_rectifications", "title": "逾期未整改问题"},
        ],
        "fct_list": [
            {
                "scheme": "lingshan-2018", "list": "loans_due", "period": "2018-09", "position": 1,
                "division_code": GAOZHAI, "entity_id": f"{GAOZHAI}0001", "value": Decimal("30000"),
                "reason": "一个月内到期,最早2018-10-20",
            },
            {
                "scheme": "bijie-2022", "list": "overdue_rectifications", "period": "2022-06", "position": 1,
                "division_code": county, "entity_id": "WT01", "value": Decimal("72"),
                "reason": "示例责任单位:期限2022-04-19,逾期72日",
            },
        ],
        "fct_household": [
            _household(1, GAOZHAI, "exited", False, "pass", "pass"),
            _household(2, GAOZHAI, "exited", False, "fail", "pass"),
            _household(3, DONGQIAO, "poor", False, "unknown", "pass"),
            _household(4, DONGQIAO, "exited_unstable", True, "pass", "pass"),
            _household(5, DONGQIAO, "marginal", True, "fail", "fail"),
        ],
        "fct_monitored": [
            {
                "period": "2018-09", "division_code": town, "level": "township", "household_type": kind,
                "risk_type": risk, "taken_in": taken_in, "monitored": watched, "monitored_members": watched * 3,
                "cleared": taken_in - watched,
            }
            for kind, risk, taken_in, watched in (
                ("exited_unstable", "illness", 5, 4), ("marginal", "illness", 2, 2), ("marginal", "not_stated", 1, 1),
                ("exited", "disaster", 3, 0),
            )
        ],
        "dim_finding": [
            {
                "code": code, "title": title, "severity": severity, "is_signal": is_signal, "department": "乡镇",
                "cure": cure,
            }
            for code, title, severity, is_signal, cure in (
                ("wrong_exit", "疑似错退", "error", False, "逐项核实"),
                ("same_income", "收入雷同", "warning", True, "重算"),
            )
        ],
        "fct_finding": [
            _finding(1, "wrong_exit", GAOZHAI, "household", f"{GAOZHAI}0002", "脱贫户有退出标准未达到"),
            _finding(2, "same_income", DONGQIAO, "village", DONGQIAO, "12户收入一分不差"),
        ],
        "fct_burden": [
            {
                "period": "2018-09", "village_code": village, "forms_asked": 4, "forms_given": given,
                "columns_asked": 112, "columns_repeated": 3, "rows_given": 100, "cells_given": cells,
                "cells_prefillable": ready,
            }
            for village, given, cells, ready in ((GAOZHAI, 4, 1_500, 600), (DONGQIAO, 3, 500, 0))
        ],
        "fct_submission": [
            {
                "submission_id": 11, "sha256": "1" * 64, "file_name": "农户台账_411521103_2018-09.xlsx",
                "template": "households", "scope_code": town, "period": "2018-09", "outcome": "partial",
                "rows_read": 100, "rows_accepted": 98, "rows_rejected": 2, "rows_warned": 0,
            }
        ],
        "fct_rejected_row": [
            {
                "submission_id": 11, "row_number": row, "field": "member_count", "value": "0", "code": "out_of_range",
                "message": "家庭人口:数值超出范围(1—30),请核对",
            }
            for row in (15, 16)
        ],
        "fct_reporting": [
            {
                "period": "2018-09", "division_code": code, "level": level, "template": template,
                "villages_expected": expected, "villages_covered": covered, "villages_on_time": on_time,
            }
            for code, level, template, expected, covered, on_time in (
                (town, "township", "households", 7, 7, 6), (town, "township", "persons", 7, 3, 3),
                (GAOZHAI, "village", "households", 1, 1, 0), (GAOZHAI, "village", "persons", 1, 0, 0),
            )
        ],
        "fct_project": [
            {
                "period": "2022-06", "project_id": "P9", "division_code": county, "category": "infrastructure",
                "project_year": 2022, "planned_amount": 500_000, "progress": 1, "planned_progress": 1, "variance": 0,
                "stage": "accepted", "overdue": False, "allocated": 500_000, "paid": 350_000, "name": "入户路项目",
                "planned_start": date(2022, 2, 1), "planned_finish": date(2022, 5, 31), "started_on": date(2022, 2, 9),
                "finished_on": date(2022, 5, 20), "accepted_on": date(2022, 6, 9), "implementer": "示例公司",
            },
            {
                "period": "2022-06", "project_id": "P10", "division_code": county, "category": "other",
                "project_year": 2022, "stage": "not_started", "overdue": False, "allocated": 0, "paid": 0,
                "name": "尚无工期的项目",
            },
        ],
        "fct_fund_receipt": [
            {
                "period": "2022-06", "receipt_id": f"R{year}", "document_no": f"示例财〔{year}〕3号",
                "division_code": county, "fund_year": year, "source_level": "province", "fund_type": "special_relief",
                "amount": 1_000_000, "allocated": 1_000_000, "paid": paid, "sixty_day_state": "met",
            }
            for year, paid in ((2019, 1_000_000), (2020, 300_000), (2021, 400_000))
        ],
    }  # fmt: skip
