"""From decision to next edition: the real build carries it, the published one stays, and ``diff`` names causes."""

import shutil
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from county_round import AS_OF, PERIOD, publish_edition, signed

from orchestration.intake import ingest
from orchestration.records.appeals import Appeal, lodge, uphold
from orchestration.records.decisions import decide, matching_actions
from orchestration.records.moves import Move
from orchestration.release import diff, list_editions
from orchestration.release.editions import database_path
from orchestration.settings import Settings, get_settings

ROUND = ("lingshan-2018", "round-2018-07", PERIOD)
LAST = "411521103206"

CORRECTION = """区划代码,考核轮次,考核层级,检查日期,综合得分
411521103205,2018-07,省级,2018-07-26,93
"""
NAME = "考核抽查结果_411521103205_2018-07_更正.csv"


@pytest.fixture(scope="module")
def story(round_home: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, bytes, list[Move]]:
    """Edition 1 published; one action confirmed and an appeal upheld, edition 2; a corrected file, edition 3."""
    folder = tmp_path_factory.mktemp("story")
    shutil.copytree(round_home, folder / "home", symlinks=True)
    settings = get_settings(folder / "home")
    first = database_path(settings, f"{PERIOD}_0001").read_bytes()
    for day, step in ((3, "verified"), (4, "confirmed")):
        found, edition_id = matching_actions(settings, *ROUND, "411521103201")
        decide(settings, found, edition_id, step, signed(day))
    about = Appeal(*ROUND, LAST)
    lodge(settings, about, signed(5))
    _, moved = uphold(settings, about, signed(6, "复核后更正"), Decimal(91))
    publish_edition(settings, PERIOD, AS_OF + timedelta(days=10), 2)
    (folder / NAME).write_text(CORRECTION, encoding="utf-8")
    ingest(settings, [folder / NAME], datetime(2018, 9, 15))
    publish_edition(settings, PERIOD, AS_OF + timedelta(days=20), 3)
    return settings, first, moved


def read(settings: Settings, sequence: int, query: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(database_path(settings, f"{PERIOD}_{sequence:04d}")), read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_everyone_moves_as_was_shown(story: tuple[Settings, bytes, list[Move]]) -> None:
    settings, _, moved = story
    ranks = dict(read(settings, 2, "select division_code, rank from marts.fct_ranking"))
    before = dict(read(settings, 1, "select division_code, rank from marts.fct_ranking"))
    assert {code for code in ranks if ranks[code] != before[code]} == {
        m.division_code for m in moved if m.rank_after != m.rank_before
    }
    for move in moved:
        assert ranks[move.division_code] == move.rank_after
        proposed = read(
            settings, 2,
            "select coalesce(sum(amount), 0) from marts.fct_action "
            f"where division_code = '{move.division_code}' and state = 'proposed'",
        )  # fmt: skip
        assert proposed == [(move.money_after,)]


def test_the_next_edition_carries_what_was_decided(story: tuple[Settings, bytes, list[Move]]) -> None:
    settings, _, _ = story
    states = "select distinct state from marts.fct_action where division_code = '411521103201'"
    assert read(settings, 1, states) == [("proposed",)]
    assert read(settings, 2, states) == [("confirmed",)]


def test_a_published_edition_never_changes(story: tuple[Settings, bytes, list[Move]]) -> None:
    settings, first, _ = story
    assert len(list_editions(settings)) == 3
    assert database_path(settings, f"{PERIOD}_0001").read_bytes() == first


def test_the_decision_is_named_as_the_cause(story: tuple[Settings, bytes, list[Move]]) -> None:
    settings, _, moved = story
    difference = diff(settings, f"{PERIOD}_0001", f"{PERIOD}_0002")
    upheld = 8  # after three verified, three confirmed and the lodging
    assert {change.causes for change in difference.ranks.shown} == {(("decision", upheld),)}
    assert {change.key["division_code"] for change in difference.ranks.shown} == {m.division_code for m in moved}
    causes = {(cause.cause, cause.id): cause for cause in difference.causes}
    assert causes["decision", upheld].ranks == len(moved)
    confirmed = [c for c in difference.actions.shown if c.key["division_code"] == "411521103201"]
    assert confirmed and all({kind for kind, _ in c.causes} == {"decision"} for c in confirmed)
    assert not any(cause.cause == "submission" for cause in difference.causes)


def test_the_corrected_file_is_named_as_the_cause(story: tuple[Settings, bytes, list[Move]]) -> None:
    settings, _, _ = story
    difference = diff(settings, f"{PERIOD}_0002", f"{PERIOD}_0003")
    (correction,) = [cause for cause in difference.causes if cause.cause == "submission"]
    assert correction.name == NAME and correction.side == "b"
    assert correction.ranks == difference.ranks.total > 1  # others move with it
    assert correction.actions == difference.actions.total > 0
    assert {change.causes for change in difference.ranks.shown} == {(("submission", correction.id),)}
    backwards = diff(settings, f"{PERIOD}_0003", f"{PERIOD}_0002")
    assert [cause.side for cause in backwards.causes if cause.cause == "submission"] == ["a"]
