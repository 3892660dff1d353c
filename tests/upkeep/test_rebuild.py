"""The lake again from archive and ledger: byte for byte, or nothing is replaced and it is said what differs."""

import shutil
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from orchestration.errors import GuatuError
from orchestration.intake import ingest, read_ledger
from orchestration.intake.lake import lake_file
from orchestration.settings import Settings
from orchestration.upkeep import rebuild as module
from orchestration.upkeep.rebuild import rebuild

FILES = Path(__file__).parents[1] / "golden" / "files"


def lake_of(settings: Settings) -> dict[str, bytes]:
    return {p.relative_to(settings.lake).as_posix(): p.read_bytes() for p in settings.lake.rglob("*.parquet")}


def test_a_lost_lake_comes_back_byte_for_byte(office: Settings, tmp_path: Path) -> None:
    refused = tmp_path / "村情监测表_411521103000_2018-07_错表.csv"
    refused.write_text("甲,乙\n1,2\n", encoding="utf-8")
    partial = tmp_path / "家庭成员台账_411521103000_2018-08.csv"
    rows = (FILES / "家庭成员台账_411521103000_2018-07.csv").read_text(encoding="utf-8").splitlines()
    partial.write_text("\n".join([*rows, rows[1]]) + "\n", encoding="utf-8")
    ingest(office, [refused, partial], datetime(2018, 9, 3, 9))
    outcomes = {line.outcome for line in read_ledger(office)}
    assert outcomes == {"accepted", "partial", "refused", "duplicate"}
    before, receipts = lake_of(office), {p.name for p in office.receipts.iterdir()}
    shutil.rmtree(office.lake)
    shutil.rmtree(office.receipts)
    rebuilt = rebuild(office)
    assert rebuilt.differing == () and rebuilt.rows == sum(line.rows_accepted for line in read_ledger(office))
    assert lake_of(office) == before and {p.name for p in office.receipts.iterdir()} == receipts
    assert not (office.work / "rebuild").exists()


def test_a_file_judged_otherwise_is_named_and_nothing_is_replaced(
    office: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, whole = lake_of(office), module.assess

    def stricter(known, name, raw, sha256, received_at):
        verdict = whole(known, name, raw, sha256, received_at)
        return replace(verdict, rows_rejected=1) if verdict.template == "villages" else verdict

    monkeypatch.setattr(module, "assess", stricter)
    lake_file(office, read_ledger(office)[0]).unlink()
    (told,) = rebuild(office).differing
    assert "村情监测表_411521103000_2018-07.csv" in told and "退回 1 行" in told
    assert lake_of(office).keys() < before.keys(), "the lake is as it was found"


def test_an_archive_that_is_not_whole_is_told_first(office: Settings) -> None:
    (office.archive / read_ledger(office)[0].sha256).unlink()
    with pytest.raises(GuatuError, match=r"不能重建.*不在归档中"):
        rebuild(office)


def test_a_file_refused_for_a_locked_month_is_refused_again(office: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orchestration.intake.locked.locked_months", lambda *_, **__: ["2018-08"])
    source = FILES / "家庭成员台账_411521103000_2018-07.csv"
    copy = office.root.parent / "家庭成员台账_411521103000_2018-08.csv"
    shutil.copy(source, copy)
    (result,) = ingest(office, [copy], datetime(2018, 9, 3, 9))
    assert result.submission.outcome == "refused"
    before = lake_of(office)
    assert rebuild(office).differing == ()
    assert lake_of(office) == before
