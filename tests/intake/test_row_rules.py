"""The rules of a row: what rejects it, what is only warned of, and where the problem is put."""

from datetime import date

import polars as pl
import pytest
from intake_office import COUNTY, DIVISION_ROWS, DIVISION_TITLES, SEEDS, TOWN_A, TOWN_B, VILLAGE_1, VILLAGE_3

from orchestration.catalogue.templates import Template, load_codes
from orchestration.intake.cells import Reading
from orchestration.intake.divisions import DivisionTree, build_tree
from orchestration.intake.receipts import masked
from orchestration.intake.rules import Context, Table, accepted_rows, judge, problems

LEVELS = {"省": "province", "市": "prefecture", "县": "county", "乡": "township", "村": "village"}
PERSON = {
    "village_code": VILLAGE_1,
    "household_id": "H1",
    "person_id": "P1",
    "name": "示例人",
    "id_number": "11010519491231002X",
    "birth_date": "1949-12-31",
    "gender": "男",
}
PAYMENT = {
    "division_code": COUNTY,
    "payment_id": "F1",
    "allocation_id": "A1",
    "paid_on": "2022-06-03",
    "payment_type": "进度款",
    "amount": "100",
}


def tree() -> DivisionTree:
    rows = [(r[0], r[1], LEVELS[r[2]], r[3] or None, None, None) for r in DIVISION_ROWS]
    columns = ["division_code", "name", "level", "parent_code", "valid_from", "valid_to"]
    types = {"valid_from": pl.Date, "valid_to": pl.Date}
    return build_tree(pl.DataFrame(rows, schema=columns, orient="row", schema_overrides=types), date(2022, 6, 30))


def judged(
    template: Template, rows: list[dict[str, str]], scope: str = COUNTY, named: bool = True
) -> tuple[Table, list[tuple[int, str, str]]]:
    text = pl.DataFrame([{"row_number": i, **r} for i, r in enumerate(rows, start=2)], infer_schema_length=None)
    text = text.with_columns(pl.exclude("row_number").cast(pl.String))
    context = Context(
        template=template,
        scope_code=scope,
        period="2022-06",
        last_day=date(2022, 6, 30),
        period_from_name=named,
        tree=tree(),
        reading=Reading(load_codes(SEEDS)),
    )
    table = judge(text, context, {})
    found = problems(table, template)
    return table, list(found.select("row_number", "field", "code").iter_rows())


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"name": None}, "name", "required_blank"),
        ({"gender": "female"}, "gender", "out_of_list"),
        ({"birth_date": "1949-02-30"}, "birth_date", "impossible_date"),
        ({"birth_date": "四九年"}, "birth_date", "unreadable_type"),
        ({"village_code": "411726100299"}, "village_code", "unknown_division"),
        ({"village_code": TOWN_A}, "village_code", "wrong_level"),
        ({"id_number": "1101051949"}, "id_number", "bad_id_number"),
        ({"work_months": "13"}, "work_months", "out_of_range"),
        ({"period": "2022-05"}, "period", "period_mismatch"),
        ({"period": "六月"}, "period", "unreadable_type"),
    ],
)
def test_each_error_rejects_its_row_at_its_cell(
    templates: dict[str, Template], change: dict[str, str], field: str, code: str
) -> None:
    good = PERSON | dict.fromkeys(change, None) | {"person_id": "P0"}
    good |= {k: PERSON[k] for k in change if k in PERSON}
    table, found = judged(templates["persons"], [good, PERSON | change])
    assert found == [(3, field, code)]
    assert accepted_rows(table)["person_id"].to_list() == ["P0"]


def test_a_village_outside_the_scope_is_rejected(templates: dict[str, Template]) -> None:
    rows = [PERSON, PERSON | {"person_id": "P2", "village_code": VILLAGE_3}]
    assert judged(templates["persons"], rows, scope=TOWN_A)[1] == [(3, "village_code", "outside_scope")]
    assert judged(templates["persons"], rows, scope=COUNTY)[1] == []


def test_a_blank_period_is_the_files_only_if_the_name_gives_it(templates: dict[str, Template]) -> None:
    rows = [PERSON | {"period": None}, PERSON | {"person_id": "P2", "period": "2022-06"}]
    assert judged(templates["persons"], rows)[1] == []
    assert judged(templates["persons"], rows, named=False)[1] == [(2, "period", "required_blank")]


def test_of_good_rows_with_one_key_the_first_stays(templates: dict[str, Template]) -> None:
    bad = PERSON | {"gender": "?"}
    table, found = judged(templates["persons"], [bad, PERSON, PERSON | {"name": "另一人"}])
    assert found == [(2, "gender", "out_of_list"), (4, "person_id", "duplicate_key")]
    assert accepted_rows(table)["row_number"].to_list() == [3]


def test_keys_are_compared_after_normalisation(templates: dict[str, Template]) -> None:
    rows = [{"village_code": VILLAGE_1, "household_id": "H1", "field": f} for f in ("人口", "收入", "人口")]
    assert judged(templates["triple_checks"], rows)[1] == [(4, "field", "duplicate_key")]


