"""Columns of the tables of a unit's profile."""

from dashboards.parts.tables import Column
from dashboards.words import common as words

RANKS = [
    Column("ranking_title", "排名"),
    Column("edition_period", "期别"),
    Column("score", "得分", "score", reason="state"),
    Column("rank", "名次", "count", reason="state"),
    Column("ranked_units", "参评单位", "count"),
    Column("rank_change", "较上期", "moves"),
    Column("gap_to_next", "距上一名", "score"),
]
EXITS = [
    Column("title", "项目"),
    Column("value", "现值"),
    Column("threshold", "标准"),
    Column("result", "结果", "badge", badges=words.RESULTS),
]
EXITS_INSIDE = [
    Column("title", "项目"),
    Column("passed", "达标村", "count"),
    Column("failed", "未达标村", "count"),
    Column("unknown", "未知", "count"),
    Column("failing", "未达标的村", blank="无"),
]
TARGETS = [
    Column("title", "目标"),
    Column("value", "现值", "measure", reason="state", unit="unit"),
    Column("target_value", "目标值", "measure", unit="unit"),
    Column("band", "档次", "badge", badges=words.BANDS, reason="state"),
]
HOUSEHOLDS = [
    Column("title", "项目"),
    Column("passed", "达标户", "count"),
    Column("failed", "未达标户", "count"),
    Column("unknown", "未知", "count"),
]
LISTED = [
    Column("household_id", "户编号"),
    Column("village_name", "村"),
    Column("member_count", "人口", "count"),
    Column("net_income_per_capita", "人均纯收入(元)", "score"),
    Column("failing", "未达标项"),
]
PROJECTS = [
    Column("name", "项目"),
    Column("division_name", "所在地"),
    Column("project_year", "年度"),
    Column("stage", "阶段", "badge", badges=words.STAGES),
    Column("progress", "形象进度", "rate", reason="project_state"),
    Column("allocated", "安排(万元)", "money", reason="project_state"),
    Column("paid", "支出(万元)", "money", reason="project_state"),
    Column("planned_finish", "计划竣工", "day"),
    Column("finished_on", "实际竣工", "day"),
    Column("department", "主管部门"),
]
FUNDS = [
    Column("fund_year", "资金年度"),
    Column("type_title", "资金"),
    Column("issued", "下达(万元)", "money"),
    Column("allocated", "安排(万元)", "money", reason="fund_state"),
    Column("paid", "支出(万元)", "money", reason="fund_state"),
    Column("surplus", "结余(万元)", "money", reason="fund_state"),
]
FINDINGS = [
    Column("title", "疑点"),
    Column("severity", "程度", "badge", badges=words.SEVERITIES),
    Column("findings", "条数", "count"),
    Column("department", "责任部门"),
    Column("cure", "怎样整改"),
]
OWING = [
    Column("title", "报表"),
    Column("villages_covered", "已报村数", "count"),
    Column("villages_expected", "应报村数", "count"),
    Column("department", "找谁"),
    Column("since", "自何日起", "day"),
    Column("months_running", "连续月数", "count"),
]
SUBMISSIONS = [
    Column("template_title", "报表"),
    Column("submission_id", "编号", "count"),
    Column("outcome", "结果", "badge", badges=words.OUTCOMES),
    Column("rows_accepted", "接收行", "count"),
    Column("rows_rejected", "退回行", "count"),
    Column("rows_warned", "提醒行", "count"),
    Column("reason", "原因", blank="无"),
]
