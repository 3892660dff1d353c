"""``guatu deliver``, ``guatu due``: recording that a report has reached its recipients, and who still owes what."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration import console
from orchestration.errors import GuatuError
from orchestration.options import Home

if TYPE_CHECKING:
    from orchestration.cadence.standing import Sender, Standing
    from orchestration.catalogue.cadences import Cadence
    from orchestration.catalogue.schemes import Scheme
    from orchestration.settings import Settings

app = typer.Typer()

STATES = {"on_time": "按时", "late": "逾期送齐", "partly": "未送齐", "missing": "未送", "not_due": "未到期"}
AHEAD = timedelta(days=31)
"""How far ahead ``guatu due`` looks: one month."""


@app.command()
def deliver(
    scheme: Annotated[str, typer.Option("--scheme", help="考核办法,如 baicheng-2020", show_default=False)],
    cadence: Annotated[str, typer.Option("--cadence", help="定期事项,如 job_ledger", show_default=False)],
    occurrence: Annotated[str, typer.Option("--occurrence", help="哪一期,如 2020-10-05", show_default=False)],
    person: Annotated[str, typer.Option("--person", help="登记人", show_default=False)],
    sender: Annotated[
        str | None,
        typer.Option("--from", help="报送方:区划代码(可省末尾的 0)或名称;只有一方时可不写", show_default=False),
    ] = None,
    recipients: Annotated[
        list[str] | None, typer.Option("--to", help="收件方,可重复;默认为全部收件方", show_default=False)
    ] = None,
    on: Annotated[
        str | None, typer.Option("--on", help="送达时间,如 2020-10-05;默认为现在", show_default=False)
    ] = None,
    evidence: Annotated[
        str | None, typer.Option("--evidence", help="凭据:文件名、版本号或文号", show_default=False)
    ] = None,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="撤销误登记的送达")] = False,
    home: Home = None,
) -> None:  # fmt: skip
    """登记一期报告、通报或台账已送达收件方;生成报告不等于送达。"""
    from orchestration.cadence.deliveries import find_cadence, record
    from orchestration.settings import get_settings, now

    settings = get_settings(home)
    head, found = find_cadence(settings, scheme, cadence)
    moment = console.read_moment(on) if on else now()
    owing = _find_sender(settings, head, found, sender, moment.date())
    when = None if withdraw else moment
    names = record(settings, scheme, cadence, occurrence, owing.sender, recipients or (), when, person, evidence, now())
    to = f"送达 {'、'.join(names)}" if any(names) else "完成"
    done = f"已撤销登记:{to}" if withdraw else f"已登记:{moment:%Y-%m-%d %H:%M} {to}"
    console.say(f"{found.title} {occurrence}({owing.name}){done}")


@app.command()
def due(
    on: Annotated[str | None, typer.Option("--on", help="截至哪一天;默认为今天", show_default=False)] = None,
    scheme: Annotated[str | None, typer.Option("--scheme", help="只列此考核办法", show_default=False)] = None,
    owed: Annotated[bool, typer.Option("--owed", help="只列已到期未送齐的,并附月报催报名单")] = False,
    home: Home = None,
) -> None:
    """列出定期事项谁欠、自何日起、还缺谁,以及一个月内到期的;--owed 为催报名单。"""
    from orchestration.cadence.deliveries import delivered, deliveries_table
    from orchestration.cadence.places import divisions_on, support_units_of
    from orchestration.cadence.standing import standings
    from orchestration.catalogue import load_schemes
    from orchestration.settings import get_settings, now

    settings = get_settings(home)
    day = console.read_moment(on).date() if on else now().date()
    schemes = load_schemes(settings.seeds)
    if scheme is not None and scheme not in schemes:
        raise GuatuError(
            "unknown_scheme",
            f"没有考核办法 {scheme},现有:{'、'.join(schemes)}",
            f"no scheme {scheme}",
            exit_code=2,
        )
    chosen = [each for code, each in schemes.items() if scheme in (None, code)]
    until = day if owed else day + AHEAD
    had = {key: when for key, when in delivered(deliveries_table(settings)).items() if when.date() <= day}
    found = standings(chosen, divisions_on(settings, day), support_units_of(settings), had, day, until)
    shown = [each for each in found if each.is_owed or (not owed and each.state == "not_due")]
    _print_standings(shown)
    waiting = sum(each.is_owed for each in shown)
    ahead = "" if owed else f",一个月内到期 {len(shown) - waiting} 项"
    console.say(f"截至 {day}:已到期未送齐 {waiting} 项{ahead}。")
    if owed:
        _print_reports_owed(settings, scheme)


def _print_standings(found: Sequence["Standing"]) -> None:
    if found:
        console.print_table(
            ["方案", "事项", "期", "报送方", "到期", "状态", "逾期天数", "还缺谁", "条款"],
            [
                (
                    each.scheme,
                    f"{each.cadence.title}({each.cadence.code})",
                    each.occurrence,
                    each.sender.name,
                    each.due_on,
                    STATES[each.state],
                    each.days_late or "",
                    "、".join(each.waiting),
                    each.cadence.clause,
                )
                for each in found
            ],
        )


def _print_reports_owed(settings: "Settings", scheme: str | None) -> None:
    """The monthly reports still owed, from the edition served."""
    from orchestration.release import current_edition, open_edition
    from orchestration.release.reading import rows

    edition = current_edition(settings)
    if edition is None:
        console.say("还没有已发布的版本,月报缺报名单请在 guatu run 之后查看。")
        return
    with open_edition(settings) as connection:
        owing = rows(
            connection,
            "select scheme, title, sender_name, department, since, months_running, details from fct_chase "
            "where kind = 'template' and period = ? and (? is null or scheme = ?) order by all",
            edition.period,
            scheme,
            scheme,
        )
    console.say(f"\n月报缺报({edition.edition_id}):{len(owing)} 项")
    if owing:
        titles = ["方案", "报表", "单位", "找谁", "自何日起", "连续几个月", "说明"]
        console.print_table(titles, [tuple(row.values()) for row in owing])


def _find_sender(settings: "Settings", scheme: "Scheme", cadence: "Cadence", wanted: str | None, day: date) -> "Sender":
    """The sender named by code or name, or the only one there is; GuatuError ``unknown_sender`` otherwise."""
    from orchestration.cadence.places import divisions_on, support_units_of
    from orchestration.cadence.standing import senders

    owing = senders(scheme, cadence, divisions_on(settings, day), support_units_of(settings))
    code = wanted.ljust(12, "0") if wanted and wanted.isdigit() else None
    found = [each for each in owing if wanted is None or wanted == each.name or code == each.sender]
    if len(found) == 1:
        return found[0]
    names = [f"{each.name}({each.sender})" if each.sender != each.name else each.name for each in owing]
    listed = "、".join(names[:10]) + (f"等 {len(names)} 个" if len(names) > 10 else "")
    raise GuatuError(
        "unknown_sender",
        f"请用 --from 写明一个报送方:{listed}" if owing else f"{cadence.title}没有报送方:行政区划表里没有该办法的区划",
        f"name one sender of {cadence.code} with --from",
        exit_code=2,
    )
