"""季度通报: the quarter's months side by side — figures at its end against its start, places month by month."""

from collections import Counter
from itertools import groupby

from orchestration.reports import wording
from orchestration.reports.blocks import Block, Column, Paragraph, Section, Subheading, Table
from orchestration.reports.checkpoints import milestone_title
from orchestration.reports.consequences import STANDING, kind_text, object_text
from orchestration.reports.context import Context
from orchestration.reports.facts import Facts, total
from orchestration.reports.overview import value_text
from orchestration.reports.source import Row
from orchestration.reports.standing import ranking_title, score_text


def quarter_indicators(context: Context) -> list[Section]:
    """The division's figures of each month, and the change over the quarter (against the month before it)."""
    first, last = context.months[0], context.months[-1]
    where = last.geography.full_name(last.division_code)
    if not last.indicators:
        return [Section("总体情况", [Paragraph(f"本办法未对{where}设定量化指标。")])]
    by_month = [{row["indicator_code"]: row for row in facts.indicators} for facts in context.months]
    columns = [
        Column("指标", 2.8, "left"),
        *(Column(_month(facts), 1.5, "right") for facts in context.months),
        Column("较季初", 2.2, "right"),
    ]
    rows = []
    for row in last.indicators:
        code = row["indicator_code"]
        start = by_month[0].get(code, {}).get("previous_value")
        rows.append(
            [
                row["title"],
                *(value_text(month[code]) if code in month else wording.MISSING for month in by_month),
                wording.change(row["value"], start, row["unit"]),
            ]
        )
    note = f"“较季初”为与{_month(first)}的上一个月相比；“—”表示没有可比的数。"
    return [Section("总体情况", [Table(f"{last.name(last.division_code)}主要指标", columns, rows, note)])]


def quarter_standing(context: Context) -> list[Section]:
    """Places of each month side by side, for rankings that come every month; rounds as they were."""
    blocks: list[Block] = []
    rows = [(facts, row) for facts in context.months for row in facts.rankings if facts.inside(row["division_code"])]
    ordered = sorted(rows, key=lambda each: (each[1]["ranking"], each[1]["class"]))
    groups = [list(g) for _, g in groupby(ordered, key=lambda each: (each[1]["ranking"], each[1]["class"]))]
    for position, group in enumerate(groups, start=1):
        title = ranking_title(group[-1][1])
        blocks.append(Subheading(f"（{wording.numeral(position)}）{title}"))
        blocks.append(_places(context, title, group))
    return [Section("排名情况", blocks or [Paragraph("本季度本办法没有排名。")])]


def _places(context: Context, title: str, group: list[tuple[Facts, Row]]) -> Table:
    months = [facts for facts in context.months if any(each is facts for each, _ in group)]
    cells = {(facts.period, row["division_code"]): row for facts, row in group}
    newest = months[-1].period

    def place(code: str) -> tuple[int, str]:
        row = cells.get((newest, code))
        return (row["rank"] if row and row["rank"] is not None else 10**6, code)

    units = sorted({row["division_code"] for _, row in group}, key=place)
    columns = [
        Column("单位", 2.4, "left"),
        *(Column(f"{_month(facts)}{what}", 1.2) for facts in months for what in ("得分", "名次")),
    ]
    body = []
    for code in units:
        line = [context.facts.name(code)]
        for facts in months:
            row = cells.get((facts.period, code))
            line.append(wording.DASH if row is None else score_text(row))
            line.append(wording.DASH if row is None or row["rank"] is None else str(row["rank"]))
        body.append(line)
    return Table(f"{title}（逐月）", columns, body, "按最近一个月名次排列；“—”表示当月未参评或没有排名。")


def quarter_checkpoints(context: Context) -> list[Section]:
    """The milestones whose day fell into the quarter."""
    start, end = wording.first_day(context.months[0].period), wording.last_day(context.facts.period)
    due = [row for row in context.facts.milestones if start <= row["checkpoint"] <= end]
    if not due:
        return [Section("节点完成情况", [Paragraph("本季度没有到期节点。")])]
    counts = Counter(row["state"] for row in due)
    parts = [f"{title}{counts[state]}项次" for state, title in wording.MILESTONE_STATES.items() if counts[state]]
    rows = []
    for _, group in groupby(due, key=lambda row: (row["checkpoint"], row["milestone"])):
        units = list(group)
        states = Counter(row["state"] for row in units)
        missed = [context.facts.name(row["division_code"]) for row in units if row["state"] == "missed"]
        rows.append(
            [
                wording.day(units[0]["checkpoint"]),
                milestone_title(units[0]),
                f"{states['met']}/{len(units)}",
                wording.listed(missed) if missed else wording.DASH,
            ]
        )
    columns = [
        Column("节点", 1.8),
        Column("事项", 2.4, "left"),
        Column("达标/单位数", 1.3),
        Column("未达标单位", 3.5, "left"),
    ]
    return [
        Section(
            "节点完成情况",
            [
                Paragraph(f"本季度到期节点{len(due)}项次，其中{'、'.join(parts)}。"),
                Table("本季度到期节点", columns, rows),
            ],
        )
    ]


def quarter_consequences(context: Context) -> list[Section]:
    """Proposals of the quarter by month, in one table with their sums."""
    rows = [(facts, row) for facts in context.months for row in facts.actions]
    if not rows:
        return [Section("奖惩建议（建议，待审定）", [Paragraph("本季度没有单位触发奖惩条款。")])]
    money = [row["amount"] for _, row in rows if row["state"] in STANDING and row["amount"] is not None]
    rewards, deductions = [a for a in money if a > 0], [a for a in money if a < 0]
    text = f"本季度触发奖惩条款{len(rows)}项，均为建议，未经审定不作为奖惩决定。"
    if rewards:
        text += f"建议奖励合计{wording.in_wan(total(rewards))}万元。"
    if deductions:
        text += f"建议扣减合计{wording.in_wan(-total(deductions))}万元。"
    columns = [
        Column("月份", 0.9),
        Column("单位", 1.6, "left"),
        Column("对象", 2),
        Column("措施", 1.5),
        Column("金额（元）", 1.4, "right"),
        Column("状态", 2.3),
        Column("条款", 1.6),
    ]
    cells = [
        [
            _month(facts),
            facts.name(row["division_code"]),
            object_text(row),
            kind_text(row),
            wording.DASH if row["amount"] is None else wording.number(row["amount"]),
            wording.label(wording.ACTION_STATES, row["state"]),
            row["clause_id"],
        ]
        for facts, row in rows
    ]
    return [Section("奖惩建议（建议，待审定）", [Paragraph(text), Table("本季度奖惩建议", columns, cells)])]


def _month(facts: Facts) -> str:
    return f"{int(facts.period[5:])}月"
