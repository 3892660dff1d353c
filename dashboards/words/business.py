"""Chinese for the codes of the business pages: households, exit items, findings, issues, assets, payments."""

from dashboards.words.common import Badge

HOUSEHOLD_TYPES = {
    "general": "一般户",
    "poor": "未脱贫户",
    "exited": "脱贫户",
    "exited_unstable": "脱贫不稳定户",
    "marginal": "边缘易致贫户",
    "sudden_hardship": "突发严重困难户",
}
EXIT_ITEMS = {
    "exit_standard": "全部达标",
    "food_ok": "不愁吃",
    "clothing_ok": "不愁穿",
    "education_ok": "义务教育",
    "medical_ok": "基本医疗",
    "housing_ok": "住房安全",
    "water_ok": "饮水安全",
    "income_ok": "收入",
}
"""两不愁三保障, drinking water and income, with the whole first."""
RESULTS = {
    "pass": Badge("✔", "达标", "good"),
    "fail": Badge("✖", "未达标", "bad"),
    "unknown": Badge("○", "未知", "idle"),
}
MONITORED = {"monitored": Badge("▲", "监测中", "warn"), "not_monitored": Badge("", "否", "idle")}
MONITORED_TYPES = {
    "exited_unstable": Badge("▲", "脱贫不稳定户", "warn"),
    "marginal": Badge("△", "边缘易致贫户", "info"),
    "sudden_hardship": Badge("✖", "突发严重困难户", "bad"),
}
"""Types of households that are monitored."""
PROJECT_CATEGORIES = {
    "industry": "产业发展",
    "infrastructure": "基础设施",
    "public_service": "公共服务",
    "other": "其他",
}
SEVERITIES = {"error": Badge("✖", "错误", "bad"), "warning": Badge("▲", "疑点", "warn")}
ENTITY_TYPES = {
    "household": "农户",
    "person": "人员",
    "village": "村",
    "division": "区划",
    "indicator": "指标",
    "project": "项目",
    "allocation": "资金安排",
    "receipt": "资金文号",
    "payment": "支付",
    "loan": "贷款",
    "rectification": "问题",
    "asset": "资产",
    "support_unit": "包村单位",
    "team_member": "驻村队员",
    "submission": "报送",
}
MONITORING_FINDINGS = ("should_be_monitored", "quick_clear", "wrong_exit", "should_exit")
"""Findings about who is in, out, or should be."""
SURPLUS = {
    "recallable": Badge("✖", "应收回", "bad"),
    "carried": Badge("▲", "上年结余", "warn"),
}
ISSUE_SOURCES = {
    "national_assessment": "国家考核",
    "province_assessment": "省级考核",
    "disciplinary_inspection": "巡视巡察",
    "audit": "审计",
    "supervision": "督查暗访",
    "petition": "信访舆情",
    "self_check": "自查",
    "other": "其他",
}
ISSUE_STATES = {
    "closed": Badge("✔", "已销号", "good"),
    "open": Badge("△", "未销号(未逾期)", "warn"),
    "overdue": Badge("✖", "逾期未销号", "bad"),
}
"""At the period's end; every issue found by then stands at exactly one."""
ASSET_CATEGORIES = {"all": "合计", "operating": "经营性", "public_benefit": "公益性", "household": "到户类"}
PAYMENT_TYPES = {
    "advance": Badge("", "预付款", "idle"),
    "progress": Badge("", "进度款", "idle"),
    "final": Badge("", "竣工结算", "idle"),
    "retention": Badge("", "质保金", "idle"),
    "refund": Badge("↩", "退回", "bad"),
}
DOCUMENTED = {True: Badge("✔", "齐全", "good"), False: Badge("✖", "不全", "bad")}
