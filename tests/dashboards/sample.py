"""Rows of a small edition with invented figures, for the tables of ``edition.sql``."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

# Rows read better side by side than one cell a line.
# fmt: off
Row = tuple[Any, ...]

COUNTIES = {
    "520502000000": "七星关区", "520521000000": "大方县", "520523000000": "金沙县", "520524000000": "织金县",
    "520525000000": "纳雍县", "520526000000": "威宁彝族回族苗族自治县", "520527000000": "赫章县",
    "520581000000": "黔西市",
}
PREFECTURE = "520500000000"
LUOSHAN, LINGSHAN = "411521000000", "411521103000"
VILLAGES = {
    f"4115211032{number:02d}": name
    for number, name in enumerate(["涩港村", "檀堂村", "高寨村", "董桥村", "董湾村", "黄湾村", "彭畈村"])
}
MONTHS = [f"2022-{month:02d}" for month in range(1, 7)]
# Expenditure of linkage funds through the half-year; 大方县 falls behind, 纳雍县 and 赫章县 tie in June.
EXPENDITURE = {
    "520502000000": "0.02 0.11 0.33 0.41 0.52 0.6351", "520521000000": "0.00 0.03 0.09 0.14 0.21 0.2604",
    "520523000000": "0.05 0.15 0.36 0.44 0.53 0.6180", "520524000000": "0.01 0.09 0.31 0.38 0.47 0.5010",
    "520525000000": "0.00 0.06 0.22 0.30 0.39 0.4523", "520526000000": "0.00 0.05 0.18 0.27 0.36 0.4411",
    "520527000000": "0.01 0.08 0.30 0.37 0.42 0.4523", "520581000000": "- - - - - -",
    PREFECTURE: "0.013 0.08 0.255 0.33 0.414 0.48",
}
ISSUED = Decimal("104938200.00")


def share(text: str) -> Decimal | None:
    return None if text == "-" else Decimal(text)


def division_rows() -> list[Row]:
    def row(code: str, name: str, level: str, parent: str | None, village_type: str | None = None) -> Row:
        parts = [code[:digits].ljust(12, "0") for digits in (2, 4, 6, 9)]
        return (code, name, level, parent, village_type, *parts, None, None, None)

    rows = [
        row("520000000000", "贵州省", "province", None), row(PREFECTURE, "毕节市", "prefecture", "520000000000"),
        row(LUOSHAN, "罗山县", "county", "411500000000"), row(LINGSHAN, "灵山镇", "township", LUOSHAN),
    ]
    rows += [row(code, name, "county", PREFECTURE) for code, name in COUNTIES.items()]
    rows += [row(code, name, "village", LINGSHAN, "poor") for code, name in VILLAGES.items()]
    return rows


def indicator_rows() -> list[Row]:
    rows: list[Row] = []
    for code, text in EXPENDITURE.items():
        level = "prefecture" if code == PREFECTURE else "county"
        previous = None
        for period, word in zip(MONTHS, text.split(), strict=True):
            value = share(word)
            numerator = None if value is None else value * ISSUED
            state = "missing" if value is None else "value"
            for indicator in ("linkage_expenditure_rate", "expenditure_rate"):
                rows.append((period, code, level, indicator, numerator, ISSUED, value, 1, state, previous, None))
            allocated = None if value is None else min(Decimal(1), value + Decimal("0.35"))
            rows.append((period, code, level, "linkage_allocation_rate", None, ISSUED, allocated, 1, state, None, None))
            previous = value
        late = None if code == "520581000000" else (3 if code == "520521000000" else 0)
        rows.append(("2022-06", code, level, "overdue_projects", late, None, late, 1, state, 1, None))
        rows.append(
            ("2022-06", code, level, "monitored_households", 812, None, 812, Decimal("0.923"), "partial", 800, 700)
        )
        rows.append(("2022-06", code, level, "work_relief_share", 0, 0, None, 1, "not_applicable", None, None))
    for code, level in ((LUOSHAN, "county"), (LINGSHAN, "township")):
        rows.append(
            (
                "2018-09", code, level, "poverty_incidence", 190, 20_000, Decimal("0.0095"), 1, "value",
                Decimal("0.0121"), None,
            )
        )
    return rows


def milestone_rows() -> list[Row]:
    rows: list[Row] = []
    for code, text in EXPENDITURE.items():
        if code == PREFECTURE:
            continue
        values = dict(zip(MONTHS, map(share, text.split()), strict=True))
        for period in MONTHS[2:]:
            for checkpoint, threshold in (("03-31", "0.3"), ("06-30", "0.5"), ("09-30", "0.75")):
                held = "2022-03" if checkpoint == "03-31" else period
                value, due = values[held], checkpoint[:2] <= period[-2:]
                state, branch, pace, benchmark = "missed", None, None, None
                if value is None:
                    state = "no_data"
                elif not due:
                    state = "not_due"
                    pace = max(Decimal(0), (Decimal(threshold) - value) / 92)
                elif value >= Decimal(threshold):
                    state, branch = "met", "absolute"
                elif code == "520525000000" and checkpoint == "06-30":
                    state, branch, benchmark = "met", "benchmark", Decimal("0.45")
                elif code == "520526000000" and checkpoint == "06-30":
                    state = "pending_benchmark"
                rows.append(
                    (
                        "bijie-2022", f"linkage_expenditure_rate@{checkpoint}", period, code,
                        "linkage_expenditure_rate", date.fromisoformat(f"2022-{checkpoint}"), Decimal(threshold),
                        value, benchmark, branch, state, pace, f"bijie-{checkpoint}",
                    )
                )
    return rows


def competition(scores: dict[str, Decimal | None]) -> dict[str, tuple[int, int]]:
    known = {code: score for code, score in scores.items() if score is not None}
    return {
        code: (1 + sum(s > score for s in known.values()), 1 + sum(s < score for s in known.values()))
        for code, score in known.items()
    }


def ranking_rows() -> list[Row]:
    rows: list[Row] = []
    former: dict[str, tuple[int, int]] = {}
    for position, period in enumerate(MONTHS):
        scores = {c: share(t.split()[position]) for c, t in EXPENDITURE.items() if c != PREFECTURE}
        scores = {code: None if score is None else score * 100 for code, score in scores.items()}
        ranks = competition(scores)
        for code, score in scores.items():
            rank, bottom = ranks.get(code, (None, None))
            before = former.get(code, (None, None))[0]
            better = [s for s in scores.values() if s is not None and score is not None and s > score]
            rows.append(
                (
                    "bijie-2022", "monthly-expenditure", period, None, "all", code, score,
                    "ranked" if rank else "not_assessed", rank, bottom, len(ranks), before,
                    before - rank if before and rank else None, min(better) - score if better else None, None,
                    None, None,
                )
            )
        former = ranks
    points = ["98.00", "96.50", "96.50", "93.20", "90.10", "88.00"]
    for code, point in zip(VILLAGES, points, strict=False):
        rank = 1 + sum(Decimal(p) > Decimal(point) for p in points)
        bottom = 1 + sum(Decimal(p) < Decimal(point) for p in points)
        rows.append(
            (
                "lingshan-2018", "round-2018-09", "2018-09", "R3", "all", code, Decimal(point), "ranked", rank,
                bottom, 6, None, None, None, None, None, None,
            )
        )
    last = list(VILLAGES)[-1]
    rows.append(
        (
            "lingshan-2018", "round-2018-09", "2018-09", "R3", "all", last, None, "pending_announcement", None,
            None, 6, None, None, None, None, None, None,
        )
    )
    return rows


def action_rows() -> list[Row]:
    head = ("lingshan-2018", "round-2018-09", "2018-09", "R3")
    first, *_, worst, pending = VILLAGES
    return [
        (
            *head, first, "ls-reward", "top_3", "village_funds", "reward", 20000, None, "proposed", None, 98, 1, 6,
            "奖励村级经费", "村级经费",
        ),
        (
            *head, worst, "ls-deduct", "bottom_3", "village_funds", "deduction", -3000, None, "proposed", None, 88,
            6, 1, "扣减村级经费", "村级经费",
        ),
        (
            *head, worst, "ls-organise", "bottom_3", "party_secretary", "organisational_measure", None,
            "ls-remove", "absorbed", "同一对象只取最重", 88, 6, 1, "组织处理", "村党支部书记",
        ),
        (
            *head, worst, "ls-remove", "last_1", "party_secretary", "removal_proposal", None, None, "proposed",
            None, 88, 6, 1, "建议免职", "村党支部书记",
        ),
        (
            *head, pending, "ls-reward", "top_3", "village_funds", "reward", 20000, None, "pending_announcement",
            "全县名次未到", None, None, None, "奖励村级经费", "村级经费",
        ),
        (
            "bijie-2022", "monthly-expenditure", "2022-06", None, "520521000000", "bj-interview", "lag_3",
            "unit_leaders", "interview", None, None, "proposed", None, Decimal("26.04"), 7, 1, "约谈",
            "县区主要领导",
        ),
    ]


def fund_rows() -> dict[str, list[Row]]:
    funds: list[Row] = []
    receipts: list[Row] = []
    allocations: list[Row] = []
    projects: list[Row] = []
    for number, (code, text) in enumerate(EXPENDITURE.items(), start=1):
        for period, word in zip(MONTHS, text.split(), strict=True):
            value = share(word)
            if value is None:
                continue
            allocated = min(Decimal(1), value + Decimal("0.35")) * ISSUED
            level = "prefecture" if code == PREFECTURE else "county"
            funds.append(
                (
                    period, code, level, 2022, "central", "linkage", ISSUED, allocated, value * ISSUED, 0,
                    ISSUED * (1 - value),
                )
            )
            if code == PREFECTURE or period != "2022-06":
                continue
            for part, state in ((1, "met"), (2, "missed"), (3, "running")):
                receipt = f"R{number}-{part}"
                receipts.append(
                    (
                        period, receipt, f"黔财农〔2022〕{number * 10 + part}号", code, 2022, "central", "linkage",
                        part == 1, date(2022, part * 2 - 1, 10), ISSUED / 4, ISSUED / 5, ISSUED / 8,
                        value * ISSUED / 4, date(2022, part * 2 + 1, 11), state,
                    )
                )
                project = f"P{number}-{part}"
                allocations.append(
                    (
                        period, f"A{number}-{part}", receipt, project, code, date(2022, 4, 1), ISSUED / 5,
                        value * ISSUED / 4,
                    )
                )
                projects.append(
                    (
                        period, project, code, "industry", 2022, ISSUED / 5, Decimal("0.4") if part < 3 else None,
                        Decimal("0.65"), Decimal("-0.25") if part < 3 else None, "in_progress", part == 2,
                        ISSUED / 5, value * ISSUED / 4, f"{COUNTIES[code]}高标准蔬菜大棚项目{part}", "第一批",
                        "农业农村局", "乡村振兴投资公司", date(2022, 2, 1), date(2022, 5, 31), date(2022, 2, 9),
                        None, None,
                    )
                )
    return {
        "fct_fund": funds, "fct_fund_receipt": receipts, "fct_fund_allocation": allocations,
        "fct_project": projects,
    }


def reporting_rows() -> list[Row]:
    rows: list[Row] = []
    for code in (PREFECTURE, *COUNTIES):
        for template, covered in (("households", 100), ("persons", 96), ("fund_payments", 0)):
            whole = 800 if code == PREFECTURE else 100
            done = whole * (0 if code == "520581000000" else covered) // 100
            rows.append(
                ("2022-06", code, "prefecture" if code == PREFECTURE else "county", template, whole, done, done)
            )
    return rows


def sample_tables() -> dict[str, list[Row]]:
    """Every table's rows."""
    clauses = {
        "ls-reward": "对排名前三的村,各奖励村级经费2万元", "ls-deduct": "排名后三名的村,扣减村级经费3000元",
        "ls-organise": "对排名后三的村支部书记给予组织处理", "ls-remove": "对排名末位的村党支部书记建议免职",
    }
    received = datetime(2022, 7, 4, 9, 30)
    return {
        "dim_edition": [("2022-06_0002", "2022-06", datetime(2022, 7, 6, 8, 0))],
        "dim_template": [
            ("households", "农户台账", "snapshot", 2), ("persons", "家庭成员台账", "snapshot", 3),
            ("fund_payments", "资金拨付表", "journal", 8),
        ],
        "dim_division": division_rows(),
        "dim_indicator": [
            ("linkage_expenditure_rate", "衔接资金支出进度", "%", "higher", "division", "", ""),
            ("expenditure_rate", "资金支出进度", "%", "higher", "division", "", ""),
            ("linkage_allocation_rate", "中央和省资金安排率", "%", "higher", "division", "", ""),
            ("overdue_projects", "逾期未完工项目数", "个", "lower", "division", "", None),
            ("monitored_households", "监测对象户数", "户", "none", "village", "", None),
            ("work_relief_share", "以工代赈劳务报酬占比", "%", "higher", "division", "", ""),
            ("poverty_incidence", "贫困发生率", "%", "lower", "village", "", ""),
        ],
        "dim_scheme": [
            (
                "lingshan-2018", "灵山镇脱贫攻坚考核办法", LINGSHAN, date(2018, 7, 7), date(2018, 12, 31),
                "lingshan-2018.txt",
            ),
            (
                "bijie-2022", "毕节市巩固脱贫成果推进方案", PREFECTURE, date(2022, 1, 1), date(2022, 12, 31),
                "bijie-2022.txt",
            ),
        ],
        "dim_scheme_clause": [
            *[
                (key, "lingshan-2018", "action", key, quote, "lingshan-2018.txt", "carried", quote[:12])
                for key, quote in clauses.items()
            ],
            (
                "bj-interview", "bijie-2022", "action", "interview",
                "连续三个月支出进度滞后且排名末三位的,予以约谈", "bijie-2022.txt", "carried", "连续滞后约谈",
            ),
            *[
                (
                    f"bijie-{day}", "bijie-2022", "milestone", day,
                    f"资金支出进度于{day}前达到时序要求或高于全省平均", "bijie-2022.txt", "carried", "支出进度",
                )
                for day in ("03-31", "06-30", "09-30")
            ],
        ],
        "dim_ranking": [
            (
                "bijie-2022", "monthly-expenditure", "衔接资金支出进度月排名", "county", PREFECTURE, "month",
                "linkage_expenditure_rate", 2, None, 3, 3,
            ),
            ("lingshan-2018", "round-2018-09", "2018年9月县级排名", "village", LUOSHAN, "round", None, 2, None, 3, 3),
        ],
        "dim_milestone": [
            (
                "bijie-2022", f"linkage_expenditure_rate@{day}", f"{int(day[:2])}月底前支出进度达到{percent}%",
                "linkage_expenditure_rate", day, ">=", Decimal(percent) / 100, "province", f"bijie-{day}",
            )
            for day, percent in (("03-31", 30), ("06-30", 50), ("09-30", 75))
        ],
        "dim_target": [
            ("lingshan-2018", "poverty_incidence", title, "poverty_incidence", "<", "ls-target", level, village_type)
            for title, level, village_type in [
                ("贫困发生率控制", "village", "poor"), ("非贫困村贫困发生率控制", "village", "non_poor"),
                ("全镇贫困发生率控制", "township", None),
            ]
        ],
        "fct_indicator": indicator_rows(), "fct_milestone": milestone_rows(),
        "fct_target": [
            (
                "lingshan-2018", "poverty_incidence", "2018-09", village, "poverty_incidence", value,
                Decimal("0.02"), Decimal("0.01"), None, band, state,
            )
            for village, value, band, state in zip(
                VILLAGES, [Decimal("0.005"), Decimal("0.015"), Decimal("0.03"), None],
                ["target", "floor", "below", None], ["value", "value", "value", "missing"], strict=False,
            )
        ],
        "fct_ranking": ranking_rows(), "fct_action": action_rows(), **fund_rows(),
        "fct_reporting": reporting_rows(),
        "fct_submission": [
            (
                number, f"{number:064d}", f"农户台账_{code[:6]}_2022-06.xlsx", "households", code, "2022-06",
                received, outcome, read, read - rejected, rejected, 0, reason,
            )
            for number, (code, outcome, read, rejected, reason) in enumerate(
                [
                    ("520502000000", "accepted", 4120, 0, None), ("520521000000", "partial", 3870, 12, None),
                    ("520523000000", "refused", 310, 310, "缺少必填列:户类型"),
                    ("520523000000", "duplicate", 0, 0, "与第1号相同"),
                ],
                start=1,
            )
        ],
        "fct_rejected_row": [(2, 15, "member_count", "三口", "type", "家庭人口应为整数")],
        "fct_finding": [
            ("2022-06", "F1", "overpaid_allocation", "error", "520521000000", "project", "P2-1", "超进度拨付")
        ],
    }
