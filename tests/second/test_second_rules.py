"""The second computation's own rules, each on a case small enough to work out by hand."""

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from second.actions import COUNTY, JULY, unit_actions
from second.calendar_math import add_working_days, age_at, round_half_up
from second.cases import Case, Filing, write_lake
from second.compute import compute
from second.documents import milestones
from second.indicators_households import normal
from second.logic import every, some
from second.milestones import milestone_state
from second.rankings import Standing, rank_by_score
from second.world import World

COUNTY_CODE, TOWN = "411521000000", "411521103000"
ONE, TWO = "411521103201", "411521103202"
LATE = datetime(2030, 1, 1)


def division(code: str, level: str, kind: str | None = None, **more: Any) -> dict[str, Any]:
    parent = {"county": None, "township": COUNTY_CODE, "village": TOWN}[level]
    return {
        "division_code": code, "name": f"示例{code}", "level": level, "parent_code": parent,
        "village_type": kind, **more,
    }  # fmt: skip


DIVISIONS = (
    division(COUNTY_CODE, "county"),
    division(TOWN, "township"),
    division(ONE, "village", "poor"),
    division(TWO, "village", "non_poor"),
)


def household(code: str, village: str, **more: Any) -> dict[str, Any]:
    return {
        "village_code": village, "household_id": code, "head_name": "示例", "head_id_number": "1" * 18,
        "household_type": "poor", "member_count": 3, **more,
    }  # fmt: skip


def filed(template: str, scope: str, period: str, day: int, *rows: dict[str, Any]) -> Filing:
    """A submission received on a day of August 2018."""
    return Filing(template, scope, period, datetime(2018, 8, day), rows)


def home_of(folder: Path, *filings: Filing) -> Path:
    base = Filing("divisions", COUNTY_CODE, "2018-07", datetime(2018, 7, 1), DIVISIONS)
    write_lake(Case(0, (base, *filings), ()), folder)
    return folder


def indicator(home: Path, code: str, at: str, as_of: datetime = LATE, period: str = "2018-07") -> Any:
    return compute(home, period, as_of)["fct_indicator"][(period, at, code)]


def test_born_on_29_february_comes_of_age_on_1_march() -> None:
    assert age_at(date(2002, 2, 28), date(2018, 2, 28)) == 16
    assert age_at(date(2004, 2, 29), date(2022, 2, 28)) == 17
    assert age_at(date(2004, 2, 29), date(2022, 3, 31)) == 18


def test_halves_go_away_from_zero() -> None:
    assert round_half_up(Fraction("76.005"), 2) == Fraction("76.01")
    assert round_half_up(Fraction("-0.005"), 2) == Fraction("-0.01")


def test_working_days_follow_the_statutory_calendar() -> None:
    # 2022: 30 April to 4 May were off, Saturday 7 May was worked.
    assert add_working_days(date(2022, 4, 29), 1) == date(2022, 5, 5)
    assert add_working_days(date(2022, 4, 29), 3) == date(2022, 5, 7)


def test_unknown_never_passes_and_fail_beats_unknown() -> None:
    assert every([True, None]) is None
    assert every([True, None, False]) is False
    assert some([False, None]) is None
    assert some([False, None, True]) is True


@pytest.mark.parametrize(
    ("text", "value"),
    [("1,200", Fraction(1200)), ("3.00", Fraction(3)), ("男 ", "男"), ("1,2,3", "1,2,3"), (" ", None)],
)
def test_values_to_match_are_normalised(text: str, value: Any) -> None:
    assert normal(text) == value


def test_a_later_village_file_replaces_its_part_of_the_town_file(tmp_path: Path) -> None:
    home = home_of(
        tmp_path,
        filed("households", TOWN, "2018-07", 2, household("H1", ONE), household("H2", TWO)),
        filed("households", ONE, "2018-07", 9, household("H3", ONE, member_count=5)),
    )
    assert indicator(home, "poor_population", TOWN)["value"] == 8
    assert indicator(home, "poor_population", TOWN, datetime(2018, 8, 8))["value"] == 6
    assert indicator(home, "poor_population", ONE)["value"] == 5


