"""Generated homes are homes like any other, the same for a seed, and the benchmark's own checks can fail."""

from datetime import datetime
from pathlib import Path

import duckdb
import polars as pl
import pytest

from benchmarks import divisions, generate
from benchmarks.divisions import SYNTHESISED
from benchmarks.floors import MARTS, differences, month_statements, scan
from benchmarks.generate import correct_village, make_home, periods_until
from benchmarks.scales import LAST_PERIOD, SCALES
from benchmarks.table import Row, over_budget, write_between
from benchmarks.work import Cost
from orchestration.build import build
from orchestration.catalogue.lint import lint_files
from orchestration.catalogue.templates import load_templates
from orchestration.intake.ledger import read_ledger, repair
from orchestration.settings import PROJECT_ROOT, Settings

COUNTY = SCALES["county"]
HOUSEHOLDS = 2000


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The divisions shipped with the product; nothing is fetched."""
    path = tmp_path_factory.mktemp("tree") / "divisions.parquet"
    query = SYNTHESISED.format(reference=PROJECT_ROOT / "seeds" / "reference", prefectures=2)
    return divisions._write(path, query)


@pytest.fixture(scope="module", autouse=True)
def _offline(tree: Path) -> object:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(generate, "division_tree", lambda: (tree, "随附"))
        yield


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return make_home(COUNTY, tmp_path_factory.mktemp("bench") / "home", households=HOUSEHOLDS)


def test_a_home_holds_every_template_in_the_lakes_own_columns(home: Settings) -> None:
    templates = load_templates(home.seeds)
    assert {line.template for line in repair(home)} == set(templates)
    for name, template in templates.items():
        (path,) = (home.lake / name / f"period={LAST_PERIOD}").glob("*.parquet")
        assert pl.read_parquet_schema(path) == pl.Schema(template.lake_schema())


def test_rows_stand_in_the_order_of_villages_and_households(home: Settings) -> None:
    for name, key in (("households", "household_id"), ("persons", "person_id")):
        frame = pl.read_parquet(home.lake / name / f"period={LAST_PERIOD}" / "*.parquet")
        assert frame[key].is_sorted() and frame["row_number"].is_unique().all() and frame[key].is_unique().all()


def test_one_seed_gives_one_home(home: Settings, tmp_path: Path) -> None:
    again = make_home(COUNTY, tmp_path / "again", households=HOUSEHOLDS)
    other = make_home(COUNTY, tmp_path / "other", seed=7, households=HOUSEHOLDS)
    path = f"persons/period={LAST_PERIOD}/*.parquet"
    assert pl.read_parquet(again.lake / path).equals(pl.read_parquet(home.lake / path))
    assert not pl.read_parquet(other.lake / path).equals(pl.read_parquet(home.lake / path))
    assert [line.chain for line in read_ledger(again)] == [line.chain for line in read_ledger(home)]


def test_the_schemes_written_for_it_are_valid(home: Settings) -> None:
    path = home.seeds / "schemes" / "bench-411521.yml"
    assert [finding for finding in lint_files([path], home.seeds) if finding.severity == "error"] == []


def test_months_follow_each_other_and_standing_files_come_once(tmp_path: Path) -> None:
    assert periods_until("2022-02", 3) == ["2021-12", "2022-01", "2022-02"]
    settings = make_home(COUNTY, tmp_path / "home", months=7, households=1000)
    months = {}
    for line in read_ledger(settings):
        months.setdefault(line.template, []).append(line.period)
    assert months["households"] == periods_until(LAST_PERIOD, 7)
    assert months["divisions"] == ["2021-12"] and months["task_targets"] == ["2021-12", "2022-01"]


def test_the_hand_written_month_equals_the_product_and_a_changed_cell_shows(home: Settings, tmp_path: Path) -> None:
    result = build(home, LAST_PERIOD, datetime(2100, 1, 1), f"{LAST_PERIOD}_0001")
    assert result.ok, result.summary
    floor = tmp_path / "floor.duckdb"
    with duckdb.connect(str(floor)) as connection:
        assert scan(connection, home, LAST_PERIOD) > HOUSEHOLDS
        for statement in month_statements(home, COUNTY, LAST_PERIOD):
            connection.execute(statement)
    assert differences(floor, result.database) == []
    with duckdb.connect(str(floor)) as connection:
        assert all(connection.execute(f"select count(*) from {mart}").fetchone()[0] for mart in MARTS)
        newest = "(select max(household_id) from fct_household where has_labour)"
        connection.execute(f"update fct_household set has_labour = false where household_id = {newest}")
    assert [difference.mart for difference in differences(floor, result.database)] == ["fct_household"]


def test_a_correction_is_one_villages_later_submission(tmp_path: Path) -> None:
    settings = make_home(COUNTY, tmp_path / "home", households=1000)
    before = read_ledger(settings)
    line = correct_village(COUNTY, settings, LAST_PERIOD)
    assert repair(settings)[:-1] == before
    assert line.scope_code.startswith("411521") and line.received_at > max(old.received_at for old in before)
    rows = pl.read_parquet(settings.lake / "households" / f"period={LAST_PERIOD}" / f"{line.submission_id}.parquet")
    assert set(rows["village_code"]) == {line.scope_code} and rows.height == line.rows_accepted > 0


def test_counted_work_past_a_quarter_more_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = [{"scale": "county", "months": "1", "rows_scanned": "1000", "models": "100"}]
    monkeypatch.setattr("benchmarks.table.history", lambda scale, months: kept)
    assert over_budget("county", 1, Cost(rows_scanned=1250, models=100)) == []
    assert over_budget("county", 1, Cost(rows_scanned=1251, models=126)) == [
        "rows_scanned:1251,上次 1000",
        "models:126,上次 100",
    ]


def test_a_row_past_its_goal_says_so(tmp_path: Path) -> None:
    assert Row("甲", "乙", 2.6, 2.0, 1.25).cells()[-2:] == ("1.30", "否")
    assert Row("甲", "乙", 2.5, 2.0, 1.25).ok
    path = tmp_path / "doc.md"
    path.write_text("前\n<!-- a -->\n旧\n<!-- /a -->\n后\n", encoding="utf-8")
    write_between(path, "a", "新")
    assert path.read_text(encoding="utf-8") == "前\n<!-- a -->\n新\n<!-- /a -->\n后\n"
