"""What has been kept long enough goes, only where a setting says so, and archive and ledger still fit."""

from datetime import datetime
from pathlib import Path

from orchestration.intake import ingest, read_ledger, verify_ledger
from orchestration.intake.lake import lake_file
from orchestration.records.journal import entries
from orchestration.settings import Settings
from orchestration.upkeep.backup import back_up
from orchestration.upkeep.rebuild import rebuild
from orchestration.upkeep.retention import expire

FILES = Path(__file__).parents[1] / "golden" / "files"
LATER = datetime(2029, 2, 28, 12)


def test_nothing_expires_unless_it_is_set(office: Settings) -> None:
    found = expire(office, "示例经办人", at=LATER)
    assert (found.originals, found.receipts) == ((), ()) and not office.erasures.exists()


def test_old_originals_go_and_young_ones_and_rows_stay(office: Settings, tmp_path: Path) -> None:
    kept = office.model_copy(update={"keep_originals_years": 10, "keep_receipts_years": 3})
    wrong = tmp_path / "家庭成员台账_411521103000_2018-08.csv"
    rows = (FILES / "家庭成员台账_411521103000_2018-07.csv").read_text(encoding="utf-8").splitlines()
    wrong.write_text("\n".join([*rows, rows[1]]) + "\n", encoding="utf-8")
    (taken,) = ingest(kept, [wrong], datetime(2025, 9, 3, 9))
    assert list(kept.receipts.glob(f"{taken.submission.submission_id}_*.xlsx"))
    # the fixture sent the first file again lately: of it the original is young
    lines = read_ledger(kept)
    again = next(line for line in lines if line.outcome == "duplicate")
    old = {line.sha256 for line in lines if line.received_at < datetime(2019, 2, 28)} - {again.sha256}
    listed = expire(kept, "示例经办人", list_only=True, at=LATER)
    assert {path.name for path in listed.originals} == old and all(path.is_file() for path in listed.originals)
    found = expire(kept, "示例经办人", at=LATER)
    assert found == listed and len(found.receipts) == 1
    assert not any(path.exists() for path in (*found.originals, *found.receipts))
    assert (kept.archive / again.sha256).is_file() and (kept.archive / taken.submission.sha256).is_file()
    assert all(lake_file(kept, line).is_file() for line in lines if line.rows_accepted)
    # everything that holds against the archive knows of it
    assert verify_ledger(kept) == [] and entries(kept.erasures)[0]["kind"] == "retention"
    assert back_up(kept, tmp_path / "backups").missing == ()
    assert rebuild(kept).differing == () and verify_ledger(kept) == []
    assert expire(kept, "示例经办人", at=LATER).originals == ()


def test_a_day_that_a_year_does_not_have(office: Settings) -> None:
    kept = office.model_copy(update={"keep_originals_years": 1})
    assert expire(kept, "示例经办人", list_only=True, at=datetime(2028, 2, 29)).originals != ()
