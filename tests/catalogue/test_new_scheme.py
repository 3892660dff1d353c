"""A new county's scheme is one file: written into the catalogue, it is held against the rows at hand, with no code."""

import shutil
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from orchestration.build import build
from orchestration.catalogue import export_tables
from orchestration.errors import GuatuError
from orchestration.intake import ingest
from orchestration.settings import PROJECT_ROOT, Settings

FILES = Path(__file__).parent.parent / "golden" / "files"
VILLAGES = {n: f"411521103{200 + n}" for n in range(1, 8)}
SCHEME = """
scheme: new-county-2018
title: 某镇考核办法
issuer: 某镇
division: "411521103000"
valid_from: 2018-07-01
valid_to: 2018-12-31
source: new.txt
requires: [villages]
stages:
  - {code: start, title: 启动, start: 2018-07-01, end: 2018-07-31, clause: NC-01}
milestones:
  - {indicator: collective_income, checkpoint: 07-31, title: 集体经济, levels: [village], operator: ">=", threshold: 20000, clause: NC-01}
targets:
  - indicator: satisfaction_rate
    title: 满意度
    levels: [village]
    target: {operator: ">=", value: 0.95}
    clause: NC-02
    missed:
      - {clause: NC-02, consequences: [{object: party_secretary, kind: interview}, {object: deputy_leaders, kind: interview}]}
  - indicator: missed_rate
    title: 漏评率
    levels: [village]
    target: {operator: "<=", value: 0}
    clause: NC-03
    missed:
      - {clause: NC-03, consequences: [{object: party_secretary, kind: organisational_measure}]}
rankings:
  - {code: yearly, title: 年度考核, unit_level: village, population: "411521000000", frequency: year, round: "2018-07", clause: NC-04}
  - code: weighted
    title: 月度加权排名
    unit_level: village
    population: "411521103000"
    frequency: month
    items: [{indicator: satisfaction_rate, weight: 60}, {indicator: missed_rate, weight: 40}]
    clause: NC-04
    actions:
      - {clause: NC-04, trigger: top, n: 1, consequences: [{object: village_funds, kind: reward, amount: 1000}]}
vetoes:
  - {code: fraud, title: 弄虚作假, condition: 弄虚作假的, clause: NC-04, consequences: [{object: unit_leaders, kind: promotion_barred, effect_years: 1}]}
figures:
  - {code: lost, title: 缺失的数字, unit: 个, state: redacted, clause: NC-05}
  - {code: houses, title: 危房, value: 3, unit: 户, indicator: unsafe_houses, clause: NC-05}
  - {code: about, title: 危房约数, value: 3, unit: 户, state: approximate, indicator: unsafe_houses, tolerance: 1, clause: NC-05}
cadences:
  - {code: ledger, title: 台账, sender: 各村, recipients: [甲局, 乙办], every: two_weeks, clause: NC-05}
clauses:
  - {id: NC-01, title: 集体经济, kind: deadline, quote: 甲, element: milestone collective_income@07-31}
  - {id: NC-02, title: 满意度, kind: indicator, quote: 乙, element: target satisfaction_rate}
  - {id: NC-03, title: 漏评率, kind: indicator, quote: 丙, element: target missed_rate}
  - {id: NC-04, title: 排名, kind: reward, quote: 丁, element: "ranking yearly, weighted"}
  - {id: NC-05, title: 数字, kind: figure, quote: 戊, element: "figure lost, houses, about, cadence ledger"}
"""  # noqa: E501
SUPPORT = """
行政村代码,包村单位,包村领导,起始日期
411521103201,甲局,,
411521103202,甲局,,
411521103203,乙局,,
411521103204,乙局,,
411521103202,丙局,,
411521103205,丁局,,
"""


MONTH, AS_OF = "2018-07", datetime(2018, 8, 31)


