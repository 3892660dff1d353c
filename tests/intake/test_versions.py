"""Months on former forms: each is read by its own, an outdated one is recognised and told, history stays comparable."""

import csv
import json
import shutil
from datetime import datetime
from pathlib import Path

import duckdb
import polars as pl
import pytest
from intake_office import DIVISION_ROWS, DIVISION_TITLES, RECEIVED, VILLAGE_1, VISIT_TITLES, Office, visit
from openpyxl import load_workbook
from typer.testing import CliRunner
from versions_office import LOANS_2020, PERSONS_2020, TITLES_2018, TITLES_2020, VISITS_2018, VISITS_2020, seeds_with

from orchestration.catalogue.templates import load_templates
from orchestration.cli import app
from orchestration.errors import GuatuError
from orchestration.intake import ingest
from orchestration.intake.blank import write_blank_workbooks
from orchestration.settings import get_settings

ROW_2018 = [VILLAGE_1, "Z1", "H1", "2018-06-03", "示例人", "40 分钟"]
ROW_2020 = [VILLAGE_1, "Z1", "H1", "2020-06-03", "包村干部", "示例人"]


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return seeds_with(tmp_path_factory.mktemp("versions"), VISITS_2018, VISITS_2020, LOANS_2020, PERSONS_2020)


@pytest.fixture
def reformed(office: Office, seeds: Path) -> Office:
    """The office, working by templates that have former forms."""
    return Office(office.settings.model_copy(update={"seeds": seeds}), office.folder)


def name(period: str, template: str = "入户走访记录") -> str:
    return f"{template}_411726_{period}.csv"


def receipt(office: Office, number: int) -> dict:
    return json.loads((office.settings.receipts / f"{number}.json").read_text("utf-8"))


def test_a_month_is_read_by_its_own_form(reformed: Office) -> None:
    """What the form did not have is unknown, what has been cancelled stays with the file; no complaint."""
    submission = reformed.hand_in(name("2018-06"), [TITLES_2018, ROW_2018])
    rows = reformed.rows(submission)
    assert (submission.outcome, submission.rows_accepted) == ("accepted", 1)
    assert rows.select("household_id", "visitor", "visitor_role", "problem_found").row(0) == (
        "H1",
        "示例人",
        None,
        None,
    )
    assert rows.columns == list(load_templates(reformed.settings.seeds)["visits"].lake_schema())
    told = receipt(reformed, submission.submission_id)
    assert (told["form"], told["remark"]) == ("2018年式样", None)
    assert (told["cancelled_columns"], told["ignored_columns"]) == (["走访时长"], [])


def test_former_labels_are_read_as_today_s_codes(reformed: Office) -> None:
    rows = [TITLES_2020, ROW_2020, [*ROW_2020[:1], "Z2", *ROW_2020[2:4], "村两委", "示例人"]]
    submission = reformed.hand_in(name("2020-06"), rows)
    assert reformed.rows(submission)["visitor_role"].to_list() == ["helper", "village_committee"]
    # an older month handed in on a newer form is in order too
    earlier = reformed.hand_in(name("2018-06"), [TITLES_2020, [*ROW_2020[:3], "2018-06-03", *ROW_2020[4:]]])
    assert reformed.rows(earlier)["visitor_role"].to_list() == ["helper"]
    assert receipt(reformed, earlier.submission_id)["remark"] is None


def test_an_outdated_form_is_read_and_told(reformed: Office) -> None:
    row = [VILLAGE_1, "Z1", "H1", "2022-06-03", "村两委", "示例人"]
    submission = reformed.hand_in(name("2022-06"), [TITLES_2020, row])
    assert submission.outcome == "accepted"
    assert reformed.rows(submission).select("household_id", "problem_found").row(0) == ("H1", None)
    remark = receipt(reformed, submission.submission_id)["remark"]
    assert remark.startswith("该表用的是2020年式样,请换用现行表样")
    assert "guatu templates --out 空表 --template 入户走访记录 --period 2022-06" in remark
    for difference in ("没有:发现问题", "改名:“贫困户编号”现称“户编号”", "取值有变:走访人身份"):
        assert difference in remark


def test_the_form_between_is_the_right_one_for_a_month_between(reformed: Office) -> None:
    row = [VILLAGE_1, "Z1", "H1", "2019-06-03", "示例人", "40 分钟"]
    submission = reformed.hand_in(name("2019-06"), [TITLES_2018, row])
    assert submission.outcome == "refused"
    assert submission.reason is not None
    assert submission.reason.startswith("该表用的是2018年式样,缺少2020年式样的必填列:走访人身份;请换用2020年式样")


