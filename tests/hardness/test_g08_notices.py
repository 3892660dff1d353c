"""G8 notices: an edition damaged after publishing, and a publisher that publishes nothing."""

from pathlib import Path

import pytest

from hardness import g08_viewers
from hardness.goal import Size
from orchestration.release import Edition, publish
from orchestration.settings import Settings

SMALL = Size(0.02, seed=1)


def test_a_damaged_edition_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def torn(settings: Settings, *given: object) -> Edition:
        edition = publish(settings, *given)
        path = settings.published / f"{edition.edition_id}.duckdb"
        path.chmod(0o644)
        path.write_bytes(path.read_bytes()[:1000])
        return edition

    monkeypatch.setattr(g08_viewers, "publish", torn)
    assert any("无法读取" in failure for failure in g08_viewers.run(tmp_path, SMALL).failures)


def test_a_publisher_that_stands_still_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(g08_viewers, "publish", lambda *_: None)
    assert any("nobody saw a new edition" in failure for failure in g08_viewers.run(tmp_path, SMALL).failures)
