"""What one office shares, shares again, and what others gather of it."""

import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from threading import Thread

import pytest
import sharing_office as offices

from orchestration.errors import GuatuError
from orchestration.intake import ingest, read_ledger
from orchestration.release import current_edition
from orchestration.settings import Settings, get_settings
from orchestration.sharing import lake as shared_lake
from orchestration.sharing import push as pushing
from orchestration.sharing.gather import gather
from orchestration.sharing.lake import open_lake
from orchestration.sharing.marts import push_edition
from orchestration.sharing.push import push_submissions
from orchestration.sharing.standing import forget, standings, tidy
from orchestration.upkeep.erase import Whom, erase

COUNTY, OFFICE = "411521", "411521000000"
PERSON = "411521197805120017"


@pytest.fixture
def county(tmp_path: Path, county_taken_in: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A county's own directory with its first files taken in."""
    shutil.copytree(county_taken_in, tmp_path / "county")
    return get_settings(tmp_path / "county")


@pytest.fixture(scope="session")
def county_taken_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("county") / "home"
    ingest(get_settings(home), [offices.FILES], offices.RECEIVED)
    return home


def _push(settings: Settings, office: str = OFFICE) -> pushing.Pushed:
    with open_lake(settings) as shared:
        return push_submissions(settings, shared, office)


def _gather(settings: Settings, snapshot: int | None = None) -> int:
    with open_lake(settings, snapshot) as shared:
        return gather(settings, shared).submissions


def _code(work: Callable[[], object]) -> str:
    with pytest.raises(GuatuError) as raised:
        work()
    return raised.value.code


def test_an_office_shares_its_own_submissions_once(lake: Settings, county: Settings) -> None:
    first = _push(county)
    assert (first.submissions, first.passed_over) == (9, 1)  # the province's divisions are the province's to share
    assert first.rows == 51 - 11
    again = _push(county)
    assert (again.submissions, again.rows, again.passed_over) == (0, 0, 0)
    assert _gather(lake) == 9 and _gather(lake) == 0
    own = [line for line in read_ledger(county) if line.template != "divisions"]
    assert [(line.sha256, line.outcome) for line in read_ledger(lake)] == [(x.sha256, x.outcome) for x in own]
    assert offices.account(lake, {OFFICE: county.root}).doubled == []


def test_two_that_share_one_ledger_at_once_share_every_line_once(lake: Settings, county: Settings) -> None:
    _at_once(lake, county)
    found = offices.account(lake, {OFFICE: county.root})
    assert (found.lost, found.doubled) == ([], [])


def test_a_cursor_that_is_not_moved_with_the_rows_is_noticed(
    lake: Settings, county: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The test above fails where sharing remembers instead of asking."""
    with open_lake(lake) as shared:
        pushing._joined(shared, OFFICE, read_ledger(county), 0)
    monkeypatch.setattr(pushing, "_joined", lambda *_: pushing.Cursor(0, "", 0))
    monkeypatch.setattr(pushing, "cursor_of", lambda *_: pushing.Cursor(0, "", 0))
    monkeypatch.setattr(shared_lake, "CURSOR", "")
    _push(county)
    _push(county)
    assert len(offices.account(lake, {OFFICE: county.root}).doubled) == 9


def _at_once(lake: Settings, county: Settings) -> None:
    """Two directories with the same ledger share it at the same time, as a killed process and its successor may."""
    twin = get_settings(county.root.with_name("twin"))
    shutil.copytree(county.root, twin.root)
    threads = [Thread(target=_push, args=(settings,)) for settings in (county, twin)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_a_turn_that_nobody_ends_holds_nobody_up(
    lake: Settings, county: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(shared_lake.TURN_SECONDS, shared_lake.COMMITS, 0.1)
    with open_lake(lake) as other, other.turn(shared_lake.COMMITS):
        assert _push(county).submissions == 9
    found = offices.account(lake, {OFFICE: county.root})
    assert (found.lost, found.doubled) == ([], [])


def test_one_code_is_one_ledger_and_directories_have_one_use(lake: Settings, county: Settings, tmp_path: Path) -> None:
    assert _code(lambda: _push(county, "411522")) == "share_other_office"
    _push(county)
    other = get_settings(tmp_path / "other")
    ingest(other, [offices.FILES], datetime(2018, 8, 2))
    assert _code(lambda: _push(other)) == "share_other_office"
    assert _code(lambda: _gather(county)) == "not_gathered_home"
    _gather(lake)
    assert _code(lambda: _push(lake)) == "gathered_home"
    assert _code(lambda: ingest(lake, [offices.FILES])) == "gathered_home"
    with open_lake(lake) as shared:
        assert forget(shared, OFFICE) and not forget(shared, OFFICE)
    assert _push(other).submissions == 9
    assert _code(lambda: _gather(lake)) == "other_lake"


def test_what_the_lake_lacks_is_not_shared(lake: Settings, county: Settings) -> None:
    next((county.lake / "households").glob("period=*/*.parquet")).unlink()
    assert _code(lambda: _push(county)) == "share_rows_differ"
    with open_lake(lake) as shared:
        assert offices.inconsistent(shared) == []
        assert shared.rows("select count(*) from shared.lake.households") == [(0,)]


def test_a_catalogue_that_is_away_loses_nothing_and_shows_no_password(
    lake: Settings, county: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = county.shared_lake
    assert address is not None
    away = "postgres:host=127.0.0.1 port=9 dbname=guatu user=guatu password=geheim-7"
    with pytest.raises(GuatuError) as raised:
        _push(county.model_copy(update={"shared_lake": type(address)(away)}))
    assert raised.value.code == "share_away" and "geheim" not in str(raised.value)
    assert raised.value.__cause__ is None and raised.value.__suppress_context__
    assert _push(county).submissions == 9


def test_without_its_parts_sharing_says_what_to_install(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _code(lambda: _push(settings)) == "share_not_set"
    monkeypatch.setenv("GUATU_SHARED_LAKE", "postgres:dbname=none")
    monkeypatch.setattr(shared_lake, "find_spec", lambda _: None)
    assert _code(lambda: _push(get_settings(settings.home))) == "ducklake_missing"


def test_an_edition_takes_the_place_of_the_one_before_it_part_by_part(lake: Settings, county: Settings) -> None:
    def push() -> tuple[int, int]:
        with open_lake(county) as shared:
            pushed = push_edition(county, shared, OFFICE)
            assert offices.inconsistent(shared) == []
        assert pushed is not None
        return pushed.parts, pushed.replaced

    offices.publish_month(county)
    parts, replaced = push()
    assert replaced == parts > 50
    assert push() == (parts, 0)
    ingest(county, [offices.one_more(_copied(county), COUNTY, 7)], offices.RECEIVED)
    offices.publish_month(county)
    assert 1 < push()[1] < 15  # one payment more: who it is about, not the catalogue
    edition = current_edition(county)
    assert edition is not None
    with open_lake(lake) as shared:
        for mart, rows in edition.tables.items():
            assert shared.rows(f'select count(*) from shared.marts."{mart}"') == [(rows,)]


def _copied(county: Settings) -> Path:
    return Path(shutil.copytree(offices.FILES, county.root.with_name("more")))


def test_an_erasure_reaches_whoever_gathered(lake: Settings, county: Settings, tmp_path: Path) -> None:
    _push(county)
    _gather(lake)
    assert _holds(lake.lake, PERSON) and _holds(tmp_path / "shared", PERSON)
    erase(county, Whom("person", PERSON), "周明", "2018-08-05 本人申请", lambda _: True)
    pushed = _push(county)
    assert (pushed.submissions, pushed.replaced) == (0, 1)
    with open_lake(lake) as shared:
        found = gather(lake, shared)
        assert (found.submissions, found.replaced) == (0, 1)
        assert gather(lake, shared).replaced == 0
        assert offices.inconsistent(shared) == []
    assert not _holds(lake.lake, PERSON)
    with open_lake(lake) as shared:
        tidy(shared, 0)
        assert offices.inconsistent(shared) == []
    assert not _holds(tmp_path / "shared", PERSON)
    assert _gather(lake) == 0


def _holds(folder: Path, value: str) -> bool:
    import polars as pl

    files = [path for path in folder.rglob("*.parquet") if "persons" in path.parts]
    return any("id_number" in (f := pl.read_parquet(path)).columns and value in f["id_number"] for path in files)


def test_what_was_known_then_can_be_gathered_again(lake: Settings, county: Settings, tmp_path: Path) -> None:
    _push(county)
    _gather(lake)
    then = lake.ledger.read_bytes()
    with open_lake(lake) as shared:
        snapshot, (standing,) = standings(shared)
    assert (standing.office, standing.through, standing.submissions) == (OFFICE, 10, 9)
    ingest(county, [offices.one_more(_copied(county), COUNTY, 7)], offices.RECEIVED)
    _push(county)
    with open_lake(lake) as shared:
        tidy(shared, 1)  # merging files changes no order
    assert _gather(lake) == 1
    assert lake.ledger.read_bytes().startswith(then)
    again = get_settings(tmp_path / "again")
    with open_lake(again, snapshot) as shared:
        found = gather(again, shared)
    assert (found.submissions, found.snapshot) == (9, snapshot)
    assert again.ledger.read_bytes() == then
    assert _code(lambda: _gather(again, 10_000)) == "no_such_snapshot"