def installed(folder: Path) -> Settings:
    """An installation whose catalogue has the scheme, with the golden township's files taken in."""
    shutil.copytree(PROJECT_ROOT / "seeds", folder / "seeds")
    (folder / "seeds" / "schemes" / "new-county-2018.yml").write_text(SCHEME, encoding="utf-8")
    settings = Settings(home=folder / "home", seeds=folder / "seeds")
    support = folder / "包村单位表_411521000000_2018-07.csv"
    support.write_text(SUPPORT.lstrip(), encoding="utf-8")
    ingest(settings, [FILES, support], datetime(2018, 8, 4, 9))
    return settings


@pytest.fixture(scope="module")
def marts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    result = build(installed(tmp_path_factory.mktemp("new_scheme")), MONTH, AS_OF, f"{MONTH}_0001")
    assert result.ok, result.summary
    with duckdb.connect(str(result.database), read_only=True) as connection:
        yield connection


def test_a_bad_file_is_told_before_anything_is_built(tmp_path: Path) -> None:
    shutil.copytree(PROJECT_ROOT / "seeds", tmp_path / "seeds")
    bad = SCHEME.replace("missed_rate, weight: 40", "missed_rate, weight: 30")
    (tmp_path / "seeds" / "schemes" / "bad.yml").write_text(bad, encoding="utf-8")
    settings = Settings(home=tmp_path / "home", seeds=tmp_path / "seeds")
    with pytest.raises(GuatuError, match=r"bad\.yml 有错.*权重之和不为 100") as error:
        export_tables(settings, tmp_path / "catalogue")
    assert error.value.code == "scheme_invalid"


def rows(marts: duckdb.DuckDBPyConnection, columns: str, table: str, also: str = "true") -> list[tuple]:
    query = f"select {columns} from marts.{table} where scheme = 'new-county-2018' and {also} order by all"
    return marts.execute(query).fetchall()


def test_its_milestone_is_judged(marts: duckdb.DuckDBPyConnection) -> None:
    found = dict(rows(marts, "division_code, state", "fct_milestone"))
    assert found[VILLAGES[1]] == "met"  # 30,000
    assert found[VILLAGES[2]] == "missed"  # 19,999.99
    assert found[VILLAGES[3]] == "no_data"


def test_its_targets_are_judged(marts: duckdb.DuckDBPyConnection) -> None:
    found = dict(rows(marts, "division_code, band", "fct_target", "target = 'satisfaction_rate'"))
    assert {n: found[VILLAGES[n]] for n in (1, 2, 3)} == {1: "below", 2: "target", 3: "below"}


def test_a_missed_target_has_its_consequence_and_the_heavier_one_absorbs(marts: duckdb.DuckDBPyConnection) -> None:
    """Village 1 missed both targets: 组织处理 of its secretary absorbs the 约谈; village 3 missed one."""
    columns = "division_code, object, kind, state, absorbed_by, clause_id"
    found = rows(marts, columns, "fct_action", "trigger = 'target_missed'")
    one, three = VILLAGES[1], VILLAGES[3]
    assert found == [
        (one, "deputy_leaders", "interview", "proposed", None, "NC-02"),
        (one, "party_secretary", "interview", "absorbed", "NC-03", "NC-02"),
        (one, "party_secretary", "organisational_measure", "proposed", None, "NC-03"),
        (three, "deputy_leaders", "interview", "proposed", None, "NC-02"),
        (three, "party_secretary", "interview", "proposed", None, "NC-02"),
    ]
    (reason,) = {row[0] for row in rows(marts, "reason", "fct_action", "ranking = 'satisfaction_rate'")}
    assert reason == "目标未达:实为90.00%,目标95.00%"


