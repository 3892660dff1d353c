"""``guatu rhythm``: what the calendar asks for by a day, what was done, and doing it."""

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration import console
from orchestration.errors import GuatuError
from orchestration.options import Home

if TYPE_CHECKING:
    from orchestration.catalogue.schemes import Scheme
    from orchestration.rhythm.done import Done
    from orchestration.rhythm.keep import Pass
    from orchestration.rhythm.steps import Step

app = typer.Typer()

OUTCOMES = {
    "told": "已办",
    "made": "已生成",
    "empty": "没有可写的内容",
    "settled": "无须办理",
    "expired": "已过期,不再提醒",
}
RECENT = timedelta(days=31)
"""How far back the done steps listed go."""


@app.command()
def rhythm(
    on: Annotated[str | None, typer.Option("--on", help="截至哪一天;默认为今天", show_default=False)] = None,
    run: Annotated[bool, typer.Option("--run", help="办理:生成文件、发通知、记入办理簿")] = False,
    home: Home = None,
) -> None:
    """列出定期事项到期应办的(出文、提醒、催报、版本未到)和一个月内已办的;--run 办理,每项只办一次。"""
    from orchestration.catalogue import load_schemes
    from orchestration.rhythm.done import all_done, began
    from orchestration.rhythm.keep import keep, pending
    from orchestration.settings import get_settings, now

    settings = get_settings(home)
    day = console.read_moment(on).date() if on else now().date()
    schemes = load_schemes(settings.seeds)
    if run:
        with console.progress_line("办理定期事项"):
            result = keep(settings, day)
        _print_pass(schemes, result)
        return
    start = began(settings)
    console.say(f"自 {start} 起办理。" if start else f"尚未开始;第一次 --run 从当天({day})起办理,以前的不补。")
    due = pending(settings, day)
    _print_steps(schemes, due)
    recent = [each for each in all_done(settings) if day - RECENT <= each.day <= day]
    _print_done(schemes, recent)
    console.say(f"截至 {day}:应办 {len(due)} 项,一个月内已办 {len(recent)} 项。")


def _print_pass(schemes: "dict[str, Scheme]", result: "Pass") -> None:
    _print_done(schemes, result.done)
    _print_steps(schemes, result.waiting)
    console.say(f"已办 {len(result.done)} 项,等待版本 {len(result.waiting)} 项,未办成 {len(result.problems)} 项。")
    if any(step.what == "make" for step in result.waiting):
        console.say(
            "等待版本的,版本发布后自动办理。上半月的通报须有截至当月 15 日的版本,"
            "如 guatu run --period 2022-06 --as-of 2022-06-15。"
        )
    if result.problems:
        step, why = result.problems[0]
        raise GuatuError(
            "rhythm_failed",
            f"{len(result.problems)} 项未办成,下次再办;第一项 {_title(schemes, step)} {step.occurrence}:{why}",
            f"{len(result.problems)} steps failed and stay due",
        )


def _print_steps(schemes: "dict[str, Scheme]", steps: "list[Step]") -> None:
    from orchestration.rhythm.words import TITLES

    if steps:
        console.print_table(
            ["应办", "办理日", "方案", "事项", "期", "到期"],
            [(TITLES[s.what], s.day, s.scheme, _title(schemes, s), s.occurrence, s.due_on) for s in steps],
        )


def _print_done(schemes: "dict[str, Scheme]", done: "list[Done]") -> None:
    from orchestration.rhythm.words import TITLES

    if done:
        console.print_table(
            ["已办", "办理日", "方案", "事项", "期", "结果", "通知", "文件"],
            [
                (
                    TITLES[each.what],
                    each.day,
                    each.scheme,
                    _title(schemes, each),
                    each.occurrence,
                    OUTCOMES[each.outcome],
                    "已发" if each.sent else "未发",
                    "、".join(each.files),
                )
                for each in done
            ],
        )


def _title(schemes: "dict[str, Scheme]", step: "Step | Done") -> str:
    if step.scheme not in schemes:
        return "月度版本" if not step.scheme else step.cadence
    return next((c.title for c in schemes[step.scheme].cadences if c.code == step.cadence), step.cadence)
