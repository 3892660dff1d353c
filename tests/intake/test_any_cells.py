"""Whatever stands in the cells, and whichever program wrote them: every cell arrives, and no error as a blank."""

import random
from pathlib import Path

import polars as pl
import pytest
from hardness.g05_cells import ERRORS, Error, Formula
from hardness.g05_writing import Book, Page, csv_file, xlsx
from hardness.g05_writing_xls import xls
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from intake_office import VISIT_TITLES

from orchestration.catalogue.templates import Template
from orchestration.intake.reader import template_titles
from orchestration.intake.reading import read_table
from orchestration.intake.sheets import UNCALCULATED

FIELDS = ["village_code", "visit_id", "household_id", "visited_on", "visitor_role", "visitor", "problem_found"]
TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn"), include_characters="\n\t"), max_size=12)
WHOLE = st.integers(-(10**14), 10**14)
ERROR = st.sampled_from(ERRORS).map(Error)
VALUE = st.one_of(st.none(), TEXT, WHOLE, st.booleans(), ERROR, WHOLE.map(lambda n: Formula("=A1*2", n)),
                  ERROR.map(lambda e: Formula("=1/0", e)))  # fmt: skip
IN_XLSX = st.one_of(VALUE, st.just(Formula("=A1&B1")), TEXT.map(lambda t: Formula("=B1", t)))
KEPT = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def rows(cell: st.SearchStrategy[object]) -> st.SearchStrategy[list[list[object]]]:
    return st.lists(st.lists(cell, min_size=len(FIELDS), max_size=len(FIELDS)), min_size=1, max_size=5)


def meant(cell: object) -> str:
    """What a cell says, said without the reader's words."""
    match cell:
        case None:
            return ""
        case bool():
            return "true" if cell else "false"
        case Error(code):
            return code
        case Formula(cached=None):
            return UNCALCULATED
        case Formula(cached=cached):
            return meant(cached)
    return str(cell)


@pytest.fixture(scope="module")
def read(templates: dict[str, Template], tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("cells")
    titles = [template_titles(templates["visits"])]

    def reading(content: bytes) -> pl.DataFrame:
        path: Path = folder / "file"
        path.write_bytes(content)
        result = read_table(path, titles, "visits", folder / "out.arrow")
        assert result.code is None, (result.code, result.detail)
        return pl.read_ipc((folder / "out.arrow").read_bytes())

    return reading


def assert_arrived(table: pl.DataFrame, given_rows: list[list[object]]) -> None:
    found = [list(row) for row in table.select(FIELDS).iter_rows()]
    # rows after the last that holds anything may be missing
    found += [[""] * len(FIELDS) for _ in range(len(given_rows) - len(found))]
    for cells, texts in zip(given_rows, found, strict=True):
        assert [text.strip() for text in texts] == [meant(cell).strip() for cell in cells]


@KEPT
@given(rows(IN_XLSX), st.booleans(), st.booleans(), st.sampled_from(["", "x"]), st.sampled_from("\"'"), st.booleans())
def test_every_cell_of_an_xlsx(
    read, given_rows: list[list[object]], shared: bool, numbered: bool, prefix: str, quote: str, stored: bool
) -> None:
    page = Page([[*VISIT_TITLES], *given_rows])
    book = Book([page], shared=shared, numbered=numbered, prefix=prefix, quote=quote, stored=stored)
    assert_arrived(read(xlsx(book)), given_rows)


@KEPT
@given(rows(VALUE))
def test_every_cell_of_an_xls(read, given_rows: list[list[object]]) -> None:
    assert_arrived(
        read(xls(Book([Page([["别的"]], "另一张", "hidden"), Page([[*VISIT_TITLES], *given_rows])]))), given_rows
    )


@KEPT
@given(rows(st.one_of(st.none(), TEXT)), st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]), st.sampled_from(",\t"),
       st.sampled_from(["\n", "\r\n"]), st.integers(0, 9))  # fmt: skip
def test_every_cell_of_a_csv(
    read, given_rows: list[list[object]], encoding: str, delimiter: str, newline: str, seed: int
) -> None:
    options = {"encoding": encoding, "delimiter": delimiter, "newline": newline}
    content, starts = csv_file([VISIT_TITLES, *given_rows], random.Random(seed), options)
    table = read(content)
    assert table["row_number"].to_list() == starts[1:]
    assert_arrived(table, given_rows)
