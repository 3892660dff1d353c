"""An explanation in Chinese, as paragraphs and tables for a terminal."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from orchestration.explain.model import Explanation, Interval, Item, Move, Neighbour, Sample

SAMPLED_UNITS = {
    "satisfaction_rate": "份问卷",
    "identification_accuracy": "户",
    "data_accuracy": "项信息",
    "wrong_exit_rate": "人",
    "missed_rate": "人",
}
SHOWN_PARTS = 6
"""Parts named in a row; the rest is in the JSON form."""
ACTION_STATES = {
    "proposed": "拟",
    "insufficient_units": "不执行",
    "needs_review": "需研究",
    "pending_announcement": "待上级通报",
    "verified": "已核实",
    "confirmed": "已确认",
    "changed": "已变更",
    "waived": "不予执行",
    "carried_out": "已办理",
}


@dataclass(frozen=True)
class Table:
    """A table under a heading."""

    title: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def sections(explanation: Explanation) -> list[str | Table]:
    """What is shown, from the place itself to how sure it is."""
    parts: list[str | Table] = [
        f"{explanation.scheme_title}:{explanation.ranking_title},{explanation.period}"
        f"(条款 {explanation.clause_id or '未注明'},版本 {explanation.edition_id})",
        _place(explanation),
    ]
    if explanation.consequences:
        parts.append(_consequences(explanation))
    if explanation.items:
        parts.append(_items(explanation))
    if explanation.moves:
        parts.append(_moves(explanation))
        if any(move.set for move in explanation.moves):
            parts.append(_sets(explanation))
    parts.extend(_notes(explanation))
    if explanation.samples:
        parts.append(_samples(explanation))
        parts.extend(_sureness(explanation))
    return parts


def _place(e: Explanation) -> str:
    who = f"{e.name}({e.division_code})"
    if e.basis == "not_assessed":
        return f"{who}:未参评,不列名次。"
    if e.basis == "pending":
        return f"{who}:名次待上级通报。参评单位未全部在库,不自行推算。"
    words = f"{who}:第 {e.rank} 名" + (f",共 {e.ranked_units} 个单位参评" if e.ranked_units else "")
    if e.rank_from_bottom is not None:
        words += f",倒数第 {e.rank_from_bottom} 名"
    if e.score is not None:
        words += f";得分 {_points(e.score, e)}"
    if e.gap_to_next is not None:
        words += f",与上一名次相差 {e.gap_to_next:f} {'个百分点' if e.score_unit == '%' else e.score_unit}"
    if e.shared_with:
        words += f";与{'、'.join(e.shared_with)}并列"
    if e.previous_rank is not None:
        words += f";上期第 {e.previous_rank} 名"
        words += f",得分 {_points(e.previous_score, e)}" if e.previous_score is not None else ""
    if e.basis == "tie_broken":
        words += f"。同分依次看{e.tie_breaks},不推算差距"
    if e.basis == "announced":
        words += "。名次为上级公布,只知名次,其他单位的得分不全,不推算差距"
    return words + "。"


def _points(score: Decimal, e: Explanation) -> str:
    return f"{score:f}%" if e.score_unit == "%" else f"{score:f} {e.score_unit}"


def _consequences(e: Explanation) -> Table:
    rows = tuple(
        (
            c.clause_id,
            c.object_title,
            c.title,
            f"{c.amount:,.2f} 元" if c.amount is not None else "",
            ACTION_STATES.get(c.state, c.state),
            c.reason,
        )
        for c in e.consequences
    )
    return Table("名次带来的奖惩(均为建议,以决定为准)", ("条款", "对象", "奖惩", "金额", "状态", "理由"), rows)


def _items(e: Explanation) -> Table:
    rows = tuple(
        (
            item.title,
            item_value(item, e.score_unit),
            f"{_plain(item.weight)}%" if item.weight is not None else "—",
            _plain(item.contribution.quantize(Decimal("0.0001"), ROUND_HALF_UP))
            if item.contribution is not None
            else "—",
            _movable(item, e),
        )
        for item in e.items
    )
    return Table("逐项", ("项目", "值", "权重", "计入得分", "本单位能否改变"), rows)


def _movable(item: Item, e: Explanation) -> str:
    if item.item == "score":
        return "由下列各项算出" if _is_computed(e) else "检查组评定"
    return "可改变" if item.movable else "不可改变"


def _is_computed(e: Explanation) -> bool:
    """Whether the score follows from the items; a round's is given by an inspecting team."""
    return any(item.item == "numerator" or item.weight is not None for item in e.items if item.item != "score")


def item_value(item: Item, score_unit: str) -> str:
    """An item's value as people read it: money with two places, rates as percent with their counts."""
    if item.item == "score":
        return f"{_plain(item.value)}{'%' if score_unit == '%' else ' ' + score_unit}"
    if item.denominator is not None and item.numerator is not None:
        return f"{percent(item.value)}({_plain(item.numerator)}/{_plain(item.denominator)})"
    return quantity(item.value, item.unit or "个")


