"""The text of a workbook's cells: a whole column at once reads as each of its cells does, and as a person writes it."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.intake.reading import _texts, cell_text
from orchestration.intake.sheet_xml import lost_cells
from orchestration.intake.sheets import UNCALCULATED

CELLS = st.one_of(
    st.floats(allow_nan=False),
    st.decimals(-(10**9), 10**9, places=2).map(float),
    st.integers(-(10**15), 10**15).map(float),
    st.sampled_from(["", "甲", " 1 ", "0012", None]),
)


@given(st.lists(CELLS, max_size=60))
def test_a_column_reads_as_its_cells(cells: list[object]) -> None:
    assert _texts(cells).to_list() == [cell if isinstance(cell, str) else cell_text(cell) for cell in cells]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (12.0, "12"),
        (-0.0, "0"),
        (0.1, "0.1"),
        (1234567.89, "1234567.89"),
        (0.00001, "0.00001"),
        (411521103000.0, "411521103000"),
        (True, "true"),
        (None, ""),
        ("0012", "0012"),
        (date(2022, 6, 1), "2022-06-01"),
        (datetime(2022, 6, 1), "2022-06-01"),
    ],
)
def test_a_cell_reads_as_a_person_writes_it(cell: object, text: str) -> None:
    assert _texts([cell]).to_list() == [text]
    assert _texts([cell, 1.0, "甲"]).to_list() == [text, "1", "甲"]


@pytest.mark.parametrize("letters", [0, 250_000])
def test_a_lost_cell_is_found_however_many_letters_stand_before_it(letters: int) -> None:
    sheet = b'<c r="A1" t="inlineStr"><is><t>' + b"ef" * letters + b"</t></is></c>"
    lost = b'<c r="B2" t="e"><v>#REF!</v></c><c r="C3"><f>A1*2</f></c>'
    assert lost_cells(sheet + lost) == {(1, 1): "#REF!", (2, 2): UNCALCULATED}
    assert lost_cells(sheet) == {}
