"""The commands people record decisions with: what they print, refuse, and leave behind."""

import csv
import io
import json
from pathlib import Path

import openpyxl
import pytest
from county_round import PERIOD
from typer.testing import CliRunner, Result

from orchestration.cli import app
from orchestration.errors import GuatuError
from orchestration.settings import Settings

ROUND = ("--scheme", "lingshan-2018", "--ranking", "round-2018-07", "--period", PERIOD)
LAST = ("--division", "411521103206")
SIGNED = ("--person", "周明", "--reason", "现场复核")


def guatu(office: Settings, *arguments: str) -> Result:
    return CliRunner().invoke(app, [*arguments, "--home", str(office.home)], env={"COLUMNS": "200"})


def test_several_consequences_are_listed_and_need_a_yes(office: Settings) -> None:
    result = guatu(office, "decide", "verified", *ROUND, *LAST, *SIGNED)
    assert isinstance(result.exception, GuatuError) and result.exception.code == "several_actions"
    assert "免职建议" in result.stdout and not office.decisions.exists()
    result = guatu(office, "decide", "verified", *ROUND, *LAST, *SIGNED, "--yes")
    assert result.exit_code == 0 and "已记录 3 项:已核实(周明)" in result.stdout


def test_one_consequence_by_chinese_names_and_an_amount(office: Settings) -> None:
    one = ("--object", "村级经费", "--kind", "扣减", "--clause", "LS2018-21")
    assert guatu(office, "decide", "verified", *ROUND, *LAST, *SIGNED, *one).exit_code == 0
    result = guatu(office, "decide", "changed", *ROUND, *LAST, *SIGNED, *one, "--amount", "-2,500")
    assert result.exit_code == 0 and "已核实" in result.stdout  # what stood before
    result = guatu(office, "decide", "changed", *ROUND, *LAST, *SIGNED, *one, "--amount", "两千")
    assert result.exception.code == "bad_number"
    rows = json.loads(guatu(office, "decisions", "--format", "json").stdout)
    assert [(row["结果"], row["金额"], row["经办人"]) for row in rows] == [
        ("已核实", None, "周明"), ("已变更", -2500, "周明"),
    ]  # fmt: skip


def test_trying_an_appeal_records_nothing(office: Settings) -> None:
    result = guatu(office, "appeal", "try", *ROUND, *LAST, "--score", "91")
    assert result.exit_code == 0 and "共 4 个单位变动,其中 2 个奖惩有变,金额合计变动 +0.00 元" in result.stdout
    assert "6 → 4" in result.stdout and not office.decisions.exists()
    assert guatu(office, "appeal", "try", *ROUND, *LAST).exception.code == "score_wanted"
    unmoved = guatu(office, "appeal", "try", *ROUND, *LAST, "--score", "80")
    assert "无单位" in unmoved.stdout


def test_an_appeal_from_lodging_to_upholding(office: Settings) -> None:
    assert guatu(office, "appeal", "lodged", *ROUND, *LAST, *SIGNED).exit_code == 0
    assert guatu(office, "appeal", "dismissed", *ROUND, *LAST, *SIGNED, "--score", "1").exception.code == (
        "score_not_wanted"
    )
    assert guatu(office, "appeal", "lodged", *ROUND, *LAST).exception.code == "unsigned"
    result = guatu(office, "appeal", "upheld", *ROUND, *LAST, *SIGNED, "--score", "91")
    assert result.exit_code == 0 and "示例4村" in result.stdout and "申诉成立" in result.stdout


def test_veto_and_grade(office: Settings) -> None:
    about = ("--scheme", "biyang-2016", "--period", "2016-12", *SIGNED)
    result = guatu(office, "veto", "found", *about, "--code", "task_failed", "--unit", "示例局")
    assert result.exit_code == 0 and "一票否决:示例局 已认定(周明)" in result.stdout
    result = guatu(office, "grade", "graded", *about, "--code", "well_done", "--division", "示例乡")
    assert result.exit_code == 0 and "定等:411726101000 已定等(周明)" in result.stdout
    listed = guatu(office, "decisions", "--scheme", "biyang-2016", "--period", "2016-12", "--division", "411726101")
    assert "已定等" in listed.stdout and "已认定" not in listed.stdout


def test_decisions_as_csv_and_xlsx(office: Settings, tmp_path: Path) -> None:
    guatu(office, "decide", "verified", *ROUND, *LAST, *SIGNED, "--yes", "--decided-at", "2018-09-03T10:00")
    rows = list(csv.DictReader(io.StringIO(guatu(office, "decisions", "--format", "csv").stdout)))
    assert [row["时间"] for row in rows] == ["2018-09-03 10:00:00"] * 3
    assert guatu(office, "decisions", "--format", "xlsx").exception.code == "out_wanted"
    path = tmp_path / "决定.xlsx"
    assert guatu(office, "decisions", "--format", "xlsx", "-o", str(path)).exit_code == 0
    assert openpyxl.load_workbook(path).active.max_row == 4


def test_the_commands_that_changed_nothing_are_whole(office: Settings) -> None:
    result = guatu(office, "diff", f"{PERIOD}_0001", f"{PERIOD}_0001")
    assert result.exit_code == 0 and "指标值 0 项,名次 0 项,奖惩 0 项" in result.stdout
    assert json.loads(guatu(office, "diff", f"{PERIOD}_0001", f"{PERIOD}_0001", "--format", "json").stdout) == []
    with pytest.raises(GuatuError, match="-o"):
        raise guatu(office, "diff", "a", "b", "--format", "xlsx").exception
