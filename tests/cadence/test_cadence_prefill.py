"""A form comes with what last month's report said and what stands; the month's own figures stay blank."""

import shutil
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from orchestration.catalogue import export_tables
from orchestration.errors import GuatuError
from orchestration.intake import ingest
from orchestration.intake.blank import write_blank_workbooks
from orchestration.settings import PROJECT_ROOT, Settings

FILES = Path(__file__).parents[1] / "golden" / "files"
TOWN, VILLAGE = "411521103000", "411521103201"


def sheet(settings: Settings, out: Path, title: str, scope: str = TOWN, period: str = "2018-08") -> list[dict]:
    (path,) = write_blank_workbooks(settings, out, scope, [title], period, prefill=True)
    page = openpyxl.load_workbook(path)[title]
    header, *rows = list(page.iter_rows(min_row=2, values_only=True))
    return [dict(zip(header, row, strict=True)) for row in rows if any(row)]


@pytest.fixture
def office(settings: Settings) -> Settings:
    ingest(settings, [FILES], datetime(2018, 8, 4, 9))
    return settings


def test_households_come_with_who_they_are_and_not_with_their_income(office: Settings, tmp_path: Path) -> None:
    rows = sheet(office, tmp_path, "农户台账")
    assert [row["户编号"] for row in rows] == [f"H{n}" for n in range(1, len(rows) + 1)]
    first = rows[0]
    assert (first["期别"], first["行政村代码"], first["户主姓名"]) == ("2018-08", VILLAGE, "示例户H1")
    assert (first["识别年度"], first["户主证件号码"]) == (2014, "411521196001010010")
    assert first["工资性收入(元)"] is None and first["住房安全等级"] is None and first["档案齐全"] is None


def test_only_the_rows_of_the_scope(office: Settings, tmp_path: Path) -> None:
    rows = sheet(office, tmp_path, "农户台账", VILLAGE)
    assert {row["行政村代码"] for row in rows} == {VILLAGE} and len(rows) == 3


def test_a_later_file_of_one_village_replaces_its_rows(office: Settings, tmp_path: Path) -> None:
    original = next(FILES.glob("农户台账*")).read_text(encoding="utf-8").splitlines()
    again = tmp_path / f"农户台账_{VILLAGE}_2018-07.csv"
    again.write_text("\n".join([original[0], original[2]]) + "\n", encoding="utf-8")
    ingest(office, [again], datetime(2018, 8, 6))
    rows = sheet(office, tmp_path / "out", "农户台账")
    assert [row["户编号"] for row in rows if row["行政村代码"] == VILLAGE] == ["H2"]
    assert len(rows) == len(original) - 1 - 2, "the other villages keep theirs"


def test_every_village_has_its_line_also_where_it_never_reported(office: Settings, tmp_path: Path) -> None:
    rows = sheet(office, tmp_path, "村情监测表")
    assert [row["行政村代码"] for row in rows] == [f"41152110320{n}" for n in range(1, 8)]
    assert rows[0]["主导产业"] and not rows[6]["主导产业"] and rows[0]["乡村人口"] is None


def test_a_journal_has_nothing_to_bring_along(office: Settings, tmp_path: Path) -> None:
    assert sheet(office, tmp_path, "资金支付台账") == []


def test_the_month_after_a_silent_one_starts_empty(office: Settings, tmp_path: Path) -> None:
    assert sheet(office, tmp_path, "农户台账", period="2018-09") == []


def test_a_prefilled_form_completed_is_taken_in(office: Settings, tmp_path: Path) -> None:
    (path,) = write_blank_workbooks(office, tmp_path, TOWN, ["农户台账"], "2018-08", prefill=True)
    book = openpyxl.load_workbook(path)
    page = book["农户台账"]
    columns = {cell.value: cell.column for cell in page[2]}
    for row in range(3, page.max_row + 1):
        if page.cell(row, columns["户编号"]).value:
            page.cell(row, columns["户类型"]).value = "一般户"
            page.cell(row, columns["家庭人口"]).value = 3
    book.save(path)
    (result,) = ingest(office, [path], datetime(2018, 9, 3))
    assert (result.submission.outcome, result.submission.rows_rejected) == ("accepted", 0), result.submission.reason


def test_without_a_scope_there_is_nothing_to_look_up(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(GuatuError) as error:
        write_blank_workbooks(settings, tmp_path, prefill=True)
    assert error.value.code == "scope_wanted"


@pytest.mark.parametrize(
    ("table", "line"),
    [("standing_fields", "households,shoe_size"), ("template_departments", "no_such_form,某局")],
)
def test_a_reference_to_what_no_form_has_is_told(tmp_path: Path, table: str, line: str) -> None:
    shutil.copytree(PROJECT_ROOT / "seeds", tmp_path / "seeds")
    path = tmp_path / "seeds" / "reference" / f"{table}.csv"
    path.write_text(path.read_text(encoding="utf-8") + line + "\n", encoding="utf-8")
    with pytest.raises(ValueError, match=line.split(",")[table == "standing_fields"]):
        export_tables(Settings(home=tmp_path, seeds=tmp_path / "seeds"), tmp_path / "out")
