"""What ``guatu doctor`` looks at in the data directory: ledger, archive, lake, journals, editions, accounts."""

from collections.abc import Iterator

import polars as pl

from orchestration.doctor import Check, Finding
from orchestration.release import Edition, current_edition, list_editions, open_edition
from orchestration.release.editions import CURRENT
from orchestration.settings import Settings

FROM_BACKUP = "从备份恢复到新的目录(guatu restore),再补报备份以后的文件"
REBUILD = "由归档和台账重建:guatu rebuild"
SHOWN = 10


def _format(settings: Settings) -> Iterator[Finding]:
    from orchestration.upkeep.home import FORMAT, format_of, require_format
    from orchestration.upkeep.restore import UNPACKING

    require_format(settings)
    yield Finding("ok", "目录格式", f"格式 {format_of(settings)},程序识别到 {FORMAT}")
    if (settings.root / UNPACKING).exists():
        state = f"上一次恢复没有完成,留有 {UNPACKING}"
        yield Finding("problem", "目录格式", state, "删去整个数据目录,重新运行 guatu restore")


def _ledger(settings: Settings) -> Iterator[Finding]:
    from orchestration.intake import read_ledger, verify_ledger

    problems = verify_ledger(settings)
    for problem in problems[:SHOWN]:
        lake_only = "入库数据文件缺失" in problem
        yield Finding("problem", "台账", problem, REBUILD if lake_only else FROM_BACKUP)
    if not problems:
        yield Finding("ok", "台账", f"报送 {len(read_ledger(settings))} 份,校验链与原件完好")


def _lake(settings: Settings) -> Iterator[Finding]:
    """Every submission's rows are there, readable, and as many as the ledger says; nothing is there beside them."""
    from orchestration.intake import read_ledger
    from orchestration.intake.lake import lake_file

    submissions = read_ledger(settings)
    wrong, rows = [], 0
    for line in submissions:
        path = lake_file(settings, line)
        if not line.rows_accepted or not path.is_file():
            continue
        try:
            found = pl.scan_parquet(path).select(pl.len()).collect().item()
        except (pl.exceptions.PolarsError, OSError):
            wrong.append(f"第 {line.submission_id} 号报送的数据文件读不出来:{path.relative_to(settings.root)}")
            continue
        rows += found
        if found != line.rows_accepted:
            wrong.append(f"第 {line.submission_id} 号报送的数据文件为 {found} 行,台账为 {line.rows_accepted} 行")
    expected = {lake_file(settings, line) for line in submissions}
    strange = [
        path
        for path in settings.lake.glob("[!_]*/*/*.parquet")
        if path not in expected and path.stem != str(len(submissions) + 1)
    ]
    wrong += [f"{path.relative_to(settings.root)} 不属于台账中的任何报送" for path in strange]
    for state in wrong[:SHOWN]:
        yield Finding("problem", "入库数据", state, REBUILD)
    if not wrong:
        yield Finding("ok", "入库数据", f"{rows} 行,与台账一致")


def _receipts(settings: Settings) -> Iterator[Finding]:
    from orchestration.intake import read_ledger

    submissions = read_ledger(settings)
    lacking = [s.submission_id for s in submissions if not (settings.receipts / f"{s.submission_id}.json").is_file()]
    if lacking:
        state = f"缺 {len(lacking)} 份回执,如第 {lacking[0]} 号"
        yield Finding("problem", "回执", state, REBUILD)
    else:
        yield Finding("ok", "回执", f"{len(submissions)} 份齐全")


def _journals(settings: Settings) -> Iterator[Finding]:
    from orchestration.records.journal import broken_at

    for name, path in settings.journals.items():
        entry = broken_at(path)  # also where the file is gone and its head is not
        if entry is not None:
            state = f"{path.name} 第 {entry} 条起与校验链不符或已丢失,被改动过"
            yield Finding("problem", f"{name}记录", state, f"从备份恢复 {path.name}")
        elif path.exists():
            yield Finding("ok", f"{name}记录", f"{path.name} 校验链完好")


def _accounts(settings: Settings) -> Iterator[Finding]:
    from orchestration.access.accounts import accounts

    folder = settings.access_folder
    if not folder.is_dir():
        return
    known = accounts(settings)
    held = [folder, *(path for path in folder.iterdir() if not path.name.endswith(".lock"))]
    open_to_others = [path for path in held if path.stat().st_mode & 0o077]
    if open_to_others:
        names = "、".join(str(path.relative_to(settings.root)) for path in open_to_others[:3])
        yield Finding(
            "problem", "账号", f"{names} 本机其他用户也能读", f"chmod 700 {folder},其中的文件 chmod 600"
        )  # fmt: skip
    else:
        yield Finding("ok", "账号", f"{len(known)} 个,只有服务用户可读")


