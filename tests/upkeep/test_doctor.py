"""``guatu doctor`` names each planted fault, and what mends it. One fault a line."""

import json
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest

from orchestration import doctor
from orchestration.doctor import Finding, examine
from orchestration.intake import read_ledger
from orchestration.intake.lake import lake_file
from orchestration.intake.ledger import Submission
from orchestration.release import current_edition
from orchestration.settings import PROJECT_ROOT, Settings

Plant = Callable[[Settings, pytest.MonkeyPatch], Settings | None]


def first(settings: Settings) -> Submission:
    return next(line for line in read_ledger(settings) if line.rows_accepted)


def change_byte(path: Path, at: int = 10) -> None:
    path.chmod(0o644)
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)


def edition_file(settings: Settings, suffix: str) -> Path:
    edition = current_edition(settings)
    assert edition is not None
    return settings.published / f"{edition.edition_id}{suffix}"


def lake_file_lost(s: Settings, _: pytest.MonkeyPatch) -> None:
    lake_file(s, first(s)).unlink()


def lake_file_cut(s: Settings, _: pytest.MonkeyPatch) -> None:
    path = lake_file(s, first(s))
    path.write_bytes(path.read_bytes()[:40])


def lake_file_foreign(s: Settings, _: pytest.MonkeyPatch) -> None:
    path = lake_file(s, first(s))
    (path.parent / "77.parquet").write_bytes(path.read_bytes())


def archive_byte(s: Settings, _: pytest.MonkeyPatch) -> None:
    change_byte(s.archive / first(s).sha256)


def archive_file_lost(s: Settings, _: pytest.MonkeyPatch) -> None:
    (s.archive / first(s).sha256).unlink()


def ledger_line_broken(s: Settings, _: pytest.MonkeyPatch) -> None:
    text = s.ledger.read_text(encoding="utf-8")
    s.ledger.write_text(text.replace('"rows_read": ', '"rows_read": 1', 1), encoding="utf-8")


def ledger_line_unreadable(s: Settings, _: pytest.MonkeyPatch) -> None:
    lines = s.ledger.read_text(encoding="utf-8").splitlines(keepends=True)
    s.ledger.write_text("".join([lines[0][:30] + "\n", *lines[1:]]), encoding="utf-8")


def ledger_cut(s: Settings, _: pytest.MonkeyPatch) -> None:
    lines = s.ledger.read_bytes().splitlines(keepends=True)
    s.ledger.write_bytes(b"".join(lines[:-1]))


def journal_changed(s: Settings, _: pytest.MonkeyPatch) -> None:
    text = s.decisions.read_text(encoding="utf-8")
    s.decisions.write_text(text.replace("核查属实", "查无此事"), encoding="utf-8")


def audit_lost(s: Settings, _: pytest.MonkeyPatch) -> None:
    s.audit.unlink()


def receipt_lost(s: Settings, _: pytest.MonkeyPatch) -> None:
    (s.receipts / "2.json").unlink()


def foreign_file(s: Settings, _: pytest.MonkeyPatch) -> None:
    (s.published / "临时统计.xlsx").write_bytes(b"x")


def pointer_to_nowhere(s: Settings, _: pytest.MonkeyPatch) -> None:
    (s.published / "current.duckdb").unlink()
    (s.published / "current.duckdb").symlink_to("2017-01_0009.duckdb")


def edition_without_record(s: Settings, _: pytest.MonkeyPatch) -> None:
    edition_file(s, ".json").rename(s.root / "elsewhere.json")


def edition_cut(s: Settings, _: pytest.MonkeyPatch) -> None:
    path = edition_file(s, ".duckdb")
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:20_000])


def edition_changed(s: Settings, _: pytest.MonkeyPatch) -> None:
    path = edition_file(s, ".duckdb")
    path.chmod(0o644)
    with duckdb.connect(str(path)) as connection:
        connection.execute("delete from marts.fct_household")


