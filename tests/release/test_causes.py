"""Which submission caused a change: by template, division and month, and what is said where none did."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from orchestration.release import EditionDiff, diff, publish
from orchestration.settings import Settings

AS_OF = datetime(2022, 7, 6)
COUNTY, TOWN, VILLAGE, OTHER = "522301000000", "522301101000", "522301101201", "522301102000"
OLD_COUNTY = "522322000000"
OLD = (1, "台账.xlsx", "households", COUNTY, "2022-06", datetime(2022, 7, 5), "accepted")

Row = tuple[int, str, str, str, str, datetime, str]


def handed_in(number: int, template: str, scope: str, period: str, outcome: str = "accepted", day: int = 6) -> Row:
    return (number, f"{number}.xlsx", template, scope, period, datetime(2022, 7, day), outcome)


@pytest.fixture
def compare(settings: Settings, tmp_path: Path) -> Callable[..., EditionDiff]:
    """Publishes two editions that differ in given values and submissions, and compares them."""

    def both(
        submissions: Sequence[Row],
        values: dict[tuple[str, str, str], int],
        before: dict[tuple[str, str, str], int] | None = None,
        earlier: Sequence[Row] = (OLD,),
    ) -> EditionDiff:
        older = {key: 0 for key in values} if before is None else before
        a = _edition(settings, tmp_path, earlier, older)
        b = _edition(settings, tmp_path, [*earlier, *submissions], values)
        return diff(settings, a, b)

    return both


def _edition(settings: Settings, folder: Path, submissions: Sequence[Row], values: dict) -> str:
    path = folder / "warehouse.duckdb"
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema marts")
        connection.execute("create table marts.dim_edition as select 'x' as edition_id")
        connection.execute(
            """
            create table marts.dim_division (
                division_code varchar, province_code varchar, prefecture_code varchar, county_code varchar,
                township_code varchar, predecessor_code varchar
            )
            """
        )
        above = ("520000000000", "522300000000")
        connection.executemany(
            "insert into marts.dim_division values (?, ?, ?, ?, ?, ?)",
            [
                (above[1], *above, None, None, None),
                (COUNTY, *above, COUNTY, None, OLD_COUNTY),
                (TOWN, *above, COUNTY, TOWN, None),
                (OTHER, *above, COUNTY, OTHER, None),
                (VILLAGE, *above, COUNTY, TOWN, None),
            ],
        )
        connection.execute(
            """
            create table marts.fct_submission (
                submission_id bigint, file_name varchar, template varchar, scope_code varchar, period varchar,
                received_at timestamp, outcome varchar
            )
            """
        )
        connection.executemany("insert into marts.fct_submission values (?, ?, ?, ?, ?, ?, ?)", submissions)
        connection.execute(
            """
            create table marts.fct_indicator (
                period varchar, division_code varchar, indicator_code varchar, value decimal(18, 4), state varchar,
                numerator decimal(18, 4), denominator decimal(18, 4), coverage decimal(12, 8)
            )
            """
        )
        for key, value in values.items():
            connection.execute("insert into marts.fct_indicator values (?, ?, ?, ?, 'value', 1, 1, 1)", [*key, value])
        connection.execute(
            "create table marts.fct_ranking (scheme varchar, ranking varchar, edition_period varchar, class varchar, "
            "division_code varchar, score decimal(12, 2), state varchar, rank integer, rank_from_bottom integer)"
        )
        connection.execute(
            "create table marts.fct_action (scheme varchar, ranking varchar, edition_period varchar, "
            "division_code varchar, clause_id varchar, object varchar, kind varchar, amount decimal(18, 2), "
            "state varchar, absorbed_by varchar)"
        )
    return publish(settings, path, "2022-06", AS_OF).edition_id


def causes(found: EditionDiff) -> dict[tuple[str, str], set[tuple[str, int | None]]]:
    """What each changed value is put down to, by (division, indicator)."""
    return {(c.key["division_code"], c.key["indicator_code"]): set(c.causes) for c in found.values.shown}


# one indicator from the register of households of the month, one from the journals of the funds
HOUSEHOLDS, FUNDS = "housing_rate", "linkage_expenditure_rate"


def test_the_indicators_are_what_the_test_says() -> None:
    from orchestration.catalogue.indicators import load_indicators
    from orchestration.settings import get_settings

    needs = dict(load_indicators(get_settings().seeds).select("indicator_code", "needs").iter_rows())
    assert needs[HOUSEHOLDS] == "households"
    assert needs[FUNDS] == "fund_receipts fund_allocations fund_payments"


def test_the_template_the_indicator_needs(compare) -> None:
    found = compare(
        [handed_in(2, "households", TOWN, "2022-06"), handed_in(3, "fund_payments", COUNTY, "2022-06")],
        {("2022-06", TOWN, HOUSEHOLDS): 1, ("2022-06", COUNTY, FUNDS): 1},
    )
    assert causes(found) == {(TOWN, HOUSEHOLDS): {("submission", 2)}, (COUNTY, FUNDS): {("submission", 3)}}


def test_divisions_inside_and_around_the_scope_but_not_beside_it(compare) -> None:
    found = compare(
        [handed_in(2, "households", TOWN, "2022-06")],
        {("2022-06", division, HOUSEHOLDS): 1 for division in (COUNTY, TOWN, VILLAGE, OTHER)},
    )
    assert {division for (division, _), of in causes(found).items() if of == {("submission", 2)}} == {
        COUNTY, TOWN, VILLAGE,
    }  # fmt: skip
    assert causes(found)[OTHER, HOUSEHOLDS] == {("rules", None)}


def test_a_snapshot_speaks_for_its_month_and_a_journal_for_all_after_it(compare) -> None:
    found = compare(
        [handed_in(2, "households", COUNTY, "2022-05"), handed_in(3, "fund_payments", COUNTY, "2022-05")],
        {("2022-06", COUNTY, HOUSEHOLDS): 1, ("2022-06", COUNTY, FUNDS): 1, ("2022-04", COUNTY, FUNDS): 1},
    )
    by_change = {(c.key["period"], c.key["indicator_code"]): c.causes for c in found.values.shown}
    assert by_change["2022-06", HOUSEHOLDS] == (("rules", None),)
    assert by_change["2022-06", FUNDS] == (("submission", 3),)
    assert by_change["2022-04", FUNDS] == (("rules", None),)


def test_what_was_superseded_at_once_caused_nothing(compare) -> None:
    found = compare(
        [
            handed_in(2, "households", TOWN, "2022-06"),
            handed_in(3, "households", COUNTY, "2022-06", day=7),
            handed_in(4, "households", VILLAGE, "2022-06", day=8),  # inside, later: both are in force
        ],
        {("2022-06", TOWN, HOUSEHOLDS): 1},
    )
    assert causes(found) == {(TOWN, HOUSEHOLDS): {("submission", 3), ("submission", 4)}}


def test_refused_files_and_duplicates_change_no_indicator_but_those_on_reporting(compare) -> None:
    found = compare(
        [
            handed_in(2, "households", COUNTY, "2022-06", "refused"),
            handed_in(3, "households", COUNTY, "2022-06", "duplicate"),
        ],
        {("2022-06", COUNTY, HOUSEHOLDS): 1, ("2022-06", COUNTY, "rejected_row_rate"): 1},
    )
    assert causes(found) == {
        (COUNTY, HOUSEHOLDS): {("rules", None)},
        (COUNTY, "rejected_row_rate"): {("submission", 2)},
    }


def test_the_register_of_divisions_only_where_nothing_nearer_explains(compare) -> None:
    found = compare(
        [handed_in(2, "divisions", COUNTY, "2022-01"), handed_in(3, "households", TOWN, "2022-06")],
        {("2022-06", TOWN, HOUSEHOLDS): 1, ("2022-06", OTHER, HOUSEHOLDS): 1},
    )
    assert causes(found) == {(TOWN, HOUSEHOLDS): {("submission", 3)}, (OTHER, HOUSEHOLDS): {("submission", 2)}}


def test_a_file_under_the_old_code_speaks_for_its_successor(compare) -> None:
    found = compare([handed_in(2, "households", OLD_COUNTY, "2022-06")], {("2022-06", COUNTY, HOUSEHOLDS): 1})
    assert causes(found) == {(COUNTY, HOUSEHOLDS): {("submission", 2)}}


def test_a_month_only_one_edition_has(compare) -> None:
    found = compare(
        [],
        {("2022-06", COUNTY, HOUSEHOLDS): 0, ("2022-03", COUNTY, HOUSEHOLDS): 1},
        before={("2022-06", COUNTY, HOUSEHOLDS): 0},
    )
    assert causes(found) == {(COUNTY, HOUSEHOLDS): {("months", None)}}


def test_every_change_is_put_down_to_something_and_counted(compare) -> None:
    found = compare(
        [handed_in(2, "households", TOWN, "2022-06"), handed_in(3, "households", OTHER, "2022-06")],
        {("2022-06", division, HOUSEHOLDS): 1 for division in (COUNTY, TOWN, VILLAGE, OTHER)},
    )
    assert all(change.causes for change in found.values.shown)
    assert {(c.id, c.name, c.side, c.values) for c in found.causes} == {(2, "2.xlsx", "b", 3), (3, "3.xlsx", "b", 2)}
