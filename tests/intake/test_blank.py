"""Blank workbooks: what a clerk gets, and that one filled in as told is taken in without a complaint."""

from datetime import date, datetime
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from orchestration.catalogue.templates import load_templates
from orchestration.demo.places import LINGSHAN, division_rows, read_places
from orchestration.demo.sheets import DemoFile, Sheet, csv_bytes
from orchestration.errors import GuatuError
from orchestration.intake import ingest
from orchestration.intake.blank import write_blank_workbooks
from orchestration.settings import Settings, get_settings

PERIOD = "2018-06"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return get_settings(tmp_path / "home")


@pytest.fixture
def divisions(settings: Settings) -> pl.DataFrame:
    places = read_places(settings.seeds, "411521")
    return pl.DataFrame(
        [(p.code, p.name, p.level, p.parent_code or None) for p in places],
        schema=["division_code", "name", "level", "parent_code"],
        orient="row",
    )


def _blank(settings: Settings, divisions: pl.DataFrame, title: str, scope: str = "411521103") -> Path:
    out = settings.root / "blank"
    return write_blank_workbooks(settings, out, scope, [title], PERIOD, divisions)[0]


def _rules(path: Path) -> dict[str, tuple[str | None, str | None]]:
    """Header title -> kind and first formula of the column's validation."""
    sheet = openpyxl.load_workbook(path).worksheets[0]
    titles = {cell.column: str(cell.value) for cell in sheet[2]}
    return {
        titles[next(iter(validation.sqref.ranges)).min_col]: (validation.type, validation.formula1)
        for validation in sheet.data_validations.dataValidation
    }


def test_there_is_one_for_each_template(settings: Settings, tmp_path: Path) -> None:
    paths = write_blank_workbooks(settings, tmp_path / "out")
    assert [path.stem for path in paths] == [t.title for t in load_templates(settings.seeds).values()]


def test_the_name_says_template_scope_and_period(settings: Settings, divisions: pl.DataFrame) -> None:
    assert _blank(settings, divisions, "households").name == "农户台账_411521103000_2018-06.xlsx"


def test_the_header_has_every_field_in_order(settings: Settings, divisions: pl.DataFrame) -> None:
    template = load_templates(settings.seeds)["households"]
    sheet = openpyxl.load_workbook(_blank(settings, divisions, "households")).worksheets[0]
    headers = [str(cell.value).split("(")[0] for cell in sheet[2]]
    assert headers == ["期别"] + [field.title for field in template.fields]
    assert sheet.freeze_panes == "C3"
    assert sheet["A1"].value == "灵山镇农户台账(2018-06)"


def test_columns_carry_lists_limits_and_text_formats(settings: Settings, divisions: pl.DataFrame) -> None:
    path = _blank(settings, divisions, "households")
    rules = _rules(path)
    assert rules["户类型"][0] == "list"
    assert rules["不愁吃"][0] == "list"
    assert rules["家庭人口"] == ("whole", "1.0")
    assert rules["纳入监测日期"][0] == "date"
    assert rules["行政村代码"] == ("list", "区划!$A$3:$A$15")
    book = openpyxl.load_workbook(path)
    assert book["代码表"].sheet_state == "hidden"
    columns = book.worksheets[0].column_dimensions
    for letter in ("A", "B", "E"):  # 期别, 行政村代码, 户主证件号码: never a number
        assert columns[letter].number_format == "@"


def test_the_villages_of_the_scope_are_prefilled(settings: Settings, divisions: pl.DataFrame) -> None:
    sheet = openpyxl.load_workbook(_blank(settings, divisions, "villages")).worksheets[0]
    rows = [(row[0], row[1]) for row in sheet.iter_rows(min_row=3, values_only=True) if row[1]]
    assert len(rows) == 13
    assert rows[0] == (PERIOD, "411521103001")
    assert sheet["B3"].comment.text.endswith("南街社区")


def test_the_notes_are_chinese_and_complete(settings: Settings, divisions: pl.DataFrame) -> None:
    template = load_templates(settings.seeds)["inspections"]
    rows = list(openpyxl.load_workbook(_blank(settings, divisions, "inspections"))["说明"].values)
    fields = {row[0]: row for row in rows}
    for field in template.fields:
        assert fields[field.title][1] == ("必填" if field.required else "选填")
    assert fields["公布名次"][5] == "考核单位公布的名次"
    assert not [cell for row in rows for cell in row if cell and str(cell).isascii() and str(cell).isalpha()]


def test_two_runs_write_the_same_bytes(settings: Settings, divisions: pl.DataFrame) -> None:
    assert _blank(settings, divisions, "loans").read_bytes() == _blank(settings, divisions, "loans").read_bytes()


def test_an_unknown_template_or_scope_is_refused(settings: Settings, divisions: pl.DataFrame) -> None:
    with pytest.raises(GuatuError, match="没有报送模板"):
        _blank(settings, divisions, "农户台帐")
    with pytest.raises(GuatuError, match="不在"):
        _blank(settings, divisions, "households", scope="999999")


def _take_in_divisions(settings: Settings, tmp_path: Path) -> None:
    template = load_templates(settings.seeds)["divisions"]
    sheet = Sheet(template, division_rows(read_places(settings.seeds, "411521"), 2018), PERIOD)
    file = DemoFile(datetime(2018, 7, 2), "行政区划表_41_2018-06.csv", csv_bytes(sheet))
    path = tmp_path / file.name
    path.write_bytes(file.data)
    assert [r.submission.outcome for r in ingest(settings, [path], received_at=file.received_at)] == ["accepted"]


def test_filled_in_it_is_taken_in(settings: Settings, tmp_path: Path) -> None:
    """Villages come from the divisions taken in before; every cell is typed as its note asks."""
    _take_in_divisions(settings, tmp_path)
    loans, villages = write_blank_workbooks(settings, tmp_path / "out", LINGSHAN, ["loans", "villages"], PERIOD)
    book = openpyxl.load_workbook(loans)
    values = [PERIOD, "411521103201", "JJ001", "4115211032010001", date(2018, 3, 1), date(2020, 3, 1)]
    for column, value in enumerate([*values, 50000, 50000, 0, "正常"], start=1):
        book.worksheets[0].cell(3, column, value)
    book.save(loans)
    book = openpyxl.load_workbook(villages)
    for row in range(3, 16):
        for column, value in enumerate([120, 430, *["是"] * 10, "茶叶", 21000.5, 0, 0], start=3):
            book.worksheets[0].cell(row, column, value)
    book.save(villages)
    results = [r.submission for r in ingest(settings, [loans, villages], received_at=datetime(2018, 7, 4))]
    assert [(s.outcome, s.rows_read, s.rows_accepted) for s in sorted(results, key=lambda s: s.rows_read)] == [
        ("accepted", 1, 1),
        ("accepted", 13, 13),
    ]


def test_left_empty_it_is_a_nil_return(settings: Settings, tmp_path: Path) -> None:
    _take_in_divisions(settings, tmp_path)
    blank = write_blank_workbooks(settings, tmp_path / "out", LINGSHAN, ["fund_receipts"], PERIOD)
    result = ingest(settings, blank, received_at=datetime(2018, 7, 4))[0].submission
    assert (result.outcome, result.rows_read) == ("accepted", 0)
