"""The goal of equal content fails where a build takes its moment from the machine's own time zone."""

from pathlib import Path

import pytest

from hardness import g10_same
from hardness.goal import Size

LOCAL = (
    "import sys; from datetime import datetime; from hardness import g10_same as g; "
    "g.AS_OF = datetime.fromtimestamp(1657040400); g.one(*sys.argv[1:])"
)


def test_a_local_time_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(g10_same, "CHILD", LOCAL)
    outcome = g10_same.run(tmp_path, Size(0.02, seed=1))
    assert len(outcome.failures) == 1 and "dim_edition" in outcome.failures[0], outcome
