"""半月督查通报: the scheme's own lists (重点村, 逾期项目, 逾期未整改…), as they stand on the edition's day."""

from itertools import groupby

from orchestration.reports import wording
from orchestration.reports.blocks import Block, Column, Paragraph, Section, Subheading, Table
from orchestration.reports.context import Context
from orchestration.reports.source import Row

LISTED = 40
VALUE_TITLES = {
    "key_villages": "未达项数",
    "overdue_projects": "逾期天数",
    "overdue_rectifications": "逾期天数",
    "loans_due": "余额（元）",
    "recallable_receipts": "金额（元）",
}


def supervision_lists(context: Context) -> list[Section]:
    """One sub-part a list; a list of households or loans shows how many by unit, never which."""
    rows = _rows(context)
    if not rows:
        return [Section("督查清单", [Paragraph("本期本办法的督查清单没有列入事项。")])]
    blocks: list[Block] = []
    groups = [list(group) for _, group in groupby(rows, key=lambda row: row["list"])]
    for position, group in enumerate(groups, start=1):
        title = wording.typeset(group[0]["title"])
        blocks.append(Subheading(f"（{wording.numeral(position)}）{title}"))
        units = list(dict.fromkeys(context.facts.name(row["division_code"]) for row in group))
        blocks.append(
            Paragraph(
                f"{title}{len(group)}项，涉及{len(units)}个单位：{wording.listed(units)}。依据条款{group[0]['clause_id']}。"
            )
        )
        if group[0]["list"] != "loans_due":
            blocks.append(_table(context, title, group))
    return [Section("督查清单", blocks)]


def _rows(context: Context) -> list[Row]:
    facts = context.facts
    rows = context.edition.rows(
        """
        select
            fact.list, head.title, head.clause_id, fact.position, fact.division_code, fact.value, fact.reason,
            project.name as project_name,
        from marts.fct_list as fact
        inner join marts.dim_list as head using (scheme, list)
        left join marts.fct_project as project
            on project.project_id = fact.entity_id and project.period = fact.period and fact.list = 'overdue_projects'
        where fact.scheme = $1 and fact.period = $2
        order by fact.list, fact.position
        """,
        facts.scheme.code, facts.period,
    )  # fmt: skip
    return [row for row in rows if row["division_code"] and facts.inside(row["division_code"])]


def _table(context: Context, title: str, rows: list[Row]) -> Table:
    named = any(row["project_name"] for row in rows)
    columns = [
        Column("序号", 0.7),
        Column("单位", 1.8, "left"),
        *([Column("项目", 3, "left")] if named else []),
        Column(VALUE_TITLES.get(rows[0]["list"], "数值"), 1.2, "right"),
        Column("列入原因", 3, "left"),
    ]
    cells = [
        [
            str(position),
            context.facts.name(row["division_code"]),
            *([row["project_name"] or wording.DASH] if named else []),
            wording.DASH if row["value"] is None else wording.number(row["value"]),
            wording.typeset(row["reason"] or wording.DASH),
        ]
        for position, row in enumerate(rows[:LISTED], start=1)
    ]
    note = None if len(rows) <= LISTED else f"共{len(rows)}项，此处列{LISTED}项，其余见系统。"
    return Table(title, columns, cells, note)
