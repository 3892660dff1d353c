"""What becomes of a whole file: outcome, counts, duplicates, nil returns, scope and period, receipts."""

import json
from datetime import datetime
from pathlib import Path

import pytest
from intake_office import (
    COUNTY,
    DIVISION_ROWS,
    DIVISION_TITLES,
    TOWN_A,
    TOWN_B,
    VILLAGE_1,
    VILLAGE_2,
    VILLAGE_3,
    VISIT_TITLES,
    Office,
    csv_bytes,
    visit,
)
from openpyxl import Workbook, load_workbook

from orchestration.errors import GuatuError
from orchestration.intake import ingest_inbox, read_ledger, verify_ledger

NAME = "入户走访记录_411726_2022-06.csv"
LATER = datetime(2022, 7, 4, 9)


def visits(count: int, bad: int = 0) -> list[list[str]]:
    rows = [visit(i, 走访人身份="旁人" if i < bad else "村两委") for i in range(count)]
    return [VISIT_TITLES, *rows]


def test_a_good_file_is_accepted_and_lands_in_the_lake(office: Office) -> None:
    submission = office.hand_in(NAME, visits(3))
    assert (submission.outcome, submission.template, submission.scope_code, submission.period) == (
        "accepted", "visits", COUNTY, "2022-06",
    )  # fmt: skip
    assert (submission.rows_read, submission.rows_accepted, submission.rows_rejected) == (3, 3, 0)
    rows = office.rows(submission)
    assert rows["row_number"].to_list() == [2, 3, 4]
    assert rows["visitor_role"].unique().to_list() == ["village_committee"]
    assert rows["received_at"][0] == submission.received_at
    assert (office.settings.archive / submission.sha256).read_bytes() == csv_bytes(visits(3))


def test_exactly_a_fifth_of_bad_rows_is_partial_and_more_refuses(office: Office) -> None:
    partial = office.hand_in(NAME, visits(10, bad=2))
    assert (partial.outcome, partial.rows_read, partial.rows_accepted, partial.rows_rejected) == ("partial", 10, 8, 2)
    refused = office.hand_in(NAME, visits(9, bad=2), at=LATER)
    assert (refused.outcome, refused.rows_read, refused.rows_accepted, refused.rows_rejected) == ("refused", 9, 0, 9)
    assert len(office.problems(refused)) == 2
    assert not (office.settings.lake / "visits/period=2022-06" / f"{refused.submission_id}.parquet").exists()


def test_blank_and_total_rows_are_counted_but_are_no_data(office: Office) -> None:
    submission = office.hand_in(
        NAME, [*visits(2), [""] * 7, ["合计", "2", "", "", "", "", ""], [" ", "", "", "", "", "", ""]]
    )
    receipt = json.loads((office.settings.receipts / f"{submission.submission_id}.json").read_text("utf-8"))
    assert (submission.outcome, submission.rows_read) == ("accepted", 2)
    assert (receipt["blank_rows"], receipt["total_rows"]) == (2, 1)


def test_unknown_columns_are_named_on_the_receipt(office: Office) -> None:
    submission = office.hand_in(NAME, [[*VISIT_TITLES, "备注"], [*visit(1), "x"]])
    receipt = json.loads((office.settings.receipts / f"{submission.submission_id}.json").read_text("utf-8"))
    assert receipt["ignored_columns"] == ["备注"]


def test_a_missing_column_refuses_all_rows(office: Office) -> None:
    submission = office.hand_in(NAME, [row[:3] for row in visits(4)])
    assert (submission.outcome, submission.rows_read, submission.rows_rejected) == ("refused", 4, 4)
    assert "走访日期" in str(submission.reason)
    listed = load_workbook(office.settings.receipts / f"{submission.submission_id}_{Path(NAME).stem}.xlsx")
    assert list(listed["错误清单"].iter_rows(min_row=3, values_only=True)) == [
        (1, "(整个文件)", None, "错误(整个文件退回)", submission.reason)
    ]


