"""The goal of the soak fails where something grows, where pages keep silent, and where nobody is told."""

from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from hardness import g14_publisher
from hardness.g14_soak import ALLOWED, Level, level_of


def series(**grows: float) -> list[Level]:
    steady = {"memory": 500.0, "files": 30, "threads": 12, "disk": 100.0}
    return [
        Level(**{name: value + grows.get(name, 0) * at for name, value in steady.items()}) for at in range(60)
    ]  # fmt: skip


def test_what_stays_level_is_level_and_each_leak_is_named() -> None:
    assert level_of(series(), ALLOWED, 1.0)[1] == []
    for leak in ({"memory": 2.0}, {"files": 0.5}, {"threads": 0.5}, {"disk": 0.5}):
        (said,) = level_of(series(**leak), ALLOWED, 1.0)[1]
        assert said.startswith(next(iter(leak)))


def silent(home: Path, real: bool, answer: Connection) -> None:
    """Pages without their word, and a supervisor that tells nobody."""
    import dashboards.parts.publisher as part
    from orchestration import watch

    part.tell_of_stopped_publisher = lambda: None
    watch.Watch._say = lambda self, message: True
    g14_publisher._watched(home, real, answer)


def test_silent_pages_and_a_silent_supervisor_are_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(g14_publisher, "_watched", silent)
    pages, banners, alarms, failures = g14_publisher.stopped_publisher(tmp_path, real=False)
    assert (banners, alarms) == (0, 0)
    assert len(failures) == pages + 1
