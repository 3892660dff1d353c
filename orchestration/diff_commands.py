"""``guatu diff``: what changed between two editions, and which submission or decision caused it."""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from orchestration import console
from orchestration.errors import GuatuError
from orchestration.options import Home

if TYPE_CHECKING:
    from orchestration.release import EditionDiff
    from orchestration.release.causes import Cause
    from orchestration.release.compare import Change, Changes

app = typer.Typer()

CAUSES = {
    "submission": "报送",
    "decision": "决定",
    "months": "该月只在一个版本中",
    "rules": "不由报送或决定引起(办法、口径、标准或程序有变)",
}
KEY_TITLES = {
    "period": "期别",
    "edition_period": "期别",
    "scheme": "办法",
    "ranking": "排名",
    "class": "组别",
    "division_code": "区划",
    "indicator_code": "指标",
    "clause_id": "条款",
    "object": "对象",
    "kind": "种类",
}
SHOWN_CAUSES = 5


class DiffFormat(StrEnum):
    """How ``guatu diff`` prints."""

    text = "text"
    csv = "csv"
    json = "json"
    xlsx = "xlsx"


@app.command()
def diff(
    a: Annotated[str, typer.Argument(help="前一版本", metavar="A", show_default=False)],
    b: Annotated[str, typer.Argument(help="后一版本", metavar="B", show_default=False)],
    limit: Annotated[int, typer.Option("--limit", help="每类最多列出多少项;0 为全部")] = 50,
    format: Annotated[DiffFormat, typer.Option("--format", help="输出格式")] = DiffFormat.text,
    out: Annotated[Path | None, typer.Option("-o", "--out", help="写入文件(xlsx 必须给出)", show_default=False)] = None,
    home: Home = None,
) -> None:
    """比较两个版本:指标值、名次、奖惩有何变化,各由哪份报送或哪项决定引起。"""
    from orchestration.release import diff as compare
    from orchestration.settings import get_settings

    if format is DiffFormat.xlsx and out is None:
        raise GuatuError("out_wanted", "xlsx 格式请用 -o 指定文件。", "format xlsx needs -o FILE", exit_code=2)
    with console.progress_line("比较版本"):
        difference = compare(get_settings(home), a, b, limit or None)
    if format is not DiffFormat.text:
        columns = ["类别", *dict.fromkeys(KEY_TITLES.values()), "之前", "之后", "由何引起"]
        console.print_result(columns, list(_flat(difference)), format.value, out)
        return
    _print(a, b, difference)


def _kinds(difference: "EditionDiff") -> "dict[str, Changes]":
    return {"指标值": difference.values, "名次": difference.ranks, "奖惩": difference.actions}


def _print(a: str, b: str, difference: "EditionDiff") -> None:
    kinds = _kinds(difference)
    console.say(f"{a} → {b}:" + ",".join(f"{title} {changes.total} 项" for title, changes in kinds.items()))
    if difference.causes:
        console.say("\n由何引起(一项变化可有几个原因,各计一次)")
        console.print_table(
            ["原因", "编号", "文件或事项", "时间", *kinds],
            [(_cause_title(c), c.id, _cause_name(c), c.at, c.values, c.ranks, c.actions) for c in difference.causes],
        )
    for title, changes in kinds.items():
        if changes.shown:
            console.say(f"\n{title}")
            console.print_table(
                [*(KEY_TITLES[key] for key in changes.shown[0].key), "之前", "之后", "由何引起"],
                [(*c.key.values(), _side(c.before), _side(c.after), _cause_words(c.causes)) for c in changes.shown],
            )
        if len(changes.shown) < changes.total:
            console.say(f"另有 {changes.total - len(changes.shown)} 项,加 --limit 0 列出全部")


def _flat(difference: "EditionDiff") -> Iterator[Sequence[Any]]:
    titles = list(dict.fromkeys(KEY_TITLES.values()))
    for title, changes in _kinds(difference).items():
        for change in changes.shown:
            yield [title, *_in_columns(change, titles), _side(change.before), _side(change.after),
                   _cause_words(change.causes, None)]  # fmt: skip


def _in_columns(change: "Change", titles: Sequence[str]) -> list[Any]:
    by_title = {KEY_TITLES[key]: value for key, value in change.key.items()}
    return [by_title.get(title) for title in titles]


def _cause_title(cause: "Cause") -> str:
    withdrawn = "(仅前一版本采用)" if cause.cause == "submission" and cause.side == "a" else ""
    return CAUSES[cause.cause] + withdrawn


def _cause_name(cause: "Cause") -> str | None:
    from orchestration.records.model import KIND_TITLES, STEP_TITLES

    if cause.cause != "decision":
        return cause.name
    return f"{KIND_TITLES[str(cause.name)]} {cause.unit} {STEP_TITLES[str(cause.step)]}({cause.person})"


def _cause_words(causes: Sequence[tuple[str, int | None]], most: int | None = SHOWN_CAUSES) -> str:
    """``报送 12、15;决定 3``; of many the first, and how many there are."""
    words = []
    for cause, title in CAUSES.items():
        ids = [id_ for found, id_ in causes if found == cause]
        if ids and ids[0] is None:
            words.append(title)
        elif ids:
            more = f"等 {len(ids)} 份" if most is not None and len(ids) > most else ""
            words.append(f"{title} {'、'.join(str(id_) for id_ in ids[:most])}{more}")
    return ";".join(words)


def _side(values: dict[str, Any] | None) -> str:
    if values is None:
        return "(无)"
    return ", ".join(f"{k}={console.cell_text(v)}" for k, v in values.items() if v is not None)
