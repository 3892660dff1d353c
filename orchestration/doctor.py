"""``guatu doctor``: what is installed, writable, running, stale or missing, and how to mend it.

Here is the machine and the program; what lies in the data directory is looked at in ``doctor_data``.
"""

import shutil
import socket
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distributions, requires, version
from typing import Literal

import duckdb

from orchestration.errors import GuatuError
from orchestration.settings import Settings

FREE_BYTES = 2 << 30
REINSTALL = "重新安装依赖:make install(或按 README 中的安装命令)"
REPOSITORY = "重新取得完整的程序目录(git checkout 或重新解压),自己改过的文件改正后再试"


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


@dataclass(frozen=True)
class Check:
    """One look: what it is at, and what mends it where the look itself fails."""

    subject: str
    look: Callable[[Settings], Iterator[Finding]]
    remedy: str


def examine(settings: Settings) -> list[Finding]:
    """Every check, in order; a check that itself fails is a problem, not an error."""
    from orchestration.doctor_data import CHECKS

    findings = []
    for check in (*MACHINE, *CHECKS):
        try:
            findings += check.look(settings)
        except GuatuError as error:
            findings.append(Finding("problem", check.subject, error.message_zh, check.remedy))
        except (OSError, ValueError, KeyError, duckdb.Error, sqlite3.Error) as error:
            findings.append(Finding("problem", check.subject, " ".join(str(error).split())[:300], check.remedy))
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
    wrong += [f"duckdb 装有不止一个版本:{'、'.join(several)}" for several in [_installed("duckdb")] if len(several) > 1]
    if wrong:
        yield Finding("problem", "依赖", ";".join(wrong), REINSTALL)
    else:
        yield Finding("ok", "依赖", f"{len(needed)} 项齐全")


def _installed(name: str) -> list[str]:
    """Every version of a package that Python can find: of two, which one is imported is chance."""
    return sorted({found.version for found in distributions(name=name)})


def _fonts(_: Settings) -> Iterator[Finding]:
    from orchestration.reports.fonts import SHIPPED, faces

    found = faces()
    lacking = sorted({face for face in SHIPPED.values() if face not in set(found.fonts.families())})
    if lacking:
        yield Finding("problem", "字体", f"缺 {'、'.join(lacking)},公文排不出来", REINSTALL)
        return
    substituted = sum(found.is_shipped(part) for part in found.parts)
    yield Finding("ok", "字体", f"公文用的 {len(found.parts)} 种字体,其中 {substituted} 种用自带的思源字体代替")


def _home(settings: Settings) -> Iterator[Finding]:
    settings.root.mkdir(parents=True, exist_ok=True)
    for folder in (settings.root, settings.archive, settings.lake, settings.receipts, settings.published):
        if folder.is_dir():
            with tempfile.TemporaryFile(dir=folder) as file:
                file.write(b"0")
    free = shutil.disk_usage(settings.root).free
    state = f"{settings.root} 可写,剩余 {free / 2**30:.1f} GB"
    if free < FREE_BYTES:
        yield Finding(
            "problem", "数据目录", state, "清理磁盘或换大的磁盘,至少留出 2 GB;旧版本可按 GUATU_KEEP_EDITIONS 减少"
        )
    else:
        yield Finding("ok", "数据目录", state)


def _catalogue(settings: Settings) -> Iterator[Finding]:
    from orchestration.access.roles import load_roles
    from orchestration.catalogue import load_schemes
    from orchestration.catalogue.template_versions import load_forms
    from orchestration.catalogue.templates import load_codes, load_templates

    if not (settings.dbt_project / "dbt_project.yml").is_file():
        yield Finding("problem", "计算模型", f"{settings.dbt_project} 不完整", REPOSITORY)
    templates = load_templates(settings.seeds)
    load_codes(settings.seeds)
    load_roles(settings.seeds)
    schemes = load_schemes(settings.seeds)
    former = sum(len(forms) - 1 for forms in load_forms(settings.seeds).values())
    yield Finding("ok", "模板和办法", f"模板 {len(templates)} 个,历次表样 {former} 个,考核办法 {len(schemes)} 个")


def _publisher(settings: Settings) -> Iterator[Finding]:
    """A publisher that hangs, or whose supervisor is gone, while pages may still be served."""
    from orchestration.watch import stopped_since

    if since := stopped_since(settings):
        yield Finding("problem", "定时发布", f"自 {since:%Y-%m-%d %H:%M} 起没有响应", "重新启动 guatu serve")


def _ports(settings: Settings) -> Iterator[Finding]:
    for name, port in (("看板", settings.dashboard_port), ("Dagster", settings.dagster_port)):
        with socket.socket() as probe:
            probe.settimeout(0.5)
            used = probe.connect_ex((settings.host, port)) == 0
        yield Finding("ok", f"端口 {port}", f"{name}:{'已有程序在监听' if used else '空闲'}")


def _clock(settings: Settings) -> Iterator[Finding]:
    from orchestration.clock import present
    from orchestration.intake import read_ledger

    moment = present(settings)
    newest = max((line.received_at for line in read_ledger(settings)), default=None)
    if newest is not None and newest > moment:
        yield Finding(
            "problem",
            "时钟",
            f"现在 {moment:%Y-%m-%d %H:%M},早于最近一次收件 {newest:%Y-%m-%d %H:%M}",
            "校准本机时钟(如 timedatectl set-ntp true);确认时钟正确的,收件时间是人工填错的",
        )
    else:
        yield Finding("ok", "时钟", f"{moment:%Y-%m-%d %H:%M}(北京时间)")


def _process(settings: Settings) -> Iterator[Finding]:
    """Runs Dagster takes for running whose process is gone: they hold the place of the next one."""
    from orchestration.release import run_lock

    database = settings.dagster_home / "history" / "runs.db"
    try:
        with run_lock(settings, wait_seconds=0):
            stale = _working_runs(settings) if database.exists() else 0
    except GuatuError:
        yield Finding("note", "运行", "有一轮构建正在进行;长时间不结束的,停止 guatu serve 再启动,锁随进程释放")
        return
    if stale:
        yield Finding(
            "problem",
            "运行",
            f"Dagster 登记有 {stale} 个运行正在进行,但进程已不存在",
            "重新启动 guatu serve,或运行一次 guatu run:会把它们登记为失败",
        )
    else:
        yield Finding("ok", "运行", "没有正在进行的构建")


def _working_runs(settings: Settings) -> int:
    with sqlite3.connect(f"file:{settings.dagster_home / 'history' / 'runs.db'}?mode=ro", uri=True) as connection:
        working = ("STARTED", "STARTING", "CANCELING")
        return int(connection.execute("select count(*) from runs where status in (?, ?, ?)", working).fetchone()[0])


MACHINE = (
    Check("Python", _python, REINSTALL),
    Check("依赖", _packages, REINSTALL),
    Check("字体", _fonts, REINSTALL),
    Check(
        "数据目录",
        _home,
        "让运行 guatu 的用户能写数据目录和其中的 archive、lake、receipts、published(chown、chmod u+w,或重新挂载为可写)",
    ),
    Check("模板和办法", _catalogue, REPOSITORY),
    Check("时钟", _clock, "校准本机时钟(如 timedatectl set-ntp true)后重试"),
    Check("运行", _process, "停止 guatu serve,把 dagster 目录改名后重新启动(只丢运行历史,不丢数据)"),
    Check("定时发布", _publisher, "重新启动 guatu serve"),
    Check("端口", _ports, "改 GUATU_HOST、GUATU_DASHBOARD_PORT、GUATU_DAGSTER_PORT"),
)