def test_a_column_missing_because_of_the_form_is_refused_with_that_reason(reformed: Office) -> None:
    submission = reformed.hand_in(name("2022-06"), [TITLES_2018, [*ROW_2018[:3], "2022-06-03", "示例人", ""]])
    assert (submission.outcome, submission.rows_read, submission.rows_rejected) == ("refused", 1, 1)
    assert submission.reason is not None
    assert submission.reason.startswith("该表用的是2018年式样,缺少现行表样的必填列:走访人身份;请换用现行表样")
    # also where a column of the former form itself is missing
    torn = reformed.hand_in(name("2022-06"), [TITLES_2018[1:], ROW_2018[1:]])
    assert str(torn.reason).startswith("该表用的是2018年式样,缺少现行表样的必填列:行政村代码、走访人身份;")
    # in the form's own month that is a missing column and nothing else
    own = reformed.hand_in(name("2018-06"), [TITLES_2018[1:], ROW_2018[1:]])
    assert str(own.reason).startswith("缺少必填列:行政村代码;")


def test_a_label_out_of_force_names_the_one_in_its_place(reformed: Office) -> None:
    rows = [visit(n, 走访人身份="包村干部" if n == 0 else "村两委") for n in range(6)]
    submission = reformed.hand_in(name("2022-06"), [VISIT_TITLES, *rows])
    assert reformed.problems(submission) == [(2, "visitor_role", "retired_label")]
    (problem,) = receipt(reformed, submission.submission_id)["problems"]
    assert problem["message"] == "走访人身份:填的是旧表样的取值,现已不用,“包村干部”现为“帮扶责任人”,请改填"
    unknown = reformed.hand_in(name("2022-07"), [VISIT_TITLES, *rows[1:], visit(9, 走访人身份="旁人")])
    assert reformed.problems(unknown) == [(7, "visitor_role", "out_of_list")]


def test_errors_name_a_column_as_the_form_does(reformed: Office) -> None:
    rows = [[*ROW_2020[:1], f"Z{n}", "" if n == 0 else "H1", *ROW_2020[3:]] for n in range(6)]
    submission = reformed.hand_in(name("2020-06"), [TITLES_2020, *rows])
    (problem,) = receipt(reformed, submission.submission_id)["problems"]
    assert (problem["title"], problem["message"]) == ("贫困户编号", "贫困户编号:必填项为空,请填写")


def test_a_label_of_a_personal_column_is_given_away_nowhere(reformed: Office) -> None:
    """健康状况 is personal: its value is hidden on the receipt, so the message must not tell it either."""
    titles = ["行政村代码", "户编号", "人员编号", "姓名", "证件号码", "出生日期", "性别", "健康状况"]
    rows = [
        [VILLAGE_1, "H1", f"P{n}", "示例人", "11010519491231002X", "1949-12-31", "女", "患有大病" if n == 0 else "健康"]
        for n in range(6)
    ]
    submission = reformed.hand_in(name("2022-06", "家庭成员台账"), [titles, *rows])
    found = pl.read_parquet(reformed.settings.lake / "_problems" / f"{submission.submission_id}.parquet")
    (row,) = found.filter(pl.col("severity") == "error").select("code", "value", "message").iter_rows()
    assert row[:2] == ("out_of_list", "***")
    assert row[2].endswith("旧表样的取值中,“长期慢病”现为“长期慢性病”、“患有大病”现为“大病”")


@pytest.mark.parametrize("period", ["2018-06", "2020-06", "2022-06"])
def test_today_s_form_gives_the_same_with_and_without_former_forms(
    office: Office, reformed: Office, period: str, tmp_path: Path
) -> None:
    """Whatever the month, and though a column of an old name stands beside today's."""
    day = f"{period}-03"
    rows = [[*visit(n, 走访日期=day, 走访人身份="旁人" if n == 3 else "村两委"), "40 分钟", "H9"] for n in range(6)]
    table = [[*VISIT_TITLES, "走访时长", "贫困户编号"], *rows]
    shutil.copytree(office.settings.root, tmp_path / "without")
    today = Office(get_settings(tmp_path / "without"), tmp_path / "files_of_today")
    plain = today.hand_in(name(period), table)
    other = reformed.hand_in(name(period), table)
    assert other == plain
    assert reformed.rows(other).equals(today.rows(plain))
    told = receipt(reformed, other.submission_id)
    assert (told["form"], told["remark"], told["ignored_columns"]) == (None, None, ["走访时长", "贫困户编号"])


def test_fewer_columns_of_today_s_form_are_no_outdated_form(reformed: Office) -> None:
    """Optional columns may be left out: only every column of a former form, and no other, looks like that form."""
    titles = [t for t in VISIT_TITLES if t not in ("走访人", "发现问题")]
    submission = reformed.hand_in(name("2022-06"), [titles, visit(1)[:5]])
    assert (submission.outcome, receipt(reformed, submission.submission_id)["remark"]) == ("accepted", None)


