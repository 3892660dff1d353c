"""From submitted files to the explanation, and back: the payments it names, handed in, give the rank it promises."""

import json
import shutil
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from orchestration.build import build
from orchestration.cli import app
from orchestration.errors import GuatuError
from orchestration.explain import Explanation, explain
from orchestration.explain.wording import Table, sections
from orchestration.intake import ingest
from orchestration.release import publish
from orchestration.settings import Settings, get_settings

GOLDEN = Path(__file__).parent.parent / "golden" / "files"
CENT = Decimal("0.01")
AMOUNT = "下达金额(元)"
COUNTIES = {
    "520502000000": ("示例甲区", "1000000", "300000"),
    "520521000000": ("示例乙县", "900000", "234000"),
    "520523000000": ("示例丙县", "700000", "154000"),
    "520524000000": ("示例丁县", "650000.07", "130000"),
    "520525000000": ("示例戊县", "333333.33", "50000"),
}
"""Issued and paid by March: 30 %, 26 %, 22 %, 20 % and 15 %; the even pace is 25 %."""
LAST = "520525000000"


WEIGHTED = """
scheme: weighted-2022
title: 示例市2022年资金考核办法
issuer: 示例市
division: "520500000000"
valid_from: 2022-01-01
valid_to: 2022-12-31
source: invented.txt
requires: [fund_receipts, fund_allocations, fund_payments]
rankings:
  - code: monthly-funds
    title: 资金月排名
    unit_level: county
    population: "520500000000"
    frequency: month
    items:
      - {indicator: linkage_expenditure_rate, weight: 60}
      - {indicator: linkage_allocation_rate, weight: 40}
    clause: W1
clauses:
  - {id: W1, title: 资金月排名, kind: ranking, quote: 按月排名, element: ranking monthly-funds}
"""


def hand_in(settings: Settings, name: str, rows: Iterable[tuple], received: datetime) -> None:
    path = settings.root / "files" / f"{name}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(",".join(map(str, row)) for row in rows), encoding="utf-8")
    results = ingest(settings, [path], received)
    assert [result.submission.outcome for result in results] == ["accepted"], results[0].submission.reason


def pay(settings: Settings, period: str, payments: Iterable[tuple[str, Decimal]]) -> None:
    """Payments of the last county, by allocation, in a month."""
    header = ("区划代码", "支付编号", "安排编号", "支付日期", "支付类型", "支付金额")
    rows = [
        (LAST, f"Z{period}-{n}", code, f"{period}-10", "进度款", amount) for n, (code, amount) in enumerate(payments)
    ]
    hand_in(settings, f"资金支付台账_{LAST}_{period}", [header, *rows], datetime(2022, 10, 1))


def march(settings: Settings) -> None:
    """Five counties; the last one has three allocations, of which the first is paid in part."""
    divisions = [("520000000000", "贵州省", "省", ""), ("520500000000", "毕节市", "市", "520000000000")]
    divisions += [(code, name, "县", "520500000000") for code, (name, _, _) in COUNTIES.items()]
    allocations = [(code, f"A{code}", f"R{code}", issued) for code, (_, issued, _) in COUNTIES.items() if code != LAST]
    allocations += [(LAST, f"A{n}", f"R{LAST}", amount) for n, amount in ((1, 60000), (2, 30000), (3, 20000))]
    paid = [(code, f"A{code}", amount) for code, (_, _, amount) in COUNTIES.items() if code != LAST]
    paid.append((LAST, "A1", COUNTIES[LAST][2]))
    tables = {
        "行政区划表_520000000000": [("区划代码", "区划名称", "级别", "上级代码"), *divisions],
        "资金下达台账_520500000000": [
            ("区划代码", "指标编号", "资金文号", "资金年度", "资金层级", "资金类型", "提前下达", "下达日期", AMOUNT),
            *(
                (code, f"R{code}", "黔财农〔2022〕1号", 2022, "中央", "财政衔接资金", "否", "2022-01-05", issued)
                for code, (_, issued, _) in COUNTIES.items()
            ),
        ],
        "资金安排台账_520500000000": [
            ("区划代码", "安排编号", "指标编号", "项目编号", "安排日期", "安排金额"),
            *((code, number, receipt, "X1", "2022-02-01", amount) for code, number, receipt, amount in allocations),
        ],
        "资金支付台账_520500000000": [
            ("区划代码", "支付编号", "安排编号", "支付日期", "支付类型", "支付金额"),
            *((code, f"Z{code}", number, "2022-03-10", "进度款", amount) for code, number, amount in paid),
        ],
    }
    for name, rows in tables.items():
        hand_in(settings, f"{name}_2022-03", rows, datetime(2022, 4, 2))


