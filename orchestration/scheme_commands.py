"""``guatu scheme …``: checking assessment schemes, and trying a draft on a past month."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from orchestration import console
from orchestration.errors import GuatuError
from orchestration.options import Home

app = typer.Typer(help="考核办法:检查、试算。", no_args_is_help=True)


class TrialFormat(StrEnum):
    """How ``guatu scheme try`` prints."""

    text = "text"
    json = "json"


SIGNS = {"error": "错误", "warning": "提醒"}


@app.callback()
def scheme() -> None:
    """考核办法:检查、试算。"""


@app.command()
def lint(
    files: Annotated[list[Path], typer.Argument(help="办法文件(YAML)或文件夹", show_default=False)],
    documents: Annotated[
        Path | None, typer.Option("--documents", help="原文所在文件夹;给出时核对每条引文", show_default=False)
    ] = None,
    home: Annotated[
        Path | None, typer.Option("--home", help="数据目录;检查不读它,只为与其他命令一致", show_default=False)
    ] = None,
) -> None:
    """检查考核办法文件:引文、代码、版本、权重、条款、标准冲突;有错误时以 1 退出。"""
    from orchestration.catalogue.lint import lint_files
    from orchestration.settings import get_settings

    paths = [path for file in files for path in _scheme_files(file)]
    if documents is None:
        console.say("未给出 --documents,不核对引文。")
    elif not documents.is_dir():
        raise GuatuError("no_documents", f"没有文件夹 {documents}。", f"no folder {documents}", exit_code=2)
    with console.progress_line("检查考核办法"):
        findings = lint_files(paths, get_settings(home).seeds, documents)
    if findings:
        rows = [(SIGNS[each.severity], each.file, each.code, each.message) for each in findings]
        console.print_table(["级别", "文件", "代码", "说明"], rows)
    errors = sum(each.severity == "error" for each in findings)
    console.say(f"检查 {len(paths)} 个文件:错误 {errors} 项,提醒 {len(findings) - errors} 项。")
    if errors:
        raise typer.Exit(1)


@app.command(name="try")
def try_(
    file: Annotated[Path, typer.Argument(help="办法草稿(YAML)", show_default=False)],
    period: Annotated[str, typer.Option("--period", help="期别,YYYY-MM")],
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", help="只用此时刻前收到的报送;只写日期指当天结束;默认为现在", show_default=False),
    ] = None,
    home: Home = None,
    format: Annotated[TrialFormat, typer.Option("--format", help="输出格式")] = TrialFormat.text,
) -> None:
    """用过去一个月试算办法草稿:奖惩谁、几处并列、要多少钱、与现行办法差在哪里;不发布,不改数据。"""
    moment = console.read_moment(as_of, end_of_day=True) if as_of else None
    from orchestration.settings import get_settings
    from orchestration.trial import try_scheme
    from orchestration.trial_words import sections

    with console.progress_line("试算考核办法") as report:
        trial = try_scheme(get_settings(home), file, period, moment, report)
    if format is TrialFormat.json:
        console.say(trial.model_dump_json(indent=2, by_alias=True))
        return
    for section in sections(trial):
        if isinstance(section, str):
            console.say(section)
            continue
        title, headers, rows = section
        console.say(f"\n{title}" if rows else f"\n{title}:无")
        if rows:
            console.print_table(headers, rows)


def _scheme_files(path: Path) -> list[Path]:
    """The file itself, or the scheme files of a folder; GuatuError ``no_such_file`` where there is nothing."""
    found = sorted(path.glob("*.yml")) if path.is_dir() else [path]
    if not found or not found[0].exists():
        raise GuatuError("no_such_file", f"{path} 不存在,或其中没有办法文件(*.yml)。", f"no scheme file at {path}")
    return found
