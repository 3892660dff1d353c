"""村级体检表: one page a village — exit items, figures against targets, places, households failing (numbers only),
projects, issues, reports owed."""

from collections import defaultdict
from dataclasses import replace

from orchestration.reports import wording
from orchestration.reports.blocks import Block, Column, Section, Table
from orchestration.reports.context import Context
from orchestration.reports.facts import Facts
from orchestration.reports.quality import shortfalls, template_title
from orchestration.reports.source import Row

EXIT_ITEMS = {
    "incidence": "贫困发生率",
    "road": "通村道路",
    "drinking_water": "安全饮水",
    "power": "生活用电",
    "culture_centre": "综合文化中心",
    "clinic": "标准化卫生室",
    "broadband": "宽带网络",
    "broadcast": "广播电视",
    "collective_income": "村集体经济收入",
    "main_industry": "主导产业",
    "overall": "综合",
}
RESULTS = {"pass": "达标", "fail": "未达标", "unknown": "未知"}
HOUSEHOLD_ITEMS = {
    "income_ok": "收入",
    "food_ok": "吃",
    "clothing_ok": "穿",
    "education_ok": "义务教育",
    "medical_ok": "基本医疗",
    "housing_ok": "住房",
    "water_ok": "饮水",
    "exit_standard": "综合",
}
TARGETS, RANKS = 14, 6
"""Rows that leave a village on one page; what is left out is said."""


def villages(facts: Facts) -> list[str]:
    """Codes of the villages of the division in code order."""
    geography = facts.geography
    if geography.level(facts.division_code) == "village":
        return [facts.division_code]
    found: list[str] = []
    open_codes = [facts.division_code]
    while open_codes:
        code = open_codes.pop(0)
        if geography.level(code) == "village":
            found.append(code)
        open_codes = [*geography.children(code), *open_codes]
    return found


def checkup(context: Context) -> list[Section]:
    """One section, and so one page, a village."""
    facts = context.facts
    exits = _by_village(_exit_rows(context), "village_code")
    households = _by_village(_household_rows(context), "village_code")
    projects = _by_village(_project_rows(context), "division_code")
    ranks = _by_village(_rank_rows(context), "division_code")
    targets = _by_village(facts.targets, "division_code")
    findings = _by_village(facts.findings, "division_code")
    pages = []
    for code in villages(facts):
        tables = [
            *_exit_table(exits[code]),
            *_target_table(targets[code]),
            *_rank_table(ranks[code]),
            *_household_table(households[code]),
            _rest(facts, code, projects[code], findings[code]),
        ]
        blocks: list[Block] = [
            replace(table, caption=f"{wording.numeral(position)}、{table.caption}")
            for position, table in enumerate(tables, start=1)
        ]
        pages.append(Section(facts.geography.full_name(code), blocks, page=True))
    return pages


def _by_village(rows: list[Row], column: str) -> dict[str, list[Row]]:
    grouped: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        grouped[row[column]].append(row)
    return grouped


def _exit_table(rows: list[Row]) -> list[Table]:
    """The items of 1+7+2 in two halves side by side, so that they take few lines."""
    cells = [
        [EXIT_ITEMS.get(row["item"], row["item"]), _exit_value(row), RESULTS[row["result"]]]
        for row in sorted(rows, key=lambda row: list(EXIT_ITEMS).index(row["item"]))
    ]
    columns = [Column("项目", 1.7, "left"), Column("现值/标准", 2.2), Column("结果", 0.9)] * 2
    half = (len(cells) + 1) // 2
    right = [*cells[half:], *([["", "", ""]] * half)]
    rows_out = [[*left, *other] for left, other in zip(cells[:half], right, strict=False)]
    return [Table("贫困村退出（1+7+2）", columns, rows_out or [[wording.MISSING, *[""] * 5]])]


def _exit_value(row: Row) -> str:
    if row["item"] in ("incidence", "collective_income"):
        unit = "%" if row["item"] == "incidence" else "元"
        limit = wording.measured(row["threshold"], unit, wording.DASH)
        return f"{wording.measured(row['value'], unit)}/{limit}"
    if row["item"] == "overall":
        return f"{wording.number(row['value'] or 0)}/{wording.number(row['threshold'] or 0)}项"
    if row["item"] == "main_industry":
        return {"pass": "有", "fail": "无"}.get(row["result"], wording.MISSING)
    return {1: "有", 0: "无"}.get(row["value"], wording.MISSING)


