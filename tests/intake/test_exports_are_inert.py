"""Nothing that is handed out runs: text stays text in every file the product writes, and numbers stay numbers."""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import openpyxl
import polars as pl
import pytest
from intake_office import DIVISION_ROWS, DIVISION_TITLES, TOWN_A, VILLAGE_1, VILLAGE_2, Office
from openpyxl import Workbook
from reports.sample_edition import build_sample_edition

from dashboards.analysis.sql_result import as_csv, as_workbook
from dashboards.edition import Edition
from dashboards.parts.export import Sheet, workbook
from dashboards.parts.tables import Column
from orchestration import console
from orchestration.inert import DANGEROUS, inert, reaches_out
from orchestration.intake.annotate import annotate_copy
from orchestration.intake.annotation import Annotation, build_workbook
from orchestration.intake.blank import write_blank_workbooks
from orchestration.reports import make_reports
from orchestration.settings import PROJECT_ROOT

HOSTILE = (
    "=cmd|' /C calc'!A0", "=1+1", "+1+1", "-2+3", "@SUM(1)", "\t=1+1", "\r=1+1", "\n=1+1", "一\r=1+1", "＝1+1", "＋1",
    "＠A1", "{=1+1}", '=HYPERLINK("http://127.0.0.1/","点我")', "http://127.0.0.1/x", "-1-cmd",
)  # fmt: skip
NUMBERS = [Decimal("-12.50"), Decimal("0.00"), Decimal("1234567.89"), Decimal("-0.01")]
AT = datetime(2022, 7, 6, 8)
OWN_FORMULAS = re.compile(r"(SUM\([A-Z]+\d+:[A-Z]+\d+\)|IFERROR\([A-Z]+\d+/[A-Z]+\d+,\"—\"\)|[^!]*![$A-Z0-9:]+)")
"""What a workbook of ours calculates: sums, shares, and the lists behind drop-downs and filters."""
WRITERS = re.compile(r"xlsxwriter\.Workbook\(|csv\.writer\(|\.write_csv\(|\.write_excel\(|load_workbook\(|Workbook\(\)")
NOT_HANDED_OUT = {"orchestration/demo/sheets.py", "orchestration/intake/replacing.py"}
"""What is handed in for the demonstration, and a copy that stays in the archive."""

Files = dict[str, bytes]


def console_files(tmp_path: Path) -> Files:
    columns, rows = ["=列", "数"], [[text, number] for text in HOSTILE for number in NUMBERS]
    console.print_result(columns, rows, "csv", tmp_path / "q.csv")
    console.print_result(columns, rows, "xlsx", tmp_path / "q.xlsx")
    return {name: (tmp_path / name).read_bytes() for name in ("q.csv", "q.xlsx")}


def page_files(tmp_path: Path) -> Files:
    frame = pl.DataFrame({"t": HOSTILE, "m": [n * 10_000 for n in NUMBERS] * 4})
    edition = Edition("2022-06_0001", "2022-06", AT, AT, 1, tmp_path / "x.duckdb")
    columns = [Column("t", "=名称"), Column("m", "金额", "money")]
    return {"page.xlsx": workbook("=标题", edition, [Sheet("=页", frame, columns)])}


def sql_page_files(tmp_path: Path) -> Files:
    frame = pl.DataFrame({"=列": [*HOSTILE], "数": NUMBERS * 4, "列表": [[t] for t in HOSTILE]})
    return {"sql.csv": as_csv(frame), "sql.xlsx": as_workbook(frame, [("=查询", "=1+1")])}


def annex_files(tmp_path: Path) -> Files:
    edition = build_sample_edition(tmp_path / "published").resolve()
    edition.chmod(0o644)
    with duckdb.connect(str(edition)) as connection:
        codes = [code for (code,) in connection.execute("select division_code from marts.dim_division").fetchall()]
        for code, text in zip(codes, HOSTILE * len(codes), strict=False):
            connection.execute("update marts.dim_division set name = ? where division_code = ?", [text, code])
    written = make_reports(edition, "2022-06", tmp_path / "reports", kinds=["monthly"], as_csv=True)
    return {path.name: path.read_bytes() for path in written if path.suffix in (".xlsx", ".csv")}


def receipt_files(tmp_path: Path) -> Files:
    found = pl.DataFrame(
        {"row_number": range(2, 2 + len(HOSTILE)), "field": "f", "severity": "error", "code": "x", "value": HOSTILE,
         "message": HOSTILE}
    )  # fmt: skip
    annotation = Annotation(found, {"f": "=列"}, {"f": 0}, None, "=结果", AT)
    build_workbook(tmp_path / "new.xlsx", annotation, found.select("row_number", f="value"))
    book = Workbook()
    book.active.append(["列"])
    for text in HOSTILE:
        book.active.append([text.strip()])
        book.active.cell(book.active.max_row, 1).data_type = "s"
    book.active["B1"], book.active["B2"], book.active["B3"] = HOSTILE[0], HOSTILE[13], "='[1]外'!A1"
    book.active["B4"] = "=SUM(A1:A2)"
    book.save(tmp_path / "own.xlsx")
    annotate_copy(tmp_path / "own.xlsx", tmp_path / "marked.xlsx", annotation)
    return {name: (tmp_path / name).read_bytes() for name in ("new.xlsx", "marked.xlsx")}


