"""约谈建议书 and 奖惩兑现建议表: what the clauses would bring a unit, the facts it rests on, and where to sign."""

from itertools import groupby

from orchestration.reports import wording
from orchestration.reports.blocks import Block, Column, Paragraph, Section, Table
from orchestration.reports.checkpoints import gap_text, milestone_title, requirement
from orchestration.reports.consequences import (
    STANDING,
    amount_text,
    basis,
    kind_text,
    object_text,
    quoted_clause,
    reason,
    source_title,
)
from orchestration.reports.context import Context
from orchestration.reports.document import Annex
from orchestration.reports.facts import Facts, total
from orchestration.reports.source import Row
from orchestration.reports.standing import ranking_title, score_text

SIGNING = ("拟办意见", "审核意见", "审定意见")
SIGNING_HEIGHT = 16.0
"""Millimetres to write an opinion in."""


def proposal_facts(context: Context) -> list[Section]:
    """What is proposed for the unit, why, with the clause in its own words."""
    facts, unit = context.facts, context.facts.name(context.unit)
    rows = context.actions_of(context.unit)
    lines = list(
        dict.fromkeys(
            f"建议对{unit}{object_text(row)}予以{kind_text(row)}（{reason(row)}，条款{row['clause_id']}），"
            f"状态为“{wording.label(wording.ACTION_STATES, row['state'])}”。"
            for row in rows
        )
    )
    clauses = list(dict.fromkeys(row["clause_id"] for row in rows))
    return [
        Section("建议事项", [Paragraph(line) for line in lines]),
        Section(
            "依据条款",
            [Paragraph(f"条款{clause}：{quoted_clause(facts, clause)}。") for clause in clauses],
        ),
    ]


def proposal_record(context: Context) -> list[Section]:
    """The unit's places of the year so far and the milestones it missed."""
    facts, unit = context.facts, context.unit
    rankings = {row["ranking"] for row in context.actions_of(unit)}
    blocks: list[Block] = []
    history = [row for row in _history(context) if row["ranking"] in rankings]
    if history:
        columns = [
            Column("月份", 1.2),
            Column("排名", 3, "left"),
            Column("得分", 1.2, "right"),
            Column("名次", 1),
            Column("倒数名次", 1.1),
            Column("参评单位数", 1.2),
        ]
        cells = [
            [
                wording.month(row["edition_period"]),
                ranking_title(row),
                score_text(row),
                _or_dash(row["rank"]),
                _or_dash(row["rank_from_bottom"]),
                _or_dash(row["ranked_units"]),
            ]
            for row in history
        ]
        blocks.append(Table(f"{facts.name(unit)}本年排名", columns, cells))
    missed = [row for row in facts.milestones if row["division_code"] == unit and row["state"] == "missed"]
    blocks += [
        Paragraph(
            f"{milestone_title(row)}（{wording.day(row['checkpoint'])}）：要求{requirement(row)}，"
            f"实际{wording.measured(row['value'], row['unit'])}，差{gap_text(row)}，条款{row['clause_id']}。"
        )
        for row in missed
    ]
    return [Section("有关情况", blocks or [Paragraph("本年没有其他排名和未达标节点记录。")])]


def signing_sheet(context: Context) -> list[Annex]:
    """The places to sign as an annex of their own."""
    return [Annex("审批表", section.blocks) for section in signing(context)]


def signing(context: Context) -> list[Section]:
    """Empty places for the opinions of those who decide; the product decides nothing."""
    columns = [Column("环节", 1.2), Column("意见", 4), Column("签字", 1.6), Column("日期", 1.4)]
    rows = [[step, "", "", ""] for step in SIGNING]
    return [Section("审批", [Table("", columns, rows, row_height=SIGNING_HEIGHT)])]


def settlement(context: Context) -> list[Section]:
    """One table a ranking: every consequence with its sum, its clause and columns to sign; then the clauses' words."""
    facts = context.facts
    ordered = sorted(facts.actions, key=source_title)
    sections = [_table(facts, title, list(rows)) for title, rows in groupby(ordered, key=source_title)]
    clauses = list(dict.fromkeys(row["clause_id"] for row in facts.actions))
    words: list[Block] = [Paragraph(f"{clause}：{quoted_clause(facts, clause)}。") for clause in sorted(clauses)]
    return [*sections, Section("条款原文", words)]


def _table(facts: Facts, title: str, rows: list[Row]) -> Section:
    columns = [
        Column("序号", 0.6),
        Column("单位", 1.8, "left"),
        Column("依据", 1.6),
        Column("对象", 1.7),
        Column("措施", 1.4),
        Column("金额（元）", 1.2, "right"),
        Column("计入金额（元）", 1.3, "right"),
        Column("状态", 1.7),
        Column("条款", 1.4),
        Column("审定意见", 1.5),
        Column("签字", 1.2),
    ]
    cells = [
        [
            str(position),
            facts.name(row["division_code"]),
            basis(row),
            object_text(row),
            kind_text(row),
            amount_text(row),
            wording.number(row["amount"]) if _counts(row) else wording.DASH,
            wording.label(wording.ACTION_STATES, row["state"]),
            row["clause_id"],
            "",
            "",
        ]
        for position, row in enumerate(rows, start=1)
    ]
    counted = [row["amount"] for row in rows if _counts(row)]
    if counted:
        cells.append(["", "合计", "", "", "", "", wording.number(total(counted)), "", "", "", ""])
    note = "奖励为正、扣减为负；“计入金额”不含已并入较重处理、待研究、审定免除的。"
    return Section(title, [Table("", columns, cells, note)])


def _counts(row: Row) -> bool:
    return row["amount"] is not None and row["state"] in STANDING


def _history(context: Context) -> list[Row]:
    facts = context.facts
    return context.edition.rows(
        """
        select
            fact.edition_period, fact.ranking, head.title, fact.class, fact.score, fact.state, fact.rank,
            fact.rank_from_bottom, fact.ranked_units, coalesce(head.decimals, 2) as decimals,
        from marts.fct_ranking as fact
        left join marts.dim_ranking as head using (scheme, ranking)
        where
            fact.scheme = $1 and fact.division_code = $2
            and fact.edition_period between $3 and $4
        order by fact.ranking, fact.edition_period
        """,
        facts.scheme.code, context.unit, f"{facts.period[:4]}-01", facts.period,
    )  # fmt: skip


def _or_dash(value: int | None) -> str:
    return wording.DASH if value is None else str(value)
