"""Part 二: the rankings of the period, ties kept, with the units not assessed and those still to be announced."""

from decimal import Decimal
from itertools import groupby

from orchestration.reports import wording
from orchestration.reports.blocks import Bar, Block, Chart, Column, Paragraph, Section, Subheading, Table
from orchestration.reports.facts import Facts
from orchestration.reports.source import Row

TABLE_ROWS = 40
"""A longer ranking shows the bulletin's own units and both ends; the annex has every row."""
BARS = 24


def standing(facts: Facts) -> Section:
    """One sub-part for each ranking and class."""
    blocks: list[Block] = []
    groups = [list(g) for _, g in groupby(facts.rankings, key=lambda row: (row["ranking"], row["class"]))]
    groups = [group for group in groups if any(facts.inside(row["division_code"]) for row in group)]
    for position, group in enumerate(groups, start=1):
        blocks.append(Subheading(f"（{wording.numeral(position)}）{ranking_title(group[0])}"))
        blocks += _ranking(facts, group)
    return Section("排名情况", blocks or [Paragraph("本期本办法没有排名。")])


def ranking_title(row: Row) -> str:
    """Title of a ranking with its class where it has classes."""
    title = wording.typeset(row["title"] or row["ranking"])
    return title if row["class"] in (None, "all") else f"{title}（{row['class']}）"


def score_text(row: Row) -> str:
    """Score to the scheme's decimals; a unit without a score shows its state, never 0."""
    if row["score"] is None:
        return wording.label(wording.RANKING_STATES, row["state"]) if row["state"] != "ranked" else wording.MISSING
    return wording.number(row["score"], row["decimals"])


def unit_name(facts: Facts, code: str) -> str:
    """Own units by name, units of elsewhere with the name of what they belong to."""
    return facts.name(code) if facts.inside(code) else facts.geography.full_name(code)


def _ranking(facts: Facts, group: list[Row]) -> list[Block]:
    ranked = [row for row in group if row["rank"] is not None]
    own = [row for row in ranked if facts.inside(row["division_code"])]
    blocks: list[Block] = [Paragraph(_summary(facts, group, ranked, own))]
    if ranked:
        shown = _shown(facts, ranked)
        blocks.append(_table(facts, group[0], ranked, shown))
        if len(own) > 1:
            blocks.append(_chart(facts, group[0], shown))
    return blocks


def _summary(facts: Facts, group: list[Row], ranked: list[Row], own: list[Row]) -> str:
    sentences: list[str] = []
    population = group[0]["population_code"]
    wider = population is not None and not facts.inside(population)
    if ranked:
        units = max((row["ranked_units"] or 0 for row in ranked), default=0) or len(ranked)
        place = f"排名范围为{facts.geography.full_name(population)}全部参评单位，" if wider else ""
        sentences.append(f"{place}参评{units}个单位")
        if wider:
            places = [f"{facts.name(row['division_code'])}第{row['rank']}名" for row in own]
            sentences.append(f"，其中{facts.name(facts.division_code)}{len(own)}个：{wording.listed(places)}。")
        else:
            sentences.append("。")
            sentences.append(_ends(facts, ranked))
    absent = [unit_name(facts, row["division_code"]) for row in group if row["state"] == "not_assessed"]
    if absent:
        sentences.append(f"未参评{len(absent)}个，不列名次：{wording.listed(absent)}。")
    pending = [
        facts.name(row["division_code"])
        for row in group
        if row["state"] == "pending_announcement" and facts.inside(row["division_code"])
    ]
    if pending:
        sentences.append(f"名次待上级通报{len(pending)}个：{wording.listed(pending)}。")
    return "".join(sentences)


def _ends(facts: Facts, ranked: list[Row]) -> str:
    """Who leads and who is last, by rank (ties together), where the two groups do not overlap."""
    first, last = ranked[0]["first_places"], ranked[0]["last_places"]
    leading = [row for row in ranked if row["rank"] <= first]
    trailing = [row for row in ranked if is_last(row)]
    lead = wording.listed([f"{unit_name(facts, row['division_code'])}（{score_text(row)}）" for row in leading])
    trail = wording.listed([f"{unit_name(facts, row['division_code'])}（{score_text(row)}）" for row in trailing])
    if len(ranked) < first + last or not trailing:
        return f"前列为{lead}。"
    return f"前{wording.numeral(first)}名为{lead}；后{wording.numeral(last)}名为{trail}。"


def is_last(row: Row) -> bool:
    """Whether a unit stands in the last places of its ranking."""
    return row["rank_from_bottom"] is not None and row["rank_from_bottom"] <= row["last_places"]


def _shown(facts: Facts, ranked: list[Row]) -> list[Row]:
    if len(ranked) <= TABLE_ROWS:
        return ranked
    chosen = [
        row
        for row in ranked
        if facts.inside(row["division_code"]) or row["rank"] <= row["first_places"] or is_last(row)
    ]
    return _both_ends(chosen, TABLE_ROWS)


def _both_ends(rows: list[Row], most: int) -> list[Row]:
    """All rows, or as many from the top as from the bottom."""
    return rows if len(rows) <= most else [*rows[: most // 2], *rows[-(most // 2) :]]


def _table(facts: Facts, head: Row, ranked: list[Row], shown: list[Row]) -> Table:
    score_title = "得分" if head["indicator_code"] is None else f"得分（{head['unit'] or ''}）".replace("（）", "")
    columns = [
        Column("名次", 1),
        Column("单位", 2.6, "left"),
        Column(score_title, 1.4, "right"),
        Column("上期名次", 1.2),
        Column("变化", 1.1),
        Column("与上一名次差距", 1.8, "right"),
    ]
    rows = [
        [
            _place(row, ranked),
            unit_name(facts, row["division_code"]),
            score_text(row),
            wording.DASH if row["previous_rank"] is None else str(row["previous_rank"]),
            wording.rank_change(row["rank_change"]),
            wording.DASH if row["gap_to_next"] is None else wording.number(row["gap_to_next"], row["decimals"]),
        ]
        for row in shown
    ]
    notes = ["得分相同者名次并列，标“并列”；不以代码或名称区分先后。"]
    if len(shown) < len(ranked):
        notes.append(f"共{len(ranked)}个单位，此处列{len(shown)}个，其余见附表。")
    wider = any(not facts.inside(row["division_code"]) for row in shown)
    own = [i for i, row in enumerate(shown) if wider and facts.inside(row["division_code"])]
    return Table(f"{ranking_title(head)}名次", columns, rows, "".join(notes), own)


def _place(row: Row, ranked: list[Row]) -> str:
    shared = sum(1 for other in ranked if other["rank"] == row["rank"]) > 1
    return f"并列{row['rank']}" if shared else str(row["rank"])


def _chart(facts: Facts, head: Row, shown: list[Row]) -> Chart:
    bars = [
        Bar(
            unit_name(facts, row["division_code"]),
            Decimal(row["score"]),
            score_text(row),
            facts.inside(row["division_code"]),
        )
        for row in _both_ends(shown, BARS)
        if row["score"] is not None
    ]
    note = None if len(shown) <= BARS else f"列前{BARS // 2}个和后{BARS // 2}个。"
    return Chart(f"{ranking_title(head)}得分", bars, note)
