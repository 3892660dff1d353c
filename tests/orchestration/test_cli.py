"""The command line as a person or a script meets it: help, exit codes, one-line errors, exact output."""

import json
import subprocess
import sys
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import openpyxl
import pytest

from orchestration.console import json_rows, read_moment
from orchestration.errors import GuatuError
from orchestration.release import publish
from orchestration.settings import Settings

COMMANDS = ["demo", "ingest", "run", "serve", "report", "templates", "sql", "editions", "diff", "doctor"]


def guatu(*arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "orchestration.cli", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False, timeout=120)


@pytest.fixture
def published(settings: Settings, tmp_path: Path) -> Settings:
    """One edition with a row of every awkward kind of value."""
    warehouse = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("create schema marts")
        connection.execute(
            "create table marts.fct_fund as select '=1+1' as note, 12345678901234567.89::decimal(38, 2) as issued, "
            "0.10::decimal(12, 8) as rate, date '2022-06-30' as due_on, null::varchar as reason, true as met"
        )
    publish(settings, warehouse, "2022-06", datetime(2022, 7, 6))
    return settings


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_chinese_help_and_home(command: str) -> None:
    from typer.testing import CliRunner

    from orchestration.cli import app

    result = CliRunner().invoke(app, [command, "--help"], env={"COLUMNS": "200"})
    assert result.exit_code == 0
    assert "--home" in result.stdout and any("\u4e00" <= letter <= "\u9fff" for letter in result.stdout)


def test_error_is_one_line_in_two_languages_without_traceback(settings: Settings) -> None:
    result = guatu("sql", "select 1", "--home", settings.home)
    assert result.returncode == 1 and result.stdout == ""
    assert result.stderr.count("\n") == 1 and "Traceback" not in result.stderr
    assert "还没有已发布的版本" in result.stderr and "no edition has been published" in result.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [("GUATU_BUILD_THREADS", "-1"), ("GUATU_MAX_FILE_MB", "0"), ("GUATU_LOG_KEEP", "-1"), ("GUATU_DUE_DAY", "五")],
)
def test_setting_that_means_nothing_is_named(
    name: str, value: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    result = guatu("editions", "--home", settings.home)
    assert result.returncode == 2 and result.stderr.count("\n") == 1
    assert f"环境变量 {name} 的值不能识别" in result.stderr


def test_run_of_an_impossible_month_exits_3(settings: Settings) -> None:
    result = guatu("run", "--period", "2022-13", "--home", settings.home)
    assert result.returncode == 3 and "期别" in result.stderr


def test_json_and_csv_keep_every_digit(published: Settings) -> None:
    query = "select note, issued, rate, due_on, reason, met from fct_fund"
    text = guatu("sql", query, "--format", "json", "--home", published.home).stdout
    (row,) = json.loads(text, parse_float=Decimal)
    assert row == {
        "note": "=1+1",
        "issued": Decimal("12345678901234567.89"),
        "rate": Decimal("0.10000000"),
        "due_on": "2022-06-30",
        "reason": None,
        "met": True,
    }
    lines = guatu("sql", query, "--format", "csv", "--home", published.home).stdout.splitlines()
    assert lines[1] == "'=1+1,12345678901234567.89,0.10000000,2022-06-30,,true"


def test_a_query_does_not_wait_for_libraries_it_has_no_use_for(published: Settings) -> None:
    command = [sys.executable, "-X", "importtime", "-m", "orchestration.cli", "sql", "select note from fct_fund"]
    told = subprocess.run([*command, "--home", published.home], capture_output=True, text=True, check=True, timeout=120)
    loaded = {line.rpartition("|")[2].strip() for line in told.stderr.splitlines() if line.startswith("import time:")}
    assert "duckdb" in loaded and not loaded & {"pandas.core", "numpy", "dagster", "dbt", "streamlit"}


def test_xlsx_writes_formulas_as_text_and_needs_a_file(published: Settings, tmp_path: Path) -> None:
    assert guatu("sql", "from fct_fund", "--format", "xlsx", "--home", published.home).returncode == 2
    path = tmp_path / "out" / "资金.xlsx"
    assert guatu("sql", "from fct_fund", "--format", "xlsx", "-o", path, "--home", published.home).returncode == 0
    sheet = openpyxl.load_workbook(path).active
    assert sheet["A2"].value == "=1+1" and sheet["A2"].data_type == "s"
    assert sheet["B2"].value == "12345678901234567.89"
    assert sheet["D2"].value == datetime(2022, 6, 30)


@pytest.mark.parametrize(
    "query",
    ["drop table fct_fund", "select 1; select 2", "copy (select 1) to 'x.csv'", "attach 'x'", "set threads=9", ""],
)
def test_only_one_reading_statement(published: Settings, query: str) -> None:
    result = guatu("sql", query, "--home", published.home)
    assert result.returncode == 1 and "只读查询" in result.stderr


@pytest.mark.parametrize(
    "query",
    ["from read_csv('/etc/passwd')", "select content from read_blob('{db}')", "from glob('/*')", "from nowhere"],
)
def test_files_are_out_of_reach(published: Settings, query: str) -> None:
    database = (published.published / "current.duckdb").resolve()
    before = database.read_bytes()
    result = guatu("sql", query.format(db=database), "--home", published.home)
    assert result.returncode == 1 and result.stdout == "" and result.stderr.count("\n") == 1
    assert database.read_bytes() == before


def test_query_that_never_ends_is_ended(published: Settings) -> None:
    from orchestration.release import run_query

    endless = "select sum(a.range * b.range) from range(10000000) as a, range(10000000) as b"
    with pytest.raises(GuatuError) as error:
        run_query(published, endless, timeout_seconds=3)
    assert error.value.code == "query_timeout"


def test_ingest_of_a_missing_file_says_which(settings: Settings) -> None:
    result = guatu("ingest", "没有这个文件.xlsx", "--home", settings.home)
    assert result.returncode == 2 and "没有这个文件.xlsx" in result.stderr


def test_refused_file_exits_1_and_is_listed(settings: Settings, tmp_path: Path) -> None:
    broken = tmp_path / "农户台账_411726000000_2022-06.xlsx"
    broken.write_bytes(b"PK\x03\x04 truncated")
    result = guatu("ingest", broken, "--home", settings.home)
    assert result.returncode == 1 and "refused(退回)" in result.stdout and broken.name in result.stdout


@pytest.mark.parametrize(
    ("text", "end_of_day", "expected"),
    [
        ("2022-07-05", False, datetime(2022, 7, 5)),
        ("2022-07-05", True, datetime(2022, 7, 5, 23, 59, 59, 999999)),
        ("2022-07-05T09:30", True, datetime(2022, 7, 5, 9, 30)),
        ("2022-07-05T01:30:00Z", True, datetime(2022, 7, 5, 9, 30)),
        ("2022-07-04T20:00:00-05:30", False, datetime(2022, 7, 5, 9, 30)),
    ],
)
def test_times_are_beijing_time(text: str, end_of_day: bool, expected: datetime) -> None:
    assert read_moment(text, end_of_day) == expected


def test_unreadable_time_is_explained() -> None:
    with pytest.raises(GuatuError, match="北京时间"):
        read_moment("去年六月")


def test_json_has_no_infinity() -> None:
    assert json_rows(["a"], [(float("inf"),), (float("nan"),)]) == '[{"a": null},\n {"a": null}]'
