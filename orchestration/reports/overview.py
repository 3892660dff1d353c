"""Part 一: the division's own key figures against last month and last year, and where it stands against its targets."""

from collections import Counter
from itertools import groupby

from orchestration.reports import wording
from orchestration.reports.blocks import Block, Column, Paragraph, Section, Subheading, Table
from orchestration.reports.facts import Facts
from orchestration.reports.source import Row

SPOKEN = 4
"""So many figures are said in the text; the table has all."""


def overview(facts: Facts) -> Section:
    """Key indicators and targets of the scheme."""
    blocks: list[Block] = [Subheading("（一）主要指标")]
    blocks += _indicators(facts)
    if facts.targets:
        blocks.append(Subheading("（二）目标对照"))
        blocks += _targets(facts)
    return Section("总体情况", blocks)


def value_text(row: Row) -> str:
    """An indicator's value, or the word for why there is none."""
    if row["value"] is not None:
        return wording.measured(row["value"], row["unit"])
    return wording.INDICATOR_STATES.get(row["state"], wording.MISSING)


def _indicators(facts: Facts) -> list[Block]:
    where = facts.geography.full_name(facts.division_code)
    if not facts.indicators:
        return [Paragraph(f"{wording.month(facts.period)}，本办法未对{where}设定量化指标。")]
    known = [row for row in facts.indicators if row["value"] is not None]
    spoken = "；".join(f"{row['title']}{value_text(row)}{_moved(row)}" for row in known[:SPOKEN])
    silent = [row["title"] for row in facts.indicators if row["value"] is None and row["state"] != "not_applicable"]
    opening = f"截至{wording.day(wording.last_day(facts.period))}，{where}"
    sentences = [f"{opening}{spoken}。" if known else f"{opening}所列指标均未报送。"]
    if known and silent:
        sentences.append(f"{wording.listed(silent)}未报送，不以零计。")
    columns = [
        Column("指标", 2.8, "left"),
        Column("本月", 1.7, "right"),
        Column("较上月", 2.5, "right"),
        Column("较上年同期", 2.5, "right"),
        Column("覆盖村", 1.4, "right"),
    ]
    rows = [
        [
            row["title"],
            value_text(row),
            wording.change(row["value"], row["previous_value"], row["unit"]),
            wording.change(row["value"], row["year_ago_value"], row["unit"]),
            wording.DASH if row["value"] is None else wording.percent(row["coverage"], wording.DASH),
        ]
        for row in facts.indicators
    ]
    note = "覆盖村为已报送村占应报送村的比例；“—”表示没有可比的数。"
    return [
        Paragraph("".join(sentences)),
        Table(f"{facts.name(facts.division_code)}主要指标", columns, rows, note),
    ]


def _moved(row: Row) -> str:
    if row["previous_value"] is None:
        return ""
    moved = wording.change(row["value"], row["previous_value"], row["unit"])
    return "，与上月持平" if moved == "持平" else f"，较上月{moved}"


def _targets(facts: Facts) -> list[Block]:
    rows: list[list[str]] = []
    sentences: list[str] = []
    for _, group in groupby(facts.targets, key=lambda row: (row["target"], row["clause_id"])):
        units = list(group)
        head = units[0]
        own = next((row for row in units if row["division_code"] == facts.division_code), None)
        others = [row for row in units if row["division_code"] != facts.division_code]
        below = [row for row in others if row["band"] == "below"]
        names = [facts.name(row["division_code"]) for row in below]
        title = head["title"] or head["target"]
        rows.append(
            [
                title,
                _demand(units, "floor"),
                _demand(units, "target_value"),
                _demand(units, "stretch"),
                wording.DASH if own is None else own_value(own),
                wording.DASH if own is None else band(own),
                _counts(others),
            ]
        )
        if below:
            sentences.append(f"{title}{_band_text(below[0])}的有{wording.listed(names)}")
    columns = [
        Column("指标", 2.6, "left"),
        Column("底线", 1.7, "right"),
        Column("目标", 1.9, "right"),
        Column("争取", 1.5, "right"),
        Column("现值", 1.5, "right"),
        Column("档次", 1.5),
        Column("所辖单位", 2.2, "left"),
    ]
    table = Table("目标对照", columns, rows, "所辖单位一栏为各档次的单位数。")
    return [Paragraph("；".join(sentences) + "。"), table] if sentences else [table]


def _demand(units: list[Row], band: str) -> str:
    """A band's operator in words and its threshold; where classes of units differ, each of them."""
    values = sorted({row[band] for row in units if row[band] is not None})
    if not values:
        return wording.DASH
    operator = wording.OPERATORS.get(units[0][f"{band}_operator"], "")
    return operator + "/".join(wording.measured(value, units[0]["unit"]) for value in values)


def own_value(row: Row) -> str:
    """A target's value, or the word for why there is none."""
    absent = {"not_applicable": wording.NOT_APPLICABLE, "not_due": "未到期"}.get(row["state"], wording.MISSING)
    return wording.measured(row["value"], row["unit"], absent)


def band(row: Row) -> str:
    """The band reached; a dash where there is no value."""
    return wording.DASH if row["value"] is None else _band_text(row)


def _band_text(row: Row) -> str:
    """The band reached; below everything is 未达目标 where the document sets no floor."""
    if row["band"] == "below" and row["floor"] is None:
        return "未达目标"
    return wording.TARGET_BANDS.get(row["band"], wording.MISSING)


def _counts(units: list[Row]) -> str:
    """Units by band: 达目标3、未达底线1、未报送2; a dash when the target is held for the division alone."""
    if not units:
        return wording.DASH
    counts = Counter(_band_text(row) for row in units)
    order = [*wording.TARGET_BANDS.values(), "未达目标", wording.MISSING]
    return "、".join(f"{name}{counts[name]}" for name in order if counts[name])