def disk_full(s: Settings, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(doctor.shutil, "disk_usage", lambda _: SimpleNamespace(free=300 << 20))


def folder_read_only(s: Settings, patch: pytest.MonkeyPatch) -> None:
    if os.geteuid() == 0:  # to whom no folder is read-only: as the system would answer anybody else
        whole = doctor.tempfile.TemporaryFile

        def refused(dir: Path) -> object:
            if dir == s.archive:
                raise PermissionError(13, "Permission denied", str(dir))
            return whole(dir=dir)

        patch.setattr(doctor.tempfile, "TemporaryFile", refused)
    else:
        s.archive.chmod(0o555)


def accounts_open_to_others(s: Settings, _: pytest.MonkeyPatch) -> None:
    (s.access_folder / "accounts.json").chmod(0o644)


def accounts_damaged(s: Settings, _: pytest.MonkeyPatch) -> None:
    path = s.access_folder / "accounts.json"
    path.write_text(path.read_text(encoding="utf-8")[:50], encoding="utf-8")


def two_versions_of_duckdb(_: Settings, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(doctor, "distributions", lambda name: [SimpleNamespace(version=v) for v in ("1.5.5", "2.0.0")])


def package_missing(_: Settings, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(doctor, "requires", lambda _: ["a-package-nobody-has>=1"])


def font_missing(_: Settings, patch: pytest.MonkeyPatch) -> None:
    from orchestration.reports import fonts

    fonts.faces.cache_clear()
    patch.setattr(fonts, "FONT_PACKAGE", "a_package_nobody_has")


def runs_left_in_dagster(s: Settings, _: pytest.MonkeyPatch) -> None:
    (s.dagster_home / "history").mkdir(parents=True, exist_ok=True)
    with sqlite3.connect(s.dagster_home / "history" / "runs.db") as connection:
        connection.execute("create table if not exists runs (run_id text, status text)")
        connection.execute("insert into runs (run_id, status) values ('x', 'STARTED')")


def seeds_unreadable(s: Settings, _: pytest.MonkeyPatch) -> Settings:
    import shutil

    seeds = s.root.parent / "seeds"
    shutil.copytree(PROJECT_ROOT / "seeds", seeds)
    scheme = seeds / "schemes" / "lingshan-2018.yml"
    scheme.write_text(scheme.read_text(encoding="utf-8") + "\n  : [", encoding="utf-8")
    return s.model_copy(update={"seeds": seeds})


def project_incomplete(s: Settings, _: pytest.MonkeyPatch) -> Settings:
    return s.model_copy(update={"dbt_project": s.root.parent / "nothing"})


def clock_behind(s: Settings, patch: pytest.MonkeyPatch) -> None:
    ahead = time.time() + 3600
    os.utime(s.ledger, (ahead, ahead))


def newer_form(s: Settings, _: pytest.MonkeyPatch) -> None:
    (s.root / "format.json").write_text(json.dumps({"format": 99}), encoding="utf-8")


def restore_left_half_done(s: Settings, _: pytest.MonkeyPatch) -> None:
    (s.root / ".restoring").mkdir()


def open_to_the_network(s: Settings, _: pytest.MonkeyPatch) -> Settings:
    return s.model_copy(update={"access": "open", "host": "0.0.0.0"})


FAULTS: dict[Plant, tuple[str, str, str]] = {
    lake_file_lost: ("台账", "入库数据文件缺失", "guatu rebuild"),
    lake_file_cut: ("入库数据", "读不出来", "guatu rebuild"),
    lake_file_foreign: ("入库数据", "不属于台账中的任何报送", "guatu rebuild"),
    archive_byte: ("台账", "与其校验值不符", "guatu restore"),
    archive_file_lost: ("台账", "不在归档中", "guatu restore"),
    ledger_line_broken: ("台账", "第 1 行", "guatu restore"),
    ledger_line_unreadable: ("台账", "第 1 行读不出来", "guatu restore"),
    ledger_cut: ("台账", "丢了行", "guatu restore"),
    journal_changed: ("决定记录", "decisions.jsonl 第 1 条", "从备份恢复"),
    audit_lost: ("操作记录", "audit.jsonl 第 1 条", "从备份恢复"),
    receipt_lost: ("回执", "如第 2 号", "guatu rebuild"),
    foreign_file: ("外来文件", "临时统计.xlsx", "移走"),
    pointer_to_nowhere: ("版本", "2017-01_0009", "guatu run"),
    edition_without_record: ("半成品", "不是完整的版本", "自动清除"),
    edition_cut: ("版本", "", "guatu run"),
    edition_changed: ("版本", "fct_household 为 0 行", "guatu run"),
    disk_full: ("数据目录", "剩余 0.3 GB", "清理磁盘"),
    folder_read_only: ("数据目录", "archive", "chmod u+w"),
    accounts_open_to_others: ("账号", "其他用户也能读", "chmod 600"),
    accounts_damaged: ("账号", "读不出来", "从备份恢复"),
    two_versions_of_duckdb: ("依赖", "1.5.5、2.0.0", "make install"),
    package_missing: ("依赖", "a-package-nobody-has", "make install"),
    font_missing: ("字体", "没有安装中文字体包", "make install"),
    runs_left_in_dagster: ("运行", "1 个运行", "guatu serve"),
    seeds_unreadable: ("模板和办法", "lingshan-2018.yml", "改正"),
    project_incomplete: ("计算模型", "不完整", "程序目录"),
    clock_behind: ("时钟", "慢了约 60 分钟", "校准"),
    newer_form: ("目录格式", "格式为 99", "处置"),
    restore_left_half_done: ("目录格式", "没有完成", "guatu restore"),
    open_to_the_network: ("访问", "不能监听 0.0.0.0", "改正设置"),
}


@contextmanager
def _fonts_again() -> Iterator[None]:
    from orchestration.reports import fonts

    yield
    fonts.faces.cache_clear()


@pytest.mark.parametrize("plant", FAULTS, ids=lambda plant: plant.__name__)
def test_a_planted_fault_is_named_with_its_cure(
    plant: Plant, office: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    subject, state, cure = FAULTS[plant]
    with _fonts_again():
        findings = examine(plant(office, monkeypatch) or office)
    problems = [finding for finding in findings if finding.is_problem]
    assert any(_says(finding, subject, state, cure) for finding in problems), problems


def test_a_whole_installation_has_no_problem(office: Settings) -> None:
    assert [finding for finding in examine(office) if finding.is_problem] == []


def test_a_run_at_work_is_no_fault_of_dagster(office: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    import subprocess
    import sys

    runs_left_in_dagster(office, monkeypatch)
    hold = "import sys, filelock as f; lock = f.FileLock(sys.argv[1]); lock.acquire(); print(1, flush=True); input()"
    held = [sys.executable, "-c", hold, str(office.work / "run.lock")]
    office.work.mkdir(exist_ok=True)
    with subprocess.Popen(held, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        (finding,) = [finding for finding in examine(office) if finding.subject == "运行"]
        holder.kill()
    assert (finding.kind, "正在进行" in finding.state) == ("note", True)
    # the lock of a process that is gone holds nobody up: the system freed it
    (finding,) = [finding for finding in examine(office) if finding.subject == "运行"]
    assert finding.is_problem and "进程已不存在" in finding.state


def _says(finding: Finding, subject: str, state: str, cure: str) -> bool:
    return finding.subject == subject and state in finding.state and cure in finding.remedy
