"""The divisions template: whose parents count, what the top level of a file is, what a new file ends."""

from datetime import datetime

from intake_office import COUNTY, DIVISION_ROWS, DIVISION_TITLES, TOWN_A, TOWN_B, VILLAGE_1, VILLAGE_3, Office, visit
from intake_office import VISIT_TITLES as VISITS

LATER = datetime(2022, 7, 4)
COUNTY_ROWS = [row for row in DIVISION_ROWS if row[0].startswith("411726")]


def county_file(*changed: list[str], leave_out: str | None = None, spare: int = 30) -> list[list[str]]:
    """A whole county, with rows changed by their code, and villages enough for a few errors to be under a fifth."""
    rows = {row[0]: row for row in COUNTY_ROWS if row[0] != leave_out} | {row[0]: row for row in changed}
    more = [[f"411726100{i}", f"{i}村", "村", TOWN_A, "非贫困村", "", "", "", ""] for i in range(210, 210 + spare)]
    return [DIVISION_TITLES, *rows.values(), *more]


def test_a_parent_inside_the_scope_must_be_in_the_file_itself(office: Office) -> None:
    taken = office.hand_in("行政区划表_411726_2022-06.csv", county_file(leave_out=TOWN_B))
    assert taken.outcome == "partial"
    assert [(f, c) for _, f, c in office.problems(taken)] == [("parent_code", "unknown_division")]


def test_a_rejected_parent_takes_its_villages_along_although_an_older_file_knows_it(office: Office) -> None:
    taken = office.hand_in("行政区划表_411726_2022-06.csv", county_file([TOWN_B, "", "乡", COUNTY, "", "", "", "", ""]))
    assert [(f, c) for _, f, c in office.problems(taken)] == [
        ("name", "required_blank"),
        ("parent_code", "unknown_division"),
    ]
    rows = [VISITS, *(visit(i) for i in range(9)), visit(9, VILLAGE_3)]
    assert office.problems(office.hand_in("入户走访记录_411726_2022-06.csv", rows, at=LATER)) == [
        (11, "village_code", "unknown_division")
    ]


def test_a_parent_outside_the_scope_may_stand_in_an_older_file(office: Office) -> None:
    rows = [DIVISION_TITLES, [VILLAGE_1, "一村", "村", TOWN_A, "贫困村", "", "", "", ""]]
    assert office.hand_in(f"行政区划表_{VILLAGE_1}_2022-06.csv", rows).outcome == "accepted"


def test_a_row_that_misstates_its_level_is_not_the_top_of_the_file(office: Office) -> None:
    county = [*COUNTY_ROWS[0][:3], "", *COUNTY_ROWS[0][4:]]
    wrong = ["411726100299", "错村", "省", "", "贫困村", "", "", "", ""]
    taken = office.hand_in("行政区划表_411726_2022-06.csv", county_file(county, wrong))
    assert taken.rows_rejected == 1
    assert ("level", "wrong_level") in [(f, c) for _, f, c in office.problems(taken)]