def test_a_later_town_file_replaces_the_village_files(tmp_path: Path) -> None:
    home = home_of(
        tmp_path,
        filed("households", ONE, "2018-07", 2, household("H1", ONE)),
        filed("households", TOWN, "2018-07", 9, household("H2", TWO)),
    )
    assert indicator(home, "poor_population", ONE)["value"] == 0
    assert indicator(home, "poor_population", COUNTY_CODE)["value"] == 3


def test_missing_is_not_zero_and_nil_is(tmp_path: Path) -> None:
    home = home_of(tmp_path, filed("households", ONE, "2018-07", 2))
    assert indicator(home, "poor_population", ONE)["state"] == "value"
    assert indicator(home, "poor_population", ONE)["value"] == 0
    assert indicator(home, "poor_population", TWO)["state"] == "missing"
    assert indicator(home, "poor_population", TWO)["value"] is None
    assert indicator(home, "poor_population", TOWN)["state"] == "partial"
    assert indicator(home, "poor_population", TOWN)["coverage"] == Fraction(1, 2)
    assert indicator(home, "housing_rate", ONE)["state"] == "not_applicable"


def test_a_household_in_two_villages_counts_where_it_was_filed_last(tmp_path: Path) -> None:
    home = home_of(
        tmp_path,
        filed("households", TWO, "2018-07", 9, household("H1", TWO)),
        filed("households", ONE, "2018-07", 2, household("H1", ONE)),
    )
    assert compute(home, "2018-07", LATE)["fct_household"][("2018-07", "H1")]["village_code"] == TWO


def test_blank_is_in_neither_half(tmp_path: Path) -> None:
    rows = [household(f"H{n}", ONE, file_complete=value) for n, value in enumerate([True, False, None])]
    home = home_of(tmp_path, filed("households", COUNTY_CODE, "2018-07", 2, *rows))
    found = indicator(home, "archive_rate", ONE)
    assert (found["numerator"], found["denominator"]) == (1, 2)


def test_sixty_days_orphans_and_refunds(tmp_path: Path) -> None:
    receipt = {
        "division_code": COUNTY_CODE, "receipt_id": "R1", "document_no": "示", "fund_year": 2018,
        "source_level": "central", "fund_type": "linkage", "advance": False,
        "issued_on": date(2018, 5, 1), "amount": Decimal(1000),
    }  # fmt: skip
    allocation = {"division_code": COUNTY_CODE, "project_id": "P1", "receipt_id": "R1"}
    payment = {"division_code": COUNTY_CODE, "payment_type": "progress", "paid_on": date(2018, 7, 31)}
    home = home_of(
        tmp_path,
        filed("fund_receipts", COUNTY_CODE, "2018-07", 2, receipt),
        filed(
            "fund_allocations", COUNTY_CODE, "2018-07", 2,
            {**allocation, "allocation_id": "A1", "allocated_on": date(2018, 6, 30), "amount": Decimal(300)},
            {**allocation, "allocation_id": "A2", "allocated_on": date(2018, 7, 1), "amount": Decimal(200)},
            {**allocation, "allocation_id": "A3", "receipt_id": "RX", "allocated_on": date(2018, 6, 1),
             "amount": Decimal(77)},
        ),
        filed(
            "fund_payments", COUNTY_CODE, "2018-07", 2,
            {**payment, "payment_id": "Z1", "allocation_id": "A1", "amount": Decimal(250)},
            {**payment, "payment_id": "Z2", "allocation_id": "A1", "payment_type": "refund",
             "amount": Decimal(-50)},
            {**payment, "payment_id": "Z3", "allocation_id": "A3", "amount": Decimal(9)},
            {**payment, "payment_id": "Z4", "allocation_id": "A1", "paid_on": date(2018, 8, 1),
             "amount": Decimal(9)},
        ),
    )  # fmt: skip
    assert indicator(home, "prompt_allocation_rate", COUNTY_CODE)["value"] == Fraction(3, 10)
    assert indicator(home, "allocation_rate", COUNTY_CODE)["value"] == Fraction(1, 2)
    assert indicator(home, "expenditure_rate", COUNTY_CODE)["value"] == Fraction(1, 5)
    # The county's money is never spread down, and its villages have nothing of their own.
    assert indicator(home, "expenditure_rate", ONE)["state"] == "not_applicable"


