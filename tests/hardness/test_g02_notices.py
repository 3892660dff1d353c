"""The campaign on Dagster notices a file taken in twice or not at all, a run left behind, an edition that is behind."""

from hashlib import sha256
from pathlib import Path

import pytest
from dagster import DagsterRun, DagsterRunStatus

from hardness import office
from hardness.g02_dagster import wrongs
from orchestration.settings import Settings


@pytest.fixture
def lived(tmp_path: Path) -> tuple[Settings, dict[str, str]]:
    """One month without a fault, and what was handed in."""
    settings = office.opened(tmp_path)
    handed_in = {path.name: sha256(path.read_bytes()).hexdigest() for path in settings.inbox.iterdir()}
    office.month(settings)
    return settings, handed_in


def test_each_fault_is_named(lived: tuple[Settings, dict[str, str]]) -> None:
    settings, handed_in = lived
    over = [DagsterRun("month", status=DagsterRunStatus.FAILURE), DagsterRun("month", status=DagsterRunStatus.SUCCESS)]
    assert wrongs(settings, handed_in, over) == []
    for status in (DagsterRunStatus.STARTED, DagsterRunStatus.NOT_STARTED):
        assert wrongs(settings, handed_in, [DagsterRun("month", status=status)]) == [f"1 runs stuck as {status.value}"]
    lost = handed_in | {"never.csv": "0" * 64}
    assert any("taken in 0 times" in wrong for wrong in wrongs(settings, lost, over))
    lines = settings.ledger.read_bytes().splitlines(keepends=True)
    settings.ledger.write_bytes(b"".join([*lines, lines[-1]]))
    found = wrongs(settings, handed_in, over)
    assert any("taken in 2 times" in wrong for wrong in found) and any(
        "edition served knows" in wrong for wrong in found
    )
    office.hand_in(settings, 1)
    assert any("left in the inbox" in wrong for wrong in wrongs(settings, handed_in, over))
