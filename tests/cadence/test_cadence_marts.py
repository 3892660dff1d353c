"""Who owed what, who had it, whom to chase and whom to warn: an invented scheme over seven villages, built."""

import shutil
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from orchestration.build import build
from orchestration.cadence.deliveries import delivered, deliveries_table, record
from orchestration.cadence.standing import standings
from orchestration.catalogue import load_schemes
from orchestration.intake import ingest, read_ledger
from orchestration.intake.divisions import Divisions
from orchestration.settings import PROJECT_ROOT, Settings

DIVISIONS = next((Path(__file__).parents[1] / "golden" / "files").glob("行政区划表*"))
TOWN = "411521103000"
VILLAGES = {n: f"41152110320{n}" for n in range(1, 8)}
MONTH, AS_OF, EARLIER = "2018-08", datetime(2018, 9, 10, 18), datetime(2018, 8, 15, 12)
SCHEME = """
scheme: rhythm-2018
title: 某镇报送办法
issuer: 某镇
division: "411521103000"
valid_from: 2018-07-01
valid_to: 2018-12-31
source: new.txt
requires: [households, villages]
milestones:
  - {indicator: archive_rate, checkpoint: 09-30, title: 档案齐全, levels: [village], operator: ">=", threshold: 1, clause: R-01}
rankings:
  - code: archives
    title: 档案月排名
    unit_level: village
    population: "411521103000"
    frequency: month
    indicator: archive_rate
    clause: R-02
    actions:
      - {clause: R-02, trigger: lagging, n: 1, periods: 3, consequences: [{object: party_secretary, kind: interview}]}
lists:
  - {code: loans, title: 即将到期贷款, selects: loans_due, clause: R-03}
cadences:
  - {code: ledger, title: 台账, sender: 各村, sender_level: village, recipients: [甲局, 乙办], every: half_month, clause: R-04}
  - code: dispatch
    title: 调度
    sender: 各帮扶单位和镇办
    sender_level: support_unit
    sender_units: [镇办]
    every: month
    due: {day: 5, months_after: 1}
    clause: R-04
clauses:
  - {id: R-01, title: 档案, kind: deadline, quote: 甲, element: milestone archive_rate@09-30}
  - {id: R-02, title: 排名, kind: reward, quote: 乙, element: ranking archives}
  - {id: R-03, title: 贷款, kind: list, quote: 丙, element: list loans}
  - {id: R-04, title: 台账, kind: cadence, quote: 丁, element: "cadence ledger, dispatch"}
"""  # noqa: E501
FILES = {
    # a quarter of village 1's archives are complete, half of village 2's, all of village 3's
    "农户台账_411521103000_2018-07.csv": [(1, "是否否否"), (2, "是否"), (3, "是")],
    # August: two villages by themselves, the first with a household more; the others hand nothing in
    "农户台账_411521103201_2018-08.csv": [(1, "是否否否否")],
    "农户台账_411521103202_2018-08.csv": [(2, "是是")],
}
LOANS = """
行政村代码,借据号,户编号,发放日期,到期日期,贷款金额,贷款余额,逾期金额,五级分类
411521103202,L1,H2-1,2017-09-20,2018-09-20,50000,30000,0,正常
411521103202,L2,H2-2,2017-09-20,2018-09-28,50000,20000.50,0,正常
411521103202,L3,H2-2,2017-09-20,2018-10-01,50000,50000,0,正常
411521103202,L4,H2-2,2017-09-20,2018-09-01,50000,0,0,正常
"""
SUPPORT = """
行政村代码,包村单位,包村领导,起始日期
411521103201,某局,,
411521103202,某局,,
"""


def households(villages: list[tuple[int, str]]) -> str:
    """A register: one household a character, 是 where its archive is complete."""
    rows = [
        f"{VILLAGES[village]},H{village}-{n},示例户,,未脱贫户,3,2014,{complete}"
        for village, archives in villages
        for n, complete in enumerate(archives, start=1)
    ]
    return "\n".join(["行政村代码,户编号,户主姓名,户主证件号码,户类型,家庭人口,识别年度,档案齐全", *rows])


