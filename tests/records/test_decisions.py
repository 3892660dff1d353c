"""Steps on consequences, vetoes and grades: what may follow what, who may be meant, and what stays on record."""

from datetime import datetime
from decimal import Decimal

import polars as pl
import pytest
from county_round import PERIOD, change_edition, signed

from orchestration.errors import GuatuError
from orchestration.records.decisions import decide, decisions_table, grade, matching_actions, veto
from orchestration.records.journal import entries
from orchestration.records.model import FOLLOWS, STEP_TITLES, Signature
from orchestration.records.store import read_decisions
from orchestration.settings import Settings

LATE = datetime(2030, 1, 1)
LAST, FIRST = "411521103206", "411521103201"
COLUMNS = [
    "entry", "kind", "scheme", "ranking", "edition_period", "division_code", "unit", "clause_id", "object",
    "action_kind", "step", "code", "year", "amount", "score", "person", "reason", "decided_at",
]  # fmt: skip


def actions(office: Settings, division: str = LAST, **chosen: str):
    return matching_actions(office, "lingshan-2018", "round-2018-07", PERIOD, division, **chosen)


def take(office: Settings, step: str, day: int, division: str = LAST, amount: str | None = None, **chosen: str):
    found, edition_id = actions(office, division, **chosen)
    return decide(office, found, edition_id, step, signed(day), Decimal(amount) if amount else None)


def test_from_proposal_to_carried_out_and_back(office: Settings) -> None:
    money = {"object": "村级经费"}
    take(office, "verified", 3, **money)
    take(office, "changed", 4, amount="-2500.5", **money)
    (paid,) = take(office, "carried_out", 5, **money)
    assert paid.amount == Decimal("-2500.5")  # what was decided is what is carried out
    take(office, "reopened", 6, **money)
    take(office, "verified", 7, **money)
    (again,) = take(office, "confirmed", 8, **money)
    assert again.amount is None
    table = decisions_table(office, LATE)
    assert table["step"].to_list() == ["verified", "changed", "carried_out", "reopened", "verified", "confirmed"]
    assert table["entry"].to_list() == [1, 2, 3, 4, 5, 6]
    assert set(table["object"]) == {"village_funds"} and set(table["action_kind"]) == {"deduction"}
    assert table["amount"].to_list()[:3] == [None, Decimal("-2500.50"), Decimal("-2500.50")]
    assert [decision.edition_id for _, decision in read_decisions(office)] == ["2018-07_0001"] * 6


def test_the_table_has_the_columns_the_warehouse_reads(office: Settings) -> None:
    for table in (decisions_table(office, LATE), take(office, "verified", 3) and decisions_table(office, LATE)):
        assert table.columns == COLUMNS
        assert table.schema["entry"] == pl.Int64 and table.schema["year"] == pl.Int32
        assert table.schema["amount"] == pl.Decimal(18, 2) and table.schema["score"] == pl.Decimal(9, 4)
        assert table.schema["decided_at"] == pl.Datetime("us")
        assert all(dtype == pl.String for name, dtype in table.schema.items() if name in COLUMNS[1:12])


def test_only_what_was_decided_by_then(office: Settings) -> None:
    take(office, "verified", 3, object="village_funds")
    take(office, "confirmed", 5, object="village_funds")
    assert decisions_table(office, datetime(2018, 9, 4))["step"].to_list() == ["verified"]
    assert decisions_table(office, datetime(2018, 9, 5, 9))["step"].to_list() == ["verified", "confirmed"]
    assert decisions_table(office, datetime(2018, 9, 1)).is_empty()


ALLOWED = {
    (None, "verified"), ("verified", "confirmed"), ("verified", "changed"), ("verified", "waived"),
    ("verified", "reopened"), ("confirmed", "carried_out"), ("changed", "carried_out"), ("confirmed", "reopened"),
    ("changed", "reopened"), ("waived", "reopened"), ("carried_out", "reopened"), ("reopened", "verified"),
}  # fmt: skip
WAY_TO = {
    None: (), "verified": ("verified",), "confirmed": ("verified", "confirmed"), "changed": ("verified", "changed"),
    "waived": ("verified", "waived"), "carried_out": ("verified", "confirmed", "carried_out"),
    "reopened": ("verified", "reopened"),
}  # fmt: skip