def _moves(e: Explanation) -> Table:
    rows = tuple((move.title, *_move_cells(move)) for move in e.moves)
    return Table("最小变动(其他单位不变)", ("目标", "至少变动", "此后得分", "此后名次", "此后倒数", "说明"), rows)


def _move_cells(move: Move) -> tuple[str, str, str, str, str]:
    if move.state == "reached":
        return "0", "", "", "", "已达到"
    if move.state != "reachable":
        return "—", "", "", "", move.note or "达不到"
    return (
        quantity(move.amount, move.unit) if move.amount is not None else "见组合",
        f"{move.score_after:f}",
        f"{move.rank_after}",
        f"{move.rank_from_bottom_after}",
        move.note or ("" if move.movable else "本单位不能直接改变"),
    )


def _sets(e: Explanation) -> Table:
    """Each goal by the fewest payments, or items."""
    rows = []
    for move in e.moves:
        if not move.set:
            continue
        parts = [
            f"{p.title or p.code} {quantity(p.amount, p.unit)}"
            + ("" if abs(p.amount) == p.available else "(部分)")
            + ("" if p.kind == "unpaid_allocation" else "(须先安排)")
            for p in move.set
        ]
        words = ";".join(parts[:SHOWN_PARTS]) + (" 等" if len(parts) > SHOWN_PARTS else "")
        rows.append((move.title, f"{len(parts)} 项" if len(parts) > 1 else "1 项即可", words))
    return Table("最少的组合", ("目标", "几项", "哪些"), tuple(rows))


def _notes(e: Explanation) -> list[str]:
    if e.basis not in ("own", "announced"):
        return []
    if not _is_computed(e):
        return ["综合得分由检查组评定,各抽查率的权重未公布,不能推算到分项;下列抽查率只作背景。"]
    if not any(item.movable for item in e.items):
        return ["抽查结果事后不能改变,差距只作说明。"]
    if not any(item.item == "numerator" for item in e.items):
        return ["各项按互不影响测算:一项变动若带动另一项,实际所需更少。分母不由本单位改变;同分并列共享名次。"]
    return ["分母不由本单位改变;同分并列共享名次;未到期的节点按目前的分母测算。"]


def _samples(e: Explanation) -> Table:
    rows: list[tuple[str, ...]] = []
    for sample in e.samples:
        rows.append((sample.title, f"{e.name}(本单位)", f"{e.rank or ''}", interval_text(sample.interval), "", ""))
        rows.extend(
            (
                "",
                neighbour.name,
                f"{neighbour.rank}",
                interval_text(neighbour.interval),
                _verdict(neighbour),
                _turn(sample, neighbour),
            )
            for neighbour in sample.neighbours
        )
    return Table(
        "抽样误差(95% 置信区间,与名次相邻的在库单位相比)",
        ("抽查率", "单位", "名次", "样本与区间", "与本单位", "先后何时倒转(任一方样本)"),
        tuple(rows),
    )


def _verdict(neighbour: Neighbour) -> str:
    if neighbour.tied:
        return "统计上分不出先后"
    return "差异显著" + ("(区间略有重叠)" if neighbour.overlapping else "")


def _turn(sample: Sample, neighbour: Neighbour) -> str:
    if neighbour.turning is None:
        return "全部样本改判也不倒转"
    unit = SAMPLED_UNITS.get(sample.item, "个样本")
    if sample.interval.numerator * neighbour.interval.denominator == (
        neighbour.interval.numerator * sample.interval.denominator
    ):
        return f"现为相同,{neighbour.turning} {unit}即分先后"
    return f"{neighbour.turning} {unit}改判即倒转"


def _sureness(e: Explanation) -> list[str]:
    """Who cannot be told apart on any rate, and where a single result decides."""
    names: dict[str, list[Neighbour]] = {}
    for sample in e.samples:
        for neighbour in sample.neighbours:
            names.setdefault(neighbour.name, []).append(neighbour)
    tied = [name for name, found in names.items() if all(one.tied for one in found)]
    single = [
        f"{sample.title}与{neighbour.name}"
        for sample in e.samples
        for neighbour in sample.neighbours
        if neighbour.turning == 1
    ]
    lines = []
    if tied:
        lines.append(f"与{'、'.join(tied)}在各项抽查率上统计上均分不出先后。")
    if single:
        lines.append(f"只差一个样本:{';'.join(single)}。")
    return lines


def interval_text(interval: Interval) -> str:
    """``43/47=91.49%,[80.07%,96.64%]``"""
    return (
        f"{interval.numerator}/{interval.denominator}={percent(interval.value)},"
        f"[{percent(interval.low)},{percent(interval.high)}]"
    )


def quantity(value: Decimal, unit: str) -> str:
    """An amount with its unit: money with thousands separators and two places."""
    return f"{value:,.2f} 元" if unit == "元" else f"{_plain(value)} {unit}"


def percent(rate: Decimal) -> str:
    """A rate (0–1) as a percentage, rounded half up to two places."""
    return f"{(rate * 100).quantize(Decimal('0.01'), ROUND_HALF_UP)}%"


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