@pytest.fixture
def form_files(office: Office, tmp_path: Path) -> Callable[[Path], Files]:
    def write(_: Path) -> Files:
        rows = [[*row[:1], HOSTILE[0] if row[0] in (VILLAGE_1, TOWN_A) else row[1], *row[2:]] for row in DIVISION_ROWS]
        assert office.hand_in("行政区划表_41_2022-05.csv", [DIVISION_TITLES, *rows]).outcome == "accepted"
        team = ["行政村代码", "队员编号", "队员姓名", "派出单位", "职务", "驻村天数"]
        given = [[VILLAGE_2, f"T{n}", text.strip(), text.strip(), "队员", "20"] for n, text in enumerate(HOSTILE)]
        assert office.hand_in("驻村考勤表_411726_2022-05.csv", [team, *given]).outcome == "accepted"
        made = write_blank_workbooks(office.settings, tmp_path / "forms", TOWN_A, None, "2022-06", prefill=True)
        return {path.name: path.read_bytes() for path in made}

    return write


MAKERS: dict[str, Callable[[Path], Files]] = {
    "orchestration/console.py": console_files,
    "dashboards/parts/export.py": page_files,
    "dashboards/analysis/sql_result.py": sql_page_files,
    "orchestration/reports/annex.py": annex_files,
    "orchestration/reports/annex_csv.py": annex_files,
    "orchestration/intake/annotate.py": receipt_files,
    "orchestration/intake/annotation.py": receipt_files,
}


@pytest.mark.parametrize("module", MAKERS)
def test_text_stays_text(module: str, tmp_path: Path) -> None:
    assert_inert(MAKERS[module](tmp_path))


def test_prefilled_forms_are_inert(form_files: Callable[[Path], Files], tmp_path: Path) -> None:
    assert_inert(form_files(tmp_path))


def test_no_file_is_written_by_a_module_that_is_not_tried_here() -> None:
    folders = (PROJECT_ROOT / "orchestration", PROJECT_ROOT / "dashboards")
    found = {
        path.relative_to(PROJECT_ROOT).as_posix()
        for folder in folders
        for path in folder.rglob("*.py")
        if WRITERS.search(path.read_text(encoding="utf-8"))
    }
    assert found - NOT_HANDED_OUT == {*MAKERS, "orchestration/intake/blank.py"}


def assert_inert(files: Files) -> None:
    assert files
    for name, content in files.items():
        if name.endswith(".csv"):
            assert not [cell for cell in csv_cells(content) if would_run(cell)], name
            continue
        strange = [formula for formula in formulas(content) if not OWN_FORMULAS.fullmatch(formula)]
        assert strange == [], name
        assert not targets(content), name


def csv_cells(content: bytes) -> Iterator[str]:
    for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")):
        yield from row


def would_run(cell: str) -> bool:
    """Said without the product's own words: the first character decides, unless the cell is a number."""
    return cell[:1] in tuple("=+-@\t\r\n＝＋－＠") and cell != "" and not re.fullmatch(r"-\d+(\.\d+)?%?", cell)


def formulas(content: bytes) -> list[str]:
    """Every formula of a workbook: in cells, drop-downs, bands and names."""
    found = []
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for member in archive.namelist():
            if member.startswith(("xl/worksheets/sheet", "xl/workbook")) and member.endswith(".xml"):
                text = archive.read(member).decode()
                found += re.findall(r"<(?:f|definedName)\b[^>]*>([^<]+)<", text)
    return [formula.replace("&quot;", '"').replace("&#39;", "'") for formula in found]


def targets(content: bytes) -> list[str]:
    """Links out of a workbook."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [n for n in archive.namelist() if b'TargetMode="External"' in archive.read(n) or "externalLink" in n]


def test_numbers_stay_numbers(tmp_path: Path) -> None:
    for name, content in {**console_files(tmp_path), **sql_page_files(tmp_path)}.items():
        if name.endswith(".csv"):
            assert {"-12.50", "0.00", "1234567.89", "-0.01"} <= set(csv_cells(content)), name
        else:
            page = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
            column = [cell.value for cell in page["B"]][1:5]
            assert column == pytest.approx([float(n) for n in NUMBERS]), name


def test_a_plain_negative_number_as_text_is_left_alone() -> None:
    assert [inert(text) for text in ("-5", "-5.20", "-5%", "-5-1", "-", "普通", "")] == [
        "-5", "-5.20", "-5%", "'-5-1", "'-", "普通", "",
    ]  # fmt: skip


@pytest.mark.parametrize("start", DANGEROUS)
def test_every_dangerous_start_is_quoted(start: str) -> None:
    assert inert(f"{start}x") == f"'{start}x"


def test_the_submitters_own_sums_come_back(tmp_path: Path) -> None:
    receipt_files(tmp_path)
    book = openpyxl.load_workbook(tmp_path / "marked.xlsx")
    page = book.worksheets[1]
    assert (page["B4"].value, page["B4"].data_type) == ("=SUM(A1:A2)", "f")
    assert {page[place].data_type for place in ("B1", "B2", "B3")} == {"s"}


def test_only_formulas_that_leave_the_workbook_reach_out() -> None:
    inside = ("=SUM(A1:A9)", '=IF(A1="是",1,0)', "=表1[金额]", "=Sheet2!A1", '=A1&"|"&B1', '=TEXT(A1,"[红]0")')
    assert [f for f in inside if reaches_out(f)] == []
    outside = ("=cmd|' /C calc'!A0", "=[1]S!A1", "='C:\\[x.xlsx]S'!A1", '=WEBSERVICE("http://x")', '=_xlfn.IMAGE("x")')
    assert [f for f in outside if not reaches_out(f)] == []


def test_a_day_and_a_truth_are_no_text(tmp_path: Path) -> None:
    console.print_result(["日", "真"], [[date(2022, 6, 3), True]], "xlsx", tmp_path / "x.xlsx")
    page = openpyxl.load_workbook(tmp_path / "x.xlsx").worksheets[0]
    assert (page["A2"].value, page["B2"].value) == (datetime(2022, 6, 3), True)
