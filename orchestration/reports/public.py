"""公示版: what everyone may read — no undecided proposal, no household, no small count, none that can be worked out."""

from decimal import Decimal

from orchestration.reports import wording
from orchestration.reports.blocks import Block, Column, Paragraph, Section, Subheading, Table
from orchestration.reports.checkpoints import summary_table
from orchestration.reports.consequences import amount_text, basis, kind_text, object_text
from orchestration.reports.context import Context
from orchestration.reports.source import Row
from orchestration.reports.standing import ranking_title, score_text

DECIDED = ("confirmed", "changed", "carried_out")
PER_TABLE = 5
"""Indicators side by side in one table."""


def public_figures(context: Context) -> list[Section]:
    """The scheme's indicators for the division and the units below, small cells and their partners withheld."""
    facts = context.facts
    chosen = [row for row in facts.indicators if row["indicator_code"] not in context.disclosure.never]
    if not chosen:
        return [Section("主要指标", [Paragraph("本办法没有可公示的量化指标。")])]
    units = [facts.division_code, *facts.geography.children(facts.division_code)]
    values = _values(context, [row["indicator_code"] for row in chosen], units)
    reported = [row for row in chosen if any((row["indicator_code"], unit) in values for unit in units)]
    blocks: list[Block] = [
        Paragraph(
            f"下列各表中“{wording.SUPPRESSED}”表示不公示：1至{context.small}户（人）的数，以及可以由合计或其他表相减得出"
            "这些数的数。“未报送”的不以零计。"
        )
    ]
    for start in range(0, len(reported), PER_TABLE):
        part = reported[start : start + PER_TABLE]
        columns = [Column("单位", 1.8, "left"), *(Column(row["title"], 1.6, "right") for row in part)]
        cells = [
            [facts.name(unit), *(_cell(context, values.get((row["indicator_code"], unit)), row, unit) for row in part)]
            for unit in units
        ]
        number = start // PER_TABLE + 1
        blocks.append(Table(f"主要指标（{wording.numeral(number)}）", columns, cells, emphasised=[0]))
    return [Section("主要指标", blocks)]


def public_milestones(context: Context) -> list[Section]:
    """Milestones by number of units, without the units' own figures."""
    if not context.facts.milestones:
        return []
    return [Section("节点完成情况", [summary_table(context.facts)])]


def public_decisions(context: Context) -> list[Section]:
    """Rewards and penalties that were decided; proposals are not published."""
    facts = context.facts
    rows = [row for row in facts.actions if row["state"] in DECIDED]
    if not rows:
        return [Section("奖惩审定情况", [Paragraph("本期没有已审定的奖惩事项；建议未经审定，不予公示。")])]
    columns = [
        Column("单位", 1.8, "left"),
        Column("依据", 1.6),
        Column("对象", 2),
        Column("措施", 1.5),
        Column("金额（元）", 1.5, "right"),
        Column("条款", 1.5),
    ]
    cells = [
        [
            facts.name(row["division_code"]),
            basis(row),
            object_text(row),
            kind_text(row),
            amount_text(row),
            row["clause_id"],
        ]
        for row in rows
    ]
    return [Section("奖惩审定情况", [Table("已审定的奖惩", columns, cells)])]


def public_standing(context: Context) -> list[Section]:
    """Places and scores; a score that is a withheld figure is withheld with it."""
    facts = context.facts
    blocks: list[Block] = []
    codes = list(dict.fromkeys((row["ranking"], row["class"]) for row in facts.rankings))
    for code in codes:
        group = [row for row in facts.rankings if (row["ranking"], row["class"]) == code]
        ranked = [row for row in group if row["rank"] is not None and facts.inside(row["division_code"])]
        if not ranked:
            continue
        columns = [Column("名次", 1), Column("单位", 3, "left"), Column("得分", 1.6, "right")]
        cells = [
            [
                str(row["rank"]),
                facts.name(row["division_code"]),
                score_text(row) if _score_shown(context, row) else wording.SUPPRESSED,
            ]
            for row in ranked
        ]
        blocks += [Subheading(ranking_title(ranked[0])), Table("", columns, cells, "得分相同者名次并列。")]
    return [Section("排名情况", blocks or [Paragraph("本期没有公布的排名。")])]


def _score_shown(context: Context, row: Row) -> bool:
    return row["indicator_code"] is None or context.disclosure.shows(row["indicator_code"], row["division_code"])


def _values(context: Context, indicators: list[str], units: list[str]) -> dict[tuple[str, str], Decimal]:
    rows = context.edition.rows(
        """
        select indicator_code, division_code, value
        from marts.fct_indicator
        where
            period = $1 and value is not null
            and list_contains($2, indicator_code) and list_contains($3, division_code)
        """,
        context.facts.period, indicators, units,
    )  # fmt: skip
    return {(row["indicator_code"], row["division_code"]): row["value"] for row in rows}


def _cell(context: Context, value: Decimal | None, indicator: Row, unit: str) -> str:
    if value is None:
        return wording.MISSING
    if not context.disclosure.shows(indicator["indicator_code"], unit):
        return wording.SUPPRESSED
    return wording.measured(value, indicator["unit"])
