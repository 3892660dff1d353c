"""The command ``guatu``. Heavy modules are imported where they are used, so that ``--help`` is quick."""

import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from orchestration import (
    access_commands,
    cadence_commands,
    console,
    diff_commands,
    record_commands,
    review_commands,
    rhythm_commands,
    scheme_commands,
)
from orchestration.errors import GuatuError

if TYPE_CHECKING:
    from orchestration.intake import Submission
    from orchestration.settings import Settings

app = typer.Typer(
    name="guatu",
    help="挂图:县级巩固脱贫与乡村振兴考核数仓。时间均为北京时间。",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
)
app.add_typer(scheme_commands.app, name="scheme")
app.add_typer(diff_commands.app)
app.add_typer(record_commands.app)
app.add_typer(cadence_commands.app)
app.add_typer(rhythm_commands.app)
app.add_typer(review_commands.app, name="review")
app.add_typer(access_commands.app, name="user")
app.command(name="audit")(access_commands.show_audit)

HOME_HELP = "数据目录;默认取环境变量 GUATU_HOME,再默认为 ./var"
Home = Annotated[Path | None, typer.Option("--home", help=HOME_HELP, show_default=False)]
Period = Annotated[str, typer.Option("--period", help="期别,YYYY-MM")]


class Format(StrEnum):
    """How ``guatu sql`` prints."""

    table = "table"
    csv = "csv"
    json = "json"
    xlsx = "xlsx"


class ExplainFormat(StrEnum):
    """How ``guatu explain`` prints."""

    text = "text"
    json = "json"


@app.command()
def demo(
    home: Home = None,
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="完成后启动看板与 Dagster")] = True,
) -> None:
    """生成演示报送,逐批接收,构建、发布、出通报,然后启动看板。"""
    from orchestration.showcase import show

    settings = _settings(home)
    with console.progress_line("演示") as report:
        summary = show(settings, report)
    for line in summary:
        console.say(line)
    if serve:
        # what the demonstration shows is invented: anyone on this machine may look, in any role
        _serve(settings.model_copy(update={"access": "open"}))


def _print_submissions(settings: "Settings", submissions: Sequence["Submission"]) -> None:
    """What became of each file: outcome, rows read = accepted + rejected, and why; then which forms are outdated."""
    from orchestration.intake.receipts import remark_on

    console.print_table(
        ["编号", "文件", "结果", "读取行", "接收行", "退回行", "提醒行", "原因"],
        [
            (
                s.submission_id,
                s.file_name,
                console.outcome_words(s.outcome),
                s.rows_read,
                s.rows_accepted,
                s.rows_rejected,
                s.rows_warned,
                s.reason,
            )
            for s in submissions
        ],
    )
    for submission in submissions:
        if remark := remark_on(settings, submission):
            console.say(f"第 {submission.submission_id} 号报送:{remark}")


@app.command()
def ingest(
    paths: Annotated[list[Path], typer.Argument(help="文件或文件夹", show_default=False)],
    received_at: Annotated[
        str | None, typer.Option("--received-at", help="收件时间,如 2022-07-05T09:30:00;默认为现在", show_default=False)
    ] = None,
    reason: Annotated[
        str | None, typer.Option("--reason", help="更正已锁定月份的理由;没有锁定的月份不需要", show_default=False)
    ] = None,
    home: Home = None,
) -> None:  # fmt: skip
    """接收报送文件;有文件被退回时以 1 退出。"""
    from orchestration.intake import ingest as take_in
    from orchestration.intake.locked import Restating

    moment = console.read_moment(received_at) if received_at else None
    settings = _settings(home)
    with console.progress_line("接收报送文件") as tell:
        taken = take_in(
            settings,
            paths,
            moment,
            lambda done, total, result: tell(f"接收报送文件 {done}/{total}:{result.submission.file_name}"),
            Restating("本机操作员", reason) if reason else None,
        )
    results = [result.submission for result in taken]
    _print_submissions(settings, results)
    if any(result.outcome == "refused" for result in results):
        raise typer.Exit(1)


