"""``guatu backup``, ``restore``, ``rebuild``, ``erase``: looking after an installation."""

import getpass
import sys
from pathlib import Path
from typing import Annotated

import typer

from orchestration import console
from orchestration.options import Home, settings_of

app = typer.Typer()


@app.command()
def backup(
    folder: Annotated[Path, typer.Argument(help="放备份的文件夹,不能在数据目录里面", show_default=False)],
    editions: Annotated[bool, typer.Option("--editions/--no-editions", help="连同已发布的版本和公文")] = True,
    home: Home = None,
) -> None:
    """备份整个数据目录成一个文件并核对;收件、构建照常进行,不用停。"""
    from orchestration.upkeep.backup import back_up

    with console.progress_line("备份"):
        made = back_up(settings_of(home), folder, editions)
    console.say(f"{made.path}:{made.files} 个文件,{made.size / 2**20:.1f} MB,报送 {made.submissions} 份,已核对")
    for name in made.missing:
        console.complain(f"台账提到的 {name} 不在数据目录中,备份里也没有", f"{name} is missing")
    if made.missing:
        raise typer.Exit(1)


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="备份文件 guatu-….tar", show_default=False)],
    home: Home = None,
) -> None:
    """把备份恢复到空的数据目录;备份有任何损坏都不恢复,并指出损坏在哪里。"""
    from orchestration.upkeep.restore import restore as bring_back

    settings = settings_of(home)
    with console.progress_line("恢复"):
        restored = bring_back(settings, file)
    console.say(
        f"已恢复到 {settings.root}:{restored.files} 个文件,报送 {restored.submissions} 份,备份于 {restored.made_at}"
    )
    for name, then, today in restored.differing:
        console.say(f"设置 GUATU_{name.upper()} 备份时为 {then},现在为 {today}")
    for name in restored.missing:
        console.complain(f"备份时已缺 {name}", f"{name} was missing already")
    console.say("接着运行 guatu doctor")


@app.command()
def rebuild(
    check: Annotated[bool, typer.Option("--check", help="只核对能否重建成原样,不替换")] = False,
    home: Home = None,
) -> None:
    """由归档和台账重建入库数据和回执;结果与台账不一致的逐份列出,不替换,以 1 退出。"""
    from orchestration.upkeep.rebuild import rebuild as make_again

    with console.progress_line("重建") as report:
        rebuilt = make_again(settings_of(home), lambda done, total: report(f"重建 {done}/{total}"), check)
    for words in rebuilt.differing:
        console.say(words)
    state = f"报送 {rebuilt.submissions} 份,入库 {rebuilt.rows} 行"
    if rebuilt.differing:
        console.say(f"{state};{len(rebuilt.differing)} 份与台账不一致,没有替换")
        raise typer.Exit(1)
    done = "可以重建成原样" if check else "已重建。接着运行 guatu run --period YYYY-MM --as-of 时间,重新发布各版本"
    console.say(f"{state};与台账一致,{done}")


@app.command()
def erase(
    person: Annotated[str, typer.Option("--person", help="经办人", show_default=False)],
    reason: Annotated[str, typer.Option("--reason", help="依据,如申请的日期;不写姓名和号码", show_default=False)],
    household: Annotated[bool, typer.Option("--household", help="给出的是户编号:整户,连同户内每个人")] = False,
    home: Home = None,
) -> None:
    """按本人要求删除:证件号码(或户编号)从标准输入读,不写在命令里。身份信息换成无法还原的代号,计数不变。"""
    from orchestration.month import run_month
    from orchestration.upkeep.erase import Whom
    from orchestration.upkeep.erase import erase as take_out

    settings = settings_of(home)
    value = getpass.getpass("户编号:" if household else "证件号码:") if sys.stdin.isatty() else sys.stdin.readline()
    with console.progress_line("删除") as report:
        erased = take_out(
            settings,
            Whom("household" if household else "person", value),
            person,
            reason,
            lambda period: run_month(settings, period, report=report).problem is None,
        )
    console.say(
        f"入库数据 {erased.rows} 行、报送 {len(erased.submissions)} 份、原件 {len(erased.originals)} 份已处理"
        f"(其中 {erased.lost} 份不能改写,已移除)"
    )
    if erased.editions:
        console.say(f"已重新发布;移除含有该户的版本:{'、'.join(erased.editions)}")
    for name in erased.documents:
        console.say(f"移除公文:{name}(需要的用 guatu report 重出)")
    for name in erased.left:
        console.say(f"{name} 还有这个号码:收件箱中的退回报送单位,保存的查询由本人改掉")
    console.say("以前的备份、已下载或打印的材料不在处理范围内,按运维手册处置")


@app.command()
def expire(
    person: Annotated[str, typer.Option("--person", help="经办人", show_default=False)],
    list_only: Annotated[bool, typer.Option("--list", help="只列出,不删除")] = False,
    home: Home = None,
) -> None:
    """删除保存期满的原件和标注回执,期限见 GUATU_KEEP_ORIGINALS_YEARS、GUATU_KEEP_RECEIPTS_YEARS;入库数据不动。"""
    from orchestration.upkeep.retention import expire as let_go

    settings = settings_of(home)
    if settings.keep_originals_years is None and settings.keep_receipts_years is None:
        console.say("没有设保存期限,什么都不删除(GUATU_KEEP_ORIGINALS_YEARS、GUATU_KEEP_RECEIPTS_YEARS)")
        return
    found = let_go(settings, person, list_only)
    for path in (*found.originals, *found.receipts):
        console.say(path.relative_to(settings.root).as_posix())
    state = "期满" if list_only else "已删除"
    console.say(f"{state}:原件 {len(found.originals)} 份,标注回执 {len(found.receipts)} 份")
