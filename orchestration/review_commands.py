"""``guatu review …``: a month is checked, approved and locked before it counts, and unlocked on request."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration import console
from orchestration.errors import GuatuError
from orchestration.options import Home, Period, settings_of

if TYPE_CHECKING:
    import duckdb

    from orchestration.records.reviews import ReviewStatus
    from orchestration.settings import Settings

app = typer.Typer(help="审核:乡镇审核、县级核定、锁定、解锁;未核定的月份为暂定。", no_args_is_help=True)

Division = Annotated[
    str, typer.Option("--division", help="区划代码(可省末尾的 0),省、市、县或乡镇", show_default=False)
]
Person = Annotated[str, typer.Option("--person", help="经办人", show_default=False)]
Remark = Annotated[str, typer.Option("--remark", help="意见或理由", show_default=False)]
Edition = Annotated[str | None, typer.Option("--edition", help="所看的版本;默认为该期最新版本", show_default=False)]

COMMANDS = {
    "check": ("check", "乡镇审核:数据已核对,报县里核定;未报齐的须写明理由。"),
    "return": ("return", "退回重核,须写明理由。"),
    "approve": ("approve", "县级核定,须由另一人办理;此后不再是暂定。"),
    "lock": ("lock", "锁定已核定的月份:以后的更正须写明理由。"),
    "confirm": ("confirm", "核定锁定后的更正,须写明理由。"),
    "request-unlock": ("request", "申请解锁,须写明理由。"),
    "refuse-unlock": ("refuse", "不同意解锁,须由另一人办理并写明理由。"),
    "unlock": ("unlock", "同意解锁,须由另一人办理并写明理由;此后重新审核。"),
}
"""Command → step of ``seeds/reference/review_steps.csv`` and its help."""


def _command(step: str) -> Callable[..., None]:
    def take(
        period: Period, division: Division, person: Person, remark: Remark = "", edition: Edition = None,
        home: Home = None,
    ) -> None:  # fmt: skip
        from orchestration.access.roles import operator
        from orchestration.records.reviews import take_step

        settings = settings_of(home)
        with _edition(settings, period, edition) as connection:
            code = _known_division(connection, division)
            status = take_step(settings, connection, period, code, step, person, operator(), remark)
        console.say(f"已记录({person})。{period} {code}:{status.title}。")

    return take


for _name, (_step, _help) in COMMANDS.items():
    app.command(_name, help=_help)(_command(_step))


@app.command()
def status(
    period: Period, division: Division, edition: Edition = None, home: Home = None
) -> None:  # fmt: skip
    """一个月审核到哪一步:状态、还缺的报表、每一步的人、时间和意见。"""
    from orchestration.records.reviews import review_status

    settings = settings_of(home)
    with _edition(settings, period, edition) as connection:
        code = _known_division(connection, division)
        found = review_status(settings, connection, period, code)
    _print(settings, found)


def _print(settings: "Settings", found: "ReviewStatus") -> None:
    from orchestration.records.review_steps import step_titles

    above = "" if found.decided_by == found.division_code else f"(随上级 {found.decided_by})"
    console.say(
        f"{found.period} {found.division_code}:{found.title}{above},{'已核定' if found.is_settled else '暂定'}。"
    )
    if found.owing:
        console.say(f"未报齐:{'、'.join(found.owing)}")
    if found.changed:
        console.say(f"此后又有报送:第 {'、'.join(map(str, found.changed))} 号")
    if found.history:
        titles = step_titles(settings.seeds)
        console.print_table(
            ["时间", "区划", "步骤", "经办人", "意见或理由", "所看版本"],
            [(r.at, r.division_code, titles[r.step], r.person, r.remark, r.edition_id) for r in found.history],
        )


@contextmanager
def _edition(settings: "Settings", period: str, edition: str | None) -> "Iterator[duckdb.DuckDBPyConnection]":
    """The edition named, else the newest that has the month: of the month itself, or of a later one."""
    from orchestration.release import list_editions, open_edition

    known = [each for each in list_editions(settings) if each.period >= period]
    if edition is None and not known:
        raise GuatuError(
            "no_edition",
            f"还没有含 {period} 的版本。请先运行 guatu run --period {period}。",
            f"no edition has {period} yet; run: guatu run --period {period}",
        )
    with open_edition(settings, edition or known[-1].edition_id) as connection:
        yield connection


def _known_division(connection: "duckdb.DuckDBPyConnection", text: str) -> str:
    code = text.strip().ljust(12, "0")
    found = connection.execute("select level from dim_division where division_code = ?", [code]).fetchone()
    if found is None or found[0] == "village":
        raise GuatuError(
            "unknown_division",
            f"区划 {text} 不在行政区划表中,或是村;审核以乡镇及以上为单位。",
            f"division {text} is unknown, or a village",
            exit_code=2,
        )
    return code