def built(settings: Settings, period: str, number: int) -> Path:
    result = build(settings, period, datetime(2022, 12, 31), f"{period}_{number:04d}")
    assert result.ok, result.summary
    return result.database


def of_county(database: Path, period: str, division: str = LAST) -> Explanation:
    with duckdb.connect(str(database), read_only=True) as connection:
        return explain(connection, "bijie-2022", "monthly-expenditure", period, division)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("explain")
    settings = get_settings(folder / "home")
    seeds = folder / "seeds"
    shutil.copytree(settings.seeds, seeds)
    (seeds / "schemes" / "weighted-2022.yml").write_text(WEIGHTED, encoding="utf-8")
    settings = settings.model_copy(update={"seeds": seeds})
    march(settings)
    return settings


@pytest.fixture(scope="module")
def first(home: Settings) -> Path:
    return built(home, "2022-03", 1)


def test_the_last_county_sees_what_each_goal_takes(first: Path) -> None:
    """Worked out: 20 % shown is 19.995 % of 333,333.33 = 66,649.9993…; 26.01 % shown is 26.005 % = 86,683.3324…"""
    found = of_county(first, "2022-03", "520525")
    assert (found.name, found.basis, found.rank, found.rank_from_bottom) == ("示例戊县", "own", 5, 1)
    assert (found.score, found.gap_to_next) == (Decimal("15.00"), Decimal("5.00"))
    amounts = {move.goal: move.amount for move in found.moves}
    assert amounts["next_rank"] == Decimal("16650.00")
    assert amounts["ahead"] == Decimal("16683.34")
    assert amounts["out_of_last_3"] == Decimal("36683.34")
    assert amounts["even_pace"] == Decimal("33333.34")
    assert amounts["milestone:linkage_expenditure_rate@06-30"] == Decimal("116666.67")
    assert [(item.item, item.movable) for item in found.items] == [
        ("score", False),
        ("numerator", True),
        ("denominator", False),
    ]


def test_the_fewest_payments_name_the_ledger_and_leave_the_unallocated_for_last(first: Path) -> None:
    moves = of_county(first, "2022-03").moves
    sets = {move.goal: [(payment.code, payment.amount) for payment in move.set] for move in moves}
    assert sets["next_rank"] == [("A2", Decimal("16650.00"))]
    assert sets["out_of_last_3"] == [("A2", Decimal("30000.00")), ("A3", Decimal("6683.34"))]
    assert sets["milestone:linkage_expenditure_rate@06-30"] == [
        ("A2", Decimal("30000.00")),
        ("A3", Decimal("20000.00")),
        ("A1", Decimal("10000.00")),
        (f"R{LAST}", Decimal("56666.67")),
    ]


