"""How figures, dates and states read: rounded half up, in Chinese units, a word where there is no figure."""

import re
from calendar import monthrange
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

MISSING = "未报送"
NOT_APPLICABLE = "不适用"
DASH = "—"
SUPPRESSED = "…"
"""A figure withheld from the public edition."""

TEN_THOUSAND = Decimal(10_000)
WAN_FROM = Decimal(100_000)
"""From this many yuan on, money reads better in 万元."""

HALF_WIDTH = re.compile(r"(?<=[^\x00-\x7f])[,;:()]|[,;:()](?=[^\x00-\x7f])")
FULL_WIDTH = str.maketrans(",;:()", "，；：（）")

NUMERALS = "一二三四五六七八九十"
LEVELS = ("province", "prefecture", "county", "township", "village")
LEVEL_TITLES = {
    "province": "省",
    "prefecture": "市（州）",
    "county": "县（市、区）",
    "township": "乡镇（街道）",
    "village": "村（街）",
}
SIGNIFICANT_DIGITS = {"province": 2, "prefecture": 4, "county": 6, "township": 9, "village": 12}
OPERATORS = {">=": "不低于", ">": "高于", "<=": "不高于", "<": "低于", "=": "等于", "==": "等于"}

INDICATOR_STATES = {"missing": MISSING, "not_applicable": NOT_APPLICABLE}
RANKING_STATES = {"ranked": "参评", "not_assessed": "未参评", "pending_announcement": "待上级通报"}
MILESTONE_STATES = {
    "met": "已达标",
    "missed": "未达标",
    "not_due": "未到期",
    "pending_benchmark": "待平均数",
    "no_data": MISSING,
}
MILESTONE_BRANCHES = {"absolute": "绝对值达标", "benchmark": "高于平均"}
TARGET_BANDS = {"stretch": "达争取目标", "target": "达目标", "floor": "达底线", "below": "未达底线"}
TRIGGERS = {"target_missed": "目标未达", "grade": "考核等次", "veto": "一票否决"}
ACTION_OBJECTS = {
    "village_funds": "村级经费",
    "work_funds": "工作经费",
    "party_secretary": "村党支部书记",
    "village_director": "村主任",
    "township_leaders": "乡镇主要领导",
    "unit_leaders": "单位主要领导",
}
ACTION_KINDS = {
    "reward": "奖励",
    "commendation": "通报表扬",
    "deduction": "扣减",
    "public_criticism": "通报批评",
    "interview": "约谈",
    "organisational_measure": "组织处理",
    "removal_proposal": "免职建议",
}
ACTION_STATES = {
    "proposed": "建议，待审定",
    "absorbed": "并入较重处理",
    "insufficient_units": "参评单位不足",
    "needs_review": "需研究",
    "pending_announcement": "待上级通报",
    "verified": "已核实，待审定",
    "confirmed": "已审定",
    "changed": "审定变更",
    "waived": "审定免除",
    "carried_out": "已执行",
}
FUND_LEVELS = {"central": "中央", "province": "省级", "prefecture": "市级", "county": "县级"}
FUND_TYPES = {
    "linkage": "财政衔接资金",
    "special_relief": "财政专项扶贫资金",
    "integrated_agriculture": "统筹整合涉农资金",
    "east_west": "东西部协作资金",
    "designated_assistance": "定点帮扶资金",
    "donation": "社会捐赠资金",
    "local_bond": "地方政府债券",
    "world_bank": "世行贷款",
}
SIXTY_DAY_STATES = {"met": "按期", "missed": "逾期", "running": "未到期", "no_data": "无安排台账"}


def label(labels: dict[str, str], code: str | None) -> str:
    """The Chinese for a code; an unknown code shows itself, so that nothing vanishes; None is a dash."""
    return DASH if code is None else labels.get(code, code)


def typeset(text: str) -> str:
    """Half-width , ; : ( ) beside Chinese as full-width; for titles and reasons, never for a quotation."""
    return HALF_WIDTH.sub(lambda found: found.group().translate(FULL_WIDTH), text)


def rounded(value: Decimal, decimals: int) -> Decimal:
    """Round half up, away from zero at the half; never ``-0``."""
    result = value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return abs(result) if result == 0 else result


def number(value: Decimal | int, decimals: int = 0) -> str:
    """A plain figure, rounded half up, without thousands separators (as official documents print them)."""
    return f"{rounded(Decimal(value), decimals):f}"


def percent(ratio: Decimal | None, missing: str = MISSING) -> str:
    """A ratio 0–1 as a percent with two decimals; None as the given word."""
    return missing if ratio is None else f"{number(Decimal(ratio) * 100, 2)}%"


def in_wan(yuan: Decimal | None) -> str:
    """Yuan as 万元, two decimals, without the unit; None as 未报送."""
    return MISSING if yuan is None else number(Decimal(yuan) / TEN_THOUSAND, 2)


def measured(value: Decimal | None, unit: str | None, missing: str = MISSING) -> str:
    """A value with its unit: percent from a ratio, money in 元 or 万元; no decimals on a whole number."""
    if value is None:
        return missing
    exact = Decimal(value)
    if unit == "%":
        return percent(exact)
    if unit == "元" and abs(exact) >= WAN_FROM:
        return f"{in_wan(exact)}万元"
    decimals = 0 if exact == exact.to_integral_value() else 2
    return f"{number(exact, decimals)}{unit or ''}"


def change(current: Decimal | None, former: Decimal | None, unit: str | None) -> str:
    """The difference of two values in words a reader expects (百分点 for rates); a dash when one is unknown."""
    if current is None or former is None:
        return DASH
    difference = Decimal(current) - Decimal(former)
    if unit == "%":
        points = number(abs(difference) * 100, 2)
        size = f"{points}个百分点"
        if Decimal(points) == 0:
            return "持平"
    else:
        size = measured(abs(difference), unit)
        if difference == 0:
            return "持平"
    return f"{'上升' if difference > 0 else '下降'}{size}"


def rank_change(difference: int | None) -> str:
    """Previous rank less rank, as an arrow and the number of places."""
    if difference is None:
        return DASH
    if difference == 0:
        return "持平"
    return f"{'升' if difference > 0 else '降'}{abs(difference)}位"


def month(period: str) -> str:
    """``2022-06`` as 2022年6月."""
    year, number_of_month = period.split("-")
    return f"{year}年{int(number_of_month)}月"


def day(value: date | None) -> str:
    """A date as 2022年7月6日, in Arabic figures with all three parts (GB/T 9704—2012, 7.3.5.4)."""
    return DASH if value is None else f"{value.year}年{value.month}月{value.day}日"


def moment(value: datetime | None) -> str:
    """A time to the minute, for the as-of mark."""
    return DASH if value is None else f"{day(value)}{value.hour:02d}时{value.minute:02d}分"


def first_day(period: str) -> date:
    """First day of a period ``YYYY-MM``."""
    return date(int(period[:4]), int(period[5:]), 1)


def last_day(period: str) -> date:
    """Last day of a period ``YYYY-MM``."""
    year, number_of_month = int(period[:4]), int(period[5:])
    return date(year, number_of_month, monthrange(year, number_of_month)[1])


def listed(names: list[str], most: int = 12) -> str:
    """Names joined by 、, cut after ``most`` with the number left out said."""
    shown = "、".join(names[:most])
    return shown if len(names) <= most else f"{shown}等{len(names)}个"


def numeral(position: int) -> str:
    """1 → 一 … 10 → 十, 11 → 十一, up to 19."""
    return NUMERALS[position - 1] if position <= 10 else f"十{NUMERALS[position - 11]}"