def test_a_weighted_ranking_adds_up_and_leaves_out_who_lacks_an_item(marts: duckdb.DuckDBPyConnection) -> None:
    """60 × 0.90 + 40 × (1 − 0.02) = 93.20; the missed rate counts the other way round."""
    weighted = rows(marts, "division_code, score, rank, state", "fct_ranking", "ranking = 'weighted'")
    found = {code: rest for code, *rest in weighted}
    assert found[VILLAGES[2]] == [Decimal(100), 1, "ranked"]
    assert found[VILLAGES[1]] == [Decimal("93.2"), 2, "ranked"]
    assert found[VILLAGES[3]] == [None, None, "not_assessed"]
    items = rows(marts, "item, value, weight, contribution, movable", "fct_rank_item",
                 f"ranking = 'weighted' and division_code = '{VILLAGES[1]}' and item <> 'score'")  # fmt: skip
    assert [(item, value, weight, float(part), movable) for item, value, weight, part, movable in items] == [
        ("missed_rate", Decimal("0.02"), 40, 39.2, False),
        ("satisfaction_rate", Decimal("0.9"), 60, 54.0, False),
    ]
    reward = rows(marts, "division_code, amount", "fct_action", "ranking = 'weighted' and state = 'proposed'")
    assert reward == [(VILLAGES[2], 1000)]


def test_a_yearly_ranking_takes_the_imported_result_sheet(marts: duckdb.DuckDBPyConnection) -> None:
    found = dict(rows(marts, "division_code, rank", "fct_ranking", "ranking = 'yearly'"))
    assert [found[VILLAGES[n]] for n in range(1, 8)] == [1, 2, 2, 4, 5, 6, 6]


def test_what_is_only_stated_is_there_to_read(marts: duckdb.DuckDBPyConnection) -> None:
    assert rows(marts, "stage, ends_on", "dim_stage") == [("start", date(2018, 7, 31))]
    found = rows(marts, "figure, value, state, tolerance", "dim_figure")
    assert found == [("about", 3, "approximate", 1), ("houses", 3, "value", None), ("lost", None, "redacted", None)]
    assert rows(marts, "recipients, recipient_count, every", "dim_cadence") == [("甲局、乙办", 2, "two_weeks")]
    assert rows(marts, "veto, condition", "dim_veto") == [("fraud", "弄虚作假的")]
    barred = ("veto", "fraud", "promotion_barred", 1, "单位(县)主要领导")
    assert barred in rows(marts, "trigger, code, kind, effect_years, object_title", "dim_outcome")


def test_the_catalogue_carries_all_clauses(marts: duckdb.DuckDBPyConnection) -> None:
    """The fifteen documents' 215 clauses, and the five of the new one."""
    states = dict(marts.execute("select state, count(*) from marts.dim_scheme_clause group by state").fetchall())
    assert set(states) == {"carried", "not_computable"} and sum(states.values()) == 215 + 5


def test_its_figures_are_held_against_the_warehouse(marts: duckdb.DuckDBPyConnection) -> None:
    """Two unsafe houses in the township: not the three published, but within one of “about three”."""
    found = rows(marts, "figure, warehouse_value, difference, state", "fct_figure")
    assert found == [("about", 2, -1, "agrees"), ("houses", 2, -1, "differs"), ("lost", None, None, "redacted")]


def test_support_units_of_a_county_without_a_scheme_for_them(marts: duckdb.DuckDBPyConnection) -> None:
    """甲局 36 + 30 satisfied of 40 + 30; 乙局 18 of 20, its other village not sampled; 丁局 none sampled."""
    query = """
        select unit, villages, numerator, denominator, rank, ranked_units from marts.fct_support_unit
        where county_code = '411521000000' and indicator_code = 'satisfaction_rate' order by rank nulls last
    """
    assert marts.execute(query).fetchall() == [
        ("丙局", 1, 30, 30, 1, 3),
        ("甲局", 2, 66, 70, 2, 3),
        ("乙局", 2, 18, 20, 3, 3),
        ("丁局", 1, None, None, None, 3),
    ]
    asked = marts.execute("select distinct indicator_code from marts.fct_support_unit order by all").fetchall()
    assert asked == [("exit_plan_rate",), ("exit_standard_rate",), ("measure_rate",), ("satisfaction_rate",)]
