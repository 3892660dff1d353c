"""The comparison with the second computation, and the counting of faults, fail where something is broken."""

from pathlib import Path

import pytest
from second.light import project

from hardness import g09_rules
from hardness.g09_mutants import mutants
from hardness.g09_rules import Bench, compare_counties
from hardness.g09_seeds import SeedFault
from hardness.g09_units import failed_units
from hardness.g09_watch import golden, noticed
from orchestration.plan import catalogue_folder
from orchestration.settings import PROJECT_ROOT, Settings


def test_one_wrong_cell_of_a_county_is_reported(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    compute = g09_rules.compute

    def wrong(home: Path, *edition: object) -> dict:
        found = compute(home, *edition)
        next(iter(found["fct_reporting"].values()))["villages_expected"] += 1
        return found

    monkeypatch.setattr(g09_rules, "compute", wrong)
    cells, found = compare_counties(tmp_path, [3])
    assert cells > 1000
    assert found
    assert all("villages_expected" in line for line in found)


def test_a_fault_is_noticed_and_what_changes_nothing_is_not(tmp_path: Path) -> None:
    models = project()
    watched = [golden(models, tmp_path)]
    sql = models.models["int_households"].sql
    assert noticed(watched, models.with_sql("int_households", sql.replace(" >= ", " > "))) is not None
    assert noticed(watched, models.with_sql("int_households", f"{sql}\n-- said otherwise")) is None
    assert list(watched[0].complaints()) == [], "a fault must leave nothing behind"


def test_unit_tests_notice_a_model_s_fault(tmp_path: Path) -> None:
    models, sql = project(), project().models["int_households"].sql
    warehouse = golden(models, tmp_path).warehouse
    assert failed_units(warehouse, models, "int_households") == []
    changed = models.with_sql("int_households", sql.replace("net_income_per_capita >= ", "net_income_per_capita > "))
    assert failed_units(warehouse, changed, "int_households") == ["incomes_meet_the_line_exactly_or_not"]


def test_each_fault_of_the_catalogue_is_judged_by_itself(tmp_path: Path) -> None:
    """After one that is noticed, what changes nothing is not taken for it."""
    settings = Settings(home=tmp_path / "compiled", cache=tmp_path / "plans")
    watched = [golden(project(), tmp_path / "golden")]
    bench = Bench(tmp_path, catalogue_folder(settings), project(), watched)
    path = "schemes/lingshan-2018.yml"
    text = (PROJECT_ROOT / "seeds" / path).read_text(encoding="utf-8")
    assert text.count("amount: 30000") == 1
    fault = SeedFault(path, "amount", "", "", text.replace("amount: 30000", "amount: 29999"))
    assert "scheme_actions: 目录缺" in str(bench.judge_seed(fault))
    assert bench.judge_seed(SeedFault(path, "remark", "", "", f"{text}\n# said otherwise\n")) == "invalid"


def test_unnoticed_faults_fail_the_goal_unless_they_are_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    noticed_nine = {f"fault {n}": "检查" for n in range(9)}
    verdicts = {**noticed_nine, "one more": None, "not a fault": "invalid"}
    assert g09_rules._outcome(1, 1, [], verdicts).failures == ("未被发现:one more",)
    monkeypatch.setattr(g09_rules, "explained", {"one more": "the same by another word"}.get)
    assert g09_rules._outcome(1, 1, [], verdicts).failures == ()


def test_faults_are_of_many_kinds_and_each_is_one_change() -> None:
    from random import Random

    models = project().models
    found = mutants(models, Random(1), 60)
    assert len({fault.title for fault in found}) == 60
    assert len({fault.kind for fault in found}) >= 10
    assert all(fault.sql != models[fault.where].sql for fault in found)
