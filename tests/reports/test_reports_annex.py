"""The annex opens, adds up by formula, prints on one page's width, and holds no formula that came from outside."""

import shutil
import subprocess
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

SHEETS = ["排名", "节点", "目标", "奖惩", "资金", "报送"]


def head_of(page: Worksheet) -> dict[str, int]:
    """Column number by heading (row 3)."""
    return {cell.value: cell.column for cell in page[3] if cell.value}


def test_sheets_have_title_unit_head_filter_and_print_setup(prefecture: dict[str, Path]) -> None:
    book = openpyxl.load_workbook(prefecture[".xlsx"])
    assert book.sheetnames == SHEETS
    for page in book:
        assert page["A1"].value.startswith("毕节市2022年6月")
        assert "数据版本 2022-06_0003" in page["A2"].value
        assert page.freeze_panes == "A4"
        assert page.auto_filter.ref.startswith("A3:")
        assert page.page_setup.orientation == "landscape"
        assert page.sheet_properties.pageSetUpPr.fitToPage
        assert page.page_setup.fitToWidth in (None, 1), "one page wide is what the format means by no entry"
        assert page.page_setup.fitToHeight == 0
        assert page.print_title_rows == "$1:$3"
        assert page.print_area


def test_funds_are_in_wan_and_sums_are_formulas_with_the_right_cached_value(
    prefecture: dict[str, Path],
) -> None:
    formulas = openpyxl.load_workbook(prefecture[".xlsx"])["资金"]
    cached = openpyxl.load_workbook(prefecture[".xlsx"], data_only=True)["资金"]
    columns = head_of(formulas)
    total = formulas.max_row
    issued = columns["下达"]
    assert formulas.cell(total, 1).value == "合计"
    letter = formulas.cell(total, issued).column_letter
    assert formulas.cell(total, issued).value == f"=SUM({letter}4:{letter}{total - 1})"
    # 10,000,000.50 + 2,500,000 + 3,330,000 yuan
    assert Decimal(str(cached.cell(total, issued).value)) == Decimal("1583.00005")
    assert cached.cell(total, columns["已支出"]).value == pytest.approx(510.05)
    assert formulas.cell(total, issued).number_format == "#,##0.00"
    progress = cached.cell(total, columns["支出进度"])
    assert progress.value == pytest.approx(510.05 / 1583.00005)
    assert progress.number_format == "0.00%"


def test_an_unknown_amount_is_a_dash_and_no_zero(prefecture: dict[str, Path]) -> None:
    page = openpyxl.load_workbook(prefecture[".xlsx"], data_only=True)["资金"]
    columns = head_of(page)
    (row,) = [row for row in range(4, page.max_row) if page.cell(row, columns["单位"]).value == "七星关区"]
    assert page.cell(row, columns["已支出"]).value == "—"
    assert page.cell(row, columns["支出进度"]).value == "—"


def test_text_that_looks_like_a_formula_stays_text(prefecture: dict[str, Path]) -> None:
    page = openpyxl.load_workbook(prefecture[".xlsx"])["资金"]
    (cell,) = [cell for cell in page["A"] if "1号" in str(cell.value)]
    assert cell.value == "=黔财农〔2022〕1号"
    assert cell.data_type == "s"
    assert cell.quotePrefix


def test_absorbed_proposals_do_not_count_in_the_sums(town: dict[str, Path]) -> None:
    page = openpyxl.load_workbook(town[".xlsx"], data_only=True)["奖惩"]
    columns = head_of(page)
    assert page.cell(page.max_row, columns["计入奖励"]).value == 60000
    assert page.cell(page.max_row, columns["计入扣减"]).value == -5000


def test_unranked_units_are_listed_without_a_rank(town: dict[str, Path]) -> None:
    page = openpyxl.load_workbook(town[".xlsx"], data_only=True)["排名"]
    columns = head_of(page)
    (row,) = [row for row in range(4, page.max_row + 1) if page.cell(row, columns["单位"]).value == "丁村"]
    assert page.cell(row, columns["状态"]).value == "未参评"
    assert page.cell(row, columns["名次"]).value == "—"
    assert page.cell(row, columns["得分"]).value == "—"


def test_reporting_adds_up_units_below_and_not_the_division_itself(town: dict[str, Path]) -> None:
    page = openpyxl.load_workbook(town[".xlsx"], data_only=True)["报送"]
    columns = head_of(page)
    assert page.cell(page.max_row, columns["应报"]).value == 8
    assert page.cell(page.max_row, columns["已报"]).value == 3


def test_states_and_bands_keep_their_colours_when_sorted(town: dict[str, Path], prefecture: dict[str, Path]) -> None:
    """Colours are rules on the words, not paint on the cells."""
    for book, name, column, words in (
        (prefecture, "节点", "状态", {"已达标", "待平均数", "未达标"}),
        (town, "目标", "档次", {"达争取目标", "达目标", "达底线", "未达底线", "未达目标"}),
    ):
        page = openpyxl.load_workbook(book[".xlsx"])[name]
        letter = page.cell(3, head_of(page)[column]).column_letter
        rules = {
            rule.formula[0].strip('"'): str(area.sqref)
            for area, found in page.conditional_formatting._cf_rules.items()
            for rule in found
        }
        assert set(rules) == words
        assert all(area.startswith(f"{letter}4:{letter}") for area in rules.values())
    page = openpyxl.load_workbook(town[".xlsx"])["目标"]
    columns = head_of(page)
    bands = [page.cell(row, columns["档次"]).value for row in range(4, page.max_row + 1)]
    assert bands == ["达目标", "未达目标", "达底线", "达目标", "未达底线", "—"]


def test_an_empty_sheet_says_why(town: dict[str, Path]) -> None:
    page = openpyxl.load_workbook(town[".xlsx"])["资金"]
    assert page["A4"].value == "本期无此项数据（未报送或不适用）"


def test_created_at_the_as_of_time(town: dict[str, Path]) -> None:
    assert openpyxl.load_workbook(town[".xlsx"]).properties.created == datetime(2022, 7, 6, 10, 5)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
def test_libreoffice_recalculates_to_the_cached_values(prefecture: dict[str, Path], tmp_path: Path) -> None:
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to",
         "xlsx:Calc MS Excel 2007 XML", "--outdir", str(tmp_path), str(prefecture[".xlsx"])],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    ours = openpyxl.load_workbook(prefecture[".xlsx"], data_only=True)
    theirs = openpyxl.load_workbook(tmp_path / prefecture[".xlsx"].name, data_only=True)
    for name in SHEETS:
        for row in ours[name].iter_rows():
            for cell in row:
                other = theirs[name].cell(cell.row, cell.column).value
                same = pytest.approx(cell.value) if isinstance(cell.value, float) else cell.value
                assert other == same, f"{name}!{cell.coordinate}"