def test_a_predecessors_rows_count_under_its_one_successor(tmp_path: Path) -> None:
    new = "411521103209"
    moved = (
        *DIVISIONS[:2],
        {**DIVISIONS[2], "valid_to": date(2018, 7, 31)},
        DIVISIONS[3],
        division(new, "village", "poor", predecessor_code=ONE, valid_from=date(2018, 8, 1)),
    )
    home = home_of(
        tmp_path,
        filed("households", COUNTY_CODE, "2018-07", 2, household("H1", ONE)),
        filed("divisions", COUNTY_CODE, "2018-08", 3, *moved),
        filed("households", COUNTY_CODE, "2018-08", 9, household("H1", new, member_count=4)),
    )
    found = indicator(home, "poor_population", new, period="2018-08")
    assert (found["value"], found["previous_value"]) == (4, 3)


def test_ties_share_a_rank_from_both_ends() -> None:
    scores = {name: Fraction(score) for name, score in zip("abcd", (95, 90, 90, 80), strict=True)}
    found = rank_by_score({**scores, "e": None})
    assert [found[name].rank for name in "abcde"] == [1, 2, 2, 4, None]
    assert [found[name].from_bottom for name in "abcde"] == [4, 2, 2, 1, None]
    assert found["d"].gap == 10
    assert found["e"].state == "not_assessed"


def test_last_village_loses_funds_and_its_heaviest_personal_consequence_stands() -> None:
    last = Standing(Fraction(60), "ranked", 20, 1, 20)
    states = {
        (rule.clause, rule.target, rule.kind): (row["state"], row["absorbed_by"])
        for rule, row in unit_actions(last, COUNTY).items()
    }
    assert states[("LS2018-24", "village_funds", "deduction")] == ("proposed", None)
    for person in ("party_secretary", "village_director"):
        assert states[("LS2018-25", person, "removal_proposal")] == ("proposed", None)
        assert states[("LS2018-24", person, "public_criticism")] == ("absorbed", "LS2018-25")
        assert states[("LS2018-24", person, "organisational_measure")] == ("absorbed", "LS2018-25")


def test_both_groups_at_once_is_for_people_to_judge_and_few_units_for_nobody() -> None:
    both = unit_actions(Standing(Fraction(80), "ranked", 3, 3, 6), JULY)
    assert {row["state"] for row in both.values()} == {"needs_review"}
    few = unit_actions(Standing(Fraction(80), "ranked", 1, 5, 5), JULY)
    assert {row["state"] for row in few.values()} == {"insufficient_units"}


def test_house_milestone_keeps_the_state_of_its_checkpoint(tmp_path: Path) -> None:
    bad = household("H1", ONE, housing_grade="D")
    home = home_of(
        tmp_path,
        filed("households", COUNTY_CODE, "2018-07", 2, bad),
        filed("households", COUNTY_CODE, "2018-08", 9, bad),
        filed("households", COUNTY_CODE, "2018-09", 20, household("H1", ONE, housing_grade="A")),
    )

    def state(period: str, village: str) -> str:
        world = World(home, period, LATE)
        return str(milestone_state(world, period, milestones()[0], village)["state"])

    assert state("2018-07", ONE) == "not_due"
    assert state("2018-09", ONE) == "missed"
    assert state("2018-09", TWO) == "met"
