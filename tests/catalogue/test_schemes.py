"""The fifteen schemes of the catalogue: every clause once, in the document's words, and carried by something."""

from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from orchestration.catalogue import load_schemes
from orchestration.catalogue.elements import Target
from orchestration.catalogue.lint import lint_files, squeezed
from orchestration.catalogue.scheme_tables import scheme_tables
from orchestration.catalogue.schemes import Scheme
from orchestration.settings import PROJECT_ROOT

SEEDS = PROJECT_ROOT / "seeds"
DOCUMENTS = Path(__file__).parent.parent / "data" / "documents"
CLAUSES = {
    "baicheng-2020": ("BC2020", 30),
    "baota-2017": ("BT2017", 18),
    "bijie-2022": ("BJ2022", 63),
    "biyang-2016": ("BY2016", 14),
    "employment-2020": ("JY2020", 1),
    "inspection-2021": ("PC2021", 5),
    "jiangxi-2016": ("JX2016", 1),
    "lingshan-2018": ("LS2018", 31),
    "longshan-2021": ("LSX2021", 2),
    "shimen": ("SM_PLAN", 8),
    "yuanhe-2022": ("YHZ2022", 1),
    "yuanhu": ("YH_PLAN", 2),
    "yueyang-2019": ("YY2019", 34),
    "zhecheng-2021": ("ZC2021", 3),
    "ziyang-2021": ("ZY2021", 2),
}
WITHOUT_PLACE = {"employment-2020", "inspection-2021", "jiangxi-2016"}
"""Documents whose county or town is struck out: no code is invented for them."""


@pytest.fixture(scope="module")
def schemes() -> dict[str, Scheme]:
    return load_schemes(SEEDS)


def target(scheme: Scheme, code: str, village_type: str | None = None) -> Target:
    of_class = [each for each in scheme.targets if not village_type or village_type in each.village_types]
    return next(each for each in of_class if each.code == code)


def test_every_clause_stands_once(schemes: dict[str, Scheme]) -> None:
    listed = {code: [clause.id for clause in scheme.clauses] for code, scheme in schemes.items()}
    expected = {code: [f"{prefix}-{n:02d}" for n in range(1, count + 1)] for code, (prefix, count) in CLAUSES.items()}
    assert listed == expected
    assert sum(map(len, listed.values())) == 215


@pytest.mark.parametrize("code", CLAUSES)
def test_quotes_are_the_documents_words(code: str, schemes: dict[str, Scheme]) -> None:
    scheme = schemes[code]
    document = squeezed((DOCUMENTS / scheme.source).read_text(encoding="utf-8"))
    quotes = [clause.quote for clause in scheme.clauses]
    quotes += [quote for each in scheme.contradictions for quote in each.quotes]
    assert [quote for quote in quotes if squeezed(quote) not in document] == []


def test_no_clause_is_left_open(schemes: dict[str, Scheme]) -> None:
    clauses = scheme_tables(schemes.values())["scheme_clauses"]
    assert set(clauses["state"]) == {"carried", "not_computable"}
    assert clauses["element"].null_count() == 0
    refused = set(clauses.filter(clauses["state"] == "not_computable")["clause_id"])
    assert refused == {
        "BC2020-30", "BJ2022-58", "BJ2022-63", "BT2017-17", "LS2018-30", "LS2018-31", "YHZ2022-01",
    }  # fmt: skip


def test_the_linter_only_tells_of_the_documents_own_contradictions() -> None:
    findings = lint_files(sorted((SEEDS / "schemes").glob("*.yml")), SEEDS, DOCUMENTS)
    assert {(each.file, each.code) for each in findings} == {
        ("biyang-2016.yml", "contradiction"),
        ("yueyang-2019.yml", "contradiction"),
    }
    told = " ".join(each.message for each in findings)
    for words in ("537元", "28006440", "100人以上", "超过100人"):
        assert words in told


def test_places_are_named_or_openly_unknown(schemes: dict[str, Scheme]) -> None:
    assert {code for code, scheme in schemes.items() if scheme.division is None} == WITHOUT_PLACE
    assert all(schemes[code].division_note for code in WITHOUT_PLACE)


