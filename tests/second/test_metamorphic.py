"""Changes to what is handed in whose effect is known without computing anything: scaling, renaming, company."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest

from orchestration.catalogue.indicators import load_indicators
from orchestration.catalogue.templates import load_templates
from orchestration.intake.lake import ensure_lake
from orchestration.settings import get_settings
from second.case_rows import rows_for
from second.case_tree import BIJIE, YUEYANG, Flavour, division_rows
from second.cases import Case, Filing, make_case, write_lake
from second.light import Warehouse, project
from second.world import SEEDS

LATE = datetime(2030, 1, 1)
MONEY = ("projects", "fund_receipts", "fund_allocations", "fund_payments", "assets")
AMOUNTS = {"amount", "planned_amount", "wages_paid", "original_value", "annual_income", "distributed"}
Rows = list[tuple[Any, ...]]


def warehouse(home: Path, filings: list[Filing], period: str) -> Warehouse:
    """The edition of a month from these files alone."""
    settings = get_settings(home)
    ensure_lake(settings, load_templates(settings.seeds))
    write_lake(Case(0, tuple(filings), ()), settings.root)
    found = Warehouse(project(), settings, period, LATE)
    found.build()
    return found


def rows(edition: Warehouse, query: str) -> Rows:
    return edition.connection.execute(f"{query} order by all").fetchall()


def changed(filing: Filing, change: Callable[[dict[str, Any]], dict[str, Any]]) -> Filing:
    return replace(filing, rows=tuple(change(row) for row in filing.rows))


@pytest.fixture(scope="module")
def bijie() -> list[Filing]:
    return list(make_case(1).filings)


def test_ten_times_the_money_leaves_every_rate(bijie: list[Filing], tmp_path: Path) -> None:
    def tenfold(row: dict[str, Any]) -> dict[str, Any]:
        return row | {name: row[name] * 10 for name in AMOUNTS & row.keys() if row[name] is not None}

    scaled = [changed(filing, tenfold) if filing.template in MONEY else filing for filing in bijie]
    period = BIJIE.editions[-1]
    one, ten = warehouse(tmp_path / "one", bijie, period), warehouse(tmp_path / "ten", scaled, period)
    rates = """
        select period, division_code, indicator_code, round(value, 9) as value, state from marts.fct_indicator
        where indicator_code in (select indicator_code from marts.dim_indicator where unit = '%')
    """
    assert rows(one, rates) == rows(ten, rates)
    judged = "select scheme, milestone, period, division_code, value, state from marts.fct_milestone"
    assert rows(one, judged) == rows(ten, judged)
    ranked = "select ranking, edition_period, division_code, score, rank from marts.fct_ranking"
    assert rows(one, ranked) == rows(ten, ranked)
    money = "select period, division_code, fund_year, source_level, fund_type, {} from marts.fct_fund"
    tens = set(rows(one, money.format("issued * 10, allocated * 10, paid * 10, surplus * 10")))
    assert tens ^ set(rows(ten, money.format("issued, allocated, paid, surplus"))) == set()
    assert any(row[5] for row in rows(one, money.format("issued")))


def renumbered(value: Any) -> Any:
    """乡镇 101 to 104 of the county as 151 to 154, in codes of divisions only."""
    if isinstance(value, str) and len(value) == 12 and value.startswith("430621") and value[6:9] != "000":
        return f"{value[:6]}{int(value[6:9]) + 50}{value[9:]}"
    return value


def test_other_codes_for_the_same_places_change_nothing_but_the_codes(tmp_path: Path) -> None:
    """Codes are names: no number, rank or consequence hangs on their digits below the county."""
    filings = list(make_case(2).filings)
    renamed = [
        replace(
            changed(filing, lambda row: {name: renumbered(value) for name, value in row.items()}),
            scope=renumbered(filing.scope),
        )
        for filing in filings
    ]
    period = YUEYANG.editions[-1]
    one, other = warehouse(tmp_path / "one", filings, period), warehouse(tmp_path / "other", renamed, period)
    for query in (
        "select period, division_code, indicator_code, numerator, denominator, value, state from marts.fct_indicator",
        "select period, village_code, household_id, income_ok, exit_standard from marts.fct_household",
        "select scheme, target, period, division_code, value, band from marts.fct_target",
        "select ranking, edition_period, division_code, score, state, rank, rank_from_bottom from marts.fct_ranking",
        "select scheme, list, period, position, division_code, value from marts.fct_list",
        "select period, code, division_code, entity_type from marts.fct_finding where entity_type <> 'village'",
        "select scheme, kind, code, period, sender, items_owed, months_running from marts.fct_chase",
    ):
        expected = sorted([tuple(renumbered(value) for value in row) for row in rows(one, query)], key=str)
        assert expected == sorted(rows(other, query), key=str), query
        assert expected, query


def test_a_county_is_the_same_alone_and_in_company(tmp_path: Path) -> None:
    """Two counties in one installation: neither changes a cell of the other's."""
    month = "2018-07"

    def county(top: str, seed: int) -> list[Filing]:
        tree = ((f"{top}000000", "county", None), (f"{top}101000", "township", None),
                (f"{top}101201", "village", "poor"), (f"{top}101202", "village", "non_poor"))  # fmt: skip
        flavour = Flavour((f"{top}000000",), tree, (), datetime(2010, 1, 1).date(), (month,), (month,))
        rng = Random(seed)
        first = Filing(
            "divisions", flavour.roots[0], month, datetime(2018, 7, 1), tuple(division_rows(flavour, flavour.roots[0]))
        )
        names = ("households", "persons", "villages", "loans", *MONEY, "inspections", "rectifications")
        late = datetime(2018, 8, 3)
        made = [(name, tuple(rows_for(rng, flavour, name, flavour.roots[0], month))) for name in names]
        return [first, *(Filing(name, flavour.roots[0], month, late, its_rows) for name, its_rows in made)]

    mine, others = county("360101", 1), county("360102", 2)
    alone = warehouse(tmp_path / "alone", mine, month)
    company = warehouse(tmp_path / "company", [*others, *mine], month)
    for mart, place in {
        "fct_indicator": "division_code", "fct_household": "village_code", "fct_village_exit": "village_code",
        "fct_project": "division_code", "fct_fund": "division_code", "fct_fund_receipt": "division_code",
        "fct_asset": "division_code", "fct_rectification": "division_code", "fct_reporting": "division_code",
    }.items():  # fmt: skip
        query = f"select * from marts.{mart} where left({place}, 6) = '360101'"
        assert rows(alone, query) == rows(company, query), mart
    assert len(rows(company, "select 1 from marts.fct_household where left(village_code, 6) = '360102'")) > 3


