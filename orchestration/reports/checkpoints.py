"""Part 三: milestones — how many units met each, who missed one, who still has to move and how fast."""

from collections import Counter
from datetime import date
from decimal import Decimal
from itertools import groupby

from orchestration.reports import wording
from orchestration.reports.blocks import Block, Column, Paragraph, Section, Table
from orchestration.reports.facts import Facts
from orchestration.reports.source import Row

DETAIL_ROWS = 30
"""Longer lists are cut in print and said to be; the annex has every row."""


def checkpoints(facts: Facts) -> Section:
    """Summary per milestone, then the missed and the not yet due."""
    if not facts.milestones:
        return Section("节点完成情况", [Paragraph("本期本办法没有节点要求。")])
    missed = [row for row in facts.milestones if row["state"] == "missed"]
    behind = sorted(filter(still_to_move, facts.milestones), key=lambda r: (r["checkpoint"], -abs(r["daily_pace"])))
    blocks: list[Block] = [Paragraph(_opening(facts, missed, behind)), summary_table(facts)]
    if missed:
        blocks.append(_missed(facts, missed))
    if behind:
        nearest = [row for row in behind if row["checkpoint"] == behind[0]["checkpoint"]]
        blocks.append(_behind(facts, nearest, later=len(behind) - len(nearest)))
    return Section("节点完成情况", blocks)


def still_to_move(row: Row) -> bool:
    """Not yet due and still short of the threshold: only then does the edition give a daily pace."""
    return row["daily_pace"] not in (None, 0)


def requirement(row: Row) -> str:
    """A milestone's demand in words: 不低于50.00%或高于全省平均."""
    threshold = wording.measured(row["threshold"], row["unit"], wording.DASH)
    text = f"{wording.label(wording.OPERATORS, row['operator'])}{threshold}"
    if row["benchmark_level"]:
        title = wording.LEVEL_TITLES.get(row["benchmark_level"], row["benchmark_level"]).split("（")[0]
        text += f"或高于全{title}平均"
    return text


def milestone_title(row: Row) -> str:
    """Title of a milestone; its code where the scheme gives none."""
    return wording.typeset(row["title"] or row["milestone"])


def pace_text(row: Row) -> str:
    """What is still needed per day: points for a rate, else the unit; never 0.00 for a need that exists."""
    pace = abs(Decimal(row["daily_pace"]))
    amount, unit = (pace * 100, "个百分点") if row["unit"] == "%" else (pace, row["unit"] or "")
    text = wording.number(amount, 2)
    return f"不足0.01{unit}" if Decimal(text) == 0 else f"{text}{unit}"


def _opening(facts: Facts, missed: list[Row], behind: list[Row]) -> str:
    due = [row for row in facts.milestones if row["checkpoint"] <= wording.last_day(facts.period)]
    counts = Counter(row["state"] for row in due)
    sentences = [f"截至{wording.day(wording.last_day(facts.period))}，"]
    if due:
        parts = [f"{wording.MILESTONE_STATES[s]}{counts[s]}项次" for s in wording.MILESTONE_STATES if counts[s]]
        sentences.append(f"已到期节点{len(due)}项次，其中{'、'.join(parts)}。")
    else:
        sentences.append("各节点均未到期。")
    if missed:
        names = list(dict.fromkeys(facts.name(row["division_code"]) for row in missed))
        sentences.append(f"未达标单位：{wording.listed(names)}。")
    if behind:
        nearest = behind[0]["checkpoint"]
        names = [f"{facts.name(r['division_code'])}日均需{pace_text(r)}" for r in behind if r["checkpoint"] == nearest]
        sentences.append(f"最近节点（{wording.day(nearest)}）尚有差距：{wording.listed(names, 6)}。")
    if counts["pending_benchmark"]:
        sentences.append("“待平均数”指绝对值未达、上级平均数尚未取得，不作达标或未达标认定。")
    return "".join(sentences)


def summary_table(facts: Facts) -> Table:
    """One row a milestone: how many units in each state."""
    columns = [
        Column("节点", 1.6),
        Column("事项", 2.6, "left"),
        Column("要求", 2.2, "left"),
        *(Column(title, 0.85) for title in wording.MILESTONE_STATES.values()),
    ]
    rows: list[list[str]] = []
    for _, group in groupby(facts.milestones, key=lambda row: (row["checkpoint"], row["milestone"])):
        units = list(group)
        counts = Counter(row["state"] for row in units)
        rows.append(
            [
                _short(units[0]["checkpoint"]),
                milestone_title(units[0]),
                requirement(units[0]),
                *(str(counts[state]) for state in wording.MILESTONE_STATES),
            ]
        )
    return Table("节点完成汇总（单位数）", columns, rows)


def _missed(facts: Facts, rows: list[Row]) -> Table:
    columns = [
        Column("单位", 2, "left"),
        Column("节点", 1.6),
        Column("事项", 2.3, "left"),
        Column("要求", 2.4, "left"),
        Column("实际", 1.4, "right"),
        Column("差距", 2.2, "right"),
    ]
    cells = [
        [
            facts.name(row["division_code"]),
            _short(row["checkpoint"]),
            milestone_title(row),
            requirement(row),
            wording.measured(row["value"], row["unit"]),
            gap_text(row),
        ]
        for row in rows[:DETAIL_ROWS]
    ]
    return Table("未达标单位", columns, cells, _cut(len(rows)))


def _behind(facts: Facts, rows: list[Row], later: int) -> Table:
    """Units short of the nearest checkpoint; those of later ones are left to the annex."""
    columns = [
        Column("单位", 2, "left"),
        Column("节点", 1.6),
        Column("事项", 2, "left"),
        Column("要求", 2.4, "left"),
        Column("现值", 1.4, "right"),
        Column("剩余（天）", 1.1, "right"),
        Column("日均需", 2.2, "right"),
    ]
    end = wording.last_day(facts.period)
    cells = [
        [
            facts.name(row["division_code"]),
            _short(row["checkpoint"]),
            milestone_title(row),
            requirement(row),
            wording.measured(row["value"], row["unit"]),
            str((row["checkpoint"] - end).days),
            pace_text(row),
        ]
        for row in rows[:DETAIL_ROWS]
    ]
    notes = [note for note in (_cut(len(rows)), f"其后节点尚有差距的{later}项次见附表。" if later else None) if note]
    return Table("最近节点尚有差距单位", columns, cells, "".join(notes) or None)


def gap_text(row: Row) -> str:
    """How far the value is from the threshold."""
    if row["value"] is None or row["threshold"] is None:
        return wording.DASH
    gap = abs(Decimal(row["threshold"]) - Decimal(row["value"]))
    return f"{wording.number(gap * 100, 2)}个百分点" if row["unit"] == "%" else wording.measured(gap, row["unit"])


def _short(checkpoint: date) -> str:
    return f"{checkpoint.month}月{checkpoint.day}日"


def _cut(rows: int) -> str | None:
    return None if rows <= DETAIL_ROWS else f"共{rows}项次，此处列{DETAIL_ROWS}项次，其余见附表。"
