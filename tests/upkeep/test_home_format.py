"""Data directories of every form are still opened; of a form to come nothing is touched.

``homes/format-N.tar.xz`` is a directory as a program of that form left it: the seven villages of 2018-07 taken in, an
account, a decision. It is never made again; a new form gets a new one beside it.
"""

import json
import shutil
import tarfile
from datetime import datetime
from pathlib import Path

import pytest

from orchestration.access import accounts
from orchestration.build import build
from orchestration.doctor import examine
from orchestration.errors import GuatuError
from orchestration.intake import ingest, read_ledger
from orchestration.records.decisions import read_decisions
from orchestration.release import current_edition, publish, run_lock
from orchestration.serve import serve
from orchestration.settings import Settings, get_settings
from orchestration.upkeep.backup import back_up
from orchestration.upkeep.home import FORMAT, format_of, require_format

HOMES = Path(__file__).parent / "homes"
FILES = Path(__file__).parents[1] / "golden" / "files"


@pytest.fixture(params=sorted(HOMES.glob("*.tar.xz")), ids=lambda path: path.name)
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    with tarfile.open(request.param) as tar:
        tar.extractall(tmp_path)  # with the permissions it had
    return get_settings(tmp_path / "home")


def test_a_kept_home_is_whole_and_goes_on(kept: Settings, golden_home: Path) -> None:
    assert [f for f in examine(kept) if f.is_problem] == []
    assert set(accounts.accounts(kept)) == {"jia"} and len(read_decisions(kept)) == 1
    # it builds what the same files give in a new directory
    as_of = datetime(2018, 8, 31)
    result = build(kept, "2018-07", as_of, "2018-07_0001")
    assert result.ok, result.summary
    edition = publish(kept, result.database, "2018-07", as_of)
    same = current_edition(get_settings(golden_home))
    assert same is not None and edition.logical_hash == same.logical_hash
    # and the next file goes on in its ledger
    before = len(read_ledger(kept))
    (again,) = ingest(kept, [sorted(FILES.iterdir())[0]])
    assert (again.submission.submission_id, again.submission.outcome) == (before + 1, "duplicate")
    assert format_of(kept) == FORMAT and [f for f in examine(kept) if f.is_problem] == []


def test_a_home_from_before_forms_were_written_down_gets_its_number(kept: Settings) -> None:
    (kept.root / "format.json").unlink()
    assert format_of(kept) is None
    with run_lock(kept):
        assert format_of(kept) == FORMAT


def test_a_newer_home_is_left_alone_and_it_is_said_what_to_do(kept: Settings, tmp_path: Path) -> None:
    (kept.root / "format.json").write_text(json.dumps({"format": FORMAT + 1}), encoding="utf-8")
    before = {path: path.read_bytes() for path in kept.root.rglob("*") if path.is_file()}
    copy = shutil.copy(sorted(FILES.iterdir())[0], tmp_path)
    for use in (
        lambda: ingest(kept, [Path(copy)]),
        lambda: run_lock(kept).__enter__(),
        lambda: serve(kept, print),
        lambda: back_up(kept, tmp_path / "backups"),
    ):
        with pytest.raises(GuatuError, match="请升级程序") as error:
            use()
        assert error.value.code == "home_newer"
    assert {path: path.read_bytes() for path in kept.root.rglob("*") if path.is_file()} == before


def test_a_number_that_cannot_be_read_stops_everything(kept: Settings) -> None:
    (kept.root / "format.json").write_text("{", encoding="utf-8")
    with pytest.raises(GuatuError, match="读不出来"):
        require_format(kept)
