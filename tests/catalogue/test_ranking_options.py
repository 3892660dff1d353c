"""Classes, tie-breaks, exemptions, grades, vetoes and decisions of a scheme, from its one file to the marts."""

import shutil
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest

from orchestration.build import build
from orchestration.explain import explain
from orchestration.intake import ingest
from orchestration.records.journal import append
from orchestration.settings import PROJECT_ROOT, Settings

FILES = Path(__file__).parent.parent / "golden" / "files"
VILLAGES = {n: f"411521103{200 + n}" for n in range(1, 8)}
SCHEME = """
scheme: classes-2018
title: 某县村级考核办法
issuer: 某县
division: "411521000000"
valid_from: 2018-07-01
valid_to: 2018-12-31
source: classes.txt
rankings:
  - code: villages
    title: 村级年度考核
    unit_level: village
    population: "411521000000"
    frequency: year
    round: "2018-07"
    classes:
      - {code: poor, title: 贫困村, village_types: [poor, deeply_poor]}
      - {code: others, title: 非贫困村, village_types: [non_poor]}
    tie_breaks: [collective_income, poor_population]
    exempt:
      - {division: "411521103205", reason: 受灾, clause: CL-01}
    clause: CL-01
    actions:
      - {clause: CL-02, trigger: top, n: 1, consequences: [{object: village_funds, kind: reward, amount: 1000}]}
      - {clause: CL-02, trigger: last, n: 1, consequences: [{object: village_funds, kind: deduction, amount: -500}]}
grades:
  - {code: good, title: 好, position: 1, objects: 村, cut: 90, clause: CL-03}
  - {code: fair, title: 一般, position: 2, objects: 村, clause: CL-03}
  - {code: poor, title: 较差, position: 3, objects: 村, needs_veto: fraud, clause: CL-03,
     consequences: [{object: party_secretary, kind: interview}]}
vetoes:
  - code: fraud
    title: 弄虚作假
    condition: 弄虚作假的
    clause: CL-04
    consequences: [{object: party_secretary, kind: promotion_barred, effect_years: 1}]
clauses:
  - {id: CL-01, title: 排名, kind: reward, quote: 甲, element: ranking villages}
  - {id: CL-02, title: 奖惩, kind: reward, quote: 乙, element: ranking villages}
  - {id: CL-03, title: 等次, kind: grade, quote: 丙, element: "grade good, fair, poor"}
  - {id: CL-04, title: 否决, kind: penalty, quote: 丁, element: veto fraud}
"""
VILLAGE_SHEET = "行政村代码,乡村户数,乡村人口,村集体经济收入\n{code},50,150,{income}\n"
VETO = {
    "kind": "veto", "scheme": "classes-2018", "ranking": None, "edition_period": "2018-07",
    "division_code": VILLAGES[1], "unit": None, "clause_id": None, "object": None, "action_kind": None,
    "step": "found", "code": "fraud", "year": 2018, "amount": None, "score": None, "person": "示例经办人",
    "reason": "核查属实", "decided_at": "2018-08-20T09:00:00", "edition_id": "2018-07_0001",
}  # fmt: skip
APPEAL = VETO | {
    "kind": "appeal", "ranking": "villages", "division_code": VILLAGES[4], "step": "upheld", "code": None,
    "year": None, "score": "92.50", "reason": "漏记加分", "decided_at": "2018-08-21T09:00:00",
}  # fmt: skip


MONTH, BEFORE, AFTER = "2018-07", datetime(2018, 8, 15), datetime(2018, 8, 31)


def installed(folder: Path) -> Settings:
    """An installation whose catalogue has the scheme, with the golden township's files and what people decided."""
    shutil.copytree(PROJECT_ROOT / "seeds", folder / "seeds")
    (folder / "seeds" / "schemes" / "classes-2018.yml").write_text(SCHEME, encoding="utf-8")
    settings = Settings(home=folder / "home", seeds=folder / "seeds")
    sheets = []
    for number, income in ((6, 20000), (7, 30000)):
        sheets.append(folder / f"村情监测表_{VILLAGES[number]}_2018-07.csv")
        sheets[-1].write_text(VILLAGE_SHEET.format(code=VILLAGES[number], income=income), encoding="utf-8")
    ingest(settings, [FILES, *sheets], datetime(2018, 8, 4, 9))
    append(settings.decisions, VETO)
    append(settings.decisions, APPEAL)
    return settings


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return installed(tmp_path_factory.mktemp("classes"))


