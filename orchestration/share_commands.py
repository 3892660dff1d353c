"""``guatu share``: an office's submissions and edition into a lake shared with others, and many offices' out of it."""

from typing import Annotated

import typer

from orchestration import console
from orchestration.options import Home, settings_of

app = typer.Typer(
    help="汇交:各县的报送和版本汇到共享库,省里汇入后统一构建(要有 GUATU_SHARED_LAKE)。", no_args_is_help=True
)


@app.command()
def create(
    data: Annotated[str, typer.Option("--data", help="数据文件放在哪里:文件夹,或 s3://…", show_default=False)],
    home: Home = None,
) -> None:
    """建共享库:在目录库(PostgreSQL)里建表,只做一次。"""
    from orchestration.sharing.lake import create as make

    make(settings_of(home), data)
    console.say(f"共享库已建好,数据放在 {data}")


@app.command()
def push(
    office: Annotated[str, typer.Option("--office", help="本单位的区划代码(可省末尾的 0)", show_default=False)],
    edition: Annotated[bool, typer.Option("--edition/--no-edition", help="连同当前版本的结果表")] = True,
    home: Home = None,
) -> None:
    """汇交:本单位还没有汇交的报送和版本;中断了再运行一次,从断处接着办,不会重复。"""
    from orchestration.sharing.lake import open_lake
    from orchestration.sharing.marts import push_edition
    from orchestration.sharing.push import Pushed, office_code, push_submissions

    settings, code = settings_of(home), office_code(office)
    with console.progress_line("汇交") as tell, open_lake(settings) as shared:
        if settings.gathered.exists():  # the submissions were shared by those who received them
            pushed = Pushed(0, 0, 0, 0)
        else:
            pushed = push_submissions(settings, shared, code, lambda done, total: tell(f"汇交报送 {done}/{total}"))
        tell("汇交版本")
        shared_edition = push_edition(settings, shared, code) if edition else None
    console.say(f"{code}:新汇交报送 {pushed.submissions} 份、{pushed.rows} 行")
    if pushed.passed_over:
        console.say(f"{pushed.passed_over} 份不属于本单位(如省里的行政区划表),没有汇交")
    if pushed.replaced:
        console.say(f"{pushed.replaced} 份因按要求删除而重新汇交;快照过期(guatu share tidy)以后才彻底清除")
    if shared_edition is not None:
        words = f"{shared_edition.parts} 部分中换了 {shared_edition.replaced} 部分"
        console.say(f"版本 {shared_edition.edition_id}:{words}")


@app.command()
def gather(
    snapshot: Annotated[
        int | None, typer.Option("--snapshot", help="按第几号快照汇入;默认为现在", show_default=False)
    ] = None,
    home: Home = None,
) -> None:
    """汇入:把各单位已汇交而这里还没有的报送取来;然后用 guatu run 构建。数据目录须是专为汇入而设的。"""
    from orchestration.sharing.gather import gather as take_over
    from orchestration.sharing.lake import open_lake

    settings = settings_of(home)
    with console.progress_line("汇入") as tell, open_lake(settings, snapshot) as shared:
        found = take_over(settings, shared, lambda done, total: tell(f"汇入 {done}/{total}"))
    console.say(f"新汇入报送 {found.submissions} 份、{found.rows} 行(快照 {found.snapshot})")
    if found.replaced:
        console.say(f"{found.replaced} 份因原单位按要求删除而换过,请重新构建")


@app.command()
def status(home: Home = None) -> None:
    """各单位汇交到哪一份报送、哪个版本、什么时候。"""
    from orchestration.sharing.lake import open_lake
    from orchestration.sharing.standing import standings

    with open_lake(settings_of(home)) as shared:
        snapshot, found = standings(shared)
    console.print_table(
        ["单位", "台账到第几份", "汇交时间", "报送", "行数", "版本", "版本汇交时间"],
        [
            (each.office, each.through, each.shared_at, each.submissions, each.rows, each.edition_id,
             each.edition_shared_at)
            for each in found
        ],
    )  # fmt: skip
    console.say(f"快照 {snapshot}")


@app.command()
def tidy(
    keep_days: Annotated[int, typer.Option("--keep-days", min=1, help="快照保留多少天")] = 30,
    home: Home = None,
) -> None:
    """整理共享库:合并小文件,清除过期快照和只有它们用的文件;各单位照常汇交。"""
    from orchestration.sharing.lake import open_lake
    from orchestration.sharing.standing import tidy as put_in_order

    with console.progress_line("整理共享库"), open_lake(settings_of(home)) as shared:
        done = put_in_order(shared, keep_days)
    console.say(f"合并了 {done.merged} 个文件组,清除快照 {done.snapshots} 个、文件 {done.files} 个")


@app.command()
def forget(
    office: Annotated[str, typer.Option("--office", help="哪个单位的区划代码(可省末尾的 0)", show_default=False)],
    home: Home = None,
) -> None:
    """从共享库中撤出一个单位(代码填错、换了台账);它自己的数据目录不动。各汇入目录须清空重新汇入。"""
    from orchestration.sharing.lake import open_lake
    from orchestration.sharing.push import office_code
    from orchestration.sharing.standing import forget as take_out

    code = office_code(office)
    with open_lake(settings_of(home)) as shared:
        was_there = take_out(shared, code)
    console.say(f"{code} 已撤出;快照过期以后才彻底清除(guatu share tidy)" if was_there else f"共享库中没有 {code}")
