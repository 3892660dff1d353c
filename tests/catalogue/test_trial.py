"""A draft scheme is tried on a month of the golden township: what it would cost and whom it would meet, by hand.

Round 2018-07: villages 1 to 7 scored 95.5, 92, 92, 90, 85, 80, 80, so places 1, 2, 2, 4, 5, 6, 6.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from typer.testing import CliRunner

from orchestration.catalogue.schemes import load_schemes, read_scheme
from orchestration.cli import app, main
from orchestration.errors import GuatuError
from orchestration.intake import ingest
from orchestration.records.model import Decision, Matter
from orchestration.records.store import record
from orchestration.release import run_lock
from orchestration.settings import PROJECT_ROOT, Settings
from orchestration.trial import compared_with, try_scheme
from orchestration.trial_results import ActionChange, RankChange, Trial

FILES = Path(__file__).parent.parent / "golden" / "files"
ISSUED = (PROJECT_ROOT / "seeds" / "schemes" / "lingshan-2018.yml").read_text(encoding="utf-8")
PERIOD, AS_OF = "2018-07", datetime(2018, 8, 31)
VILLAGES = {n: f"411521103{200 + n}" for n in range(1, 8)}


def edited(*changes: tuple[str, str]) -> str:
    """The issued scheme with the first occurrence of each text replaced."""
    text = ISSUED
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return text


NEXT_VERSION = edited(
    ("n: 3", "n: 2"),
    ("amount: 30000", "amount: 50000"),
    ("trigger: last\n        n: 3", "trigger: last\n        n: 2"),
    ('{operator: ">", value: 0.9}', '{operator: ">=", value: 0.9}'),
)
"""Places up to 2 get 50,000 yuan instead of up to 3 30,000; the last two pay, not three; the floor includes 90%."""

OTHER_SCHEME = """
scheme: draft-2019
title: 某镇考核办法(草稿)
issuer: 某镇
division: "411521103000"
valid_from: 2019-01-01
valid_to: 2019-12-31
source: draft.txt
rankings:
  - code: round-2018-07
    title: 满意度排名
    unit_level: village
    population: "411521103000"
    frequency: month
    indicator: satisfaction_rate
    clause: DR-01
    actions:
      - {clause: DR-01, trigger: top, n: 1, consequences: [{object: village_funds, kind: reward}]}
clauses:
  - {id: DR-01, title: 排名, kind: reward, quote: 甲, element: ranking round-2018-07}
"""


def hashes(home: Path) -> dict[str, str]:
    """Every file of the installation but the scratch."""
    files = [path for path in home.rglob("*") if path.is_file() and path.relative_to(home).parts[0] != "work"]
    return {path.relative_to(home).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def let_off_and_reduced(_known: Mapping[Matter, Decision]) -> list[Decision]:
    """People waived what village 5 was to pay and halved village 6's: a trial counts what the schemes propose."""
    about = {
        "kind": "step", "scheme": "lingshan-2018", "ranking": "round-2018-07", "edition_period": PERIOD,
        "clause_id": "LS2018-21", "object": "village_funds", "action_kind": "deduction", "person": "示例经办人",
        "reason": "会议研究", "decided_at": datetime(2018, 8, 20), "edition_id": "2018-07_0001",
    }  # fmt: skip
    taken = ((5, "verified", None), (5, "waived", None), (6, "verified", None), (6, "changed", Decimal(-2_500)))
    return [Decision(**about, division_code=VILLAGES[n], step=step, amount=amount) for n, step, amount in taken]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = Settings(home=tmp_path_factory.mktemp("trial") / "home")
    ingest(settings, [FILES], datetime(2018, 8, 4, 9))
    record(settings, let_off_and_reduced)
    settings.published.mkdir(exist_ok=True)
    (settings.published / "2018-06_0001.duckdb").write_bytes(b"an edition already served")
    return settings


def tried(office: Settings, text: str, tmp_path: Path) -> Trial:
    """A trial that leaves nothing behind and changes nothing."""
    file = tmp_path / "草稿.yml"
    file.write_text(text, encoding="utf-8")
    before = hashes(office.root)
    trial = try_scheme(office, file, PERIOD, AS_OF)
    assert hashes(office.root) == before and "ledger.jsonl" in before
    assert {path.name for path in office.work.iterdir()} <= {"run.lock"}
    return trial


@pytest.fixture(scope="module")
def trial(office: Settings, tmp_path_factory: pytest.TempPathFactory) -> Trial:
    return tried(office, NEXT_VERSION, tmp_path_factory.mktemp("draft"))


def test_what_the_draft_costs(trial: Trial) -> None:
    """Places up to 2 are three villages, for village 3 shares the second; the last two are both last."""
    assert trial.against == ("lingshan-2018",) and not trial.assumed
    assert trial.base is not None
    assert (trial.base.rewards, trial.base.deductions) == (3 * 30_000, -3 * 5_000)
    assert (trial.draft.rewards, trial.draft.deductions) == (3 * 50_000, -2 * 5_000)
    assert (trial.base.rewarded, trial.base.penalised, trial.base.interviewed) == (3, 3, 0)
    assert (trial.draft.rewarded, trial.draft.penalised, trial.draft.interviewed) == (3, 2, 0)
    assert (trial.draft.ties, trial.draft.tied_units, trial.draft.unpriced) == (2, 4, 0)