def test_a_workbook_refused_for_its_header_comes_back_with_the_reason(office: Office) -> None:
    book = Workbook()
    for row in (["标题"], *[row[:3] for row in visits(2)]):
        book.active.append(row)
    office.folder.mkdir()
    path = office.folder / "入户走访记录_411726_2022-06.xlsx"
    book.save(path)
    (submission,) = office.take(path)
    returned = load_workbook(office.settings.receipts / f"{submission.submission_id}_{path.name}")
    assert returned.sheetnames == ["错误清单", "Sheet"]
    assert returned["错误清单"]["A3"].value == 2
    assert "缺少必填列" in returned["错误清单"]["E3"].value


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no workbook", b"\xff\xfe\x81\x00\xff", b"%PDF-1.7 \n"])
def test_what_cannot_be_read_is_refused_and_kept(office: Office, content: bytes) -> None:
    submission = office.hand_in("入户走访记录_411726_2022-06.xlsx", content)
    assert (submission.outcome, submission.rows_read) == ("refused", 0)
    assert submission.reason
    assert (office.settings.archive / submission.sha256).read_bytes() == content
    assert verify_ledger(office.settings) == []


def test_same_bytes_are_a_duplicate_only_of_the_newest_in_effect(office: Office) -> None:
    first, corrected = visits(3), visits(4)
    assert office.hand_in(NAME, first).outcome == "accepted"
    again = office.hand_in(NAME, first, at=LATER)
    assert (again.outcome, again.rows_read, again.rows_accepted, again.rows_rejected) == ("duplicate", 0, 0, 0)
    assert office.hand_in(NAME, corrected, at=LATER).outcome == "accepted"
    assert office.hand_in(NAME, first, at=LATER).outcome == "accepted"
    assert office.hand_in("入户走访记录_411726_2022-07.csv", first, at=LATER).outcome == "accepted"


def test_same_bytes_after_a_refusal_are_read_again(office: Office) -> None:
    bad = visits(4, bad=2)
    assert office.hand_in(NAME, bad).outcome == "refused"
    assert office.hand_in(NAME, bad, at=LATER).outcome == "refused"


def test_an_overlapping_scope_in_between_makes_the_same_bytes_new(office: Office) -> None:
    rows, one = visits(2), [VISIT_TITLES, visit(9)]
    assert office.hand_in(NAME, rows).outcome == "accepted"
    assert office.hand_in("入户走访记录_411726100201_2022-06.csv", one).outcome == "accepted"
    assert office.hand_in(NAME, rows).outcome == "accepted"
    other = [VISIT_TITLES, visit(8, VILLAGE_3)]
    assert office.hand_in("入户走访记录_411726101_2022-06.csv", other).outcome == "accepted"
    assert office.hand_in("入户走访记录_411726100_2022-06.csv", [VISIT_TITLES, visit(7)]).outcome == "accepted"
    assert office.hand_in("入户走访记录_411726101_2022-06.csv", other).outcome == "duplicate"


def test_the_same_bytes_for_another_scope_are_no_duplicate(office: Office) -> None:
    rows = [VISIT_TITLES, visit(1)]
    assert office.hand_in(NAME, rows).outcome == "accepted"
    assert office.hand_in("入户走访记录_411726100_2022-06.csv", rows).outcome == "accepted"


def test_only_what_was_received_by_then_makes_a_duplicate(office: Office) -> None:
    rows = visits(2)
    office.hand_in(NAME, rows, at=LATER)
    assert office.hand_in(NAME, rows, at=datetime(2022, 7, 1)).outcome == "accepted"


def test_a_nil_return_is_accepted_with_no_rows(office: Office) -> None:
    nil = office.hand_in(NAME, [VISIT_TITLES, ["合计", "0", "", "", "", "", ""]])
    assert (nil.outcome, nil.rows_read, nil.rows_accepted) == ("accepted", 0, 0)


def test_divisions_and_villages_and_unnamed_files_cannot_be_nil(office: Office) -> None:
    villages = [["行政村代码", "乡村户数", "乡村人口"]]
    assert office.hand_in("村情监测表_411726_2022-06.csv", villages).outcome == "refused"
    assert office.hand_in("行政区划表_411726_2022-06.csv", [DIVISION_TITLES]).outcome == "refused"
    assert office.hand_in("走访.csv", [VISIT_TITLES]).outcome == "refused"


def test_an_unknown_scope_refuses_the_file(office: Office) -> None:
    submission = office.hand_in("入户走访记录_520581_2022-06.csv", visits(2))
    assert (submission.outcome, submission.scope_code, submission.rows_rejected) == ("refused", "520581000000", 2)
    assert office.hand_in("入户走访记录_411726_2017-12.csv", visits(2)).outcome == "refused"