@pytest.fixture(scope="module")
def before(home: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """As known before anybody decided anything."""
    yield from marts(home, BEFORE)


@pytest.fixture(scope="module")
def after(home: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    yield from marts(home, AFTER)


def marts(home: Settings, as_of: datetime) -> Iterator[duckdb.DuckDBPyConnection]:
    result = build(home, MONTH, as_of, f"{MONTH}_{as_of.day:04d}")
    assert result.ok, result.summary
    with duckdb.connect(str(result.database), read_only=True) as connection:
        yield connection


def rows(connection: duckdb.DuckDBPyConnection, columns: str, table: str, also: str = "true") -> list[tuple]:
    where = f"scheme = 'classes-2018' and {also}"
    return connection.execute(f"select {columns} from marts.{table} where {where} order by all").fetchall()


def test_villages_are_ranked_inside_their_class(before: duckdb.DuckDBPyConnection) -> None:
    """贫困村 1 (95.5) and 3 (92); of the others 2 (92) and 4 (90); 5 is exempt; 6 and 7 tie at 80 and 7 earns more."""
    found = {code: rest for code, *rest in rows(before, "division_code, class, rank, ranked_units", "fct_ranking")}
    assert found[VILLAGES[1]] == ["poor", 1, 2]
    assert found[VILLAGES[3]] == ["poor", 2, 2]
    assert found[VILLAGES[2]] == ["others", 1, 4]
    assert found[VILLAGES[4]] == ["others", 2, 4]
    assert found[VILLAGES[7]] == ["others", 3, 4]
    assert found[VILLAGES[6]] == ["others", 4, 4]
    assert found[VILLAGES[5]] == ["others", None, 4]


def test_each_class_has_its_first_and_its_last(before: duckdb.DuckDBPyConnection) -> None:
    found = rows(before, "division_code, amount", "fct_action", "state = 'proposed' and object = 'village_funds'")
    assert found == [(VILLAGES[1], 1000), (VILLAGES[2], 1000), (VILLAGES[3], -500), (VILLAGES[6], -500)]


def test_grades_follow_the_published_cut(before: duckdb.DuckDBPyConnection) -> None:
    found = {code: rest for code, *rest in rows(before, "division_code, grade, state", "fct_grade")}
    assert found[VILLAGES[4]] == ["good", "computed"]  # 90.00 reaches 90
    assert found[VILLAGES[7]] == ["fair", "computed"]
    assert found[VILLAGES[5]] == [None, "not_assessed"]


def test_a_veto_takes_the_reward_and_lowers_the_grade(after: duckdb.DuckDBPyConnection) -> None:
    one = f"division_code = '{VILLAGES[1]}'"
    assert rows(after, "grade, state", "fct_grade", one) == [("poor", "veto")]
    assert rows(after, "kind, state, absorbed_by", "fct_action", one + " and kind = 'reward'") == [
        ("reward", "absorbed", "CL-04")
    ]
    assert rows(after, "effect_from, effect_until", "fct_action", one + " and kind = 'promotion_barred'") == [
        (date(2019, 1, 1), date(2019, 12, 31))
    ]
    assert rows(after, "object, state", "fct_action", one + " and kind = 'interview'") == [
        ("party_secretary", "proposed")
    ]


def test_an_appeal_that_was_upheld_moves_the_others(after: duckdb.DuckDBPyConnection) -> None:
    """Village 4 has 92.50 now and passes village 2, which loses its reward."""
    found = dict(rows(after, "division_code, rank", "fct_ranking", "class = 'others' and rank is not null"))
    assert found == {VILLAGES[4]: 1, VILLAGES[2]: 2, VILLAGES[7]: 3, VILLAGES[6]: 4}
    rewarded = rows(after, "division_code", "fct_action", "kind = 'reward' and state = 'proposed'")
    assert rewarded == [(VILLAGES[4],)]


def test_every_decision_is_there_to_read(after: duckdb.DuckDBPyConnection) -> None:
    found = rows(after, "entry, kind, step, person, reason, is_applied", "fct_decision")
    assert found == [
        (1, "veto", "found", "示例经办人", "核查属实", True),
        (2, "appeal", "upheld", "示例经办人", "漏记加分", True),
    ]


def test_the_explanation_says_what_decided_between_equal_scores(before: duckdb.DuckDBPyConnection) -> None:
    """Nothing is promised from the scores alone where the collective income decided."""
    found = explain(before, "classes-2018", "villages", "2018-07", VILLAGES[6], "others")
    assert (found.basis, found.tie_breaks, found.moves) == ("tie_broken", "村集体经济收入、未脱贫人口", ())
    assert explain(before, "classes-2018", "villages", "2018-07", VILLAGES[3], "poor").basis == "own"
