"""``guatu scheme …``: checking assessment schemes."""

from pathlib import Path
from typing import Annotated

import typer

from orchestration import console
from orchestration.errors import GuatuError

app = typer.Typer(help="考核办法:检查。", no_args_is_help=True)

SIGNS = {"error": "错误", "warning": "提醒"}


@app.callback()
def scheme() -> None:
    """考核办法:检查。"""


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


def _scheme_files(path: Path) -> list[Path]:
    """The file itself, or the scheme files of a folder; GuatuError ``no_such_file`` where there is nothing."""
    found = sorted(path.glob("*.yml")) if path.is_dir() else [path]
    if not found or not found[0].exists():
        raise GuatuError("no_such_file", f"{path} 不存在,或其中没有办法文件(*.yml)。", f"no scheme file at {path}")
    return found
