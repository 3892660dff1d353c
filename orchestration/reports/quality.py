"""Part 五: who reported, who did not, what was sent back, and how many inconsistencies the checks found."""

from collections import Counter
from decimal import Decimal

from orchestration.reports import wording
from orchestration.reports.blocks import Block, Column, Paragraph, Section, Table
from orchestration.reports.facts import Facts
from orchestration.reports.source import Row

OUTCOMES = {"accepted": "接收", "partial": "部分接收", "refused": "整份退回", "duplicate": "重复"}
SEVERITIES = {"error": "错误", "warning": "疑点", "info": "提示"}
MISSING_ROWS = 30


def quality(facts: Facts) -> Section:
    """Reporting by template, missing units, submissions and findings."""
    blocks: list[Block] = [Paragraph(_submissions(facts))]
    own = [row for row in facts.reporting if row["division_code"] == facts.division_code and row["villages_expected"]]
    if own:
        blocks.append(_templates(own))
    blocks += _missing(facts, own)
    blocks += _findings(facts)
    return Section("报送情况与数据质量", blocks)


def template_title(row: Row) -> str:
    return row["template_title"] or row["template"]


def _submissions(facts: Facts) -> str:
    if not facts.submissions:
        return f"{wording.month(facts.period)}没有收到涉及本辖区的报送。"
    outcomes = Counter(row["outcome"] for row in facts.submissions)
    files = "、".join(f"{title}{outcomes[code]}份" for code, title in OUTCOMES.items() if outcomes[code])
    read, accepted, rejected = (
        sum(row[column] or 0 for row in facts.submissions) for column in ("rows_read", "rows_accepted", "rows_rejected")
    )
    text = (
        f"{wording.month(facts.period)}收到涉及本辖区的报送{len(facts.submissions)}份：{files}。"
        f"共读入{read}行，接收{accepted}行，退回{rejected}行"
    )
    return f"{text}，退回率{wording.percent(Decimal(rejected) / Decimal(read))}。" if read else f"{text}。"


def _templates(rows: list[Row]) -> Table:
    columns = [
        Column("报表", 3, "left"),
        Column("应报村数", 1.2, "right"),
        Column("已报", 1.2, "right"),
        Column("按时", 1.2, "right"),
        Column("报送率", 1.3, "right"),
        Column("及时率", 1.3, "right"),
    ]
    cells = [
        [
            template_title(row),
            str(row["villages_expected"]),
            str(row["villages_covered"]),
            str(row["villages_on_time"]),
            _share(row["villages_covered"], row["villages_expected"]),
            _share(row["villages_on_time"], row["villages_expected"]),
        ]
        for row in rows
    ]
    return Table("各报表报送情况", columns, cells)


def _missing(facts: Facts, own: list[Row]) -> list[Block]:
    """Templates nobody reported in one sentence; for the others the units directly below that fall short."""
    silent = {row["template"] for row in own if not row["villages_covered"]}
    blocks: list[Block] = []
    if silent:
        titles = [template_title(row) for row in own if row["template"] in silent]
        blocks.append(Paragraph(f"全辖区未报送的报表：{wording.listed(titles, 20)}。"))
    short = shortfalls(facts)
    if not short:
        if own and len(silent) < len(own):
            blocks.append(Paragraph("其余报表所辖单位均已报齐。" if silent else "所辖单位均已报齐。"))
        return blocks
    cells = [[facts.name(code), "、".join(words)] for code, words in short.items()]
    note = "括号内为已报村数/应报村数；一村未报的指标列“未报送”，不以零计。"
    if len(cells) > MISSING_ROWS:
        note += f"共{len(cells)}个单位，此处列{MISSING_ROWS}个，其余见附表。"
    columns = [Column("单位", 1.5, "left"), Column("未报或未报齐的报表", 5, "left")]
    blocks.append(Table("未报齐单位", columns, cells[:MISSING_ROWS], note))
    return blocks


def shortfalls(facts: Facts) -> dict[str, list[str]]:
    """Units directly below the division that fall short, with the reports they owe; those nobody gave left out."""
    silent = {
        row["template"]
        for row in facts.reporting
        if row["division_code"] == facts.division_code and not row["villages_covered"]
    }
    below = set(facts.geography.children(facts.division_code))
    short: dict[str, list[str]] = {}
    for row in facts.reporting:
        covered, expected = row["villages_covered"] or 0, row["villages_expected"] or 0
        if row["division_code"] in below and row["template"] not in silent and covered < expected:
            short.setdefault(row["division_code"], []).append(_shortfall(row))
    return dict(sorted(short.items()))


def _shortfall(row: Row) -> str:
    if row["villages_expected"] == 1:
        return template_title(row)
    return f"{template_title(row)}（{row['villages_covered'] or 0}/{row['villages_expected']}）"


def _share(part: int, whole: int) -> str:
    return wording.percent(Decimal(part) / Decimal(whole)) if whole else wording.DASH


def _findings(facts: Facts) -> list[Block]:
    """Inconsistencies by kind: numbers only, the rows concerned are for those who may see them."""
    if not facts.findings:
        return [Paragraph("跨表核对没有发现矛盾。")]
    severities: Counter[str] = Counter()
    kinds: Counter[tuple[str, str, str]] = Counter()
    for row in facts.findings:
        severities[row["severity"]] += row["findings"]
        kinds[row["severity"], row["department"], row["title"]] += row["findings"]
    parts = "、".join(f"{wording.label(SEVERITIES, code)}{number}条" for code, number in sorted(severities.items()))
    cells = [
        [wording.typeset(title), wording.label(SEVERITIES, severity), wording.typeset(department), str(number)]
        for (severity, department, title), number in sorted(kinds.items())
    ]
    columns = [Column("事项", 4, "left"), Column("性质", 1.2), Column("核改部门", 2), Column("条数", 1.5, "right")]
    return [
        Paragraph(f"跨表核对发现{severities.total()}条：{parts}，明细请在系统内核实处理。"),
        Table("跨表核对情况", columns, cells),
    ]