def test_a_column_of_today_on_a_former_form_is_read(reformed: Office) -> None:
    row = [VILLAGE_1, "Z1", "H1", "2022-06-03", "村两委", "示例人", "是"]
    submission = reformed.hand_in(name("2022-06"), [[*TITLES_2020, "发现问题"], row])
    assert reformed.rows(submission)["problem_found"].to_list() == [True]
    assert "没有" not in receipt(reformed, submission.submission_id)["remark"]


def test_what_a_newer_form_requires_is_required_of_an_outdated_one(office: Office, tmp_path: Path) -> None:
    """走访人身份 was added by hand to the form of 2018, which did not ask for it; in 2022 it may not be blank."""
    seeds = seeds_with(tmp_path, VISITS_2018)
    renewed = Office(office.settings.model_copy(update={"seeds": seeds}), office.folder)
    rows = [[VILLAGE_1, f"Z{n}", "H1", "2022-06-03", "示例人", "40 分钟", "" if n == 0 else "村两委"] for n in range(6)]
    submission = renewed.hand_in(name("2022-06"), [[*TITLES_2018, "走访人身份"], *rows])
    assert receipt(renewed, submission.submission_id)["form"] == "2018年式样"
    assert renewed.problems(submission) == [(2, "visitor_role", "required_blank")]


def test_a_former_title_of_an_optional_column_is_read_and_today_s_goes_before_it(
    office: Office, tmp_path: Path
) -> None:
    version = VISITS_2018.replace("absent: [visitor_role, problem_found]", "").replace(
        "{household", "{visitor: 干部, household"
    )
    renewed = Office(office.settings.model_copy(update={"seeds": seeds_with(tmp_path, version)}), office.folder)
    titles = ["行政村代码", "走访编号", "贫困户编号", "户编号", "走访日期", "走访人身份", "干部"]
    row = [VILLAGE_1, "Z1", "H-旧", "H1", "2022-06-03", "村两委", "示例人"]
    submission = renewed.hand_in(name("2022-06"), [titles, row])
    assert renewed.rows(submission).select("household_id", "visitor").row(0) == ("H1", "示例人")
    told = receipt(renewed, submission.submission_id)
    assert (told["form"], told["ignored_columns"]) == ("2018年式样", ["贫困户编号"])


def test_a_file_without_a_telling_name_is_recognised_by_a_former_header(reformed: Office) -> None:
    submission = reformed.hand_in("走访.csv", [["期别", *TITLES_2018], ["2018-06", *ROW_2018]])
    assert (submission.outcome, submission.template, submission.period) == ("accepted", "visits", "2018-06")


def _blank(office: Office, template: str, period: str) -> Path:
    return write_blank_workbooks(office.settings, office.folder / period, "411726", [template], period)[0]


def test_a_blank_workbook_has_the_form_of_its_month(reformed: Office) -> None:
    book = load_workbook(_blank(reformed, "visits", "2020-06"))
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet[2]] == ["期别", *TITLES_2020]
    assert "表样版本:2020-06" in [cell.value for cell in sheet[1]]
    assert book.custom_doc_props["表样版本"].value == "2020-06"
    labels = [column[1:] for column in book["代码表"].iter_cols(values_only=True) if column[0] == "visitor_role"]
    assert [label for label in labels[0] if label] == ["包村干部", "驻村工作队", "村干部"]
    assert any("本表为2020年式样" in str(row[0]) for row in book["说明"].values)
    today = load_workbook(_blank(reformed, "visits", "2021-01"))
    assert [cell.value for cell in today.worksheets[0][2]] == ["期别", *VISIT_TITLES]
    assert not any("本表为" in str(row[0]) for row in today["说明"].values)


@pytest.mark.parametrize("kept", ["both", "property", "first row"])
def test_a_workbook_is_known_by_its_mark_where_the_columns_are_the_same(reformed: Office, kept: str) -> None:
    """Only the values of 五级分类 changed: the header says nothing, 表样版本 does."""
    blank = _blank(reformed, "loans", "2020-12")
    book = load_workbook(blank)
    sheet = book.worksheets[0]
    values = ["2022-06", VILLAGE_1, "JJ1", "H1", "2022-03-01", "2024-03-01", 50000, 50000, 0, "正常"]
    for column, value in enumerate(values, start=1):
        sheet.cell(3, column, value)
    if kept == "property":
        sheet.delete_rows(1)
    path = reformed.folder / "扶贫小额信贷台账.xlsx"
    book.save(path)
    if kept == "first row":
        path = reformed.folder / "贷款.csv"
        with path.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows(sheet.iter_rows(values_only=True, max_row=3))
    (submission,) = reformed.take(path)
    assert (submission.template, submission.outcome) == ("loans", "accepted")
    told = receipt(reformed, submission.submission_id)
    assert told["form"] == "四级分类式样"
    assert told["remark"].endswith("不同之处——取值有变:五级分类")