def _inbox(settings: Settings) -> Iterator[Finding]:
    waiting = [path for path in settings.inbox.rglob("*") if path.is_file() and not path.name.startswith(".")]
    if waiting:
        yield Finding(
            "note", "收件箱", f"{len(waiting)} 个文件待接收", "运行 guatu run --period YYYY-MM,或启动 guatu serve"
        )
    else:
        yield Finding("ok", "收件箱", "没有待接收的文件")


def _edition(settings: Settings) -> Iterator[Finding]:
    from orchestration.intake import read_ledger

    pointer = settings.published / CURRENT
    editions = list_editions(settings)
    edition = current_edition(settings)
    if editions and (edition is None or not pointer.exists()):
        target = pointer.readlink() if pointer.is_symlink() else "(没有)"
        state = f"{CURRENT} 指向 {target},而现有版本到 {editions[-1].edition_id}"
        cure = f"重新发布:guatu run --period {editions[-1].period}(开头就会把指向改正)"
        yield Finding("problem", "版本", state, cure)
        return
    if edition is None:
        yield Finding("note", "版本", "尚未发布任何版本", "运行 guatu run --period YYYY-MM")
        return
    yield _readable(settings, edition)
    late = [line for line in read_ledger(settings) if line.in_effect and line.received_at > edition.as_of]
    if late:
        state = f"{len(late)} 份报送晚于当前版本的数据截至时间,尚未计入"
        yield Finding("note", "版本", state, f"运行 guatu run --period {edition.period}")


def _readable(settings: Settings, edition: Edition) -> Finding:
    with open_edition(settings, edition.edition_id) as connection:
        for table, expected in edition.tables.items():
            rows = connection.execute(f'select count(*) from "{table}"').fetchone()[0]
            if rows != expected:
                state = f"{edition.edition_id} 的 {table} 为 {rows} 行,应为 {expected} 行"
                return Finding("problem", "版本", state, f"重新发布:guatu run --period {edition.period}")
    return Finding("ok", "版本", f"当前 {edition.edition_id},{sum(edition.tables.values())} 行,可读")


def _leftovers(settings: Settings) -> Iterator[Finding]:
    """What lies in ``published`` and is no edition: halves of one, and files of others."""
    if not settings.published.is_dir():
        return
    complete = {edition.edition_id for edition in list_editions(settings)} | {"current"}
    half, foreign = [], []
    for path in sorted(settings.published.iterdir()):
        if path.stem in complete and path.suffix in (".duckdb", ".json"):
            continue
        ours = path.suffix in (".duckdb", ".json") or (path.name.startswith(".") and path.suffix in (".tmp", ".link"))
        (half if ours else foreign).append(path.name)
    if half:
        state = f"{'、'.join(half)} 不是完整的版本(缺数据库或版本说明)"
        yield Finding("problem", "半成品", state, "不会被使用;下次发布时自动清除,要保留的先移走")
    if foreign:
        yield Finding("problem", "外来文件", f"published 中有 {'、'.join(foreign)}", "移走:这里只放已发布的版本")


def _settings(settings: Settings) -> Iterator[Finding]:
    from orchestration.serve import require_closed_door

    require_closed_door(settings)
    yield Finding(
        "ok", "访问", {"accounts": "本机账号", "oidc": "统一身份认证", "open": "不登录,只限本机"}[settings.access]
    )


CHECKS = (
    Check("目录格式", _format, "按提示处置"),
    Check("台账", _ledger, FROM_BACKUP),
    Check("入库数据", _lake, REBUILD),
    Check("回执", _receipts, REBUILD),
    Check("记录", _journals, FROM_BACKUP),
    Check("账号", _accounts, "从备份恢复 access/accounts.json"),
    Check("收件箱", _inbox, "让运行 guatu 的用户能读收件箱"),
    Check("版本", _edition, "重新发布:guatu run --period YYYY-MM;仍不行的从备份恢复"),
    Check("半成品", _leftovers, "让运行 guatu 的用户能读 published"),
    Check("访问", _settings, "按提示改正设置"),
)
