"""The demo's files: real divisions, invented people, and money that fits the planned rates to the cent."""

import re
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from zipfile import is_zipfile

import openpyxl
import pytest

from orchestration.catalogue.templates import load_templates
from orchestration.demo import DEFAULT_SEED, DemoBatch, make_demo
from orchestration.demo.baicheng import BAICHENG
from orchestration.demo.baicheng_people import make_baicheng
from orchestration.demo.bijie_funds import CountyMoney, make_county
from orchestration.demo.bijie_plan import COUNTIES, PERIODS, WEINING, ZHIJIN, CountyPlan
from orchestration.demo.funds import month_end
from orchestration.demo.households import household_rows
from orchestration.demo.inspections import august_rows, july_rows
from orchestration.demo.luoshan_funds import make_money
from orchestration.demo.places import BIJIE, LINGSHAN, LUOSHAN, read_places, villages_of
from orchestration.demo.population import make_lingshan
from orchestration.demo.sheets import NOTICE
from orchestration.demo.yueyang import YUEYANG
from orchestration.demo.yueyang_people import make_yueyang
from orchestration.intake.id_numbers import check_digit
from orchestration.settings import Settings, get_settings


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return get_settings(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def batches(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> list[DemoBatch]:
    return make_demo(settings, tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="module")
def counties(settings: Settings) -> dict[str, CountyMoney]:
    places = read_places(settings.seeds, "5205")
    by_code = {place.code: place for place in places}
    return {
        plan.code: make_county(
            DEFAULT_SEED, plan, by_code[plan.code], [p for p in places if p.parent_code == plan.code]
        )
        for plan in COUNTIES
    }


@pytest.mark.parametrize(
    ("name", "top", "villages"),
    [
        ("411521", LUOSHAN, 306),
        ("411521", LINGSHAN, 13),
        ("5205", BIJIE, 3716),
        ("2208", BAICHENG, 413),
        ("430621", YUEYANG, 204),
    ],
)
def test_the_tree_of_divisions_is_whole(settings: Settings, name: str, top: str, villages: int) -> None:
    places = read_places(settings.seeds, name)
    levels = ["province", "prefecture", "county", "township", "village"]
    level = {place.code: place.level for place in places}
    assert len(level) == len(places)
    for place in places:
        assert re.fullmatch(r"\d{12}", place.code)
        if place.parent_code:
            assert levels.index(level[place.parent_code]) + 1 == levels.index(place.level)
    assert len(villages_of(places, top)) == villages


def test_the_same_seed_gives_the_same_bytes(settings: Settings, batches: list[DemoBatch], tmp_path: Path) -> None:
    again = make_demo(settings, tmp_path)
    assert [b.received_at for b in again] == [b.received_at for b in batches]
    for one, other in zip(batches, again, strict=True):
        assert [(f.name, f.read_bytes()) for f in one.files] == [(f.name, f.read_bytes()) for f in other.files]


def test_every_template_appears_and_batches_are_in_order(settings: Settings, batches: list[DemoBatch]) -> None:
    names = [file.name for batch in batches for file in batch.files]
    titles = {template.title for template in load_templates(settings.seeds).values()}
    assert len(titles) == 18
    assert titles == {title for title in titles if any(name.startswith(f"{title}_") for name in names)}
    assert [b.received_at for b in batches] == sorted({b.received_at for b in batches})
    assert 250 <= len(names) <= 400


def test_every_workbook_says_that_people_are_invented(batches: list[DemoBatch]) -> None:
    names = ("农户台账", "家庭成员台账", "走访")
    books = [f for b in batches for f in b.files if f.suffix == ".xlsx" and any(n in f.name for n in names)]
    for path in books:
        if path.name == "入户走访记录_411521103000_2018-08.xlsx" and not is_zipfile(path):
            continue  # the one file that is damaged on purpose
        sheet = openpyxl.load_workbook(path, read_only=True).worksheets[0]
        assert any(NOTICE in str(row[0].value) for row in sheet.iter_rows(max_row=2))


def test_nobody_exists(settings: Settings) -> None:
    villages = villages_of(read_places(settings.seeds, "411521"), LINGSHAN)
    households = [h for houses in make_lingshan(DEFAULT_SEED, villages).values() for h in houses]
    persons = [person.row for household in households for person in household.persons]
    assert len(households) == 1800
    assert all("示例" in str(person["name"]) for person in persons)
    assert all(str(person["id_number"]).startswith("99") for person in persons)
    wrong = [p for p in persons if check_digit(str(p["id_number"])[:17]) != str(p["id_number"])[17]]
    assert len(wrong) == 1
    same_number = [n for n, count in Counter(str(p["id_number"]) for p in persons).items() if count > 1]
    assert len(same_number) == 1


def test_published_numbers_of_persons_are_made_to_the_person(settings: Settings) -> None:
    city = make_baicheng(DEFAULT_SEED, read_places(settings.seeds, "2208"))
    members: Counter[str] = Counter()
    for household in (h for found in city.values() for h in found):
        members[household.row["household_type"]] += household.row["member_count"]
        assert household.row["member_count"] == len(household.persons)
    assert (members["未脱贫户"], members["脱贫不稳定户"], members["边缘易致贫户"]) == (1526, 2206, 4755)
    county = make_yueyang(DEFAULT_SEED, read_places(settings.seeds, "430621"))
    members.clear()
    for household in (h for found in county.values() for h in found):
        members[household.row["household_type"]] += household.row["member_count"]
    assert members == {"脱贫户": 22998, "未脱贫户": 4139}


def test_no_number_of_a_person_is_used_twice(settings: Settings) -> None:
    people = [
        *make_baicheng(DEFAULT_SEED, read_places(settings.seeds, "2208")).values(),
        *make_yueyang(DEFAULT_SEED, read_places(settings.seeds, "430621")).values(),
    ]
    numbers = [str(p.row["id_number"]) for found in people for household in found for p in household.persons]
    assert len(set(numbers)) == len(numbers) > 37_000
    assert all(number.startswith("99") for number in numbers)


def test_poverty_falls_below_the_target_by_september(settings: Settings) -> None:
    villages = villages_of(read_places(settings.seeds, "411521"), LINGSHAN)
    households = [h for houses in make_lingshan(DEFAULT_SEED, villages).values() for h in houses]
    incidence = []
    for months, period in enumerate(("2018-06", "2018-07", "2018-08", "2018-09")):
        rows = household_rows(households, period, months)
        poor = sum(row["member_count"] for row in rows if row["household_type"] == "未脱贫户")
        incidence.append(Decimal(poor) / sum(row["member_count"] for row in rows))
    assert Decimal("0.01") < incidence[0] < Decimal("0.02")
    assert incidence[3] < Decimal("0.01")


def test_lingshan_has_49_projects_of_just_under_twenty_million(settings: Settings) -> None:
    money = make_money(DEFAULT_SEED, villages_of(read_places(settings.seeds, "411521"), LINGSHAN))
    projects = [p.row for p in money.projects if p.row["project_year"] == 2018]
    assert Counter(p["batch"] for p in projects) == {"第一批": 20, "第二批": 17, "第三批": 12}
    assert len({p["category"] for p in projects}) == 4
    assert sum(p["planned_amount"] for p in projects) == Decimal(19_860_000)
    payments = [row for _, row in money.payments]
    assert len({row["payment_id"] for row in payments}) == len(payments)


def _linkage_rate(county: CountyMoney, period: str) -> Decimal:
    """Payments on central and provincial linkage money of 2022, as a share of what was issued."""
    last = month_end(period)
    receipts = {
        row["receipt_id"]: row["amount"]
        for filed, row in county.receipts
        if filed <= period
        and row["issued_on"] <= last
        and (row["fund_year"], row["fund_type"]) == (2022, "财政衔接资金")
        and row["source_level"] in ("中央", "省级")
    }
    allocations = {row["allocation_id"] for _, row in county.allocations if row["receipt_id"] in receipts}
    paid = sum(
        row["amount"]
        for filed, row in county.payments
        if filed <= period and row["paid_on"] <= last and row["allocation_id"] in allocations
    )
    return Decimal(paid) / sum(receipts.values())


@pytest.mark.parametrize("plan", COUNTIES, ids=lambda plan: plan.code[:6])
def test_expenditure_fits_the_plan_to_the_cent(counties: dict[str, CountyMoney], plan: CountyPlan) -> None:
    for month, period in enumerate(PERIODS, start=1):
        assert _linkage_rate(counties[plan.code], period) == plan.rate(month)


def test_no_allocation_is_overpaid_and_no_receipt_overallocated(counties: dict[str, CountyMoney]) -> None:
    for county in counties.values():
        paid: Counter[str] = Counter()
        for _, row in county.payments:
            paid[row["allocation_id"]] += row["amount"]
        allocated: Counter[str] = Counter()
        for _, row in county.allocations:
            assert paid[row["allocation_id"]] <= row["amount"]
            allocated[row["receipt_id"]] += row["amount"]
        assert {row["receipt_id"]: row["amount"] for _, row in county.receipts} == allocated


def test_payments_are_dated_in_the_month_they_are_filed_for(counties: dict[str, CountyMoney]) -> None:
    for county in counties.values():
        for filed, row in county.payments:
            assert f"{row['paid_on']:%Y-%m}" == filed or row["paid_on"] == date(2021, 12, 10)


@pytest.mark.parametrize(("code", "issued", "days"), [
    (ZHIJIN, date(2022, 4, 20), 60), (WEINING, date(2022, 5, 20), 61),
])  # fmt: skip
def test_the_sixty_day_rule_has_a_case_on_either_side(
    counties: dict[str, CountyMoney], code: str, issued: date, days: int
) -> None:
    receipts = {row["receipt_id"] for _, row in counties[code].receipts if row["issued_on"] == issued}
    last = max(row["allocated_on"] for _, row in counties[code].allocations if row["receipt_id"] in receipts)
    assert last == issued + timedelta(days=days)


def test_the_rounds_have_their_tops_tails_and_ties(settings: Settings) -> None:
    places = read_places(settings.seeds, "411521")
    july = {r["division_code"]: r["score"] for r in july_rows(DEFAULT_SEED, places)}
    scored = sorted((s.quantize(Decimal("0.01")) for s in july.values() if s is not None), reverse=True)
    assert (len(july), len(scored)) == (20, 19)
    assert scored[2] == scored[3] == july["411521103205"].quantize(Decimal("0.01"))
    assert scored[-1] == july["411521103207"]
    before = {r["division_code"]: r["score"] for r in august_rows(DEFAULT_SEED, places)}
    after = {r["division_code"]: r["score"] for r in august_rows(DEFAULT_SEED, places, corrected=True)}
    rank = [1 + sum(other > scores["411521103201"] for other in scores.values()) for scores in (before, after)]
    assert rank == [5, 3]
    assert sorted(before.values())[:2] == [Decimal("71.50")] * 2
