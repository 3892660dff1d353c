"""A trial of a draft scheme in Chinese, as paragraphs and tables for a terminal."""

from collections.abc import Sequence
from decimal import Decimal

from orchestration.trial_results import Action, Outcome, Trial

Table = tuple[str, tuple[str, ...], list[tuple[str, ...]]]
"""Heading, column headers, rows."""

ACTION_STATES = {
    "proposed": "拟",
    "absorbed": "已被吸收",
    "insufficient_units": "参评单位不足",
    "needs_review": "需研究",
    "pending_announcement": "待上级通报",
}
RANK_STATES = {"not_assessed": "未参评", "pending_announcement": "待上级通报"}
ELEMENTS = {"milestone": "节点", "target": "目标"}
STATES = {
    "met": "达标",
    "missed": "未达标",
    "not_due": "未到期",
    "pending_benchmark": "待平均数",
    "no_data": "无数据",
    "stretch": "达争取目标",
    "target": "达目标",
    "floor": "仅达底线",
    "below": "未达",
    "missing": "未报送",
    "not_applicable": "不适用",
}
NONE = "—"


def sections(trial: Trial) -> list[str | Table]:
    """What is shown: what the draft comes to, and what changes against the schemes in force."""
    against = "、".join(trial.against)
    parts: list[str | Table] = [
        f"试算 {trial.title}({trial.scheme}),{trial.period},数据截至 {trial.as_of:%Y-%m-%d %H:%M}。"
        "只是试算,未发布,不改动任何数据。"
    ]
    if trial.assumed:
        parts.append(f"草稿的施行期不含该月,按 {trial.valid_from} 至 {trial.valid_to} 施行试算。")
    parts.append(f"对照现行办法:{against}。" if trial.base else "该月没有可对照的现行办法,只列草稿的结果。")
    parts += [_summary(trial), _measures("草稿的奖惩建议", trial.draft.actions)]
    if trial.base is not None:
        parts += [_action_changes(trial), _rank_changes(trial), _state_changes(trial)]
    return parts


def _summary(trial: Trial) -> Table:
    def lines(outcome: Outcome | None) -> list[str]:
        if outcome is None:
            return [NONE] * 7
        return [
            f"{outcome.rewarded}",
            f"{outcome.penalised}",
            f"{outcome.interviewed}",
            f"{outcome.ties} 处,涉及 {outcome.tied_units} 个单位" if outcome.ties else "0",
            _yuan(outcome.rewards),
            _yuan(outcome.deductions),
            f"{outcome.unpriced}",
        ]

    names = (
        "拟奖励、表扬的单位(个)",
        "拟处罚的单位(个)",
        "拟约谈的单位(个)",
        "名次并列",
        "奖励合计(元)",
        "扣减合计(元)",
        "未载明金额的奖励、扣减(项)",
    )
    rows = list(zip(names, lines(trial.base), lines(trial.draft), strict=True))
    return "合计(金额只计“拟”的)", ("项目", "现行", "草稿"), rows


def _measures(title: str, actions: Sequence[Action]) -> Table:
    """One row per clause and measure, the units named in one cell."""
    groups: dict[tuple[str, str, str, str, str], list[str]] = {}
    for a in actions:
        key = (
            a.ranking,
            a.clause_id,
            f"{a.object_title}:{a.title}",
            _yuan(a.amount),
            ACTION_STATES.get(a.state, a.state),
        )
        groups.setdefault(key, []).append(a.name)
    rows = [(*key, f"{len(names)}", "、".join(names)) for key, names in sorted(groups.items())]
    return title, ("排名、目标", "条款", "措施", "每个金额(元)", "状态", "单位数", "单位"), rows


def _action_changes(trial: Trial) -> Table:
    rows = [
        (
            change.name,
            f"{change.object_title}:{change.title}",
            _standing(change.base_state, change.base_amount),
            _standing(change.draft_state, change.draft_amount),
        )
        for change in trial.action_changes
    ]
    return "奖惩的变化", ("单位", "措施", "现行", "草稿"), rows


def _rank_changes(trial: Trial) -> Table:
    rows = [
        (
            change.ranking if change.class_ == "all" else f"{change.ranking}({change.class_})",
            change.name,
            _place(change.base_rank, change.base_state),
            _place(change.draft_rank, change.draft_state),
        )
        for change in trial.rank_changes
    ]
    return "名次的变化", ("排名", "单位", "现行", "草稿"), rows


def _state_changes(trial: Trial) -> Table:
    rows = [
        (
            f"{ELEMENTS[change.element]} {change.title or change.code}",
            STATES.get(change.state, change.state),
            f"{change.base_units}",
            f"{change.draft_units}",
        )
        for change in trial.state_changes
    ]
    return "节点、目标的变化(单位个数)", ("节点、目标", "结果", "现行", "草稿"), rows


def _standing(state: str | None, amount: Decimal | None) -> str:
    if state is None:
        return NONE
    words = ACTION_STATES.get(state, state)
    return words if amount is None else f"{words} {_yuan(amount)} 元"


def _place(rank: int | None, state: str | None) -> str:
    if rank is not None:
        return f"第 {rank} 名"
    return NONE if state is None else RANK_STATES.get(state, state)


def _yuan(amount: Decimal | None) -> str:
    return NONE if amount is None else f"{amount:,.2f}".removesuffix(".00")
