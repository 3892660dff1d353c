"""Reading files as offices really send them: workbooks, CSV, titles, merged headers, units, damage."""

import datetime as dt
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
from intake_office import VILLAGE_1, VILLAGE_2, VISIT_TITLES, csv_bytes, visit
from openpyxl import Workbook

from orchestration.catalogue.templates import Template
from orchestration.intake.reader import template_titles
from orchestration.intake.reading import ReadResult, read_table

INCOME_TITLES = ["行政村代码", "户编号", "户主姓名", "户主证件号码", "户类型", "家庭人口"]


class Desk:
    """Reads a file of a folder in this very process."""

    def __init__(self, folder: Path, templates: dict[str, Template]) -> None:
        self.folder = folder
        self._titles = [template_titles(t) for t in templates.values()]

    def read(self, path: Path, wanted: str | None = "visits") -> tuple[ReadResult, pl.DataFrame]:
        out = self.folder / "out.arrow"
        result = read_table(path, self._titles, wanted, out)
        return result, pl.read_ipc(out.read_bytes()) if result.code is None else pl.DataFrame()

    def csv(self, rows: list[list[str]], wanted: str | None = "visits") -> tuple[ReadResult, pl.DataFrame]:
        return self.text(csv_bytes(rows), wanted)

    def text(self, content: bytes, wanted: str | None = "visits") -> tuple[ReadResult, pl.DataFrame]:
        path = self.folder / "file.csv"
        path.write_bytes(content)
        return self.read(path, wanted)

    def xlsx(self, rows: list[list[object]], wanted: str | None = "visits") -> tuple[ReadResult, pl.DataFrame]:
        book = Workbook()
        for row in rows:
            book.active.append(row)
        book.save(self.folder / "file.xlsx")
        return self.read(self.folder / "file.xlsx", wanted)


@pytest.fixture
def desk(tmp_path: Path, templates: dict[str, Template]) -> Desk:
    return Desk(tmp_path, templates)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_csv_in_each_encoding_with_comma_or_tab(desk: Desk, encoding: str, delimiter: str) -> None:
    rows = [VISIT_TITLES, visit(1, 走访人="龘"), visit(2)]
    result, table = desk.text(csv_bytes(rows, encoding, delimiter))
    assert result.code is None
    assert table["visit_id"].to_list() == ["Z1", "Z2"]
    assert table["visitor"][0] == "龘"


def test_text_in_no_known_encoding_is_unreadable(desk: Desk) -> None:
    assert desk.text(b"\xff\xfe\x81\x00\xff")[0].code == "unreadable"


def test_a_long_file_is_one_table_though_it_is_read_in_pieces(desk: Desk) -> None:
    count = 120_000
    rows = [VISIT_TITLES, *(visit(i) for i in range(count)), ["合计"]]
    result, table = desk.csv(rows)
    assert result.rows == count
    assert table["row_number"].to_list() == list(range(2, count + 3))
    assert table["visit_id"][count - 1] == f"Z{count - 1}"
    assert table["is_total"].sum() == 1
    assert desk.text(csv_bytes(rows) + b'"')[0].code == "bad_csv"


def test_row_number_is_the_line_a_record_starts_on(desk: Desk) -> None:
    content = (
        "标题\r\n" + ",".join(VISIT_TITLES) + "\r\n"
        + ",".join(visit(1)) + "\r\n"
        + "\r\n"
        + ",".join(visit(2, 走访人='"甲\r\n乙"')) + "\r\n"
        + ",".join(visit(3)) + "\r\n"
    )  # fmt: skip
    result, table = desk.text(content.encode())
    named = table.filter(pl.col("visit_id") != "")
    assert result.header_row == 2
    assert named["row_number"].to_list() == [3, 5, 7]
    assert named["visitor"][1] == "甲\r\n乙"


def test_short_rows_are_blank_at_the_end_and_long_ones_lose_nothing_known(desk: Desk) -> None:
    _, table = desk.csv([VISIT_TITLES, visit(1)[:5], [*visit(2), "多", "余"]])
    assert table["problem_found"].to_list() == ["", "否"]


def test_an_unclosed_quote_refuses_the_file_instead_of_swallowing_rows(desk: Desk) -> None:
    content = ",".join(VISIT_TITLES) + "\n" + ",".join(visit(1, 走访人='"甲')) + "\n" + ",".join(visit(2)) + "\n"
    result, _ = desk.text(content.encode())
    assert (result.code, result.detail) == ("bad_csv", "2")


def test_up_to_ten_title_rows_may_precede_the_header(desk: Desk) -> None:
    titles = [["示例县入户走访记录"]] + [[f"说明 {i}"] for i in range(9)]
    result, table = desk.csv([*titles, VISIT_TITLES, visit(1)])
    assert (result.header_row, table.height) == (11, 1)
    assert desk.csv([["再一行"], *titles, VISIT_TITLES, visit(1)])[0].code == "no_header"