def test_the_promise_holds_to_the_cent_when_the_payments_are_handed_in(home: Settings, first: Path) -> None:
    """April a cent short of the next rank, May that cent; June a cent short of leaving the last three, July that."""
    moves = {move.goal: move for move in of_county(first, "2022-03").moves}
    join, leave = moves["next_rank"], moves["out_of_last_3"]
    pay(home, "2022-04", [("A2", join.amount - CENT)])
    pay(home, "2022-05", [("A2", CENT)])
    rest = {payment.code: payment.amount for payment in leave.set}
    pay(home, "2022-06", [("A2", rest["A2"] - join.amount), ("A3", rest["A3"] - CENT)])
    pay(home, "2022-07", [("A3", CENT)])
    later = built(home, "2022-07", 2)
    seen = {period: of_county(later, period) for period in ("2022-04", "2022-05", "2022-06", "2022-07")}
    places = {period: (found.rank, found.rank_from_bottom) for period, found in seen.items()}
    assert places["2022-04"] == (5, 1)
    assert places["2022-05"] == (join.rank_after, join.rank_from_bottom_after) == (4, 1)
    assert seen["2022-05"].shared_with == ("示例丁县",)
    assert places["2022-06"][1] <= 3
    assert places["2022-07"] == (leave.rank_after, leave.rank_from_bottom_after) == (2, 4)
    assert [move.state for move in seen["2022-07"].moves if move.goal == "out_of_last_3"] == ["reached"]
    past = [move for move in seen["2022-07"].moves if move.goal == "milestone:linkage_expenditure_rate@06-30"]
    assert [(move.state, move.amount) for move in past] == [("past", None)]


def test_of_weighted_items_the_one_that_closes_the_gap_alone(first: Path) -> None:
    """15 % × 60 + 33 % × 40 = 22.20 against 20 % × 60 + 100 % × 40 = 52.00: allocating all would add 26.80 only, so it
    takes payments of 64.658 % = 215,527.78 yuan in all."""
    with duckdb.connect(str(first), read_only=True) as connection:
        found = explain(connection, "weighted-2022", "monthly-funds", "2022-03", LAST)
    assert (found.basis, found.score, found.rank, found.gap_to_next) == ("own", Decimal("22.20"), 5, Decimal("29.80"))
    assert {item.item: item.weight for item in found.items} == {
        "score": 100,
        "linkage_allocation_rate": 40,
        "linkage_expenditure_rate": 60,
    }
    moves = [(move.item, move.amount, move.rank_after) for move in found.moves if move.goal == "next_rank"]
    assert moves == [("linkage_expenditure_rate", Decimal("165527.78"), 4)]
    assert "由下列各项算出" in str(sections(found))


@pytest.mark.parametrize(
    ("scheme", "ranking", "period", "division", "code", "told"),
    [
        ("bijie-2022", "none", "2022-03", LAST, "no_such_ranking", "monthly-expenditure"),
        ("bijie-2022", "monthly-expenditure", "2022-02", LAST, "no_such_period", "2022-03"),
        ("bijie-2022", "monthly-expenditure", "2022-03", "示例己县", "no_such_unit", "示例甲区(520502000000)"),
    ],
)
def test_what_is_not_there_is_answered_with_what_is(first, scheme, ranking, period, division, code, told) -> None:
    with duckdb.connect(str(first), read_only=True) as connection, pytest.raises(GuatuError) as raised:
        explain(connection, scheme, ranking, period, division)
    assert raised.value.code == code
    assert told in raised.value.message_zh


def test_shown_in_chinese_and_as_json(first: Path) -> None:
    found = of_county(first, "2022-03", "示例戊县")
    shown = sections(found)
    text = "\n".join(part for part in shown if isinstance(part, str))
    assert "示例戊县(520525000000):第 5 名,共 5 个单位参评,倒数第 1 名;得分 15.00%" in text
    tables = {part.title: part for part in shown if isinstance(part, Table)}
    assert ("退出后 3 名", "36,683.34 元", "26.01", "2", "4", "") in tables["最小变动(其他单位不变)"].rows
    assert ("退出后 3 名", "2 项", "A2 30,000.00 元;A3 6,683.34 元(部分)") in tables["最少的组合"].rows
    told = json.loads(found.model_dump_json(by_alias=True))
    assert told["class"] == "all"
    assert {move["goal"]: move["amount"] for move in told["moves"]}["next_rank"] == "16650.00"