def _target_table(rows: list[Row]) -> list[Table]:
    if not rows:
        return []
    order = {"below": 0, "floor": 1, None: 2, "target": 3, "stretch": 4}
    shown = sorted(rows, key=lambda row: (order.get(row["band"], 2), row["target"], row["clause_id"]))[:TARGETS]
    cells = [
        [
            row["title"] or row["target"],
            wording.measured(row["value"], row["unit"]),
            wording.label(wording.OPERATORS, row["target_value_operator"])
            + wording.measured(row["target_value"], row["unit"], ""),
            wording.label(wording.TARGET_BANDS, row["band"]) if row["value"] is not None else wording.DASH,
            row["clause_id"],
        ]
        for row in shown
    ]
    columns = [
        Column("指标", 2.6, "left"),
        Column("现值", 1.3, "right"),
        Column("目标", 1.8, "right"),
        Column("档次", 1.3),
        Column("条款", 1.3),
    ]
    note = None if len(shown) == len(rows) else f"共{len(rows)}项，先列未达的{len(shown)}项。"
    return [Table("指标对照目标", columns, cells, note)]


def _rank_table(rows: list[Row]) -> list[Table]:
    if not rows:
        return []
    cells = [
        [
            wording.typeset(row["title"] or row["ranking"]),
            wording.month(row["edition_period"]),
            wording.label(wording.RANKING_STATES, row["state"])
            if row["score"] is None
            else wording.number(row["score"], row["decimals"]),
            wording.DASH if row["rank"] is None else f"{row['rank']}/{row['ranked_units'] or wording.DASH}",
            wording.rank_change(row["rank_change"]),
        ]
        for row in rows[:RANKS]
    ]
    columns = [
        Column("排名", 3.4, "left"),
        Column("月份", 1.5),
        Column("得分", 1.3, "right"),
        Column("名次/单位数", 1.4),
        Column("变化", 1),
    ]
    return [Table("名次", columns, cells)]


def _household_table(rows: list[Row]) -> list[Table]:
    if not rows:
        return [Table("建档立卡户两不愁三保障（户）", [Column("情况")], [["农户台账未报送"]])]
    columns = [Column("结果", 1), *(Column(title, 1, "right") for title in HOUSEHOLD_ITEMS.values())]
    cells = [
        [title, *(str(rows[0][f"{item}_{result}"]) for item in HOUSEHOLD_ITEMS)] for result, title in RESULTS.items()
    ]
    return [Table("建档立卡户两不愁三保障（户）", columns, cells, "未知不算达标；只列户数，不列姓名。")]


def _rest(facts: Facts, code: str, projects: list[Row], findings: list[Row]) -> Table:
    counts = projects[0] if projects else None
    issues = "；".join(f"{wording.typeset(row['title'])}{row['findings']}条" for row in findings)
    parent = facts.geography.parent(code)
    owed = shortfalls(facts).get(code) if parent == facts.division_code else _owed(facts, code)
    rows = [
        [
            "项目",
            "没有落在本村的项目"
            if counts is None
            else f"{counts['projects']}个，已竣工{counts['finished']}个，逾期{counts['overdue']}个，"
            f"计划投资{wording.in_wan(counts['planned'])}万元，已支付{wording.in_wan(counts['paid'])}万元",
        ],
        ["跨表核对", issues or "没有发现矛盾"],
        ["未报报表", "、".join(owed) if owed else "应报的均已报送"],
    ]
    return Table("项目、疑点和报送", [Column("事项", 1), Column("情况", 6, "left")], rows)


def _owed(facts: Facts, code: str) -> list[str]:
    return [
        template_title(row)
        for row in facts.reporting
        if row["division_code"] == code and (row["villages_covered"] or 0) < (row["villages_expected"] or 0)
    ]


def _exit_rows(context: Context) -> list[Row]:
    rows = context.edition.rows(
        """
        select village_code, item, value, threshold, result
        from marts.fct_village_exit
        where period = $1
        order by village_code, item
        """,
        context.facts.period,
    )
    return [row for row in rows if row["item"] in EXIT_ITEMS]


def _household_rows(context: Context) -> list[Row]:
    counts = ", ".join(
        f"count(*) filter ({item} = '{result}') as {item}_{result}" for item in HOUSEHOLD_ITEMS for result in RESULTS
    )
    return context.edition.rows(
        f"""
        select village_code, {counts}
        from marts.fct_household
        where period = $1 and registered
        group by village_code
        """,
        context.facts.period,
    )


def _project_rows(context: Context) -> list[Row]:
    return context.edition.rows(
        """
        select
            division_code, count(*) as projects, count(*) filter (stage in ('finished', 'accepted')) as finished,
            count(*) filter (overdue) as overdue, sum(planned_amount) as planned, sum(paid) as paid,
        from marts.fct_project
        where period = $1
        group by division_code
        """,
        context.facts.period,
    )


def _rank_rows(context: Context) -> list[Row]:
    return context.edition.rows(
        """
        select
            fact.division_code, fact.ranking, head.title, fact.edition_period, fact.score, fact.state, fact.rank,
            fact.ranked_units, fact.rank_change, coalesce(head.decimals, 2) as decimals,
        from marts.fct_ranking as fact
        inner join marts.dim_ranking as head using (scheme, ranking)
        where fact.scheme = $1 and fact.edition_period <= $2 and head.unit_level = 'village'
        order by fact.division_code, fact.edition_period desc, fact.ranking
        """,
        context.facts.scheme.code,
        context.facts.period,
    )
