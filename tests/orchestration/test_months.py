"""A build that goes on from a former one says what a whole build says, whatever came in between."""

import json
import re
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from shutil import rmtree

import duckdb
import pytest
from second.cases import make_case
from second.test_second_computation import filled_home

from orchestration.build import build, inputs_folder
from orchestration.kept_months import keep_state, state_folder
from orchestration.months import _first, built_upon, find_former, month_keys, rows_received
from orchestration.plan import Node, Plan, load_plan
from orchestration.release import Edition, next_edition_id, publish
from orchestration.release.editions import database_path
from orchestration.release.publish import _sum_of_hashes, personal_columns
from orchestration.settings import Settings


def published(
    settings: Settings, period: str, as_of: datetime, through: str | None = None, whole: bool = False
) -> Edition:
    """Builds and publishes as a month's run does."""
    edition_id = next_edition_id(settings, period)
    result = build(settings, period, as_of, edition_id, through=through, whole=whole)
    assert result.ok, result.summary
    edition = publish(settings, result.database, period, as_of, edition_id)
    keep_state(settings, result.database.parent, edition)
    return edition


def gone_on_from(settings: Settings) -> str | None:
    """The edition the newest build went on from."""
    newest = max(settings.work.glob("*/build.json"), key=lambda path: path.stat().st_mtime)
    upon = built_upon(newest)
    return upon.edition_id if upon else None


def differing(one: Edition, other: Edition) -> list[str]:
    hashes = {table for table in one.table_hashes if table != "dim_edition"}
    return sorted(table for table in hashes if one.table_hashes[table] != other.table_hashes[table])


