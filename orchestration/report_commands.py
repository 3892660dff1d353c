"""``guatu report`` and ``guatu check-text``: documents of an edition, and the numbers of a text held against it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration import console
from orchestration.errors import GuatuError
from orchestration.options import Home, Period, settings_of

if TYPE_CHECKING:
    from orchestration.settings import Settings

app = typer.Typer()


def _list_kinds(wanted: bool) -> None:
    """``guatu report --kinds`` needs no period and ends here."""
    if not wanted:
        return
    from orchestration.reports.kinds import load_kinds

    console.print_table(
        ["代码", "文种", "发布时自动生成", "公示版", "内容"],
        [
            (kind.kind, kind.name, "是" if kind.by_default else "", "是" if kind.public else "", kind.about)
            for kind in load_kinds(settings_of(None).seeds).values()
        ],
    )
    raise typer.Exit()


@app.command()
def report(
    period: Period,
    division: Annotated[
        str | None, typer.Option("--division", help="区划代码(12 位)", show_default=False)
    ] = None,
    scheme: Annotated[
        str | None, typer.Option("--scheme", help="考核办法,如 lingshan-2018", show_default=False)
    ] = None,
    kind: Annotated[
        list[str] | None,
        typer.Option("--kind", help="文种代码或名称,可重复;默认为发布时自动生成的文种", show_default=False),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="所有文种")] = False,
    public: Annotated[bool, typer.Option("--public", help="公示版:小数和可推出小数的数不列")] = False,
    number: Annotated[
        str | None, typer.Option("--number", help="发文字号,如 灵政〔2022〕12号;默认留空待填", show_default=False)
    ] = None,
    csv: Annotated[bool, typer.Option("--csv", help="附表另存为 CSV(UTF-8 带 BOM)")] = False,
    edition: Annotated[
        str | None, typer.Option("--edition", help="版本;默认为该期最新版本", show_default=False)
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="输出目录;默认为数据目录下的 reports/", show_default=False)
    ] = None,
    kinds: Annotated[
        bool, typer.Option("--kinds", help="列出文种后退出", is_eager=True, callback=_list_kinds)
    ] = False,
    home: Home = None,
) -> None:  # fmt: skip
    """按已发布的版本生成公文(PDF、DOCX)和附表;同一版本重新生成的内容相同。"""
    settings = settings_of(home)
    from orchestration.records.reviews import provisional_in
    from orchestration.reports import make_reports

    edition_id = _edition_of(settings, period, edition)
    path = settings.published / f"{edition_id}.duckdb"
    unapproved = provisional_in(settings, edition_id, period)
    wanted = [] if every else kind or None
    with console.progress_line("生成公文和附表"):
        files = make_reports(
            path,
            period,
            out or settings.reports,
            division,
            scheme,
            wanted,
            public,
            number,
            csv,
            is_provisional=unapproved,
        )
    for file in files:
        console.say(str(file))
    if not files:
        raise GuatuError(
            "nothing_to_report",
            f"{period} 没有符合条件的公文:该区划或办法当月没有排名、节点或任务,或没有该文种所需的事项"
            "(村级体检表须用 --division 指定:县及以上每个乡镇一份,乡镇、村一份)。",
            f"nothing to report for {period} with these options",
        )


@app.command("check-text")
def check_text(
    file: Annotated[Path, typer.Argument(help="要核对的文稿,txt 或 docx", show_default=False)],
    period: Period,
    division: Annotated[
        str | None, typer.Option("--division", help="文稿所说的区划(12 位);默认为办法的适用区划", show_default=False)
    ] = None,
    scheme: Annotated[
        str | None, typer.Option("--scheme", help="考核办法;默认为当月施行中的各办法", show_default=False)
    ] = None,
    edition: Annotated[
        str | None, typer.Option("--edition", help="版本;默认为该期最新版本", show_default=False)
    ] = None,
    home: Home = None,
) -> None:  # fmt: skip
    """逐个核对文稿中的数字与已发布的版本是否一致;有不一致的以 1 退出。"""
    settings = settings_of(home)
    from orchestration.reports.prose import check_file

    path = settings.published / f"{_edition_of(settings, period, edition)}.duckdb"
    with console.progress_line("核对文稿"):
        figures = check_file(file, path, period, division, scheme)
    console.print_table(
        ["结果", "文稿中的数", "所在句子", "版本中的值"],
        [(figure.verdict, figure.text, figure.context, figure.expected) for figure in figures],
    )
    counts = ",".join(
        f"{verdict} {sum(figure.verdict == verdict for figure in figures)} 个"
        for verdict in ("一致", "不一致", "未找到依据")
    )
    console.say(f"共 {len(figures)} 个数:{counts}")
    if any(figure.verdict == "不一致" for figure in figures):
        raise typer.Exit(1)


def _edition_of(settings: "Settings", period: str, edition: str | None) -> str:
    """The edition asked for, else the newest of the period."""
    from orchestration.release import find_edition, list_editions

    if edition is not None:
        return find_edition(settings, edition).edition_id
    known = list_editions(settings, period)
    if not known:
        raise GuatuError(
            "no_edition",
            f"{period} 还没有已发布的版本。请先运行 guatu run --period {period}。",
            f"{period} has no edition yet; run: guatu run --period {period}",
        )
    return known[-1].edition_id