def test_boundaries_follow_the_documents_words(schemes: dict[str, Scheme]) -> None:
    """低于 leaves the boundary out; 以上, 以下, 达到 take it in; 低于98%的约谈 means at least 98 % is wanted."""
    lingshan, baicheng = schemes["lingshan-2018"], schemes["baicheng-2020"]
    baota, yueyang = schemes["baota-2017"], schemes["yueyang-2019"]
    incidence = target(lingshan, "poverty_incidence")
    assert (incidence.floor.operator, incidence.floor.value) == ("<", Decimal("0.02"))
    assert (incidence.target.operator, incidence.target.value) == ("<", Decimal("0.01"))
    loans = target(baicheng, "loan_household_rate")
    assert (loans.target.operator, loans.target.value, loans.stretch.value) == (">=", Decimal("0.4"), Decimal("0.5"))
    assert target(baota, "identification_accuracy").target.operator == ">="
    assert (target(baota, "surplus_rate").target.operator, target(baota, "surplus_rate").target.value) == (
        "<=",
        Decimal("0.05"),
    )
    assert target(yueyang, "loan_npl_rate").target.operator == "<="
    assert target(yueyang, "team_size_rate", "non_poor").clause == "YY2019-25"


def test_one_missed_rule_reaches_both_levels(schemes: dict[str, Scheme]) -> None:
    """数据信息精准率低于95%: the district's office is interviewed and the township's leaders are replaced."""
    (missed,) = target(schemes["baota-2017"], "data_accuracy").missed
    assert {(each.object, each.kind) for each in missed.consequences} == {
        ("poverty_office_leaders", "interview"),
        ("township_leaders", "organisational_measure"),
    }


def test_published_figures_and_the_struck_out_ones(schemes: dict[str, Scheme]) -> None:
    figures = {each.code: each for scheme in schemes.values() for each in scheme.figures}
    published = {
        code: int(figures[code].value)
        for code in ("unexited_population", "unstable_exited_population", "marginal_population", "exited_persons")
    }
    assert published == {
        "unexited_population": 1526,
        "unstable_exited_population": 2206,
        "marginal_population": 4755,
        "exited_persons": 14774,
    }
    yueyang = {each.code: each.value for each in schemes["yueyang-2019"].figures}
    assert yueyang == {"exited_villages": 46, "exited_population": 22998, "planned_exit_population": 4139}
    redacted = {each.code for each in figures.values() if each.state == "redacted"}
    assert redacted == {"upgraded_road_length", "upgraded_road_width", "poor_households", "poor_persons"}
    assert all(figures[code].value is None for code in redacted)


def test_support_units_are_ranked_by_what_the_documents_name(schemes: dict[str, Scheme]) -> None:
    rows = scheme_tables(schemes.values())["scheme_support_indicators"]
    assert rows.columns == ["scheme", "indicator_code", "title", "clause_id"]
    assert rows.rows() == [
        ("baota-2017", "measure_rate", "措施落实", "BT2017-11"),
        ("baota-2017", "exit_standard_rate", "脱贫质量", "BT2017-11"),
        ("baota-2017", "satisfaction_rate", "群众满意度", "BT2017-11"),
        ("baota-2017", "exit_plan_rate", "脱贫退出计划完成", "BT2017-11"),
        ("biyang-2016", "exit_plan_rate", "脱贫任务完成", "BY2016-13"),
    ]


def test_good_grade_is_a_range_and_the_veto_reaches_into_the_next_year(schemes: dict[str, Scheme]) -> None:
    outcomes = scheme_tables(schemes.values())["scheme_outcomes"]
    reward = outcomes.row(by_predicate=(pl.col("code") == "good") & (pl.col("kind") == "reward"), named=True)
    assert (reward["amount"], reward["amount_to"], reward["clause_id"]) == (20000, 100000, "YY2019-31")
    barred = outcomes.filter((outcomes["trigger"] == "veto") & (outcomes["kind"] == "promotion_barred"))
    assert set(barred["effect_years"]) == {1} and set(barred["object"]) == {"unit_leaders", "deputy_leaders"}
    poor = next(each for each in schemes["yueyang-2019"].grades if each.code == "poor")
    assert poor.needs_veto == "major_failure"


def test_a_ledger_for_two_offices_needs_both(schemes: dict[str, Scheme]) -> None:
    cadences = scheme_tables(schemes.values())["scheme_cadences"]
    row = cadences.row(by_predicate=pl.col("cadence") == "job_ledger", named=True)
    assert (row["every"], row["recipients"], row["recipient_count"]) == ("two_weeks", "市人社局、市扶贫办", 2)