def test_whose_consequences_change(trial: Trial) -> None:
    """Villages 1 to 3 get more; village 5, third from last, is let off; 6 and 7 stay as they are."""
    money = {
        change.division_code: (change.base_amount, change.draft_amount)
        for change in trial.action_changes
        if change.base_amount or change.draft_amount
    }
    more = (Decimal(30_000), Decimal(50_000))
    assert money == {VILLAGES[n]: more for n in (1, 2, 3)} | {VILLAGES[5]: (Decimal(-5_000), None)}
    let_off = [c for c in trial.action_changes if c.division_code == VILLAGES[5]]
    assert {(c.title, c.base_state, c.draft_state) for c in let_off} == {
        ("扣减", "proposed", None),
        ("通报批评", "proposed", None),
    }
    assert len(let_off) == 3 and len(trial.action_changes) == 6
    assert all(isinstance(change, ActionChange) for change in trial.action_changes)


def test_which_targets_change_and_no_rank_does(trial: Trial) -> None:
    """Villages 1 (36÷40) and 3 (18÷20) are at 90% exactly; the township (84÷90) has been above it all along."""
    changes = {(c.code, c.state): (c.base_units, c.draft_units) for c in trial.state_changes}
    assert changes == {("satisfaction_rate", "below"): (2, 0), ("satisfaction_rate", "floor"): (1, 3)}
    assert trial.rank_changes == ()


def test_a_draft_of_another_document_stands_beside_as_if_in_force(office: Settings, tmp_path: Path) -> None:
    """By satisfaction village 2 (100%) is first and 1 and 3 (90%) share the second place; the others have none."""
    trial = tried(office, OTHER_SCHEME, tmp_path)
    assert trial.assumed and (trial.valid_from, trial.valid_to) == (date(2018, 1, 1), date(2018, 12, 31))
    assert trial.against == ("lingshan-2018",)
    ranks = {change.division_code: (change.base_rank, change.draft_rank) for change in trial.rank_changes}
    assert ranks == {VILLAGES[n]: pair for n, pair in {1: (1, 2), 2: (2, 1), 4: (4, None), 5: (5, None)}.items()} | {
        VILLAGES[6]: (6, None),
        VILLAGES[7]: (6, None),
    }
    assert all(isinstance(change, RankChange) for change in trial.rank_changes)
    assert [(a.division_code, a.amount) for a in trial.draft.actions] == [(VILLAGES[2], None)]
    assert (trial.draft.rewards, trial.draft.unpriced) == (0, 1)


@pytest.mark.parametrize(
    ("changes", "period", "expected"),
    [
        ((), "2018-07", ["lingshan-2018"]),
        ((), "2019-01", []),  # nothing in force there any more
        ((("scheme: lingshan-2018", "scheme: next\nreplaces: lingshan-2018"),), "2018-12", ["lingshan-2018"]),
        ((("scheme: lingshan-2018", "scheme: next"),), "2018-12", ["lingshan-2018"]),  # the same township
        ((("scheme: lingshan-2018", "scheme: next"), ('"411521103000"', '"411521104000"')), "2018-12", []),
    ],
)
def test_what_a_draft_is_compared_with(
    changes: tuple[tuple[str, str], ...], period: str, expected: list[str], tmp_path: Path
) -> None:
    (tmp_path / "草稿.yml").write_text(edited(*changes), encoding="utf-8")
    schemes = load_schemes(PROJECT_ROOT / "seeds")
    assert [s.scheme for s in compared_with(read_scheme(tmp_path / "草稿.yml"), schemes, period)] == expected


def test_the_command_says_it_in_chinese_and_in_json(
    office: Settings, trial: Trial, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orchestration.trial.try_scheme", lambda *_: trial)  # built above; here only what is said
    arguments = ["scheme", "try", str(tmp_path / "草稿.yml"), "--period", PERIOD, "--home", str(office.home)]
    shown = CliRunner().invoke(app, arguments)
    assert shown.exit_code == 0
    lines = [" ".join(line.split()) for line in shown.stdout.splitlines()]
    assert "奖励合计(元) │ 90,000 │ 150,000" in lines
    assert "名次并列 │ 2 处,涉及 4 个单位 │ 2 处,涉及 4 个单位" in lines
    assert "目标 群众满意度 │ 未达 │ 2 │ 0" in lines and "名次的变化:无" in lines
    assert any(line.endswith("村级经费:奖励 │ 拟 30,000 元 │ 拟 50,000 元") for line in lines)
    answer = json.loads(CliRunner().invoke(app, [*arguments, "--format", "json"]).stdout)
    assert Decimal(answer["draft"]["rewards"]) == 150_000 and answer["against"] == ["lingshan-2018"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("poverty_incidence", "no_such_indicator", "no_such_indicator 不在目录内"),
        ("scheme: lingshan-2018", "scheme: copy", "条款号 LS2018-01 等 31 个已用于 lingshan-2018"),
    ],
)
def test_a_bad_draft_is_refused_before_anything_is_built(
    old: str,
    new: str,
    said: str,
    office: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    bad = tmp_path / "草稿.yml"
    bad.write_text(edited((old, new)), encoding="utf-8")
    arguments = ["guatu", "scheme", "try", str(bad), "--period", PERIOD, "--home", str(office.home)]
    monkeypatch.setattr("sys.argv", arguments)
    with run_lock(office), pytest.raises(SystemExit) as ended:  # no build: it would wait for the lock
        main()
    assert ended.value.code == 1
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "period", "code"),
    [
        ("没有.yml", PERIOD, "no_such_file"),
        ("草稿.yml", "2018-13", "bad_period"),
        ("草稿.yml", PERIOD, "nothing_received"),
    ],
)
def test_what_cannot_be_tried_is_said(name: str, period: str, code: str, tmp_path: Path) -> None:
    (tmp_path / "草稿.yml").write_text(NEXT_VERSION, encoding="utf-8")
    with pytest.raises(GuatuError) as error:
        try_scheme(Settings(home=tmp_path / "home"), tmp_path / name, period)
    assert error.value.code == code
    assert not (tmp_path / "home").exists()