@pytest.mark.parametrize("stands", WAY_TO, ids=str)
def test_no_step_is_left_out(office: Settings, stands: str | None) -> None:
    for day, step in enumerate(WAY_TO[stands], start=1):
        take(office, step, day, object="village_funds")
    whole = office.decisions.read_bytes() if stands else b""
    for step in FOLLOWS["step"]:
        if step is not None and (stands, step) not in ALLOWED:
            with pytest.raises(GuatuError, match=f"不能记为“{STEP_TITLES[step]}”"):
                take(office, step, 20, object="village_funds")
    assert (office.decisions.read_bytes() if stands else b"") == whole
    for step in FOLLOWS["step"][stands]:
        assert (stands, step) in ALLOWED


def test_a_refusal_names_object_and_kind_in_chinese(office: Settings) -> None:
    with pytest.raises(GuatuError, match=r"条款 LS2018-21,村级经费、扣减.*verified"):
        take(office, "carried_out", 3, object="village_funds")


def test_all_of_a_unit_or_none(office: Settings) -> None:
    take(office, "verified", 3, object="party_secretary")
    with pytest.raises(GuatuError, match="不能记为“已核实”"):
        take(office, "verified", 4)  # the secretary's is verified already
    assert len(entries(office.decisions)) == 1


def test_what_stands_is_the_newest_record_not_the_older_edition(office: Settings) -> None:
    take(office, "verified", 3, object="village_funds")
    states = {row["object"]: row["state"] for row in actions(office)[0]}
    assert states == {"village_funds": "verified", "party_secretary": "proposed", "village_director": "proposed"}


def test_what_was_absorbed_needs_no_decision(office: Settings) -> None:
    kinds = {(row["object"], row["kind"]) for row in actions(office)[0]}
    assert ("party_secretary", "public_criticism") not in kinds and ("party_secretary", "removal_proposal") in kinds
    with pytest.raises(GuatuError, match="已被更重的一项吸收"):
        actions(office, clause="LS2018-21", object="party_secretary")


@pytest.mark.parametrize(
    ("division", "chosen", "words"),
    [
        ("411521103299", {}, "没有区划"),
        ("411521103204", {}, "没有这样的奖惩建议"),  # in the middle: nothing follows
        (LAST, {"clause": "LS2018-99"}, "LS2018-22 村党支部书记 免职建议"),
        (LAST, {"kind": "奖励"}, "没有这样的奖惩建议"),
    ],
)
def test_unknown_matters_are_named_with_what_there_is(
    office: Settings, division: str, chosen: dict[str, str], words: str
) -> None:
    with pytest.raises(GuatuError, match=words):
        actions(office, division, **chosen)


def test_a_unit_goes_by_code_or_name(office: Settings) -> None:
    assert actions(office, "示例6村") == actions(office, LAST)


@pytest.mark.parametrize(
    ("step", "division", "object", "amount"),
    [
        ("confirmed", LAST, "village_funds", "-100"),  # confirmed is as proposed
        ("changed", LAST, "village_funds", "100"),  # a deduction is negative
        ("changed", FIRST, "village_funds", "-100"),  # a reward is positive
        ("changed", LAST, "party_secretary", "-100"),  # no money in it
        ("changed", LAST, "village_funds", "-0.001"),
        ("changed", LAST, "village_funds", "NaN"),
        ("changed", LAST, "village_funds", "-1e30"),
    ],
)
def test_amounts_that_do_not_fit(office: Settings, step: str, division: str, object: str, amount: str) -> None:
    take(office, "verified", 3, division=division, object=object)
    with pytest.raises(GuatuError) as error:
        take(office, step, 4, division=division, object=object, amount=amount)
    assert error.value.code == "bad_amount"


def test_one_amount_is_for_one_consequence(office: Settings) -> None:
    take(office, "verified", 3)
    with pytest.raises(GuatuError, match="指明是哪一项"):
        take(office, "changed", 4, amount="-100")


@pytest.mark.parametrize(("person", "reason"), [("", "核实"), ("  ", "核实"), ("周明", ""), ("周明", " ")])
def test_nobody_decides_without_name_and_reason(person: str, reason: str) -> None:
    with pytest.raises(GuatuError, match="经办人和理由"):
        Signature.of(person, reason)


def test_time_runs_forward(office: Settings) -> None:
    with pytest.raises(GuatuError, match="还没有到"):
        Signature.of("周明", "核实", datetime(2199, 1, 1))
    take(office, "verified", 5, object="village_funds")
    with pytest.raises(GuatuError, match="不能更早"):
        take(office, "confirmed", 4, object="village_funds")


