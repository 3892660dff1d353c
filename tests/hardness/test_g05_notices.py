"""The goal on files notices a reader that accepts too much, loses rows, breaks off, or refuses what is in order."""

from pathlib import Path

import polars as pl
import pytest

from hardness import g05_input
from hardness.g05_office import open_office
from orchestration.intake import rules, taking
from orchestration.intake.cells import Parsed
from orchestration.intake.submit import Verdict


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return open_office(tmp_path_factory.mktemp("input") / "office")


def wrong(office: Path, tmp_path: Path) -> g05_input.Batch:
    return g05_input._batch(tmp_path, office, 7, 30, by_command=False, whole=False)


def test_all_is_well_with_nothing_broken(office: Path, tmp_path: Path) -> None:
    batch = wrong(office, tmp_path)
    assert batch.tally.wrong == ()
    assert (batch.tally.files, batch.tally.wrongly_accepted) == (30, 0)


def test_errors_taken_for_blanks(office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = rules.parse_field

    def lenient(*arguments: object) -> Parsed:
        parsed = plain(*arguments)  # type: ignore[arg-type]
        return Parsed(parsed.values, pl.Series([None] * len(parsed.errors), dtype=pl.String), {}, parsed.exact)

    monkeypatch.setattr(rules, "parse_field", lenient)
    assert wrong(office, tmp_path).tally.wrongly_accepted > 0


def test_keys_twice(office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "_check_keys", lambda table, template: None)
    assert wrong(office, tmp_path).tally.wrongly_accepted > 0


def test_rows_that_are_lost(office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = taking.write_rows
    monkeypatch.setattr(taking, "write_rows", lambda s, sub, template, rows: write(s, sub, template, rows.head(3)))
    assert any("in the lake" in text for text in wrong(office, tmp_path).tally.wrong)


def test_an_exception_and_a_file_refused_without_need(
    office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> Verdict:
        return Verdict(None, None, None, "refused", reason="没有理由")

    monkeypatch.setattr(taking, "assess", refuse)
    assert any("refused without need" in text for text in wrong(office, tmp_path).tally.wrong)
    monkeypatch.setattr(taking, "assess", lambda *_: 1 / 0)
    assert any("ZeroDivisionError" in text for text in wrong(office, tmp_path).tally.wrong)


def test_figures_beyond_their_bounds() -> None:
    slow = g05_input.Batch(g05_input.Tally(files=60), slowest=999, parent_mb=9000, child_mb=9000)
    outcome = g05_input._outcome([slow], 60)
    assert any("999 s" in failure for failure in outcome.failures)
    assert any("memory" in failure for failure in outcome.failures)
    assert g05_input._outcome([slow], 61).failures[0].startswith("60 of 61")