@pytest.fixture(scope="module")
def round_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    settings = get_settings(tmp_path_factory.mktemp("explain_round"))
    ingest(settings, [GOLDEN], datetime(2018, 8, 4, 9))
    return built(settings, "2018-07", 1)


def of_village(database: Path, division: str) -> Explanation:
    with duckdb.connect(str(database), read_only=True) as connection:
        return explain(connection, "lingshan-2018", "round-2018-07", "2018-07", division)


def test_a_round_tells_the_points_missing_and_keeps_the_samples_apart(round_database: Path) -> None:
    """95.50, 92.00, 92.00 …: the second place is shared, 3.50 behind, and no document says of what."""
    found = of_village(round_database, "示例3村")
    assert (found.basis, found.rank, found.shared_with) == ("own", 2, ("示例2村",))
    moves = {move.goal: move for move in found.moves}
    assert (moves["next_rank"].amount, moves["next_rank"].movable) == (Decimal("3.50"), False)
    assert (moves["ahead"].amount, moves["ahead"].rank_after) == (Decimal("3.51"), 1)
    assert moves["top_3"].state == "reached"
    items = {item.item: item for item in found.items}
    assert (items["score"].weight, items["score"].contribution) == (100, Decimal("92.00"))
    assert {name for name in items} == {"score", "satisfaction_rate", "wrong_exit_rate"}
    assert all(item.weight is None and not item.movable for name, item in items.items() if name != "score")


def test_neighbours_that_the_samples_cannot_tell_apart(round_database: Path) -> None:
    """18 of 20 satisfied against 36 of 40 above (the same rate) and 30 of 30 beside: their order is noise."""
    sample = {one.item: one for one in of_village(round_database, "示例3村").samples}["satisfaction_rate"]
    assert (sample.interval.numerator, sample.interval.denominator) == (18, 20)
    beside = {neighbour.name: neighbour for neighbour in sample.neighbours}
    assert set(beside) == {"示例1村", "示例2村"}
    assert (beside["示例1村"].tied, beside["示例1村"].turning) == (True, 1)
    assert (beside["示例2村"].tied, beside["示例2村"].overlapping) == (True, True)


def test_of_an_announced_rank_only_the_place_is_known(round_database: Path, tmp_path: Path) -> None:
    """The same scores, but the inspecting level ranked forty units: nothing is derived from the seven at hand."""
    announced = tmp_path / "announced.duckdb"
    shutil.copyfile(round_database, announced)
    with duckdb.connect(str(announced)) as connection:
        connection.execute("update marts.fct_ranking set rank = rank + 20, ranked_units = 40")
    found = of_village(announced, "示例3村")
    assert (found.basis, found.moves, found.gap_to_next) == ("announced", (), None)
    assert "名次为上级公布,只知名次" in str(sections(found)[1])


def test_the_command_tells_the_same(home: Settings, first: Path) -> None:
    """On a published edition, locked as it is for everyone: as text, as JSON, and with an error of one sentence."""
    publish(home, first, "2022-03", datetime(2022, 12, 31))
    command = ["explain", "--home", str(home.root), "--scheme", "bijie-2022", "--ranking", "monthly-expenditure"]
    command += ["--period", "2022-03", "--division"]
    shown = CliRunner().invoke(app, [*command, "520525"])
    assert shown.exit_code == 0
    assert "示例戊县(520525000000):第 5 名" in shown.stdout
    assert "16,650.00 元" in shown.stdout
    told = json.loads(CliRunner().invoke(app, [*command, "示例戊县", "--format", "json"]).stdout)
    assert (told["edition_id"], told["rank"]) == ("2022-03_0001", 5)
    missing = CliRunner().invoke(app, [*command, "示例己县"])
    assert isinstance(missing.exception, GuatuError)