@pytest.mark.parametrize(
    ("name", "scope"),
    [
        ("入户走访记录_411726100201_2022-06.csv", VILLAGE_1),
        ("visits_411726100_2022-06_更正.csv", TOWN_A),
        ("Visits_411726_2022-06_2.CSV", COUNTY),
    ],
)
def test_what_names_may_look_like(office: Office, name: str, scope: str) -> None:
    submission = office.hand_in(name, [VISIT_TITLES, visit(1)])
    assert (submission.outcome, submission.scope_code) == ("accepted", scope)


@pytest.mark.parametrize(
    ("villages", "scope"),
    [([VILLAGE_1, VILLAGE_1], VILLAGE_1), ([VILLAGE_1, VILLAGE_2], TOWN_A), ([VILLAGE_1, VILLAGE_3], COUNTY)],
)
def test_scope_and_period_come_from_the_rows_of_an_unnamed_file(
    office: Office, villages: list[str], scope: str
) -> None:
    rows = [["2022年6月", *visit(i, v)] for i, v in enumerate(villages)]
    submission = office.hand_in("走访.csv", [["期别", *VISIT_TITLES], *rows])
    assert (submission.outcome, submission.template, submission.scope_code, submission.period) == (
        "accepted", "visits", scope, "2022-06",
    )  # fmt: skip


def test_an_unnamed_file_of_two_periods_or_none_is_refused(office: Office) -> None:
    two = [["期别", *VISIT_TITLES], ["2022-06", *visit(1)], ["2022-07", *visit(2)]]
    submission = office.hand_in("走访.csv", two)
    assert (submission.outcome, submission.template, submission.rows_rejected) == ("refused", "visits", 2)
    assert office.hand_in("走访2.csv", [VISIT_TITLES, visit(1)]).outcome == "refused"


def test_divisions_go_first_also_from_a_file_without_a_telling_name(office: Office) -> None:
    towns = [["期别", *DIVISION_TITLES], ["2022-06", "411726103000", "丁镇", "乡", COUNTY, "", "", "", "", ""]]
    towns.append(["2022-06", "411726103201", "五村", "村", "411726103000", "贫困村", "", "", "", ""])
    a = office.put("入户走访记录_411726103_2022-06.csv", [VISIT_TITLES, visit(1, "411726103201")])
    z = office.put("最新区划.csv", towns)
    first, second = office.take(a, z)
    assert (first.template, first.scope_code, first.outcome) == ("divisions", "411726103000", "accepted")
    assert second.outcome == "accepted"


def test_files_go_by_name_and_hidden_ones_stay_out(office: Office) -> None:
    for name in ("b/入户走访记录_411726_2022-05.csv", "a/入户走访记录_411726_2022-06.csv", "~$x.xlsx", ".DS_Store"):
        office.put(name, visits(1))
    assert [s.period for s in office.take(office.folder)] == ["2022-05", "2022-06"]
    with pytest.raises(GuatuError, match="找不到"):
        office.take(Path("/没有/这里"))


def test_a_division_that_ended_is_unknown_from_the_next_day(office: Office) -> None:
    rows = [r[:] for r in DIVISION_ROWS]
    rows[5][8] = "2022-06-29"
    rows[6][7:9] = ["2022-06-30", "2022-06-30"]
    office.hand_in("行政区划表_41_2022-06.csv", [DIVISION_TITLES, *rows])
    good = [visit(i, VILLAGE_2) for i in range(4)]
    june = office.hand_in(NAME, [VISIT_TITLES, *good, visit(9, VILLAGE_1)])
    assert office.problems(june) == [(6, "village_code", "unknown_division")]
    july = office.hand_in(
        "入户走访记录_411726_2022-07.csv", [VISIT_TITLES, visit(1, VILLAGE_2), *[visit(i, VILLAGE_3) for i in range(5)]]
    )
    assert office.problems(july) == [(2, "village_code", "unknown_division")]
    may = office.hand_in("入户走访记录_411726_2022-05.csv", [VISIT_TITLES, visit(1)])
    assert may.outcome == "accepted"


