"""Files as accidents and other programs leave them: values that were lost are told, the rest of the office goes on."""

import os
from pathlib import Path

import pytest
from hardness.g05_cells import Error, Formula
from hardness.g05_writing import Book, Page, xlsx
from hardness.g05_writing_xls import xls
from intake_office import VISIT_TITLES, Office, visit

from orchestration.intake import ingest_inbox
from orchestration.intake.messages import refusal

NAME = "入户走访记录_411726_2022-06"


def page(**last: object) -> Page:
    """Six visits; the last with the cells given."""
    rows: list[list[object]] = [[*visit(n)] for n in range(5)]
    odd = dict(zip(VISIT_TITLES, visit(9), strict=True)) | last
    return Page([[*VISIT_TITLES], *rows, [*odd.values()]])


@pytest.mark.parametrize("numbered", [True, False])
@pytest.mark.parametrize("quote", ['"', "'"])
@pytest.mark.parametrize("prefix", ["", "x"])
def test_an_error_is_no_blank_whoever_wrote_the_workbook(
    office: Office, numbered: bool, quote: str, prefix: str
) -> None:
    book = Book([page(走访人=Error("#N/A"))], numbered=numbered, quote=quote, prefix=prefix)
    submission = office.hand_in(f"{NAME}.xlsx", xlsx(book))
    assert office.problems(submission) == [(7, "visitor", "unreadable_type")]


def test_an_error_in_an_old_workbook_is_no_blank(office: Office) -> None:
    for number, cell in enumerate((Error("#REF!"), Formula("=1/0", Error("#DIV/0!")))):
        submission = office.hand_in(f"{NAME}_{number}.xls", xls(Book([page(走访人=cell)])))
        assert office.problems(submission) == [(7, "visitor", "unreadable_type")]


def test_a_formula_without_its_result_is_told_apart_from_a_blank_and_from_an_empty_text(office: Office) -> None:
    lost = office.hand_in(f"{NAME}_a.xlsx", xlsx(Book([page(发现问题=Formula("=A1"))])))
    assert office.problems(lost) == [(7, "problem_found", "formula_not_calculated")]
    empty = office.hand_in(f"{NAME}_b.xlsx", xlsx(Book([page(发现问题=Formula('=""', ""))])))
    assert (empty.outcome, office.rows(empty)["problem_found"][5]) == ("accepted", None)
    done = office.hand_in(f"{NAME}_c.xlsx", xlsx(Book([page(发现问题=Formula('="是"', "是"))])))
    assert office.rows(done)["problem_found"][5] is True


def test_a_row_below_all_others_that_holds_only_lost_formulas_is_not_dropped(office: Office) -> None:
    filled = page()
    filled.rows.append([None, None, None, None, None, None, Formula("=G2")])
    submission = office.hand_in(f"{NAME}.xlsx", xlsx(Book([filled])))
    assert (submission.rows_read, submission.rows_rejected) == (7, 1)


def test_a_cell_at_the_far_end_of_the_sheet_is_said_to_take_too_much_memory(office: Office) -> None:
    far = page()
    far.after = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    submission = office.hand_in(f"{NAME}.xlsx", xlsx(Book([far])))
    assert (submission.outcome, submission.reason) == ("refused", refusal("memory"))
    assert office.hand_in(f"{NAME}_b.xlsx", xlsx(Book([page()]))).outcome == "accepted"


@pytest.mark.parametrize("shared", [True, False])
def test_a_flipped_bit_in_a_text_is_noticed(office: Office, shared: bool) -> None:
    whole = xlsx(Book([page(走访人="甲乙丙")], stored=True, shared=shared))
    changed = whole.replace("甲乙丙".encode(), "甲乙丁".encode())
    assert changed != whole
    submission = office.hand_in(f"{NAME}.xlsx", changed)
    assert (submission.outcome, submission.reason) == ("refused", refusal("unreadable"))


def test_a_workbook_of_another_kind_is_unreadable(office: Office) -> None:
    whole = xlsx(Book([page()]))
    submission = office.hand_in(f"{NAME}.xlsx", whole.replace(b"xl/workbook.xml", b"xl/workbook.bin"))
    assert submission.outcome == "refused"


def test_a_cell_without_end_is_told_from_a_table(office: Office) -> None:
    text = ",".join(VISIT_TITLES) + "\n" + ",".join(visit(1)) + "\n" + "长" * 200_000 + ",\n"
    submission = office.hand_in(f"{NAME}.csv", text.encode())
    assert submission.reason == refusal("cell_too_long", "3")


@pytest.mark.skipif(os.name != "posix", reason="别处的文件名总是文字")
def test_a_name_that_is_no_text_is_recorded_and_the_file_leaves_the_inbox(office: Office) -> None:
    inbox = office.settings.inbox
    inbox.mkdir(parents=True)
    odd = Path(os.fsdecode(os.fsencode(inbox / NAME) + b"_\xb5\xe7.csv"))
    odd.write_bytes((",".join(VISIT_TITLES) + "\n" + ",".join(visit(1)) + "\n").encode())
    (result,) = ingest_inbox(office.settings)
    assert result.submission.outcome == "accepted"
    assert result.submission.file_name == f"{NAME}_\ufffd\ufffd.csv"
    assert not any(inbox.glob("*.csv"))