def hand_in(settings: Settings, occurrence: str, village: int, to: str, day: date | None, known: datetime) -> None:
    at = datetime(day.year, day.month, day.day, 10) if day else None
    record(settings, "rhythm-2018", "ledger", occurrence, VILLAGES[village], [to], at, "示例人", None, known)


def installed(folder: Path) -> Settings:
    """An installation with that scheme alone, what the villages handed in and who had the ledger when."""
    shutil.copytree(PROJECT_ROOT / "seeds", folder / "seeds", ignore=lambda path, names: {
        name for name in names if Path(path).name == "schemes"
    })  # fmt: skip
    (folder / "seeds" / "schemes" / "rhythm-2018.yml").write_text(SCHEME, encoding="utf-8")
    settings = Settings(home=folder / "home", seeds=folder / "seeds")
    shutil.copy(DIVISIONS, folder)
    texts = {name: households(villages) for name, villages in FILES.items()}
    texts |= {
        "小额信贷台账_411521103202_2018-08.csv": LOANS.strip(),
        "包村单位表_411521103000_2018-07.csv": SUPPORT.strip(),
    }
    for name, text in texts.items():
        (folder / name).write_text(text.replace(",示例户,,", ",示例户,411521196001010010,"), encoding="utf-8")
    for month in ("2018-06", "2018-07", "2018-08"):
        results = ingest(settings, sorted(folder.glob(f"*_{month}.csv")), datetime(2018, int(month[5:]) + 1, 4, 9))
        assert all(r.submission.outcome in ("accepted", "partial") for r in results), [r.submission for r in results]
    first = "2018-07-15"
    for village, to, day in [
        (1, "甲局", date(2018, 7, 14)), (1, "乙办", date(2018, 7, 15)),  # both in time
        (2, "甲局", date(2018, 7, 14)), (2, "乙办", date(2018, 7, 20)),  # one late
        (3, "甲局", date(2018, 7, 14)),  # one missing
        (5, "甲局", date(2018, 7, 14)), (5, "乙办", date(2018, 7, 14)),  # one withdrawn below
    ]:  # fmt: skip
        hand_in(settings, first, village, to, day, datetime(2018, 8, 1))
    hand_in(settings, first, 5, "乙办", None, datetime(2018, 8, 2))
    for occurrence in ("2018-07-31", "2018-08-15", "2018-08-31"):  # village 1 always delivers
        for to in ("甲局", "乙办"):
            hand_in(settings, occurrence, 1, to, date.fromisoformat(occurrence), datetime(2018, 9, 1))
    hand_in(settings, "2018-08-15", 3, "甲局", date(2018, 8, 15), datetime(2018, 9, 1))
    hand_in(settings, "2018-08-15", 3, "乙办", date(2018, 8, 15), datetime(2018, 9, 1))
    return settings


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return installed(tmp_path_factory.mktemp("rhythm"))