def test_a_cent_more_is_not_the_same(bijie: list[Filing], tmp_path: Path) -> None:
    """The comparisons above would notice a cent."""
    period = BIJIE.editions[-1]

    def more(row: dict[str, Any]) -> dict[str, Any]:
        return row | {"amount": row["amount"] + Decimal("0.01")}

    other = [changed(filing, more) if filing.template == "fund_receipts" else filing for filing in bijie]
    query = "select * from marts.fct_fund"
    one, two = warehouse(tmp_path / "one", bijie, period), warehouse(tmp_path / "two", other, period)
    assert rows(one, query) != rows(two, query)


ONE, OTHER = "360101101201", "360101101202"
"""Two poor villages of one township."""
PEOPLE = ("households", "persons", "loans")


@pytest.fixture(scope="module")
def small() -> list[Filing]:
    """A county of one township and three villages, every sheet handed in once, for the whole of it."""
    month, county = "2018-07", "360101000000"
    tree = ((county, "county", None), ("360101101000", "township", None), (ONE, "village", "poor"),
            (OTHER, "village", "poor"), ("360101101203", "village", "non_poor"))  # fmt: skip
    flavour = Flavour((county,), tree, (), datetime(2010, 1, 1).date(), (month,), (month,))
    rng = Random(5)
    names = (*PEOPLE, "villages", *MONEY)
    filed = [Filing(name, county, month, LATE, tuple(rows_for(rng, flavour, name, county, month))) for name in names]
    return [Filing("divisions", county, month, LATE, tuple(division_rows(flavour, county))), *filed]


def sums(edition: Warehouse) -> dict[tuple[str, str], tuple[Any, Any, Any]]:
    """Halves and value of indicators at township and county."""
    query = """
        select division_code, indicator_code, numerator, denominator, value from marts.fct_indicator
        where level in ('township', 'county') and value is not null
    """
    return {(place, code): tuple(rest) for place, code, *rest in edition.connection.execute(query).fetchall()}


def test_rows_in_another_order_change_nothing(small: list[Filing], tmp_path: Path) -> None:
    shuffled = [replace(filing, rows=tuple(Random(1).sample(filing.rows, len(filing.rows)))) for filing in small]
    one, other = warehouse(tmp_path / "one", small, "2018-07"), warehouse(tmp_path / "other", shuffled, "2018-07")
    query = "select table_name from duckdb_tables() where database_name = 'warehouse' and schema_name = 'marts'"
    names = [name for (name,) in one.connection.execute(query).fetchall()]
    assert len(names) > 50
    for name in names:
        assert rows(one, f"select * from marts.{name}") == rows(other, f"select * from marts.{name}"), name


def test_two_villages_that_become_one_add_up(small: list[Filing], tmp_path: Path) -> None:
    """What people and money are counted in stays what it was at the township and above."""

    def merged(row: dict[str, Any]) -> dict[str, Any]:
        return {name: OTHER if value == ONE else value for name, value in row.items()}

    moved = [filing if filing.template in ("divisions", "villages") else changed(filing, merged) for filing in small]
    one, other = warehouse(tmp_path / "one", small, "2018-07"), warehouse(tmp_path / "other", moved, "2018-07")
    assert sums(one) == sums(other)
    assert len(sums(one)) > 60
    count = "select count(*) from marts.fct_household where village_code = '{}'"
    assert rows(one, count.format(ONE)) != [(0,)]
    assert rows(other, count.format(ONE)) == [(0,)]


def test_every_household_twice_doubles_the_counts_and_leaves_the_rates(small: list[Filing], tmp_path: Path) -> None:
    def again(row: dict[str, Any]) -> dict[str, Any]:
        new = {name: f"{row[name]}-2" for name in ("household_id", "person_id", "loan_id") if name in row}
        return {**row, **new}

    twice = [
        replace(filing, rows=(*filing.rows, *map(again, filing.rows))) if filing.template in PEOPLE else filing
        for filing in small
    ]
    one, two = warehouse(tmp_path / "one", small, "2018-07"), warehouse(tmp_path / "two", twice, "2018-07")
    needs = dict(load_indicators(SEEDS).select("indicator_code", "needs").iter_rows())
    of_people = {code for code, asked in needs.items() if asked and set(asked.split()) <= set(PEOPLE)}
    before, after = sums(one), sums(two)
    assert before.keys() == after.keys()
    before = {key: halves for key, halves in before.items() if key[1] in of_people | {"poverty_incidence"}}
    for key, (numerator, denominator, value) in before.items():
        if key[1] == "poverty_incidence":  # of the villages' own population, which stays
            assert after[key][:2] == (numerator * 2, denominator)
        elif denominator is None:
            assert after[key] == (numerator * 2, None, value * 2), key
        else:
            assert after[key] == (numerator * 2, denominator * 2, value), key
    assert len(before) > 40
