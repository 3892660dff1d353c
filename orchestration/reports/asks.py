"""下一步工作: who is asked to do what — every line follows from a state of the edition, none is typed."""

from collections import Counter

from orchestration.reports import wording
from orchestration.reports.blocks import Column, Paragraph, Section, Table
from orchestration.reports.checkpoints import gap_text, milestone_title, pace_text, requirement, still_to_move
from orchestration.reports.consequences import kind_text, object_text
from orchestration.reports.facts import Facts
from orchestration.reports.quality import shortfalls

CALLED_IN = ("interview", "admonition")
LINES = 60


def asks(facts: Facts) -> list[Section]:
    """One table: unit or department, what it is asked to do, the clause it rests on."""
    rows = asked(facts)
    if not rows:
        return [Section("下一步工作", [Paragraph("本期各项要求均已达到，没有须单独交办的事项。")])]
    columns = [Column("责任单位", 1.7, "left"), Column("须办事项", 5.4, "left"), Column("条款", 1.5)]
    cells: list[list[str]] = []
    for unit, matter, clause in rows[:LINES]:
        same = bool(cells) and unit == next(row[0] for row in reversed(cells) if row[0])
        cells.append(["" if same else unit, matter, clause])
    note = None if len(rows) <= LINES else f"共{len(rows)}项，此处列{LINES}项，其余见附表。"
    opening = f"按本期数据，须交办{len(rows)}项，请各责任单位对照办理。"
    return [Section("下一步工作", [Paragraph(opening), Table("交办事项", columns, cells, note)])]


def asked(facts: Facts) -> list[list[str]]:
    """Unit, matter, clause of everything asked, a unit's matters together."""
    rows = [*_missed(facts), *_still_due(facts), *_called_in(facts), *_unreported(facts), *_to_correct(facts)]
    order = {unit: position for position, unit in enumerate(dict.fromkeys(row[0] for row in rows))}
    return sorted(rows, key=lambda row: order[row[0]])


def _missed(facts: Facts) -> list[list[str]]:
    return [
        [
            facts.name(row["division_code"]),
            f"{milestone_title(row)}已过节点未达标：要求{requirement(row)}，实际"
            f"{wording.measured(row['value'], row['unit'])}，补足差距{gap_text(row)}",
            row["clause_id"],
        ]
        for row in facts.milestones
        if row["state"] == "missed"
    ]


def _still_due(facts: Facts) -> list[list[str]]:
    """Those short of the nearest checkpoint; later ones are in the table of milestones."""
    short = [row for row in facts.milestones if still_to_move(row)]
    nearest = min((row["checkpoint"] for row in short), default=None)
    return [
        [
            facts.name(row["division_code"]),
            f"{milestone_title(row)}在{wording.day(row['checkpoint'])}前达到{requirement(row)}，日均需{pace_text(row)}",
            row["clause_id"],
        ]
        for row in short
        if row["checkpoint"] == nearest
    ]


def _called_in(facts: Facts) -> list[list[str]]:
    return [
        [
            facts.name(row["division_code"]),
            f"{object_text(row)}：建议{kind_text(row)}，待审定后按通知参加",
            row["clause_id"],
        ]
        for row in facts.actions
        if row["kind"] in CALLED_IN and row["state"] in ("proposed", "verified", "confirmed")
    ]


def _unreported(facts: Facts) -> list[list[str]]:
    return [
        [facts.name(code), f"补报{wording.month(facts.period)}{'、'.join(words)}", wording.DASH]
        for code, words in shortfalls(facts).items()
    ]


def _to_correct(facts: Facts) -> list[list[str]]:
    counts: Counter[str] = Counter()
    for row in facts.findings:
        counts[wording.typeset(row["department"])] += row["findings"]
    return [
        [department, f"核改跨表核对发现{number}条，明细见系统", wording.DASH]
        for department, number in sorted(counts.items())
    ]
