"""``guatu decide``, ``appeal``, ``veto``, ``grade``, ``decisions``: what people decide on what was proposed."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration import console
from orchestration.errors import GuatuError
from orchestration.options import Home, Period, settings_of

if TYPE_CHECKING:
    from orchestration.records.model import Decision, Signature
    from orchestration.records.moves import Move

app = typer.Typer(help="记录决定:奖惩办理、申诉、一票否决、定等。")


class Step(StrEnum):
    """Steps on a consequence."""

    verified = "verified"
    confirmed = "confirmed"
    changed = "changed"
    waived = "waived"
    carried_out = "carried_out"
    reopened = "reopened"


class AppealStep(StrEnum):
    """What ``guatu appeal`` does; ``try`` records nothing."""

    lodged = "lodged"
    try_ = "try"
    upheld = "upheld"
    dismissed = "dismissed"


class VetoStep(StrEnum):
    """Steps on a veto."""

    found = "found"
    lifted = "lifted"


class GradeStep(StrEnum):
    """Steps on a grade set by people."""

    graded = "graded"
    withdrawn = "withdrawn"


class ListFormat(StrEnum):
    """How ``guatu decisions`` prints."""

    table = "table"
    csv = "csv"
    json = "json"
    xlsx = "xlsx"


Scheme = Annotated[str, typer.Option("--scheme", help="考核办法,如 lingshan-2018", show_default=False)]
Ranking = Annotated[
    str, typer.Option("--ranking", help="排名,如 round-2018-07;目标未达的写目标代码", show_default=False)
]
Division = Annotated[str, typer.Option("--division", help="区划代码(可省末尾的 0)或名称", show_default=False)]
SomeDivision = Annotated[
    str | None, typer.Option("--division", help="区划代码(可省末尾的 0)或名称", show_default=False)
]
Unit = Annotated[str | None, typer.Option("--unit", help="包村单位名称;与 --division 二者择一", show_default=False)]
Year = Annotated[int | None, typer.Option("--year", help="考核年度;默认为期别的年度", show_default=False)]
Person = Annotated[str, typer.Option("--person", help="经办人", show_default=False)]
Reason = Annotated[str, typer.Option("--reason", help="理由,如会议纪要、核实情况", show_default=False)]
At = Annotated[
    str | None, typer.Option("--decided-at", help="决定时间,如 2022-07-20T10:00;默认为现在", show_default=False)
]


@app.command()
def decide(
    step: Annotated[
        Step,
        typer.Argument(
            help="verified 核实,confirmed 确认,changed 变更,waived 免除,carried_out 兑现,reopened 重新研究",
            metavar="STEP",
            show_default=False,
        ),
    ],
    scheme: Scheme,
    ranking: Ranking,
    period: Period,
    division: Division,
    person: Person,
    reason: Reason,
    clause: Annotated[str | None, typer.Option("--clause", help="只办此条款", show_default=False)] = None,
    object: Annotated[
        str | None, typer.Option("--object", help="只办此对象,如 village_funds 或 村级经费", show_default=False)
    ] = None,
    kind: Annotated[
        str | None, typer.Option("--kind", help="只办此种类,如 deduction 或 扣减", show_default=False)
    ] = None,
    amount: Annotated[
        str | None, typer.Option("--amount", help="变更后的金额(元,扣减为负)", show_default=False)
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="一次办理一个单位的多项奖惩")] = False,
    decided_at: At = None,
    home: Home = None,
) -> None:  # fmt: skip
    """办理奖惩建议,每步记经办人、时间、理由,下一版本起显示。

    STEP:verified 核实 → confirmed 确认、changed 变更或 waived 免除 → carried_out 兑现;reopened 重新研究(撤销以前各步)。
    """
    from orchestration.records.decisions import decide as put_on_record
    from orchestration.records.decisions import matching_actions
    from orchestration.records.model import STATE_TITLES, STEP_TITLES

    settings = settings_of(home)
    signature = _signature(person, reason, decided_at)
    money = _number(amount, "--amount")
    actions, edition_id = matching_actions(settings, scheme, ranking, period, division, clause, object, kind)
    console.print_table(
        ["条款", "对象", "种类", "金额", "现状", "理由"],
        [
            (
                a["clause_id"],
                a["object_title"],
                a["title"],
                a["amount"],
                STATE_TITLES.get(a["state"], a["state"]),
                a["reason"],
            )
            for a in actions
        ],
    )
    if len(actions) > 1 and not yes:
        raise GuatuError(
            "several_actions",
            f"共 {len(actions)} 项,未记录。全部办理请加 --yes,只办一项请用 --clause、--object、--kind 指明。",
            f"{len(actions)} actions match; add --yes for all, or name one",
            exit_code=2,
        )
    written = put_on_record(settings, actions, edition_id, step.value, signature, money)
    console.say(f"已记录 {len(written)} 项:{STEP_TITLES[step.value]}({signature.person})。下一版本起显示。")


@app.command()
def appeal(
    step: Annotated[
        AppealStep,
        typer.Argument(
            help="lodged 受理,try 试算改分后谁受影响(不记录),upheld 成立,dismissed 驳回",
            metavar="STEP",
            show_default=False,
        ),
    ],
    scheme: Scheme,
    ranking: Ranking,
    period: Period,
    division: Division,
    person: Annotated[str, typer.Option("--person", help="经办人;try 不需要", show_default=False)] = "",
    reason: Annotated[str, typer.Option("--reason", help="理由;try 不需要", show_default=False)] = "",
    score: Annotated[
        str | None, typer.Option("--score", help="更正后的得分;try 必填,upheld 可填", show_default=False)
    ] = None,
    decided_at: At = None,
    home: Home = None,
) -> None:  # fmt: skip
    """办理对排名的申诉;改分时列出名次或奖惩随之变化的所有单位。

    STEP:lodged 受理 → upheld 成立(可用 --score 更正得分)或 dismissed 驳回;try 只试算改分,不记录。
    """
    from orchestration.records.appeals import Appeal, dismiss, lodge, try_score, uphold

    settings = settings_of(home)
    about = Appeal(scheme, ranking, period, division)
    new_score = _number(score, "--score")
    if step is AppealStep.try_:
        if new_score is None:
            raise GuatuError("score_wanted", "试算请用 --score 写明更正后的得分。", "try needs --score", exit_code=2)
        _print_moves(try_score(settings, about, new_score))
        return
    if new_score is not None and step is not AppealStep.upheld:
        raise GuatuError(
            "score_not_wanted", "只有 try 和 upheld 可写 --score。", "--score is for try and upheld", exit_code=2
        )
    signature = _signature(person, reason, decided_at)
    if step is AppealStep.upheld:
        written, moved = uphold(settings, about, signature, new_score)
        if new_score is not None:
            _print_moves(moved)
        console.say(f"已记录:申诉成立({signature.person}),{len(written) - 1} 项已办奖惩转为重新研究。下一版本起生效。")
        return
    decision = (lodge if step is AppealStep.lodged else dismiss)(settings, about, signature)
    _print_recorded(decision)


@app.command()
def veto(
    step: Annotated[VetoStep, typer.Argument(help="found 认定,lifted 撤销", metavar="STEP", show_default=False)],
    scheme: Scheme,
    code: Annotated[str, typer.Option("--code", help="一票否决代码,如 task_failed", show_default=False)],
    period: Period,
    person: Person,
    reason: Reason,
    division: SomeDivision = None,
    unit: Unit = None,
    year: Year = None,
    decided_at: At = None,
    home: Home = None,
) -> None:  # fmt: skip
    """认定或撤销一票否决:当年不得奖励,等次为最低,并按办法列出后果。

    STEP:found 认定,lifted 撤销。
    """
    from orchestration.records.decisions import veto as put_on_record

    signature = _signature(person, reason, decided_at)
    _print_recorded(put_on_record(settings_of(home), scheme, code, period, step.value, signature, division, unit, year))


@app.command()
def grade(
    step: Annotated[GradeStep, typer.Argument(help="graded 定等,withdrawn 撤销", metavar="STEP", show_default=False)],
    scheme: Scheme,
    code: Annotated[str, typer.Option("--code", help="等次代码,如 well_done", show_default=False)],
    period: Period,
    person: Person,
    reason: Reason,
    division: SomeDivision = None,
    unit: Unit = None,
    year: Year = None,
    decided_at: At = None,
    home: Home = None,
) -> None:  # fmt: skip
    """给单位定等次(办法没有写明分数线或比例的);改定时先撤销。

    STEP:graded 定等,withdrawn 撤销。
    """
    from orchestration.records.decisions import grade as put_on_record

    signature = _signature(person, reason, decided_at)
    _print_recorded(put_on_record(settings_of(home), scheme, code, period, step.value, signature, division, unit, year))


@app.command()
def decisions(
    period: Annotated[str | None, typer.Option("--period", help="只列此期别", show_default=False)] = None,
    scheme: Annotated[str | None, typer.Option("--scheme", help="只列此考核办法", show_default=False)] = None,
    division: Annotated[
        str | None, typer.Option("--division", help="只列此区划代码(可省末尾的 0)", show_default=False)
    ] = None,
    format: Annotated[ListFormat, typer.Option("--format", help="输出格式")] = ListFormat.table,
    out: Annotated[Path | None, typer.Option("-o", "--out", help="写入文件(xlsx 必须给出)", show_default=False)] = None,
    home: Home = None,
) -> None:
    """列出已记录的决定,先后为序;记录只增不改,撤销也是一条记录。"""
    from orchestration.records.model import KIND_TITLES, STEP_TITLES
    from orchestration.records.store import read_decisions

    if format is ListFormat.xlsx and out is None:
        raise GuatuError("out_wanted", "xlsx 格式请用 -o 指定文件。", "format xlsx needs -o FILE", exit_code=2)
    code = division.strip().ljust(12, "0") if division else None
    chosen = [
        (entry, record)
        for entry, record in read_decisions(settings_of(home))
        if period in (None, record.edition_period)
        and scheme in (None, record.scheme)
        and code in (None, record.division_code)
    ]
    columns = [
        "序号", "时间", "事项", "结果", "办法", "排名", "期别", "单位", "条款", "对象", "种类", "代码", "年度",
        "金额", "得分", "经办人", "理由", "所依据版本",
    ]  # fmt: skip
    rows = [
        (
            entry, r.decided_at, KIND_TITLES[r.kind], STEP_TITLES[r.step], r.scheme, r.ranking, r.edition_period,
            r.division_code or r.unit, r.clause_id, r.object, r.action_kind, r.code, r.year,
            r.amount, r.score, r.person, r.reason, r.edition_id,
        )
        for entry, r in chosen
    ]  # fmt: skip
    console.print_result(columns, rows, format.value, out)


def _print_moves(moved: Sequence["Move"]) -> None:
    if not moved:
        console.say("无单位的得分、名次或奖惩因此变化。")
        return
    console.print_table(
        ["单位", "组别", "得分", "名次", "倒数名次", "增加", "去掉", "金额(元)"],
        [
            (
                m.name,
                m.class_,
                _change(m.score_before, m.score_after),
                _change(m.rank_before, m.rank_after),
                _change(m.rank_from_bottom_before, m.rank_from_bottom_after),
                ";".join(m.gained),
                ";".join(m.lost),
                _change(m.money_before, m.money_after),
            )
            for m in moved
        ],
    )
    affected = sum(bool(m.gained or m.lost) for m in moved)
    money = sum((m.money_after - m.money_before for m in moved), Decimal(0))
    console.say(f"共 {len(moved)} 个单位变动,其中 {affected} 个奖惩有变,金额合计变动 {money:+f} 元。")


def _change(before: object, after: object) -> str:
    was, becomes = console.cell_text(before), console.cell_text(after)
    return was if was == becomes else f"{was or '无'} → {becomes or '无'}"


def _print_recorded(decision: "Decision") -> None:
    from orchestration.records.model import KIND_TITLES, STEP_TITLES

    who = decision.unit or decision.division_code
    console.say(
        f"已记录 {KIND_TITLES[decision.kind]}:{who} {STEP_TITLES[decision.step]}({decision.person})。下一版本起显示。"
    )


def _signature(person: str, reason: str, decided_at: str | None) -> "Signature":
    from orchestration.records.model import Signature

    moment: datetime | None = console.read_moment(decided_at) if decided_at else None
    return Signature.of(person, reason, moment)


def _number(text: str | None, option: str) -> Decimal | None:
    if text is None:
        return None
    try:
        return Decimal(text.strip().replace(",", ""))
    except InvalidOperation as error:
        raise GuatuError(
            "bad_number", f"{option} 的“{text}”不是数。", f"{option} {text!r} is not a number", exit_code=2
        ) from error
