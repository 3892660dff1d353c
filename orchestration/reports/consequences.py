"""Part 四: what the clauses would reward or penalise — proposals with the words they rest on, never decisions."""

from itertools import groupby

from orchestration.reports import wording
from orchestration.reports.blocks import Block, Column, Paragraph, Section, Table
from orchestration.reports.facts import Facts, total
from orchestration.reports.source import Row

STANDING = ("proposed", "verified", "confirmed")
"""States whose money is counted in the sums: not absorbed, undecided, changed or waived."""
DETAIL_ROWS = 60


def consequences(facts: Facts) -> Section:
    """The table of proposals, their sums, and the clauses in their own words."""
    title = "奖惩建议（建议，待审定）"
    if not facts.actions:
        return Section(title, [Paragraph(_nothing(facts))])
    blocks: list[Block] = [Paragraph(_opening(facts)), _table(facts)]
    ordered = sorted(facts.actions, key=lambda row: row["clause_id"])
    blocks += [
        Paragraph(f"{position}.{_clause(facts, clause_id, list(rows))}")
        for position, (clause_id, rows) in enumerate(groupby(ordered, key=lambda row: row["clause_id"]), start=1)
    ]
    return Section(title, blocks)


def source_title(row: Row) -> str:
    """What a consequence comes from: the ranking by its title, else the kind of clause."""
    if row["ranking_title"]:
        return wording.typeset(row["ranking_title"])
    trigger = row["trigger"] or ""
    found = (title for start, title in wording.TRIGGERS.items() if trigger.startswith(start))
    return next(found, wording.label({}, row["ranking"]))


def object_text(row: Row) -> str:
    """Whom or what a consequence touches."""
    return (
        wording.typeset(row["object_title"])
        if row["object_title"]
        else wording.label(wording.ACTION_OBJECTS, row["object"])
    )


def kind_text(row: Row) -> str:
    """The consequence in words."""
    return row["title"] or wording.label(wording.ACTION_KINDS, row["kind"])


def basis(row: Row) -> str:
    """Why, in few words: the place from the end that counts, else the reason the edition gives."""
    trigger = row["trigger"] or ""
    if trigger.startswith("top") and row["rank"] is not None:
        return f"第{row['rank']}名"
    if trigger.startswith("last") and row["rank_from_bottom"] is not None:
        return f"倒数第{row['rank_from_bottom']}名"
    return reason(row)


def reason(row: Row) -> str:
    """The edition's own words for a proposal."""
    return wording.DASH if row["reason"] is None else wording.typeset(row["reason"])


def amount_text(row: Row) -> str:
    """Yuan with sign for deductions; a dash where no money moves."""
    return wording.DASH if row["amount"] is None else wording.number(row["amount"])


def _nothing(facts: Facts) -> str:
    if facts.unannounced:
        return f"{_unannounced(facts)}本期暂不提出奖惩建议。"
    return "本期没有单位触发奖惩条款。"


def _unannounced(facts: Facts) -> str:
    return f"名次待上级通报的有{wording.listed([facts.name(code) for code in facts.unannounced])}。"


def _opening(facts: Facts) -> str:
    standing = [row for row in facts.actions if row["state"] in STANDING]
    money = [row["amount"] for row in standing if row["amount"] is not None]
    rewards, deductions = [a for a in money if a > 0], [a for a in money if a < 0]
    parts = ["以下由考核条款与本期数据对照产生，仅为建议，未经审定不作为奖惩决定。"]
    if rewards:
        parts.append(f"建议奖励{len(rewards)}笔、合计{wording.in_wan(total(rewards))}万元。")
    if deductions:
        parts.append(f"建议扣减{len(deductions)}笔、合计{wording.in_wan(-total(deductions))}万元。")
    for state in ("insufficient_units", "needs_review"):
        units = list(dict.fromkeys(facts.name(r["division_code"]) for r in facts.actions if r["state"] == state))
        if units:
            parts.append(f"{wording.ACTION_STATES[state]}：{wording.listed(units)}。")
    if facts.unannounced:
        parts.append(_unannounced(facts))
    return "".join(parts)


def _table(facts: Facts) -> Table:
    columns = [
        Column("单位", 1.8, "left"),
        Column("依据", 1.5),
        Column("对象", 2),
        Column("措施", 1.45),
        Column("金额（元）", 1.65, "right"),
        Column("状态", 2),
        Column("条款", 1.75),
    ]
    rows = [
        [
            facts.name(row["division_code"]),
            basis(row),
            object_text(row),
            kind_text(row),
            amount_text(row),
            wording.label(wording.ACTION_STATES, row["state"]),
            row["clause_id"],
        ]
        for row in facts.actions[:DETAIL_ROWS]
    ]
    note = "奖励为正、扣减为负；同一对象同类措施只列最重的一项，其余标“并入较重处理”。"
    if len(facts.actions) > DETAIL_ROWS:
        note += f"共{len(facts.actions)}项，此处列{DETAIL_ROWS}项，其余见附表。"
    return Table("奖惩建议", columns, rows, note)


def quoted_clause(facts: Facts, clause_id: str) -> str:
    """A clause in the document's own words."""
    clause = facts.clauses.get(clause_id)
    return f"“{clause['quote']}”" if clause and clause["quote"] else "（条款原文未收录）"


def _clause(facts: Facts, clause_id: str, rows: list[Row]) -> str:
    named = {row["division_code"]: f"{facts.name(row['division_code'])}（{reason(row)}）" for row in rows}
    return f"条款{clause_id}：{quoted_clause(facts, clause_id)}。涉及{wording.listed(list(named.values()))}。"