@app.command()
def run(
    period: Period,
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", help="只用此时刻前收到的报送;只写日期指当天结束;默认为现在", show_default=False),
    ] = None,
    home: Home = None,
) -> None:
    """接收收件箱、构建、检查、发布新版本并出通报;失败以 3 退出,原有版本照常使用。"""
    moment = console.read_moment(as_of, end_of_day=True) if as_of else None
    settings = _settings(home)
    from orchestration.intake import read_ledger
    from orchestration.month import run_month

    recorded = len(read_ledger(settings))
    with console.progress_line(f"构建 {period}") as report:
        result = run_month(settings, period, moment, report)
    taken = read_ledger(settings)[recorded:]
    if taken:
        _print_submissions(settings, taken)
    if result.edition is None:
        raise GuatuError(
            "run_failed",
            f"{period} 未发布,原有版本照常使用:{result.problem}",
            f"{period} was not published, the former edition is still served",
            exit_code=3,
        )
    rows = sum(result.edition.tables.values())
    console.say(f"已发布 {result.edition.edition_id}({len(result.edition.tables)} 张表,{rows} 行)")
    if result.problem:
        raise GuatuError(
            "reports_failed",
            f"版本 {result.edition.edition_id} 已发布,但后续步骤失败:{result.problem}",
            f"edition {result.edition.edition_id} is published, but a later step failed",
        )
    console.say(f"通报在 {settings.reports / period}")


@app.command()
def serve(home: Home = None) -> None:
    """启动看板(8501)与 Dagster(3000),只监听本机,Ctrl-C 结束。"""
    _serve(_settings(home))


