"""Columns of the tables on the funds page: milestones, documents, projects and payments behind a document, surplus."""

from dashboards.parts.tables import Column
from dashboards.words import common as words
from dashboards.words.business import DOCUMENTED, PAYMENT_TYPES
from dashboards.words.business import SURPLUS as SURPLUS_STATES

MILESTONES = [
    Column("title", "节点"),
    Column("checkpoint", "时限", "day"),
    Column("state", "状态", "badge", badges=words.MILESTONES),
    Column("value", "完成", "measure", reason="state", unit="unit"),
    Column("threshold", "要求", "measure", unit="unit"),
    Column("benchmark", "上级平均", "measure", reason="benchmark_state", unit="unit"),
    Column("branch", "达标依据", "badge", badges=words.BRANCHES),
    Column("daily_pace", "每日还需", "pace", reason="pace_state", unit="unit"),
    Column("scheme_title", "方案"),
]
RECEIPTS = [
    Column("document_no", "文号"),
    Column("issued_on", "下达日期", "day"),
    Column("sixty_day_state", "60日安排", "badge", badges=words.SIXTY_DAYS),
    Column("due_60_on", "60日期限", "day"),
    Column("days_left", "还剩(日)", "count"),
    Column("amount", "金额(万元)", "money"),
    Column("allocated", "已安排(万元)", "money", reason="receipt_state"),
    Column("allocated_within_60", "60日内安排(万元)", "money", reason="receipt_state"),
    Column("paid", "已支出(万元)", "money", reason="receipt_state"),
    Column("fund_type_title", "类型"),
]
PROJECTS = [
    Column("project_name", "项目"),
    Column("division_name", "所在地"),
    Column("allocated_on", "安排日期", "day"),
    Column("amount", "安排(万元)", "money"),
    Column("paid", "支出(万元)", "money", reason="project_state"),
    Column("stage", "阶段", "badge", badges=words.STAGES),
    Column("progress", "形象进度", "rate", reason="project_state"),
    Column("planned_progress", "计划进度", "rate", reason="project_state"),
    Column("variance", "偏差(百分点)", "points", reason="project_state"),
    Column("overdue_text", "逾期", reason="project_state"),
    Column("planned_finish", "计划竣工", "day"),
    Column("finished_on", "实际竣工", "day"),
    Column("implementer", "实施单位"),
]
PAYMENTS = [
    Column("payment_id", "支付编号"),
    Column("paid_on", "支付日期", "day"),
    Column("payment_type", "支付类型", "badge", badges=PAYMENT_TYPES),
    Column("amount", "金额(万元)", "money"),
    Column("documented", "报账资料", "badge", badges=DOCUMENTED, reason="documented_state"),
    Column("project_name", "项目"),
    Column("division_name", "支付单位"),
    Column("allocation_id", "安排编号"),
]
SURPLUS = [
    Column("document_no", "文号"),
    Column("surplus_state", "处置", "badge", badges=SURPLUS_STATES),
    Column("fund_year", "资金年度"),
    Column("unpaid", "未支出(万元)", "money"),
    Column("amount", "下达(万元)", "money"),
    Column("allocated", "已安排(万元)", "money"),
    Column("paid", "已支出(万元)", "money"),
    Column("division_name", "单位"),
    Column("fund_type_title", "类型"),
]
