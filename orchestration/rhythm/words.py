"""What a notice says: which file is there, who owes what by when. Units and places by name, never a person's data."""

from collections.abc import Sequence

from orchestration.catalogue.cadences import Cadence
from orchestration.catalogue.schemes import Scheme
from orchestration.notify import Message
from orchestration.rhythm.files import Made
from orchestration.rhythm.owing import Owing
from orchestration.rhythm.steps import Step, What

NAMED = 30
"""So many senders are named in one notice; the rest are counted."""
TITLES: dict[What, str] = {"make": "出文", "remind": "提醒报送", "chase": "催报", "edition": "版本未到"}


def made(step: Step, scheme: Scheme, cadence: Cadence, result: Made) -> Message:
    """The documents are there; deliver them and record it."""
    files = "\n".join(f"reports/{name}" for name in result.files)
    return Message(
        f"挂图:{cadence.title} {step.occurrence} 已生成",
        f"《{scheme.title}》{cadence.title} {step.occurrence},{step.due_on} 到期,"
        f"已按版本 {result.edition} 生成,在数据目录下:\n{files}\n审签送达后请用 guatu deliver 登记。",
        step.key,
    )


def remind(step: Step, scheme: Scheme, cadence: Cadence, owing: Sequence[Owing]) -> Message:
    """Who is to hand in what by when."""
    to = f",报{'、'.join(cadence.recipients)}" if cadence.recipients else ""
    return Message(
        f"挂图:{cadence.title} {step.occurrence} 于 {step.due_on} 到期",
        f"《{scheme.title}》{cadence.title} {step.occurrence} 请于 {step.due_on} 前完成{to}"
        f"(条款 {cadence.clause})。\n报送方 {len(owing)} 个:{_names([each.sender.name for each in owing])}",
        step.key,
    )


def chase(step: Step, scheme: Scheme, cadence: Cadence, owing: Sequence[Owing]) -> Message:
    """Who has not handed in, and whom it is missing for."""
    listed = [
        each.sender.name + (f"(缺{'、'.join(each.waiting)})" if any(each.waiting) else "") for each in owing
    ]  # fmt: skip
    return Message(
        f"挂图:{cadence.title} {step.occurrence} 逾期未送 {len(owing)} 个",
        f"《{scheme.title}》{cadence.title} {step.occurrence} 已于 {step.due_on} 到期(条款 {cadence.clause})。\n"
        f"尚未登记送达的 {len(owing)} 个:{_names(listed)}\n已送达的请用 guatu deliver 登记。",
        step.key,
    )


def edition_missing(step: Step) -> Message:
    """The month should have been published."""
    return Message(
        f"挂图:{step.occurrence} 的版本还没有发布",
        f"{step.occurrence} 的报送 {step.due_on} 截止,至 {step.day} 仍没有发布版本,看板仍显示原有版本。"
        f"请看 Dagster 页面上最近一次运行,或运行 guatu run --period {step.occurrence}。",
        step.key,
    )


def _names(names: Sequence[str]) -> str:
    rest = f"……等 {len(names)} 个" if len(names) > NAMED else ""
    return "、".join(names[:NAMED]) + rest
