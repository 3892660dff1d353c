"""Rows for the leaders' pages, added to the sample edition: who is warned, who owes, what a score is made of."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import edition_files
import sample

DAFANG, QIANXI, QIXINGGUAN = "520521000000", "520581000000", "520502000000"
GAOZHAI, WORST = "411521103202", "411521103205"
OFFICE = "市乡村振兴局"
LINGSHAN = ("lingshan-2018", "round-2018-09")


def leader_tables() -> dict[str, list[sample.Row]]:
    """The sample's tables with money behind the scores of 2022-06, and the tables only these pages read."""
    tables = sample.sample_tables()
    tables["fct_ranking"] = [_with_money(row) for row in tables["fct_ranking"]]
    tables["fct_action"] = [(*row[:12], row[12] or "连续滞后", *row[13:]) for row in tables["fct_action"]]
    bijie = ("bijie-2022", "monthly-expenditure")
    return tables | {
        "fct_rank_item": _items(),
        "dim_action": [
            (*bijie, "bj-interview", "lagging", 3, 3, "unit_leaders", "interview", None, "约谈", "县区主要领导"),
            *[
                (*LINGSHAN, clause, trigger, 3, 1, "village_funds", kind, amount, title, "村级经费")
                for clause, trigger, kind, amount, title in [
                    ("ls-reward", "top", "reward", 20000, "奖励村级经费"),
                    ("ls-deduct", "last", "deduction", -3000, "扣减村级经费"),
                ]
            ],
        ],
        "fct_warning": [
            (
                "2022-06", bijie[0], "interview", bijie[1], DAFANG, DAFANG, date(2022, 7, 31), Decimal("26.04"),
                Decimal("58.33"), (Decimal("0.5833") - Decimal("0.2604")) * sample.ISSUED,
                "bj-interview", "连续6个月滞后且列后3名",
            ),
            (
                "2022-06", bijie[0], "cadence", "monthly_dispatch", OFFICE, None, date(2022, 7, 31), 0, 1, None, None,
                "月调度下月应报1期",
            ),
        ],
        "dim_cadence": [(bijie[0], "monthly_dispatch", "资金月调度")],
        "fct_chase": [
            (
                "2022-06", bijie[0], "template", template, title, QIANXI, "黔西市", QIANXI, "乡镇", 100,
                date(2022, 6, 5), 2, "", None,
            )
            for template, title in (("households", "农户台账"), ("persons", "家庭成员台账"))
        ] + [
            (
                "2022-06", bijie[0], "cadence", "monthly_dispatch", "资金月调度", OFFICE, OFFICE, None, OFFICE, 5,
                date(2022, 1, 31), 5, "", None,
            )
        ],
    }  # fmt: skip


def write_leader_edition(published: Path, sequence: int = 1) -> Path:
    """One current edition with these rows."""
    return edition_files.write_edition(published, leader_tables(), sequence)


def _with_money(row: sample.Row) -> sample.Row:
    scheme, _, period, *_ = row
    if scheme != "bijie-2022" or period != "2022-06" or row[6] is None:
        return row
    return (*row[:14], row[6] / 100 * sample.ISSUED, sample.ISSUED, *row[16:])


def _items() -> list[sample.Row]:
    rows: list[sample.Row] = []
    for code, text in sample.EXPENDITURE.items():
        value = sample.share(text.split()[-1])
        if code == sample.PREFECTURE or value is None:
            continue
        head = ("bijie-2022", "monthly-expenditure", "2022-06", "all", code)
        rows += [
            (*head, "score", "衔接资金支出进度", value * 100, None, None, "%", 100, value * 100, None, False),
            (*head, "numerator", "支付金额", value * sample.ISSUED, None, None, "元", None, None, None, True),
            (*head, "denominator", "下达金额", sample.ISSUED, None, None, "元", None, None, None, False),
        ]
    return rows


def decision_row(entry: int, state: str, decided_at: datetime) -> sample.Row:
    """One step on record against the worst village's deduction."""
    return (
        entry, "step", "lingshan-2018", "round-2018-09", "2018-09", WORST, None, "ls-deduct", "village_funds",
        "deduction", state, None, None, None, None, "赵主任", "会议纪要〔2018〕9号", decided_at, True,
    )  # fmt: skip