def moments(seed: int, count: int) -> list[tuple[str, datetime]]:
    """So many editions of a random county, each a while after the one before; one in three is of an older month."""
    rng, case = Random(seed), make_case(seed)
    times = sorted(filing.received_at for filing in case.filings)
    newest = max(period for period, _ in case.editions)
    months = sorted({filing.period for filing in case.filings if filing.period <= newest})
    chosen = [times[(len(times) - 1) * (step + 1) // count] for step in range(count)]
    return [(newest if rng.random() < 2 / 3 else rng.choice(months), as_of) for as_of in chosen]


@pytest.mark.parametrize("seed", [0, 3, 5])
def test_going_on_from_a_former_build_equals_a_whole_one(seed: int, tmp_path: Path) -> None:
    settings, apart = filled_home(tmp_path / "one", seed), filled_home(tmp_path / "other", seed)
    newest = max(period for period, _ in moments(seed, 5))
    upon = []
    for period, as_of in moments(seed, 5):
        gone_on = published(settings, period, as_of, through=newest)
        upon.append(gone_on_from(settings))
        whole = published(apart, period, as_of, through=newest, whole=True)
        assert differing(gone_on, whole) == [], f"{period} {as_of}"
        assert gone_on.tables.keys() == whole.tables.keys()
    assert any(upon), "no build went on from a former one"


def first_computed(settings: Settings, period: str, as_of: datetime, plan: Plan) -> str | None:
    former = find_former(settings, month_keys(settings, inputs_folder(settings), plan.rules, period, as_of))
    return former.first if former else None


def after(month: str) -> str:
    return f"{datetime.strptime(month, '%Y-%m') + timedelta(days=31):%Y-%m}"


@pytest.mark.parametrize(
    ("reported", "former", "first"),
    [
        (
            {"2018-07": "a", "2018-09": "b"},
            {"2018-07": "a"},
            "2018-08",
        ),  # August is a month, too
        ({"2018-07": "a", "2018-12": "c"}, {"2018-07": "a", "2018-12": "b"}, "2018-08"),
        ({"2018-07": "a", "2020-03": "b"}, {"2018-07": "a", "2020-01": "b"}, "2018-08"),
        ({"2018-12": "a", "2019-03": "b"}, {"2018-12": "a", "2019-02": "x", "2019-03": "b"}, "2019-02"),
        ({"2018-07": "a"}, {"2018-07": "a", "2018-08": "b"}, "2018-08"),  # an older month is built again
        ({"2018-07": "x", "2018-08": "y"}, {"2018-07": "a", "2018-08": "b"}, None),
    ],
)
def test_the_first_month_to_compute(reported: dict[str, str], former: dict[str, str], first: str | None) -> None:
    assert _first(reported, former) == first


def test_only_months_that_may_have_changed_are_computed(tmp_path: Path) -> None:
    settings = filled_home(tmp_path, 0)
    case = make_case(0)
    newest, late = max(case.editions)
    plan = load_plan(settings)
    published(settings, newest, late)
    months = sorted({filing.period for filing in case.filings if filing.period <= newest})
    assert len(months) > 2
    assert first_computed(settings, newest, late, plan) == after(newest), "nothing came in"
    ledger = inputs_folder(settings) / "ledger.jsonl"
    lines = ledger.read_text(encoding="utf-8")
    for before, month in zip([None, *months], months, strict=False):
        late_line = json.loads(lines.splitlines()[-1]) | {"template": "visits", "period": month, "submission_id": 10**6}
        ledger.write_text(f"{lines}{json.dumps(late_line)}\n", encoding="utf-8")
        assert first_computed(settings, newest, late, plan) == (after(before) if before else None)
    ledger.write_text(lines, encoding="utf-8")
    changed = plan.model_copy(update={"rules": "other rules"})
    assert first_computed(settings, newest, late, changed) is None


def test_a_build_of_few_rows_takes_one_thread_and_one_of_many_as_many_as_there_are(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    lines = [
        {"period": "2018-07", "received_at": "2018-08-01T09:00:00", "rows_accepted": 1_500_000},
        {"period": "2018-08", "received_at": "2018-09-01T09:00:00", "rows_accepted": 600_000},
        {"period": "2018-08", "received_at": "2018-09-20T09:00:00", "rows_accepted": 50},
        {"period": None, "received_at": "2018-09-01T09:00:00", "outcome": "refused"},
    ]
    (tmp_path / "ledger.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    middle_of_september = datetime(2018, 9, 15)
    assert rows_received(tmp_path, "", "2018-08", middle_of_september) == 2_100_000
    assert rows_received(tmp_path, "2018-08", "2018-08", middle_of_september) == 600_000
    assert rows_received(tmp_path, "", "2018-07", middle_of_september) == 1_500_000
    assert settings.build_limits(600_000)["threads"] == 1
    assert "threads" not in settings.build_limits(2_100_000)
    assert Settings(home=tmp_path, build_threads=3).build_limits(50)["threads"] == 3


def test_a_refused_file_touches_its_month_and_makes_none(tmp_path: Path) -> None:
    settings = filled_home(tmp_path, 0)
    newest, late = max(make_case(0).editions)
    plan = load_plan(settings)
    published(settings, newest, late)
    ledger = inputs_folder(settings) / "ledger.jsonl"
    lines = ledger.read_text(encoding="utf-8")
    keys = month_keys(settings, ledger.parent, plan.rules, newest, late)
    refused = json.loads(lines.splitlines()[-1]) | {"template": "visits", "outcome": "refused", "submission_id": 10**6}
    between = after(sorted(keys)[0])
    assert between not in keys
    ledger.write_text(f"{lines}{json.dumps(refused | {'period': between})}\n", encoding="utf-8")
    touched = month_keys(settings, ledger.parent, plan.rules, newest, late)
    assert touched.keys() == keys.keys()
    assert [month for month in keys if touched[month] != keys[month]] == sorted(keys)


def test_a_former_build_that_is_gone_costs_a_whole_build_and_nothing_else(tmp_path: Path) -> None:
    settings = filled_home(tmp_path, 0)
    newest, late = max(make_case(0).editions)
    first = published(settings, newest, late)
    folder = state_folder(settings)
    for harm in (rmtree, lambda layer: next(layer.glob("*.parquet")).unlink(), cut_short):
        (layer,) = (path for path in folder.iterdir() if path.is_dir())
        harm(layer)
        assert differing(published(settings, newest, late), first) == []
        assert gone_on_from(settings) is None
    (folder / "state.json").write_text('{"edition_', encoding="utf-8")
    assert differing(published(settings, newest, late), first) == []


def cut_short(layer: Path) -> None:
    """The largest table that is kept loses its middle."""
    largest = max(layer.glob("*.parquet"), key=lambda path: path.stat().st_size)
    content = largest.read_bytes()
    largest.write_bytes(content[: len(content) // 4] + content[len(content) // 2 :])


def test_an_edition_names_itself_and_its_hashes_are_those_of_its_rows(tmp_path: Path) -> None:
    settings = filled_home(tmp_path, 0)
    months = sorted({filing.period for filing in make_case(0).filings})[:3]
    _, late = max(make_case(0).editions)
    for month in months:
        edition = published(settings, month, late)
        path = database_path(settings, edition.edition_id)
        with duckdb.connect(str(path), read_only=True) as connection:
            named = connection.execute("select edition_id, period from dim_edition").fetchall()
            assert named == [(edition.edition_id, month)]
            for table, expected in edition.table_hashes.items():
                assert f"{_sum_of_hashes(connection, f'marts.{table}'):032x}" == expected, f"{month} {table}"
    assert gone_on_from(settings) == f"{months[-2]}_0002"


def test_layers_are_written_as_one_when_they_have_become_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orchestration.kept_months.MOST_LAYERS", 2)
    settings = filled_home(tmp_path, 0)
    months = sorted({filing.period for filing in make_case(0).filings})[:4]
    _, late = max(make_case(0).editions)
    counts = []
    for month in months:
        edition = published(settings, month, late)
        counts.append(sum(path.is_dir() for path in state_folder(settings).glob("*")))
    assert counts == [0, 1, 2, 1], "a month alone leaves none; then one, two, and all of them as one"
    assert differing(edition, published(settings, months[-1], late, whole=True)) == []


def test_what_is_kept_holds_no_column_of_personal_data(tmp_path: Path) -> None:
    settings = filled_home(tmp_path, 0)
    newest, late = max(make_case(0).editions)
    edition = published(settings, newest, late)
    files = [str(path) for path in (state_folder(settings) / edition.edition_id).iterdir()]
    kept = duckdb.execute("select distinct parse_filename(file_name, true), name from parquet_schema($1)", [files])
    named = kept.fetchall()
    columns, tables = {column for _, column in named}, {name.split(".")[1] for name, _ in named}
    assert columns & personal_columns(settings.seeds) == set()
    nodes = {node.unique_id: node for node in load_plan(settings).nodes if node.kind == "model"}
    own = {unique_id for unique_id, node in nodes.items() if node.months == "own"}
    readers = set()
    for unique_id, node in nodes.items():  # parents come first; who reads a view reads what it is made of
        if unique_id in own or not own.intersection(node.parents):
            continue
        if node.is_view:
            own.add(unique_id)
        else:
            readers.add(node.name)
    by_month = tables | {"fct_household", "fct_monitored"}
    assert readers <= by_month, "what is not computed by month cannot read a table that holds the computed months only"


def test_a_month_gone_on_with_is_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = filled_home(tmp_path, 0)
    former, newest = sorted({filing.period for filing in make_case(0).filings})[1:3]
    _, late = max(make_case(0).editions)
    published(settings, former, late)
    rendered = Plan.rendered

    def doubled(plan: Plan, values: dict[str, str]) -> list[Node]:
        return [
            node.model_copy(update={"sql": f"with once as ({node.sql}) from once union all from once"})
            if node.name == "fct_reporting"
            else node
            for node in rendered(plan, values)
        ]

    monkeypatch.setattr(Plan, "rendered", doubled)
    result = build(settings, newest, late, f"{newest}_0002")
    failed = [node.name for node in result.nodes if node.status == "fail"]
    assert failed == ["unique_key_fct_reporting_period__division_code__template"]
    assert first_computed(settings, newest, late, load_plan(settings)) == after(former), "built as a whole"


def test_an_edition_of_the_same_number_and_other_content_is_not_gone_on_from(tmp_path: Path) -> None:
    settings = filled_home(tmp_path, 0)
    newest, late = max(make_case(0).editions)
    published(settings, newest, late)
    record = state_folder(settings) / "state.json"
    record.write_text(re.sub(r'"logical_hash":"\w', '"logical_hash":"z', record.read_text("utf-8")), encoding="utf-8")
    assert first_computed(settings, newest, late, load_plan(settings)) is None


JOIN = r"join {} as (\w+)\s+on (.*?)(?=\n\s*(?:left|inner|full|where|group|\)))"


def reads_other_months(sql: str, relation: str) -> bool:
    """Whether a join of the relation holds its months against anything but the same month."""
    for name, condition in re.findall(JOIN.format(re.escape(relation)), sql, re.DOTALL):
        held = re.findall(rf"\w+\.(\w+) = {name}\.period\b", condition)
        if not held or any(column != "period" for column in held):
            return True
    return False


def test_no_model_reads_other_months_of_what_is_not_kept(settings: Settings) -> None:
    nodes = load_plan(settings).nodes
    own = [node.relation or "" for node in nodes if node.months == "own"]
    assert len(own) > 3
    assert [node.name for node in nodes for relation in own if reads_other_months(node.sql, relation)] == []
    year_ago = f"from a\nleft join {own[0]} as former\n    on a.year_ago_period = former.period\nwhere true"
    assert reads_other_months(year_ago, own[0])
    assert not reads_other_months(year_ago.replace("year_ago_period", "period"), own[0])
