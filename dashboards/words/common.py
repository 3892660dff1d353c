"""Chinese for every code a page shows, with a symbol and a tone, so that no state rests on colour alone."""

from typing import Literal, NamedTuple

from orchestration.reports.wording import ACTION_KINDS, FUND_LEVELS, FUND_TYPES, LEVEL_TITLES

Tone = Literal["good", "warn", "bad", "info", "idle"]

__all__ = ["ACTION_KINDS", "ALL", "ALL_LABEL", "FUND_LEVELS", "FUND_TYPES", "LEVEL_TITLES"]

ALL = "all"
"""The choice that filters nothing."""
ALL_LABEL = "全部"


class Badge(NamedTuple):
    """A state as people read it: symbol (for print in black and white), words, tone (for the colour)."""

    symbol: str
    label: str
    tone: Tone


REASONS = {
    "missing": "未报送",
    "not_applicable": "不适用",
    "not_due": "未到期",
    "no_data": "无数据",
    "not_assessed": "未参评",
    "pending_announcement": "待上级通报",
    "pending_benchmark": "待上级通报",
    "due": "已到时限",
}
"""Why a value is not there."""

MILESTONES = {
    "met": Badge("✔", "已达标", "good"),
    "missed": Badge("✖", "未达标", "bad"),
    "pending_benchmark": Badge("▲", "待平均数", "warn"),
    "not_due": Badge("△", "未到期", "info"),
    "no_data": Badge("○", "无数据", "idle"),
}
BRANCHES = {"absolute": Badge("", "达到定值", "good"), "benchmark": Badge("", "高于平均", "good")}
BANDS = {
    "stretch": Badge("★", "达争取目标", "good"),
    "target": Badge("✔", "达目标", "good"),
    "floor": Badge("▲", "仅达底线", "warn"),
    "below": Badge("✖", "未达底线", "bad"),
}
LIGHTS: dict[str, Badge] = {
    "good": Badge("✔", "达标", "good"),
    "warn": Badge("▲", "预警", "warn"),
    "bad": Badge("✖", "未达标", "bad"),
    "info": Badge("△", "未到期", "info"),
    "idle": Badge("○", "无数据", "idle"),
}
BY_SHARE: dict[str, Badge] = {
    "good": Badge("✔", "全部达标", "good"),
    "warn": Badge("▲", "部分达标", "warn"),
    "bad": Badge("✖", "达标不过半", "bad"),
    "info": LIGHTS["info"],
    "idle": LIGHTS["idle"],
}
"""A unit on the wall, by the share of its due milestones and judged targets that is met."""
BY_PLACE: dict[str, Badge] = {
    "good": Badge("✔", "前列", "good"),
    "warn": Badge("▲", "居中", "warn"),
    "bad": Badge("✖", "后列", "bad"),
    "info": Badge("△", "待上级通报", "info"),
    "idle": Badge("○", "未参评", "idle"),
}
"""A unit on the wall, by its place."""
RANKING_STATES = {
    "ranked": Badge("", "参评", "good"),
    "not_assessed": Badge("○", "未参评", "idle"),
    "pending_announcement": Badge("△", "待上级通报", "info"),
}
OUTCOMES = {
    "accepted": Badge("✔", "全部接收", "good"),
    "partial": Badge("▲", "部分接收", "warn"),
    "refused": Badge("✖", "整份退回", "bad"),
    "duplicate": Badge("○", "重复报送", "idle"),
}
SEVERITIES = {
    "error": Badge("✖", "错误", "bad"),
    "warning": Badge("▲", "提醒", "warn"),
    "info": Badge("△", "提示", "info"),
}
RESULTS = {
    "pass": Badge("✔", "达标", "good"),
    "fail": Badge("✖", "未达标", "bad"),
    "unknown": Badge("○", "未知", "idle"),
}
SIXTY_DAYS = {
    "met": Badge("✔", "60日内安排完", "good"),
    "missed": Badge("✖", "超60日未安排完", "bad"),
    "running": Badge("△", "60日期限内", "info"),
    "no_data": Badge("○", "没有安排台账", "idle"),
}
STAGES = {
    "not_started": Badge("○", "未开工", "idle"),
    "in_progress": Badge("△", "在建", "info"),
    "finished": Badge("✔", "已竣工", "good"),
    "accepted": Badge("★", "已验收", "good"),
}
ACTION_STATES = {
    "proposed": Badge("▲", "拟", "warn"),
    "absorbed": Badge("○", "已被吸收", "idle"),
    "insufficient_units": Badge("○", "参评单位不足", "idle"),
    "needs_review": Badge("?", "需研究", "info"),
    "pending_announcement": Badge("△", "待上级通报", "info"),
    "verified": Badge("△", "已核实", "info"),
    "confirmed": Badge("✔", "已审定", "good"),
    "changed": Badge("✔", "审定变更", "good"),
    "waived": Badge("○", "审定免除", "idle"),
    "carried_out": Badge("★", "已执行", "good"),
}

CLAUSE_KINDS = {
    "deadline": "时限",
    "indicator": "指标",
    "classification": "分类",
    "threshold": "界线",
    "figure": "数字",
    "cadence": "定期",
    "penalty": "惩处",
    "reward": "奖励",
    "ledger": "台账",
}
"""What a clause of a scheme is about."""
FIGURES = {
    "agrees": Badge("✔", "一致", "good"),
    "differs": Badge("✖", "不一致", "bad"),
    "missing": Badge("○", "库内无值", "idle"),
    "redacted": Badge("○", "原文缺失", "idle"),
    "not_comparable": Badge("○", "无对应数据", "idle"),
}
"""Figures a document published, held against the edition."""

KEY_INDICATORS = (
    "linkage_expenditure_rate",
    "linkage_allocation_rate",
    "poverty_incidence",
    "poor_population",
    "monitored_households",
    "risk_cleared_rate",
    "exit_standard_rate",
    "income_per_capita",
    "migrant_workers",
    "employed_household_rate",
    "completion_rate",
    "overdue_projects",
    "rectification_rate",
    "loan_household_rate",
    "loan_overdue_rate",
    "reporting_rate",
)
"""Shown as key figures of the month, in this order, as far as anything was reported for them."""

PROGRESS_INDICATORS = ("linkage_expenditure_rate", "expenditure_rate")


def action_badge(kind: str, state: str) -> Badge:
    """拟奖励, 拟扣减, … while it is a proposal; the state's own words after that."""
    badge = ACTION_STATES.get(state, Badge("?", state, "idle"))
    if state != "proposed":
        return badge
    positive = kind in ("reward", "commendation")
    return Badge("＋" if positive else "－", f"拟{ACTION_KINDS.get(kind, kind)}", "good" if positive else "bad")


def with_all(wording: dict[str, str], code: str) -> str:
    """The words of a filter's choice; an unknown code shows itself."""
    return ALL_LABEL if code == ALL else wording.get(code, code)
