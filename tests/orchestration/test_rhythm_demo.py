"""The rhythm over the demonstration: the quarter's bulletin is written, told of, and written no second time."""

from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest
from hardness.receiver import listening
from pydantic import SecretStr

from orchestration.records.reviews import provisional_in
from orchestration.reports import make_reports
from orchestration.rhythm.done import all_done
from orchestration.rhythm.keep import keep
from orchestration.settings import Settings, get_settings

WANTED = "520500000000_bijie-2022_季度通报"


@pytest.fixture
def lived_in(demo_home: Path, tmp_path: Path) -> Settings:
    """An installation with the demonstration's data and editions and a rhythm of its own."""
    home = tmp_path / "home"
    home.mkdir()
    for name in ("ledger.jsonl", "lake", "archive", "published"):
        (home / name).symlink_to(demo_home / name)
    return get_settings(home)


def test_quarter_is_written_from_the_edition_and_told(lived_in: Settings, tmp_path: Path) -> None:
    with listening() as receiver:
        told = lived_in.model_copy(update={"notify": SecretStr(receiver.url())})
        first = keep(told, date(2022, 6, 30))
        assert first.problems == [] and first.waiting == []
        again = keep(told, date(2022, 6, 30))
    assert again.done == []
    (made,) = [each for each in all_done(told) if each.what == "make"]
    assert sorted(made.files) == [f"2022-06/{WANTED}_2022-Q2.docx", f"2022-06/{WANTED}_2022-Q2.pdf"]
    by_hand = make_reports(
        told.published / f"{made.edition}.duckdb",
        "2022-06",
        tmp_path / "hand",
        scheme="bijie-2022",
        kinds=["quarterly"],
        is_provisional=provisional_in(told, made.edition, "2022-06"),
    )
    assert {sha256(path.read_bytes()).hexdigest() for path in by_hand} == set(made.files.values())
    for name, digest in made.files.items():
        assert sha256((told.reports / name).read_bytes()).hexdigest() == digest
    (notice,) = [each for each in receiver.taken if "季通报" in each["title"]]
    assert f"reports/2022-06/{WANTED}_2022-Q2.pdf" in notice["message"] and made.edition in notice["message"]
    reminded = [each["title"] for each in receiver.taken if "到期" in each["title"]]
    assert any("2022-07" in title for title in reminded) and len(reminded) == len(receiver.taken) - 1