def test_of_two_header_rows_the_last_that_matches_most_counts(desk: Desk) -> None:
    assert desk.csv([VISIT_TITLES, VISIT_TITLES, visit(1)])[0].header_row == 2
    upper = ["行政村代码", "走访编号", "", "", "", "", ""]
    assert desk.csv([upper, VISIT_TITLES, visit(1)])[0].header_row == 2
    assert desk.csv([VISIT_TITLES, upper, visit(1)])[0].header_row == 1


def test_merged_header_cells_count_by_their_top_left_value(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "merged.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet()
    sheet.merge_range(0, 0, 0, 6, "示例县入户走访记录")
    for column in range(3):
        sheet.merge_range(1, column, 2, column, VISIT_TITLES[column])
    sheet.merge_range(1, 3, 1, 5, "走访情况")
    for column in range(3, 6):
        sheet.write(2, column, VISIT_TITLES[column])
    sheet.merge_range(1, 6, 2, 7, VISIT_TITLES[6])
    sheet.write_row(3, 0, visit(1))
    book.close()
    result, table = desk.read(path)
    assert (result.code, result.header_row) == (None, 3)
    assert table["problem_found"].to_list() == ["否"]
    assert table["village_code"].to_list() == [VILLAGE_1]


def test_titles_match_after_nfkc_without_space_and_unit(desk: Desk) -> None:
    titles = ["行政村代码", " 走访 编号", "户编号（号）", "走访\n日期", "走访人身份[选填]", "走访人", "发现问题"]
    assert desk.csv([titles, visit(1)])[0].code is None


def household(income: str = "") -> list[str]:
    return [VILLAGE_1, "H1", "示例人", "11010519491231002X", "一般户", "3", income]


@pytest.mark.parametrize(("unit", "factor"), [("(元)", 1), ("（万元）", 10_000), ("(千元)", 1_000), ("(全年)", 1)])
def test_units_of_money(desk: Desk, unit: str, factor: int) -> None:
    result, _ = desk.csv([[*INCOME_TITLES, f"工资性收入{unit}"], household("1.5")], "households")
    assert result.code is None
    assert result.multipliers.get("wage_income", 1) == factor


@pytest.mark.parametrize(
    "title", ["工资性收入(亿元)", "工资性收入(百元)", "林果面积(万亩)", "生猪(千头)", "家庭人口(万元)"]
)
def test_any_other_scale_refuses_the_file(desk: Desk, title: str) -> None:
    titles = [t for t in INCOME_TITLES if not title.startswith(t)] + [title]
    result, _ = desk.csv([titles, household("1.5")[: len(titles)]], "households")
    assert result.code == "unusable_unit"
    assert result.rows == 1


def test_a_scale_on_a_column_nobody_knows_is_ignored(desk: Desk) -> None:
    result, _ = desk.csv([[*INCOME_TITLES, "总资产(万元)"], household("9")], "households")
    assert (result.code, result.ignored) == (None, ("总资产",))


def test_column_order_is_free_and_unknown_columns_are_named(desk: Desk) -> None:
    order = [6, 2, 0, 4, 3, 1, 5]
    result, table = desk.csv([[VISIT_TITLES[i] for i in order] + ["备注"], [visit(1)[i] for i in order] + ["随便"]])
    assert result.ignored == ("备注",)
    assert table.select("village_code", "visit_id", "visitor_role").row(0) == (VILLAGE_1, "Z1", "驻村工作队")


def test_a_missing_required_column_refuses_and_is_named(desk: Desk) -> None:
    keep = [0, 1, 2, 4]
    result, _ = desk.csv([[VISIT_TITLES[i] for i in keep], [visit(1)[i] for i in keep]])
    assert (result.code, result.detail, result.rows) == ("missing_column", "走访日期", 1)


def test_an_optional_column_may_be_missing(desk: Desk) -> None:
    assert desk.csv([VISIT_TITLES[:5], visit(1)[:5]])[0].code is None


def test_a_title_twice_refuses_the_file(desk: Desk) -> None:
    result, _ = desk.csv([[*VISIT_TITLES, "户编号"], [*visit(1), "H9"]])
    assert (result.code, result.detail) == ("duplicate_column", "户编号")


def test_the_first_sheet_whose_header_matches_is_read(desk: Desk, tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["说明"])
    second = book.create_sheet("缺列")
    second.append(VISIT_TITLES[:4])
    third = book.create_sheet("数据")
    for row in (VISIT_TITLES, visit(7)):
        third.append(row)
    book.save(tmp_path / "sheets.xlsx")
    result, table = desk.read(tmp_path / "sheets.xlsx")
    assert (result.sheet, table["visit_id"].to_list()) == ("数据", ["Z7"])


def test_total_rows_are_marked_by_their_first_filled_cell(desk: Desk) -> None:
    totals = ["合计", "甲镇小计", " 总 计:", "合计（元）", "合计 15 户", "总计：1,500", "合计数"]
    others = ["总计划", "小计算机", "设计"]
    rows = [["", label, "5", "", "", "", ""] for label in (*totals, *others)]
    _, table = desk.csv([VISIT_TITLES, visit(1, 走访人="合计"), *rows])
    assert table["is_total"].to_list() == [False, *[True] * len(totals), *[False] * len(others)]


def test_workbook_cells_become_canonical_text(desk: Desk) -> None:
    row = [int(VILLAGE_1), 12, 2.25, dt.date(2022, 6, 3), "驻村工作队", 1.5, True]
    _, table = desk.xlsx([VISIT_TITLES, row])
    assert table.drop("row_number", "is_total").row(0) == (
        VILLAGE_1, "12", "2.25", "2022-06-03", "驻村工作队", "1.5", "true",
    )  # fmt: skip
    assert table["row_number"].to_list() == [2]


def test_an_id_cell_that_holds_a_number_is_told_apart(desk: Desk) -> None:
    number, text = household(), household()
    _, table = desk.xlsx([INCOME_TITLES, [*number[:3], 110105491231002, *number[4:6]], text[:6]], "households")
    assert table["head_id_number#number"].to_list() == [True, False]


def test_formula_errors_are_not_blanks(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "errors.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, VISIT_TITLES)
    sheet.write_row(1, 0, visit(1))
    sheet.write_formula(1, 6, "=NA()", None, "#N/A")
    sheet.write_formula(1, 5, '="甲"', None, "甲")
    book.close()
    _, table = desk.read(path)
    assert table.select("visitor", "problem_found").row(0) == ("甲", "#N/A")


def test_workbooks_that_count_from_1904(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "mac.xlsx"
    book = xlsxwriter.Workbook(path, {"date_1904": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, VISIT_TITLES)
    sheet.write_row(1, 0, visit(1))
    sheet.write_datetime(1, 3, dt.datetime(2022, 6, 3), book.add_format({"num_format": "yyyy/m/d"}))
    book.close()
    result, table = desk.read(path)
    assert result.date1904
    assert table["visited_on"][0] == "2022-06-03"


def test_old_workbooks_are_read(desk: Desk) -> None:
    result, table = desk.read(Path(__file__).parent / "data" / "visits.xls")
    assert (result.code, result.is_workbook, result.date1904) == (None, True, False)
    assert table.select("village_code", "visited_on", "problem_found").rows() == [
        (VILLAGE_1, "2022-06-03", "true"),
        (VILLAGE_2, "44714", "否"),
    ]


def test_content_counts_not_the_extension(desk: Desk, tmp_path: Path) -> None:
    desk.xlsx([VISIT_TITLES, visit(1)])
    disguised = (tmp_path / "file.xlsx").rename(tmp_path / "真是表格.csv")
    assert desk.read(disguised)[0].code is None
    text = tmp_path / "其实是文本.xlsx"
    text.write_bytes(csv_bytes([VISIT_TITLES, visit(1)]))
    assert desk.read(text)[0].code is None


def test_damage_is_told_apart_from_a_wrong_table(desk: Desk, tmp_path: Path) -> None:
    desk.xlsx([VISIT_TITLES, visit(1)])
    whole = (tmp_path / "file.xlsx").read_bytes()
    (tmp_path / "cut.xlsx").write_bytes(whole[: len(whole) // 2])
    assert desk.read(tmp_path / "cut.xlsx")[0].code == "unreadable"
    assert desk.text(b"")[0].code == "empty_file"
    assert desk.csv([["姓名", "电话"], ["示例", "1"]])[0].code == "no_header"


def test_a_workbook_that_unpacks_beyond_measure_is_refused(desk: Desk, tmp_path: Path) -> None:
    import zipfile

    bomb = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * (150 << 20))
    assert desk.read(bomb)[0].code == "too_large_unpacked"


def test_a_file_without_a_telling_name_is_recognised_by_its_header(desk: Desk) -> None:
    assert desk.csv([VISIT_TITLES, visit(1)], None)[0].template == "visits"
    divisions = ["区划代码", "指标代码", "分子", "目标值", "完成时限"]
    tie = desk.csv([divisions, ["1", "2", "3", "4", "5"]], None)[0]
    assert tie.template == "task_targets"
    assert desk.csv([["区划代码", "指标代码"], ["1", "2"]], None)[0].code == "no_header"


def test_a_header_that_fits_two_templates_equally_is_refused(desk: Desk) -> None:
    titles = [
        "区划代码",
        "指标编号",
        "资金文号",
        "资金年度",
        "资金层级",
        "资金类型",
        "提前下达",
        "下达日期",
        "下达金额",
    ]
    both = [
        *titles,
        "项目编号",
        "安排编号",
        "安排日期",
        "安排金额",
        "支付编号",
        "支付日期",
        "支付类型",
        "支付金额",
        "到账日期",
    ]
    payments = {"区划代码", "支付编号", "安排编号", "支付日期", "支付类型", "支付金额"}
    result = desk.csv([["区划代码", "户编号", *payments - {"区划代码"}], [""] * 7], None)[0]
    assert result.template == "fund_payments"
    allocations = ["区划代码", "安排编号", "指标编号", "项目编号", "安排日期", "安排金额"]
    merged = [*allocations, "支付编号", "支付日期", "支付类型", "支付金额", "报账资料齐全", "备案日期"]
    assert desk.csv([merged, [""] * len(merged)], None)[0].code == "ambiguous_template"
    assert desk.csv([both, [""] * len(both)], None)[0].template == "fund_receipts"
