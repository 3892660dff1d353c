"""退回整改通知: to one submitter, the month's files that were sent back in whole or in part, why, and what to mend.

Neither a file's name nor a cell's value is printed: both may hold a person's.
"""

from collections import defaultdict
from datetime import timedelta

from orchestration.reports import wording
from orchestration.reports.blocks import Block, Column, Paragraph, Section, Table
from orchestration.reports.context import Context
from orchestration.reports.facts import Facts
from orchestration.reports.quality import OUTCOMES, template_title
from orchestration.reports.source import Row

RETURNED = ("refused", "partial")
ROWS_NAMED = 12
"""Row numbers named for one kind of error; the annotated workbook marks them all."""


def returned_files(facts: Facts) -> list[Row]:
    """The period's files sent back that nothing received later has replaced."""
    standing = []
    for row in facts.submissions:
        if row["outcome"] not in RETURNED:
            continue
        later = [
            other
            for other in facts.submissions
            if other["submission_id"] > row["submission_id"]
            and other["template"] == row["template"]
            and other["outcome"] in ("accepted", "partial")
            and facts.geography.contains(other["scope_code"], row["scope_code"])
        ]
        if not later:
            standing.append(row)
    return standing


def returned(context: Context) -> list[Section]:
    """The list of files, the errors by kind, and until when."""
    facts = context.facts
    files = [row for row in returned_files(facts) if row["scope_code"] == context.unit]
    columns = [
        Column("编号", 0.8),
        Column("报表", 2, "left"),
        Column("收到时间", 2.2),
        Column("结果", 1.3),
        Column("读取行", 0.95, "right"),
        Column("接收行", 0.95, "right"),
        Column("退回行", 0.95, "right"),
    ]
    cells = [
        [
            str(row["submission_id"]),
            template_title(row),
            wording.moment(row["received_at"]),
            OUTCOMES[row["outcome"]],
            *(str(row[column]) for column in ("rows_read", "rows_accepted", "rows_rejected")),
        ]
        for row in files
    ]
    blocks: list[Block] = [Table("退回的报送", columns, cells, "读取行＝接收行＋退回行；编号为接收时的顺序号。")]
    reasons = _reasons(context, [row["submission_id"] for row in files])
    blocks += [
        Paragraph(
            f"第{row['submission_id']}号{template_title(row)}：{wording.typeset(reasons[row['submission_id']])}。"
        )
        for row in files
        if reasons.get(row["submission_id"])
    ]
    errors = _errors(context, [row["submission_id"] for row in files])
    if errors:
        blocks.append(_error_table(errors))
    return [Section("退回情况", blocks), Section("整改要求", [Paragraph(text) for text in _demands(context, files)])]


def _reasons(context: Context, submissions: list[int]) -> dict[int, str | None]:
    """Why a whole file was refused: words about the file and its head, never about a row."""
    rows = context.edition.rows(
        "select submission_id, reason from marts.fct_submission where list_contains($1, submission_id)", submissions
    )
    return {row["submission_id"]: row["reason"] for row in rows}


def _errors(context: Context, submissions: list[int]) -> dict[tuple[int, str], list[int]]:
    found: dict[tuple[int, str], list[int]] = defaultdict(list)
    rows = context.edition.rows(
        """
        select submission_id, row_number, message
        from marts.fct_rejected_row
        where list_contains($1, submission_id)
        order by submission_id, message, row_number
        """,
        submissions,
    )
    for row in rows:
        found[row["submission_id"], row["message"]].append(row["row_number"])
    return found


def _error_table(errors: dict[tuple[int, str], list[int]]) -> Table:
    columns = [
        Column("编号", 0.8),
        Column("错误和改法", 4.6, "left"),
        Column("处数", 0.9, "right"),
        Column("行号", 3, "left"),
    ]
    cells = [
        [
            str(submission),
            wording.typeset(message),
            str(len(numbers)),
            wording.listed([str(number) for number in dict.fromkeys(numbers)], ROWS_NAMED).replace("个", "行"),
        ]
        for (submission, message), numbers in errors.items()
    ]
    return Table("错误明细", columns, cells, "各处单元格已在退回的原表上标色并批注；行号为表格中的行号。")


def _demands(context: Context, files: list[Row]) -> list[str]:
    facts: Facts = context.facts
    due = wording.last_day(facts.period) + timedelta(days=context.due_day)
    late = facts.head.as_of.date() > due
    titles = wording.listed(list(dict.fromkeys(template_title(row) for row in files)))
    when = (
        f"本月报送期限（{wording.day(due)}）已过，请在收到本通知后立即改正重报"
        if late
        else f"请在{wording.day(due)}前改正重报"
    )
    return [
        f"请对照上表和退回的原表逐处改正{titles}，{when}；重报的文件须包含全部应报的行，以新报的为准。",
        "整份退回的报送没有入库，有关指标按“未报送”列示，不以零计；部分接收的，退回的行没有入库。",
    ]