def test_a_filled_in_workbook_of_its_month_is_in_order(reformed: Office) -> None:
    path = _blank(reformed, "visits", "2020-06")
    book = load_workbook(path)
    for column, value in enumerate(["2020-06", *ROW_2020], start=1):
        book.worksheets[0].cell(3, column, value)
    book.save(path)
    (submission,) = reformed.take(path)
    told = receipt(reformed, submission.submission_id)
    assert (submission.outcome, told["form"], told["remark"]) == ("accepted", "2020年式样", None)


def test_months_before_and_after_a_column_was_added_are_one_table(office: Office, seeds: Path, tmp_path: Path) -> None:
    """A template gains a column: files of the lake written before it have NULL there, and nothing is rewritten."""
    before = office.hand_in(name("2021-06"), [VISIT_TITLES, visit(1, 走访日期="2021-06-03")])
    later = seeds_with(
        tmp_path, VISITS_2018.replace("absent: [", "absent: [visit_kind, ").replace("2018-12", "2021-12")
    )
    file = later / "templates" / "visits.yml"
    added = "  - {name: visit_kind, title: 走访方式, type: string}\n"
    file.write_text(file.read_text("utf-8").rstrip("\n") + "\n" + added, encoding="utf-8")
    renewed = Office(office.settings.model_copy(update={"seeds": later}), office.folder)
    after = renewed.hand_in(name("2022-06"), [[*VISIT_TITLES, "走访方式"], [*visit(2), "入户"]])
    assert (before.outcome, after.outcome) == ("accepted", "accepted")
    source = (
        f"read_parquet('{office.settings.lake}/visits/**/*.parquet', union_by_name = true, hive_partitioning = false)"
    )
    found = duckdb.sql(f"select period, visit_id, visit_kind from {source} order by period").fetchall()
    assert found == [("2021-06", "Z1", None), ("2022-06", "Z2", "入户")]


def test_the_command_line_tells_of_an_outdated_form(
    reformed: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GUATU_SEEDS", str(reformed.settings.seeds))
    row = [VILLAGE_1, "Z1", "H1", "2022-06-03", "村两委", "示例人"]
    path = reformed.put(name("2022-06"), [TITLES_2020, row])
    result = CliRunner().invoke(app, ["ingest", str(path), "--home", str(reformed.settings.home)])
    assert result.exit_code == 0
    assert "第 2 号报送:该表用的是2020年式样,请换用现行表样" in result.output


def test_divisions_of_an_older_month_may_be_on_an_older_form(office: Office, tmp_path: Path) -> None:
    seeds = seeds_with(
        tmp_path,
        "{template: divisions, title: 旧区划表, valid_to: 2018-06, source: 例, titles: {village_type: 是否贫困村},"
        " absent: [predecessor_code, valid_from, valid_to], lists: {village_type: {是: poor, 否: non_poor}}}",
    )
    renewed = Office(office.settings.model_copy(update={"seeds": seeds}), office.folder)
    marks = {"贫困村": "是", "非贫困村": "否", "": ""}
    titles = ["是否贫困村" if title == "村属性" else title for title in DIVISION_TITLES[:6]]
    rows = [[*row[:4], marks[row[4]], row[5]] for row in DIVISION_ROWS]
    (result,) = ingest(
        renewed.settings, [renewed.put("行政区划表_41_2018-03.csv", [titles, *rows])], received_at=datetime(2018, 4, 2)
    )
    assert result.submission.outcome == "accepted"
    assert renewed.rows(result.submission)["village_type"].drop_nulls().to_list() == ["poor", "non_poor", "non_poor"]
    later = renewed.hand_in("行政区划表_41_2022-06.csv", [titles, *rows], at=RECEIVED)
    assert later.outcome == "refused"
    assert "旧区划表" in str(receipt(renewed, later.submission_id)["remark"])


def test_an_old_workbook_brought_up_to_date_by_hand_is_in_order(reformed: Office) -> None:
    """It still names the month it was made for, but has every column of today under today's title."""
    titles = [["入户走访记录", "", "表样版本:2018-06"], VISIT_TITLES]
    submission = reformed.hand_in(name("2022-06"), [*titles, visit(1)])
    told = receipt(reformed, submission.submission_id)
    assert (submission.outcome, told["form"], told["remark"]) == ("accepted", None, None)


@pytest.mark.parametrize("period", ["2018-6", "201806", "2018-13"])
def test_a_blank_workbook_is_for_a_month(reformed: Office, period: str) -> None:
    with pytest.raises(GuatuError, match="YYYY-MM"):
        _blank(reformed, "visits", period)
