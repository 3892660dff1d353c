"""``guatu doctor``: what is installed, writable, running, stale or missing, and how to mend it."""

import shutil
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from typing import Literal

import duckdb

from orchestration.errors import GuatuError
from orchestration.release import Edition, current_edition, list_editions, open_edition, run_lock
from orchestration.settings import Settings

FREE_BYTES = 2 << 30
REINSTALL = "重新安装依赖:make install(或按 README 中的安装命令)"


@dataclass(frozen=True)
class Finding:
    """One thing looked at: ``ok``, ``note`` (worth knowing) or ``problem`` (to be mended)."""

    kind: Literal["ok", "note", "problem"]
    subject: str
    state: str
    remedy: str = ""

    @property
    def is_problem(self) -> bool:
        return self.kind == "problem"

    @property
    def sign(self) -> str:
        return {"ok": "正常", "note": "提示", "problem": "问题"}[self.kind]


def examine(settings: Settings) -> list[Finding]:
    """Every check, in order; a check that itself fails is a problem, not an error."""
    checks: list[Callable[[Settings], Iterator[Finding]]] = [
        _python, _packages, _home, _catalogue, _ledger, _journals, _inbox, _edition, _leftovers, _activity, _ports,
    ]  # fmt: skip
    findings = []
    for check in checks:
        try:
            findings += check(settings)
        except GuatuError as error:
            findings.append(Finding("problem", check.__name__.strip("_"), error.message_zh))
        except (OSError, ValueError, duckdb.Error) as error:
            findings.append(Finding("problem", check.__name__.strip("_"), " ".join(str(error).split())[:300]))
    return findings


def _python(_: Settings) -> Iterator[Finding]:
    found = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] == (3, 11):
        yield Finding("ok", "Python", found)
    else:
        yield Finding("problem", "Python", f"{found},需要 3.11", "用 Python 3.11 新建虚拟环境后重装")


def _packages(_: Settings) -> Iterator[Finding]:
    from packaging.requirements import Requirement

    wrong = []
    needed = [Requirement(text) for text in requires("guatu") or []]
    for requirement in needed:
        try:
            found = version(requirement.name)
        except PackageNotFoundError:
            wrong.append(f"缺 {requirement.name}")
        else:
            if found not in requirement.specifier:
                wrong.append(f"{requirement.name} 为 {found},应为 {requirement.specifier}")
    if wrong:
        yield Finding("problem", "依赖", ";".join(wrong), REINSTALL)
    else:
        yield Finding("ok", "依赖", f"{len(needed)} 项齐全")


def _home(settings: Settings) -> Iterator[Finding]:
    settings.root.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=settings.root) as file:
        file.write(b"0")
    free = shutil.disk_usage(settings.root).free
    state = f"{settings.root} 可写,剩余 {free / 2**30:.1f} GB"
    if free < FREE_BYTES:
        yield Finding("problem", "数据目录", state, "清理磁盘,至少留出 2 GB")
    else:
        yield Finding("ok", "数据目录", state)


def _catalogue(settings: Settings) -> Iterator[Finding]:
    from orchestration.catalogue.template_versions import load_forms
    from orchestration.catalogue.templates import load_templates

    if not (settings.dbt_project / "dbt_project.yml").is_file():
        yield Finding("problem", "计算模型", f"{settings.dbt_project} 不完整", "重新取得完整的程序目录")
    templates = load_templates(settings.seeds)
    former = sum(len(forms) - 1 for forms in load_forms(settings.seeds).values())
    yield Finding("ok", "报送模板", f"{len(templates)} 个,历次表样 {former} 个")


def _ledger(settings: Settings) -> Iterator[Finding]:
    from orchestration.intake import read_ledger, verify_ledger

    problems = verify_ledger(settings)
    for problem in problems[:10]:
        yield Finding("problem", "台账", problem, "从备份恢复 ledger.jsonl、archive/ 与 lake/")
    if not problems:
        yield Finding("ok", "台账", f"报送 {len(read_ledger(settings))} 份,校验链与原件完好")


def _journals(settings: Settings) -> Iterator[Finding]:
    from orchestration.records.journal import broken_at

    journals = {
        "决定": settings.decisions,
        "送达": settings.deliveries,
        "审核": settings.reviews,
        "操作": settings.audit,
        "办理": settings.rhythm,
    }
    for name, path in journals.items():
        entry = broken_at(path) if path.exists() else None
        if entry is not None:
            state = f"{path.name} 第 {entry} 条与校验链不符,内容被改动过"
            yield Finding("problem", f"{name}记录", state, f"从备份恢复 {path.name}")
        elif path.exists():
            yield Finding("ok", f"{name}记录", f"{path.name} 校验链完好")


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

    edition = current_edition(settings)
    if edition is None:
        yield Finding("note", "版本", "尚未发布任何版本", "运行 guatu run --period YYYY-MM")
        return
    yield _readable(settings, edition)
    late = [line for line in read_ledger(settings) if line.in_effect and line.received_at > edition.as_of]
    if late:
        yield Finding(
            "note",
            "版本",
            f"{len(late)} 份报送晚于当前版本的数据截至时间,尚未计入",
            f"运行 guatu run --period {edition.period}",
        )


def _readable(settings: Settings, edition: Edition) -> Finding:
    with open_edition(settings, edition.edition_id) as connection:
        for table, expected in edition.tables.items():
            rows = connection.execute(f'select count(*) from "{table}"').fetchone()[0]
            if rows != expected:
                return Finding(
                    "problem",
                    "版本",
                    f"{edition.edition_id} 的 {table} 为 {rows} 行,应为 {expected} 行",
                    f"重新发布:guatu run --period {edition.period}",
                )
    return Finding("ok", "版本", f"当前 {edition.edition_id},{sum(edition.tables.values())} 行,可读")


def _leftovers(settings: Settings) -> Iterator[Finding]:
    complete = {edition.edition_id for edition in list_editions(settings)} | {"current"}
    half = [path.name for path in settings.published.glob("*.duckdb*") if path.stem not in complete]
    half += [path.name for path in settings.published.glob(".*.tmp")]
    if half:
        yield Finding("note", "半成品", "、".join(sorted(half)), "无需处理,下次发布时自动清除")


def _activity(settings: Settings) -> Iterator[Finding]:
    try:
        with run_lock(settings, wait_seconds=0):
            yield Finding("ok", "运行", "没有正在进行的构建")
    except GuatuError:
        yield Finding("note", "运行", "有一轮构建正在进行")


def _ports(settings: Settings) -> Iterator[Finding]:
    for name, port in (("看板", settings.dashboard_port), ("Dagster", settings.dagster_port)):
        with socket.socket() as probe:
            probe.settimeout(0.5)
            used = probe.connect_ex((settings.host, port)) == 0
        yield Finding("ok", f"端口 {port}", f"{name}:{'已有程序在监听' if used else '空闲'}")
