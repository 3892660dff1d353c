"""What the annex holds: five sheets, their columns, and the rows of each. How a sheet is written is in ``annex``."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from orchestration.reports import wording
from orchestration.reports.checkpoints import milestone_title, pace_text, requirement, still_to_move
from orchestration.reports.consequences import STANDING, basis, kind_text, object_text, reason, source_title
from orchestration.reports.facts import Facts
from orchestration.reports.overview import band, own_value
from orchestration.reports.quality import template_title
from orchestration.reports.source import Row
from orchestration.reports.standing import ranking_title, unit_name

Cell = str | int | Decimal | date | None


GREEN, YELLOW, RED = "#C6EFCE", "#FFEB9C", "#FFC7CE"
MILESTONE_COLOURS = {
    wording.MILESTONE_STATES["met"]: GREEN,
    wording.MILESTONE_STATES["pending_benchmark"]: YELLOW,
    wording.MILESTONE_STATES["missed"]: RED,
}
BAND_COLOURS = {
    wording.TARGET_BANDS["stretch"]: GREEN,
    wording.TARGET_BANDS["target"]: GREEN,
    wording.TARGET_BANDS["floor"]: YELLOW,
    wording.TARGET_BANDS["below"]: RED,
    "未达目标": RED,
}


@dataclass(frozen=True)
class Field:
    """One column: heading, kind of FORMATS, width in characters, the cell of a row, and whether a sum stands below it.

    ``bands``: word → colour; kept as a rule of the sheet, so that sorting and filtering keep the colours.
    ``ratio_of`` names two headings whose quotient the column is; it is then a formula with the quotient cached.
    """

    title: str
    kind: str | Callable[[Row], str]
    width: float
    cell: Callable[[Row], Cell]
    summed: bool = False
    ratio_of: tuple[str, str] | None = None
    bands: Mapping[str, str] | None = None

    def kind_of(self, row: Row) -> str:
        """Name of the number format for this row: measures of different units share a column."""
        return self.kind if isinstance(self.kind, str) else self.kind(row)


@dataclass(frozen=True)
class Sheet:
    """One sheet: name, title, unit line, columns, rows."""

    name: str
    title: str
    unit: str
    fields: list[Field]
    rows: list[Row]


def annex_sheets(facts: Facts) -> list[Sheet]:
    """The sheets in their order: 排名, 节点, 目标, 奖惩, 资金, 报送."""
    return [
        _rankings(facts),
        _milestones(facts),
        _targets(facts),
        _actions(facts),
        _funds(facts),
        _reporting(facts),
    ]


def _title(facts: Facts, subject: str) -> str:
    return f"{facts.geography.full_name(facts.division_code)}{wording.month(facts.period)}{subject}"


def _measure(column: str) -> Callable[[Row], Cell]:
    return lambda row: row[column]


def _kind(row: Row) -> str:
    return {"%": "percent", "元": "yuan"}.get(row.get("unit") or "", "score")


def _wan(column: str) -> Callable[[Row], Cell]:
    return lambda row: None if row[column] is None else Decimal(row[column]) / wording.TEN_THOUSAND


def _rankings(facts: Facts) -> Sheet:
    def state(row: Row) -> Cell:
        return wording.label(wording.RANKING_STATES, row["state"])

    fields = [
        Field("排名", "text", 26, ranking_title),
        Field("轮次", "text", 14, _measure("round_code")),
        Field("单位", "text", 24, lambda row: unit_name(facts, row["division_code"])),
        Field("单位代码", "text", 16, _measure("division_code")),
        Field("得分", "score", 10, _measure("score")),
        Field("状态", "text", 12, state),
        Field("名次", "whole", 8, _measure("rank")),
        Field("倒数名次", "whole", 9, _measure("rank_from_bottom")),
        Field("参评单位数", "whole", 10, _measure("ranked_units")),
        Field("上期名次", "whole", 9, _measure("previous_rank")),
        Field("名次变化", "whole", 9, _measure("rank_change")),
        Field("与上一名次差距", "score", 13, _measure("gap_to_next")),
    ]
    return Sheet("排名", _title(facts, "排名表"), "得分：分或百分点；名次变化：上升为正", fields, facts.rankings)


def _milestones(facts: Facts) -> Sheet:
    end = wording.last_day(facts.period)

    def days(row: Row) -> Cell:
        return (row["checkpoint"] - end).days if row["state"] == "not_due" else None

    fields = [
        Field("事项", "text", 28, milestone_title),
        Field("节点日期", "date", 12, _measure("checkpoint")),
        Field("单位", "text", 20, lambda row: facts.name(row["division_code"])),
        Field("单位代码", "text", 16, _measure("division_code")),
        Field("要求", "text", 26, requirement),
        Field("门槛", _kind, 12, _measure("threshold")),
        Field("现值", _kind, 12, _absent("value")),
        Field("上级平均", _kind, 12, _measure("benchmark")),
        Field(
            "状态",
            "text",
            12,
            lambda row: wording.label(wording.MILESTONE_STATES, row["state"]),
            bands=MILESTONE_COLOURS,
        ),
        Field("达标方式", "text", 13, lambda row: wording.label(wording.MILESTONE_BRANCHES, row["branch"])),
        Field("剩余天数", "whole", 9, days),
        Field("日均需", "text", 16, lambda row: pace_text(row) if still_to_move(row) else None),
        Field("条款", "text", 14, _measure("clause_id")),
    ]
    return Sheet("节点", _title(facts, "节点完成表"), "比例：%；金额：元", fields, facts.milestones)


def _targets(facts: Facts) -> Sheet:
    fields = [
        Field("指标", "text", 26, lambda row: row["title"] or row["target"]),
        Field("单位", "text", 20, lambda row: facts.name(row["division_code"])),
        Field("单位代码", "text", 16, _measure("division_code")),
        Field("底线", _kind, 12, _measure("floor")),
        Field("目标", _kind, 12, _measure("target_value")),
        Field("争取", _kind, 12, _measure("stretch")),
        Field("现值", _kind, 12, lambda row: own_value(row) if row["value"] is None else row["value"]),
        Field("档次", "text", 12, band, bands=BAND_COLOURS),
        Field("条款", "text", 14, _measure("clause_id")),
    ]
    return Sheet("目标", _title(facts, "目标对照表"), "比例：%；金额：元", fields, facts.targets)


def _absent(column: str) -> Callable[[Row], Cell]:
    """A measure that says 未报送 where it is unknown."""
    return lambda row: wording.MISSING if row[column] is None else row[column]


def _actions(facts: Facts) -> Sheet:
    def counted(sign: int) -> Callable[[Row], Cell]:
        def cell(row: Row) -> Cell:
            stands = row["state"] in STANDING and row["amount"] is not None and row["amount"] * sign > 0
            return row["amount"] if stands else None

        return cell

    fields = [
        Field("单位", "text", 14, lambda row: facts.name(row["division_code"])),
        Field("单位代码", "text", 15, _measure("division_code")),
        Field("排名", "text", 20, source_title),
        Field("依据", "text", 13, basis),
        Field("对象", "text", 14, object_text),
        Field("措施", "text", 11, kind_text),
        Field("条款金额", "yuan", 11, _measure("amount")),
        Field("计入奖励", "yuan", 11, counted(1), summed=True),
        Field("计入扣减", "yuan", 11, counted(-1), summed=True),
        Field("状态", "text", 14, lambda row: wording.label(wording.ACTION_STATES, row["state"])),
        Field("并入", "text", 11, _measure("absorbed_by")),
        Field("条款", "text", 11, _measure("clause_id")),
        Field("条款原文", "text", 38, lambda row: (facts.clauses.get(row["clause_id"]) or {}).get("quote")),
        Field("说明", "text", 22, reason),
    ]
    return Sheet(
        "奖惩",
        _title(facts, "奖惩建议表（建议，待审定）"),
        "单位：元；奖励为正，扣减为负",
        fields,
        facts.actions,
    )


def _funds(facts: Facts) -> Sheet:
    def flag(row: Row) -> Cell:
        return None if row["advance"] is None else "是" if row["advance"] else "否"

    fields = [
        Field("文号", "text", 24, lambda row: row["document_no"] or row["receipt_id"]),
        Field("单位", "text", 18, lambda row: facts.name(row["division_code"])),
        Field("资金年度", "whole", 9, _measure("fund_year")),
        Field("级次", "text", 8, lambda row: wording.label(wording.FUND_LEVELS, row["source_level"])),
        Field("资金类型", "text", 20, lambda row: wording.label(wording.FUND_TYPES, row["fund_type"])),
        Field("提前下达", "text", 9, flag),
        Field("下达日期", "date", 12, _measure("issued_on")),
        Field("下达", "wan", 13, _wan("amount"), summed=True),
        Field("已安排", "wan", 13, _wan("allocated"), summed=True),
        Field("60日内安排", "wan", 13, _wan("allocated_within_60"), summed=True),
        Field("已支出", "wan", 13, _wan("paid"), summed=True),
        Field("安排率", "percent", 10, _measure("allocated"), ratio_of=("已安排", "下达")),
        Field("支出进度", "percent", 10, _measure("paid"), ratio_of=("已支出", "下达")),
        Field("60日期限", "date", 12, _measure("due_60_on")),
        Field(
            "60日安排",
            "text",
            10,
            lambda row: wording.label(wording.SIXTY_DAY_STATES, row["sixty_day_state"]),
        ),
    ]
    return Sheet("资金", _title(facts, "资金安排支出表"), "单位：万元", fields, facts.receipts)


def _reporting(facts: Facts) -> Sheet:
    """Units directly below the division, so that no village counts twice in the sum; a village shows itself."""
    units = set(facts.geography.children(facts.division_code)) or {facts.division_code}
    rows = [row for row in facts.reporting if row["division_code"] in units and row["villages_expected"]]
    fields = [
        Field("报表", "text", 26, template_title),
        Field("单位", "text", 22, lambda row: facts.name(row["division_code"])),
        Field("单位代码", "text", 16, _measure("division_code")),
        Field("应报", "whole", 10, _measure("villages_expected"), summed=True),
        Field("已报", "whole", 10, _measure("villages_covered"), summed=True),
        Field("按时", "whole", 10, _measure("villages_on_time"), summed=True),
        Field("报送率", "percent", 10, _measure("villages_covered"), ratio_of=("已报", "应报")),
        Field("及时率", "percent", 10, _measure("villages_on_time"), ratio_of=("按时", "应报")),
    ]
    return Sheet("报送", _title(facts, "报送情况表"), "单位：村次", fields, rows)