def test_a_newer_divisions_file_speaks_for_all_of_its_scope(office: Office) -> None:
    town = [
        ["411726100000", "甲镇", "乡", COUNTY, "", "", "", "", ""],
        [VILLAGE_1, "一村", "村", TOWN_A, "贫困村", "", "", "", ""],
    ]
    assert office.hand_in("行政区划表_411726100_2022-06.csv", [DIVISION_TITLES, *town]).outcome == "accepted"
    rows = [VISIT_TITLES, *[visit(i) for i in range(4)], visit(9, VILLAGE_2), visit(8, VILLAGE_3)]
    submission = office.hand_in(NAME, rows)
    assert office.problems(submission) == [(6, "village_code", "unknown_division")]
    assert (
        office.hand_in("入户走访记录_411726101_2022-06.csv", [VISIT_TITLES, visit(1, VILLAGE_3)]).scope_code == TOWN_B
    )


def test_the_submitters_own_workbook_comes_back_with_marks(office: Office) -> None:
    book = Workbook()
    book.active.title = "走访"
    for row in (
        ["示例县入户走访记录"],
        VISIT_TITLES,
        *[visit(i) for i in range(5)],
        visit(8, 走访日期="昨天", 走访人="=1+1"),
    ):
        book.active.append(row)
    book["走访"]["F8"].data_type = "s"
    book.create_sheet("我的备忘").append(["不要丢"])
    office.folder.mkdir()
    path = office.folder / "入户走访记录_411726_2022-06.xlsx"
    book.save(path)
    (submission,) = office.take(path)
    receipt = office.settings.receipts / f"{submission.submission_id}_入户走访记录_411726_2022-06.xlsx"
    annotated = load_workbook(receipt)
    assert submission.outcome == "partial"
    assert annotated["我的备忘"]["A1"].value == "不要丢"
    cell = annotated["走访"]["D8"]
    assert "走访日期" in cell.comment.text
    assert cell.fill.fgColor.rgb.endswith("FFC7CE")
    assert annotated["走访"]["D7"].comment is None
    listed = list(annotated["错误清单"].iter_rows(min_row=2, values_only=True))
    assert listed[0] == ("行号", "列", "值", "级别", "原因")
    assert listed[1][:3] == (8, "走访日期", "昨天")


def test_a_corrected_receipt_handed_in_again_loses_its_old_marks(office: Office) -> None:
    office.folder.mkdir()
    path = office.folder / "入户走访记录_411726_2022-06.xlsx"
    book = Workbook()
    for row in (VISIT_TITLES, *[visit(i) for i in range(10)], visit(11, 走访日期="昨天"), visit(12, 走访人身份="旁人")):
        book.active.append(row)
    book.save(path)
    (first,) = office.take(path)
    annotated = load_workbook(office.settings.receipts / f"{first.submission_id}_{path.name}")
    annotated[annotated.sheetnames[1]]["D12"] = "2022-06-01"
    annotated.save(path)
    (second,) = office.take(path, at=LATER)
    again = load_workbook(office.settings.receipts / f"{second.submission_id}_{path.name}")
    sheet = again[again.sheetnames[1]]
    assert (first.rows_rejected, second.rows_rejected) == (2, 1)
    assert sheet["D12"].comment is None
    assert sheet["E13"].comment is not None
    assert again.sheetnames.count("错误清单") == 1


def test_a_csv_comes_back_as_a_workbook_without_formulas(office: Office) -> None:
    rows = [*visits(5), visit(7, 走访人="=cmd|x", 走访日期="=1+1")]
    submission = office.hand_in(NAME, rows)
    annotated = load_workbook(office.settings.receipts / f"{submission.submission_id}_入户走访记录_411726_2022-06.xlsx")
    values = [c for sheet in annotated for row in sheet.iter_rows() for c in row if c.value in ("=cmd|x", "=1+1")]
    assert len(values) == 3
    assert {c.data_type for c in values} == {"s"}


def test_the_inbox_is_emptied_and_refused_files_leave_it_too(office: Office) -> None:
    office.put(NAME, visits(1), office.settings.inbox)
    office.put("乱.xlsx", b"PK\x03\x04", office.settings.inbox / "甲镇")
    results = ingest_inbox(office.settings)
    assert [r.submission.outcome for r in results] == ["refused", "accepted"]
    assert [p for p in office.settings.inbox.rglob("*") if p.is_file()] == []
    assert ingest_inbox(office.settings) == []


def test_every_submission_adds_up(office: Office) -> None:
    office.hand_in(NAME, visits(10, bad=1))
    office.hand_in(NAME, visits(10, bad=5))
    office.hand_in("x.csv", b"a,b\n1,2\n")
    for s in read_ledger(office.settings):
        assert s.rows_read == s.rows_accepted + s.rows_rejected
    assert verify_ledger(office.settings) == []