@pytest.mark.parametrize(
    ("kind", "amount", "wrong"),
    [
        ("退回", "1", True),
        ("退回", "0.001", True),
        ("进度款", "-0.001", True),
        ("退回", "-1", False),
        ("退回", "0", False),
        ("进度款", "-1", True),
        ("预付款", "0", False),
    ],
)
def test_the_sign_of_a_payment_follows_its_type(
    templates: dict[str, Template], kind: str, amount: str, wrong: bool
) -> None:
    found = judged(templates["fund_payments"], [PAYMENT | {"payment_type": kind, "amount": amount}])[1]
    assert found == ([(2, "amount", "wrong_sign")] if wrong else [])


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"id_number": "110105194912310021"}, "id_number", "id_check_digit"),
        ({"birth_date": "1949-12-30"}, "birth_date", "birth_date_mismatch"),
        ({"id_number": "110105491231002", "birth_date": "1949-12-30"}, "birth_date", "birth_date_mismatch"),
        ({"hospital_cost": "1.005"}, "hospital_cost", "money_decimals"),
    ],
)
def test_warnings_keep_the_row(templates: dict[str, Template], change: dict[str, str], field: str, code: str) -> None:
    table, found = judged(templates["persons"], [PERSON | change])
    assert found == [(2, field, code)]
    assert accepted_rows(table).height == 1


def test_a_15_digit_number_holds_its_birth_date_too(templates: dict[str, Template]) -> None:
    assert judged(templates["persons"], [PERSON | {"id_number": "110105491231002"}])[1] == []


def test_a_rejected_row_carries_no_warnings(templates: dict[str, Template]) -> None:
    rows = [PERSON | {"hospital_cost": "1.005", "gender": "?"}]
    assert judged(templates["persons"], rows)[1] == [(2, "gender", "out_of_list")]


def test_events_after_the_period_are_warned_of_but_plans_and_births_are_not(templates: dict[str, Template]) -> None:
    late = "2022-07-01"
    assert judged(templates["fund_payments"], [PAYMENT | {"paid_on": late}])[1] == [
        (2, "paid_on", "event_after_period")
    ]
    assert judged(templates["fund_payments"], [PAYMENT | {"paid_on": "2022-06-30"}])[1] == []
    person = PERSON | {"birth_date": late, "id_number": "110105202207010029"}
    assert "event_after_period" not in {c for _, _, c in judged(templates["persons"], [person])[1]}
    loan = {
        "village_code": VILLAGE_1, "loan_id": "L1", "household_id": "H1", "lent_on": "2022-06-01",
        "due_on": "2024-06-01",
        "amount": "1", "balance": "1", "overdue": "0", "classification": "正常",
    }  # fmt: skip
    assert judged(templates["loans"], [loan])[1] == []


DIVISION = dict(zip(
    ["division_code", "name", "level", "parent_code", "village_type"],
    ["411726102000", "丙镇", "乡", COUNTY, None],
    strict=True,
))  # fmt: skip


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"division_code": "411726102"}, "division_code", "unreadable_type"),
        ({"division_code": "411727102000"}, "division_code", "outside_scope"),
        ({"level": "县"}, "level", "wrong_level"),
        ({"parent_code": "411726999000"}, "parent_code", "unknown_division"),
        ({"parent_code": "411700000000"}, "parent_code", "wrong_parent_level"),
        ({"division_code": "411726100205", "level": "村", "parent_code": TOWN_A}, "village_type", "required_blank"),
    ],
)
def test_division_rows(templates: dict[str, Template], change: dict[str, str], field: str, code: str) -> None:
    found = judged(templates["divisions"], [DIVISION | change])[1]
    assert (2, field, code) in found


def test_only_the_top_level_of_a_file_may_leave_its_parent_blank(templates: dict[str, Template]) -> None:
    county = dict(zip(DIVISION, DIVISION_ROWS[2][:5], strict=True)) | {"parent_code": None, "village_type": None}
    town = DIVISION | {"parent_code": None}
    assert judged(templates["divisions"], [county])[1] == []
    assert judged(templates["divisions"], [town])[1] == []
    assert judged(templates["divisions"], [county, town])[1] == [(3, "parent_code", "required_blank")]


def test_a_division_below_a_rejected_one_is_rejected_down_the_tree(templates: dict[str, Template]) -> None:
    village = {
        "division_code": "411726102201", "name": "四村", "level": "村", "parent_code": "411726102000",
        "village_type": "贫困村",
    }  # fmt: skip
    assert judged(templates["divisions"], [village, DIVISION], scope="411726102000")[1] == []
    assert judged(templates["divisions"], [village, DIVISION | {"name": None}], scope="411726102000")[1] == [
        (2, "parent_code", "unknown_division"),
        (3, "name", "required_blank"),
    ]


def test_personal_values_are_hidden_in_the_warehouse(templates: dict[str, Template]) -> None:
    row = {"id_number": "1101", "gender": "11010519491231002X", "labour": "13800000000", "work_months": "13"}
    row |= {"schooling": "110105491231002", "village_code": "411726100299"}
    table, _ = judged(templates["persons"], [PERSON | row])
    shown = masked(problems(table, templates["persons"]), templates["persons"])
    assert dict(shown.select("field", "value").iter_rows()) == {
        "village_code": "411726100299",
        "id_number": "***",
        "gender": "***",
        "labour": "***",
        "schooling": "***",
        "work_months": "13",
    }


def test_division_titles_are_the_templates_own(templates: dict[str, Template]) -> None:
    assert [f.title for f in templates["divisions"].fields] == DIVISION_TITLES
    assert TOWN_B in tree()
