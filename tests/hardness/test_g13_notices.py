"""The campaign on the rhythm notices a memory that is lost, a step left out, a document that is not the journal's."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from hardness import g13_daemon, g13_rhythm, rhythm_office
from hardness.g13_rhythm import wrongs
from hardness.goal import Size
from hardness.rhythm_office import FIRST_DAY, Told
from orchestration.rhythm import keep
from orchestration.rhythm.done import all_done
from orchestration.rhythm.files import Made
from orchestration.settings import Settings

END = date(2021, 3, 1)


def forgetful(*given: object) -> None:
    """A daemon that does not look at what was done."""
    keep.all_done = lambda _settings: []
    g13_daemon.work(*given)


def test_daemons_without_memory_are_noticed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(g13_rhythm, "work", forgetful)
    monkeypatch.setattr(g13_rhythm, "KILL", 0.0)
    outcome = g13_rhythm.run(tmp_path, Size(0.02, seed=1))
    assert any("came again" in failure for failure in outcome.failures), outcome.figures


@pytest.fixture
def lived(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Settings, Told]:
    """Two months without a fault, in this process, with a file for each report."""
    settings = rhythm_office.office(tmp_path)
    divisions, units = rhythm_office.divisions(settings), rhythm_office.support_units(settings)
    monkeypatch.setattr("orchestration.rhythm.owing.divisions_on", lambda _settings, _day: divisions)
    monkeypatch.setattr("orchestration.rhythm.owing.support_units_of", lambda _settings: units)
    told = Told()

    def write(_settings: Settings, step: object, *_others: object) -> Made:
        (settings.reports).mkdir(parents=True, exist_ok=True)
        name = f"{step.scheme}_{step.cadence}_{step.occurrence}.pdf"
        (settings.reports / name).write_text("x", encoding="utf-8")
        return Made({name: "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"}, "2021-01_0001")

    for day in (FIRST_DAY, date(2021, 1, 20), date(2021, 2, 10), END):
        keep.keep(settings, day, write, told)
    return settings, told


def _wrongs(settings: Settings, told: Told, drop: str = "") -> list[str]:
    numbers = Counter(message.message_id for message in told.messages)
    done = [each for each in all_done(settings) if not drop or drop not in each.key]
    return wrongs(settings, done, numbers, FIRST_DAY, END, kills=0, marked=0)


def test_each_fault_is_named(lived: tuple[Settings, Told]) -> None:
    settings, told = lived
    assert _wrongs(settings, told) == []
    assert any("never done" in wrong for wrong in _wrongs(settings, told, drop="each_month"))
    told.messages.append(told.messages[0])
    assert any("came again" in wrong for wrong in _wrongs(settings, told))
    del told.messages[0], told.messages[-1]
    assert any("never came" in wrong for wrong in _wrongs(settings, told))
    next(settings.reports.iterdir()).write_text("y", encoding="utf-8")
    assert any("are not the" in wrong for wrong in _wrongs(settings, told))