def test_nothing_is_built_on_a_changed_journal(office: Settings) -> None:
    take(office, "verified", 3)
    text = office.decisions.read_text("utf-8")
    office.decisions.write_text(text.replace("周明", "李强", 1), encoding="utf-8")
    with pytest.raises(GuatuError, match="校验链"):
        decisions_table(office, LATE)
    with pytest.raises(GuatuError, match="校验链"):
        take(office, "confirmed", 4)


def test_a_veto_is_found_and_lifted(office: Settings) -> None:
    about = {"scheme": "biyang-2016", "code": "task_failed", "period": "2016-12"}
    found = veto(office, **about, step="found", signature=signed(3), division="示例乡")
    assert (found.division_code, found.unit, found.year) == ("411726101000", None, 2016)
    with pytest.raises(GuatuError, match="不能记为“已认定”"):
        veto(office, **about, step="found", signature=signed(4), division="示例乡")
    unit = veto(office, **about, step="found", signature=signed(4), unit="示例局")
    assert (unit.division_code, unit.unit) == (None, "示例局")
    veto(office, **about, step="lifted", signature=signed(5), division="示例乡")
    table = decisions_table(office, LATE)
    assert table.select("kind", "step", "code", "year", "edition_period").rows() == [
        ("veto", "found", "task_failed", 2016, "2016-12"),
        ("veto", "found", "task_failed", 2016, "2016-12"),
        ("veto", "lifted", "task_failed", 2016, "2016-12"),
    ]


@pytest.mark.parametrize(
    ("chosen", "words"),
    [
        ({"division": "示例乡", "code": "no_such"}, "task_failed"),
        ({"division": "411521103"}, "411726000000 之内"),  # another county's township
        ({"unit": "没有的局"}, "示例局"),
        ({}, "二者择一"),
        ({"division": "示例乡", "unit": "示例局"}, "二者择一"),
        ({"division": "示例乡", "scheme": "no-such-2016"}, "biyang-2016"),
        ({"division": "示例乡", "period": "2016年12月"}, "YYYY-MM"),
    ],
)
def test_a_veto_is_of_the_scheme_and_its_units(office: Settings, chosen: dict[str, str], words: str) -> None:
    about = {"scheme": "biyang-2016", "code": "task_failed", "period": "2016-12", "step": "found", **chosen}
    with pytest.raises(GuatuError, match=words):
        veto(office, signature=signed(3), **about)
    assert not office.decisions.exists()


def test_people_grade_where_no_cuts_are_published(office: Settings) -> None:
    about = {"scheme": "biyang-2016", "code": "well_done", "period": "2016-12", "division": "411726101"}
    graded = grade(office, **about, step="graded", signature=signed(3))
    assert (graded.kind, graded.code, graded.year) == ("grade", "well_done", 2016)
    with pytest.raises(GuatuError, match="不能记为“已定等”"):
        grade(office, **about, step="graded", signature=signed(4))
    grade(office, **about, step="withdrawn", signature=signed(5))
    with pytest.raises(GuatuError, match="没有等次"):
        grade(office, **{**about, "code": "excellent"}, step="graded", signature=signed(6))


def test_a_grade_with_published_cuts_is_computed_not_set(office: Settings) -> None:
    change_edition(office, "update marts.dim_grade set cut = 90 where scheme = 'biyang-2016'")
    about = {"scheme": "biyang-2016", "code": "well_done", "period": "2016-12", "division": "411726101"}
    with pytest.raises(GuatuError, match="由计算得出"):
        grade(office, **about, step="graded", signature=signed(3))


def test_a_grade_that_needs_a_veto_waits_for_it(office: Settings) -> None:
    change_edition(office, "update marts.dim_grade set needs_veto = 'task_failed' where scheme = 'biyang-2016'")
    about = {"scheme": "biyang-2016", "period": "2016-12", "division": "411726101"}
    with pytest.raises(GuatuError, match="须先有 2016 年度一票否决认定"):
        grade(office, **about, code="well_done", step="graded", signature=signed(3))
    veto(office, **about, code="task_failed", step="found", signature=signed(4))
    grade(office, **about, code="well_done", step="graded", signature=signed(5))
    grade(office, **about, code="well_done", step="withdrawn", signature=signed(6))
    veto(office, **about, code="task_failed", step="lifted", signature=signed(7))
    with pytest.raises(GuatuError, match="须先有"):
        grade(office, **about, code="well_done", step="graded", signature=signed(8))
