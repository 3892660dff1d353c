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
    report_commands,
    review_commands,
    rhythm_commands,
    scheme_commands,
    share_commands,
    upkeep_commands,
)
from orchestration.errors import GuatuError, system_fault
from orchestration.options import Home, Period, settings_of

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
app.add_typer(report_commands.app)
app.add_typer(record_commands.app)
app.add_typer(cadence_commands.app)
app.add_typer(rhythm_commands.app)
app.add_typer(upkeep_commands.app)
app.add_typer(review_commands.app, name="review")
app.add_typer(access_commands.app, name="user")
app.add_typer(share_commands.app, name="share")
app.command(name="audit")(access_commands.show_audit)


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

    settings = settings_of(home)
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
    settings = settings_of(home)
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
    settings = settings_of(home)
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
    _serve(settings_of(home))


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
        files = write_blank_workbooks(settings_of(home), out, scope, template, period, prefill=prefill)
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
    settings = settings_of(home)
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
    settings = settings_of(home)
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
    settings = settings_of(home)
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

    findings = examine(settings_of(home))
    console.print_table(["状态", "检查", "情况", "处置"], [(f.sign, f.subject, f.state, f.remedy) for f in findings])
    if any(finding.is_problem for finding in findings):
        raise typer.Exit(1)


def main() -> None:
    """Console script: errors are one line, in Chinese and English, and never a traceback."""
    # the engine imports pandas for the first parameter it binds, to look for frames that nobody gives it: 0.3 s of CPU
    sys.modules.setdefault("pandas", None)  # type: ignore[arg-type]
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
        if (fault := system_fault(error)) is not None:
            console.complain(fault.message_zh, fault.message_en)
            sys.exit(fault.exit_code)
        words = f"{type(error).__name__}: {error}"[:500]
        console.complain(f"程序出错:{words}。请运行 guatu doctor 检查", f"unexpected error: {words}")
        sys.exit(1)


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
