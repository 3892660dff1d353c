"""红黑榜: who is in the scheme's first and last places. Who ties into both is in neither; so is everyone of too few."""

from itertools import groupby

from orchestration.reports import wording
from orchestration.reports.blocks import Block, Column, Paragraph, Section, Subheading, Table
from orchestration.reports.facts import Facts
from orchestration.reports.source import Row
from orchestration.reports.standing import is_last, ranking_title, score_text


def red_black(facts: Facts) -> list[Section]:
    """红榜 and 黑榜, a table for each ranking and class."""
    red: list[Block] = []
    black: list[Block] = []
    groups = groupby(facts.rankings, key=lambda row: (row["ranking"], row["class"]))
    for _, rows in groups:
        group = [row for row in rows if row["rank"] is not None]
        own = [row for row in group if facts.inside(row["division_code"])]
        if not own:
            continue
        title = ranking_title(own[0])
        first, last = own[0]["first_places"], own[0]["last_places"]
        if (own[0]["ranked_units"] or len(group)) < first + last:
            red += [Subheading(title), Paragraph("参评单位不足，前后名次不分列。")]
            black += [Subheading(title), Paragraph("参评单位不足，前后名次不分列。")]
            continue
        leading = [row for row in own if row["rank"] <= first and not is_last(row)]
        trailing = [row for row in own if is_last(row) and row["rank"] > first]
        both = [facts.name(row["division_code"]) for row in own if row["rank"] <= first and is_last(row)]
        red += [Subheading(title), *_table(facts, leading, f"前{wording.numeral(first)}名", both)]
        black += [Subheading(title), *_table(facts, trailing, f"后{wording.numeral(last)}名", both)]
    nothing: list[Block] = [Paragraph("本期没有可以列榜的排名。")]
    return [Section("红榜", red or nothing), Section("黑榜", black or nothing)]


def _table(facts: Facts, rows: list[Row], group: str, both: list[str]) -> list[Block]:
    blocks: list[Block] = []
    if rows:
        columns = [
            Column("名次", 1),
            Column("单位", 2.6, "left"),
            Column("得分", 1.4, "right"),
            Column("上期名次", 1.2),
            Column("变化", 1.2),
        ]
        cells = [
            [
                f"第{row['rank']}名",
                facts.name(row["division_code"]),
                score_text(row),
                wording.DASH if row["previous_rank"] is None else str(row["previous_rank"]),
                wording.rank_change(row["rank_change"]),
            ]
            for row in rows
        ]
        blocks.append(Table(group, columns, cells, "得分相同者名次并列，同列一榜。"))
    else:
        blocks.append(Paragraph(f"{group}中没有本辖区单位。"))
    if both:
        blocks.append(Paragraph(f"并列同时落入前后两组，不列榜、待研究的：{wording.listed(both)}。"))
    return blocks