def _list_kinds(wanted: bool) -> None:
    """``guatu report --kinds`` needs no period and ends here."""
    if not wanted:
        return
    from orchestration.reports.kinds import load_kinds

    console.print_table(
        ["代码", "文种", "发布时自动生成", "公示版", "内容"],
        [
            (kind.kind, kind.name, "是" if kind.by_default else "", "是" if kind.public else "", kind.about)
            for kind in load_kinds(_settings(None).seeds).values()
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
    settings = _settings(home)
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
            "(村级体检表须用 --division 指定乡镇或村)。",
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
    settings = _settings(home)
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


@app.command()
def templates(
    out: Annotated[Path, typer.Option("--out", help="输出目录", show_default=False)],
    scope: Annotated[
        str | None, typer.Option("--scope", help="区划代码;给出时预填辖区行政村", show_default=False)
    ] = None,
    template: Annotated[
        list[str] | None, typer.Option("--template", help="模板名称或中文名,可重复;默认全部", show_default=False)
    ] = None,
    period: Annotated[
        str | None, typer.Option("--period", help="期别,YYYY-MM;用该月的表样;默认为当前应报的月份", show_default=False)
    ] = None,
    prefill: Annotated[
        bool, typer.Option("--prefill", help="预填上月已报、月月不变的栏(编号、姓名、年度等);须给出 --scope")
    ] = False,
    home: Home = None,
) -> None:  # fmt: skip
    """生成空白报送表(下拉选项、填表说明)。"""
    from orchestration.intake.blank import write_blank_workbooks

    with console.progress_line("生成空白报送表"):
        files = write_blank_workbooks(_settings(home), out, scope, template, period, prefill=prefill)
    for file in files:
        console.say(str(file))


@app.command()
def sql(
    query: Annotated[str | None, typer.Argument(help="一条只读查询", show_default=False)] = None,
    file: Annotated[Path | None, typer.Option("-f", "--file", help="从文件读取查询", show_default=False)] = None,
    format: Annotated[Format, typer.Option("--format", help="输出格式")] = Format.table,
    out: Annotated[Path | None, typer.Option("-o", "--out", help="写入文件(xlsx 必须给出)", show_default=False)] = None,
    edition: Annotated[str | None, typer.Option("--edition", help="版本;默认为当前版本", show_default=False)] = None,
    as_login: Annotated[
        str | None, typer.Option("--as", help="按此账号看得到的范围查询,并记入操作记录", show_default=False)
    ] = None,
    home: Home = None,
) -> None:
    """对已发布的版本执行一条只读查询。"""
    if (query is None) == (file is None):
        raise GuatuError(
            "one_query_wanted",
            "请给出一条查询,或用 -f 指定查询文件,二者择一。",
            "give a query or a file with -f, one of the two",
            exit_code=2,
        )
    if format is Format.xlsx and out is None:
        raise GuatuError("out_wanted", "xlsx 格式请用 -o 指定文件。", "format xlsx needs -o FILE", exit_code=2)
    text = query if query is not None else _read_text(file)
    settings = _settings(home)
    from orchestration.release import run_query

    with console.progress_line("查询"):
        if as_login is None:
            result = run_query(settings, text, edition)
        else:
            from orchestration.access.querying import query_as

            result = query_as(settings, as_login, text, edition)
    console.print_result(result.columns, result.rows, format.value, out)


@app.command()
def editions(
    period: Annotated[str | None, typer.Option("--period", help="只列此期别", show_default=False)] = None,
    home: Home = None,
) -> None:
    """列出已发布的版本,当前版本标 *。"""
    settings = _settings(home)
    from orchestration.release import current_edition, list_editions

    current = current_edition(settings)
    console.print_table(
        ["当前", "版本", "期别", "数据截至", "发布时间", "行数", "内容校验"],
        [
            (
                "*" if current and e.edition_id == current.edition_id else "",
                e.edition_id,
                e.period,
                e.as_of.isoformat(sep=" ", timespec="seconds"),
                e.published_at.isoformat(sep=" ", timespec="seconds"),
                sum(e.tables.values()),
                e.logical_hash[:12],
            )
            for e in list_editions(settings, period)
        ],
    )


@app.command()
def explain(
    scheme: Annotated[str, typer.Option("--scheme", help="考核办法,如 bijie-2022", show_default=False)],
    ranking: Annotated[str, typer.Option("--ranking", help="排名,如 monthly-expenditure", show_default=False)],
    period: Period,
    division: Annotated[str, typer.Option("--division", help="区划代码(可省末尾的 0)或单位名称", show_default=False)],
    class_: Annotated[str, typer.Option("--class", help="组别;不分组为 all")] = "all",
    format: Annotated[ExplainFormat, typer.Option("--format", help="输出格式")] = ExplainFormat.text,
    edition: Annotated[
        str | None, typer.Option("--edition", help="版本;默认为该期最新版本,没有则当前版本", show_default=False)
    ] = None,
    home: Home = None,
) -> None:
    """解释一个单位的名次:逐项来历、离上一名次和退出后几名还差多少、抽样误差有多大。"""
    settings = _settings(home)
    from orchestration.explain import explain as explain_rank
    from orchestration.explain.wording import Table, sections
    from orchestration.release import list_editions, open_edition

    newest = list_editions(settings, period)
    chosen = edition or (newest[-1].edition_id if newest else None)
    with console.progress_line("解释名次"), open_edition(settings, chosen) as connection:
        explanation = explain_rank(connection, scheme, ranking, period, division, class_)
    if format is ExplainFormat.json:
        console.say(explanation.model_dump_json(indent=2, by_alias=True))
        return
    for section in sections(explanation):
        if isinstance(section, Table):
            console.say(f"\n{section.title}")
            console.print_table(section.headers, section.rows)
        else:
            console.say(section)


@app.command()
def doctor(home: Home = None) -> None:
    """检查安装、数据目录、版本、端口是否正常,并说明如何处置;有问题时以 1 退出。"""
    from orchestration.doctor import examine

    findings = examine(_settings(home))
    console.print_table(["状态", "检查", "情况", "处置"], [(f.sign, f.subject, f.state, f.remedy) for f in findings])
    if any(finding.is_problem for finding in findings):
        raise typer.Exit(1)


def main() -> None:
    """Console script: errors are one line, in Chinese and English, and never a traceback."""
    try:
        app()
    except GuatuError as error:
        console.complain(error.message_zh, error.message_en)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        console.complain("已中断", "interrupted")
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
    except Exception as error:
        words = f"{type(error).__name__}: {error}"[:500]
        console.complain(f"程序出错:{words}。请运行 guatu doctor 检查", f"unexpected error: {words}")
        sys.exit(1)


def _settings(home: Path | None) -> "Settings":
    from orchestration.settings import get_settings

    return get_settings(home)


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


def _serve(settings: "Settings") -> None:
    from orchestration.serve import serve as serve_until_stopped

    serve_until_stopped(settings, console.say)


def _read_text(path: Path | None) -> str:
    try:
        return path.read_text(encoding="utf-8-sig") if path else ""
    except (OSError, UnicodeDecodeError) as error:
        raise GuatuError(
            "no_such_file",
            f"无法读取查询文件 {path}(须为 UTF-8 文本)。",
            f"cannot read the query file {path}",
        ) from error


if __name__ == "__main__":
    main()