@pytest.fixture(scope="module")
def marts(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    result = build(settings, MONTH, AS_OF, f"{MONTH}_0001")
    assert result.ok, result.summary
    with duckdb.connect(str(result.database), read_only=True) as connection:
        yield connection


def rows(marts: duckdb.DuckDBPyConnection, query: str) -> list[tuple]:
    return marts.execute(f"from marts.{query} order by all").fetchall()


def test_on_time_only_once_both_have_it(marts: duckdb.DuckDBPyConnection) -> None:
    columns = "state, recipients_delivered, recipients_missing, delivered_on, days_late"
    found = {
        int(row[0][-1]): row[1:]
        for row in rows(marts, f"fct_cadence select division_code, {columns} where occurrence = '2018-07-15'")
    }
    assert found[1] == ("on_time", 2, None, date(2018, 7, 15), 0)
    assert found[2] == ("late", 2, None, date(2018, 7, 20), 5)
    assert found[3] == ("partly", 1, "乙办", None, 57)
    assert found[4] == ("missing", 0, "乙办、甲局", None, 57)
    assert found[5] == ("partly", 1, "乙办", None, 57), "what was withdrawn does not count"


def test_every_sender_of_the_level_and_every_named_one_owes_it(marts: duckdb.DuckDBPyConnection) -> None:
    found = rows(marts, "fct_cadence select period, cadence, sender_name, count(*) group by all")
    assert [row[2:] for row in found if row[:2] == ("2018-08", "ledger")] == [(f"示例{n}村", 2) for n in range(1, 8)]
    # July's dispatch is due on 5 August, by the only support unit and the office
    assert [row[2:] for row in found if row[:2] == ("2018-08", "dispatch")] == [("某局", 1), ("镇办", 1)]
    assert not [row for row in found if row[:2] == ("2018-07", "dispatch")]


def test_the_list_of_the_day_says_what_the_mart_says(settings: Settings, marts: duckdb.DuckDBPyConnection) -> None:
    tree = Divisions(settings).tree(read_ledger(settings), "2018-08", date(2018, 8, 31)).divisions
    had = delivered(deliveries_table(settings, AS_OF))
    units = {VILLAGES[1]: ["某局"]}
    schemes = load_schemes(settings.seeds).values()
    found = standings(schemes, tree, units, had, AS_OF.date(), date(2018, 8, 31))
    listed = [
        (s.cadence.code, s.occurrence, s.sender.sender, s.due_on, s.delivered_on, s.state, s.days_late) for s in found
    ]
    columns = "cadence, occurrence, sender, due_on, delivered_on, state, days_late"
    assert len(listed) == 4 * 7 + 2
    assert sorted(map(str, listed)) == sorted(map(str, rows(marts, f"fct_cadence select {columns}")))


def test_who_owes_reports_since_when(marts: duckdb.DuckDBPyConnection) -> None:
    """The township's 村情 never came: one line, two months. Of 农户 each village that was silent in August."""
    columns = "period, code, division_code, department, items_owed, since, months_running"
    found = rows(marts, f"fct_chase select {columns} where kind = 'template'")
    never = [
        ("2018-07", "villages", TOWN, "乡镇", 7, date(2018, 8, 5), 1),
        ("2018-08", "villages", TOWN, "乡镇", 7, date(2018, 8, 5), 2),
    ]
    assert [row for row in found if row[1] == "villages"] == never
    silent = [("2018-08", "households", VILLAGES[n], "乡镇", 1, date(2018, 9, 5), 1) for n in range(3, 8)]
    assert [row for row in found if row[1] == "households"] == silent


def test_who_owes_the_ledger_since_when(marts: duckdb.DuckDBPyConnection) -> None:
    columns = "sender, items_owed, since, months_running, details"
    found = {
        row[0]: row[1:]
        for row in rows(marts, f"fct_chase select {columns} where code = 'ledger' and period = '2018-08'")
    }
    assert VILLAGES[1] not in found
    assert found[VILLAGES[2]] == (
        3, date(2018, 7, 31), 2, "未送达:2018-07-31、2018-08-15、2018-08-31"
    )  # fmt: skip
    # village 3 had it in order in mid-August: two older ones and one newer are open, the newer alone is running
    details = "未送达:2018-07-15(乙办)、2018-07-31、2018-08-31"
    assert found[VILLAGES[3]] == (3, date(2018, 7, 15), 1, details)
    assert found[VILLAGES[4]][:3] == (4, date(2018, 7, 15), 2)
    july = dict(rows(marts, "fct_chase select sender, items_owed where code = 'ledger' and period = '2018-07'"))
    assert july[VILLAGES[4]] == 2 and VILLAGES[1] not in july


def test_a_warning_one_month_before_the_interview(marts: duckdb.DuckDBPyConnection) -> None:
    """Village 1 was last and behind 7/12 and 8/12: a third month will do. In July it was too early to warn."""
    found = rows(marts, "fct_warning select period, unit, due_on, value, needed, message where kind = 'interview'")
    message = "连续2个月滞后且列后1名,下月仍如此将触发约谈"
    assert found == [("2018-08", VILLAGES[1], date(2018, 9, 30), Decimal(20), Decimal(75), message)]
    assert marts.execute("select count(*) from marts.fct_action").fetchone() == (0,), "it is no action yet"


def test_a_warning_of_a_checkpoint_not_reached_yet(marts: duckdb.DuckDBPyConnection) -> None:
    query = "fct_warning select unit, value, needed, due_on, message where kind = 'milestone' and period = '2018-08'"
    found = {int(row[0][-1]): row[1:] for row in rows(marts, query)}
    assert found[1] == (Decimal("0.2"), 1, date(2018, 9, 30), "档案齐全:现为20.00%,每日尚需2.67个百分点")
    assert 2 not in found, "it is reached already"
    assert found[3] == (None, 1, date(2018, 9, 30), "档案齐全:尚无数据")
    assert rows(marts, "fct_warning select unit where kind = 'milestone' and period = '2018-07'") == []


def test_loans_that_end_next_month_and_reports_due(marts: duckdb.DuckDBPyConnection) -> None:
    loans = rows(marts, "fct_warning select period, unit, due_on, value, message where kind = 'loans_due'")
    assert loans == [("2018-08", VILLAGES[2], date(2018, 9, 20), Decimal("50000.5"), "2户贷款下月到期,余额50000.50元")]
    ahead = rows(
        marts, "fct_warning select unit, due_on, needed, message where kind = 'cadence' and period = '2018-08'"
    )
    assert (VILLAGES[1], date(2018, 9, 15), 4, "台账下月应报2期:2018-09-15、2018-09-30") in ahead
    assert ("镇办", date(2018, 9, 5), 1, "调度下月应报1期:2018-08") in ahead and len(ahead) == 9


def test_the_burden_of_reporting(settings: Settings, marts: duckdb.DuckDBPyConnection) -> None:
    """Village 1 in August: 5 households of 38 columns; four of them it gave in July, 13 columns of which stand."""
    columns = "period, village_code, forms_asked, forms_given, rows_given, cells_given, cells_prefillable"
    found = {row[:2]: row[2:] for row in rows(marts, f"fct_burden select {columns}")}
    assert found["2018-08", VILLAGES[1]] == (2, 1, 5, 5 * 38, 4 * 13)
    assert found["2018-07", VILLAGES[1]] == (2, 2, 5, 4 * 38 + 4, 0), "nothing was given before"
    assert found["2018-08", VILLAGES[2]] == (2, 2, 6, 2 * 38 + 4 * 9, 2 * 13)
    assert found["2018-08", VILLAGES[4]] == (2, 0, 0, 0, 0), "asked and silent"
    # 行政村代码 stands in both forms asked, with the loans also 户编号
    columns = "fct_burden select columns_asked, columns_repeated where period = '2018-08' and village_code"
    assert rows(marts, f"{columns} = '{VILLAGES[1]}'") == [(38 + 17 - 1, 1)]
    assert rows(marts, f"{columns} = '{VILLAGES[2]}'") == [(38 + 17 + 9 - 3, 2)]


@pytest.fixture(scope="module")
def earlier(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    result = build(settings, MONTH, EARLIER, f"{MONTH}_0002")
    assert result.ok, result.summary
    with duckdb.connect(str(result.database), read_only=True) as connection:
        yield connection


def test_an_earlier_time_knows_less(earlier: duckdb.DuckDBPyConnection) -> None:
    """At noon of 15 August that day's ledger is not late yet, and what was recorded in September is not known."""
    query = "fct_cadence select occurrence, state, days_late, count(*) where cadence = 'ledger' group by all"
    assert rows(earlier, query) == [
        ("2018-07-15", "late", 5, 1),
        ("2018-07-15", "missing", 31, 3),
        ("2018-07-15", "on_time", 0, 1),
        ("2018-07-15", "partly", 31, 2),
        ("2018-07-31", "missing", 15, 7),
        ("2018-08-15", "not_due", None, 7),
        ("2018-08-31", "not_due", None, 7),
    ]
    owed = rows(earlier, "fct_chase select period, code, count(*) where kind = 'template' group by all")
    assert owed == [("2018-07", "villages", 1)], "July's register spoke for the whole township"
