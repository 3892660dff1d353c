"""Erasure on request: nothing that identifies is left anywhere, what is counted stays, the chains still hold."""

import csv
from datetime import datetime
from pathlib import Path

import duckdb
import openpyxl
import polars as pl
import pytest

from orchestration.build import build
from orchestration.doctor import examine
from orchestration.errors import GuatuError
from orchestration.intake import ingest, read_ledger, verify_ledger
from orchestration.intake.lake import lake_file
from orchestration.intake.originals import replaced_originals
from orchestration.records.journal import broken_at, entries
from orchestration.release import current_edition, list_editions, publish
from orchestration.settings import Settings
from orchestration.upkeep.erase import GONE, Erased, Whom, erase
from orchestration.upkeep.rebuild import rebuild
from orchestration.upkeep.traces import tells_of

FILES = Path(__file__).parents[1] / "golden" / "files"
HOUSEHOLDS, PERSONS = (f"{name}_411521103000_2018-07.csv" for name in ("农户台账", "家庭成员台账"))
PERSON, NAME = "411521197805120017", "示例人P1"
AS_OF = datetime(2018, 8, 31)


def never(period: str) -> bool:
    raise AssertionError("no edition tells of a person: nothing is to be built")


def again(settings: Settings) -> bool:
    """The month built anew and published, without reports."""
    before = list_editions(settings)
    result = build(settings, "2018-07", AS_OF, f"2018-07_{len(before) + 1:04d}")
    assert result.ok, result.summary
    publish(settings, result.database, "2018-07", AS_OF, result.edition_id)
    return True


def telling(settings: Settings, value: str) -> list[str]:
    """Every file of the installation that has the text in it, whatever its form."""
    found = []
    for path in settings.root.rglob("*"):
        if not path.is_file() or path.is_symlink():
            continue
        if path.suffix == ".parquet":
            frame = pl.read_parquet(path)
            told = any(value in str(cell) for row in frame.rows() for cell in row)
        elif path.suffix == ".duckdb":
            with duckdb.connect(str(path), read_only=True) as connection:
                tables = connection.execute("select schema_name, table_name from duckdb_tables()").fetchall()
                told = any(value in str(connection.execute(f'from {s}."{t}"').fetchall()) for s, t in tables)
        else:
            told = tells_of(path, value)
        if told:
            found.append(path.relative_to(settings.root).as_posix())
    return found


def as_workbook(source: Path, target: Path, note: str | None = None) -> Path:
    """The CSV as a workbook, with a second sheet that says ``note``."""
    workbook = openpyxl.Workbook()
    with source.open(encoding="utf-8", newline="") as lines:
        for row in csv.reader(lines):
            workbook.active.append(row)
    if note:
        workbook.create_sheet("备注")["A1"] = note
    workbook.save(target)
    return target


def counts(settings: Settings) -> dict[str, int]:
    edition = current_edition(settings)
    assert edition is not None
    return {table: rows for table, rows in edition.tables.items() if table != "fct_submission"}


def erase_person(settings: Settings) -> Erased:
    return erase(settings, Whom("person", PERSON), "示例经办人", "2018-09-10 本人申请", never)


def test_a_person_is_gone_everywhere_and_the_counts_stay(office: Settings, tmp_path: Path) -> None:
    workbook = as_workbook(FILES / PERSONS, tmp_path / "家庭成员台账_411521103000_2018-08.xlsx")
    ingest(office, [workbook], datetime(2018, 9, 3, 9))
    before = {line.submission_id: line for line in read_ledger(office)}
    hashes = current_edition(office)
    assert hashes is not None and len(telling(office, PERSON)) >= 4
    erased = erase_person(office)
    assert erased.rows == 2 and len(erased.originals) == 2 and erased.lost == 0 and erased.editions == ()
    assert telling(office, PERSON) == []
    # the ledger is what it was, and everything fits it
    assert {line.submission_id: line for line in read_ledger(office)} == before
    assert verify_ledger(office) == [] and [f for f in examine(office) if f.is_problem] == []
    assert rebuild(office, check_only=True).differing == ()
    # what is counted is what it was
    again(office)
    newest = current_edition(office)
    assert newest is not None and newest.logical_hash == hashes.logical_hash


def test_others_keep_their_names(office: Settings) -> None:
    line = next(line for line in read_ledger(office) if line.file_name == PERSONS)
    before = pl.read_parquet(lake_file(office, line))
    erase_person(office)
    after = pl.read_parquet(lake_file(office, line))
    mine = before["id_number"] == PERSON
    assert after.filter(~mine).equals(before.filter(~mine))
    (row,) = after.filter(mine).to_dicts()
    (was,) = before.filter(mine).to_dicts()
    assert row["name"] == GONE and row["id_number"].startswith("99") and row["id_number"][6:14] == PERSON[6:14]
    assert {k: v for k, v in row.items() if k not in ("name", "id_number")} == {
        k: v for k, v in was.items() if k not in ("name", "id_number")
    }


def test_the_journal_and_the_record_say_that_and_never_whom(office: Settings) -> None:
    erase_person(office)
    (record,) = entries(office.erasures)
    assert record["person"] == "示例经办人" and record["rows"] == 1 and len(record["originals"]) == 1
    assert broken_at(office.erasures) is None and broken_at(office.audit) is None
    assert entries(office.audit)[-1]["what"] == "erasure"
    for path in (office.erasures, office.audit):
        assert not tells_of(path, PERSON) and NAME not in path.read_text(encoding="utf-8")


def test_an_original_that_cannot_be_rewritten_goes_altogether(office: Settings, tmp_path: Path) -> None:
    workbook = as_workbook(FILES / PERSONS, tmp_path / "家庭成员台账_411521103000_2018-08.xlsx", f"{PERSON} 已核对")
    (result,) = ingest(office, [workbook], datetime(2018, 9, 3, 9))
    erased = erase_person(office)
    assert erased.lost == 1 and replaced_originals(office)[result.submission.sha256] is None
    assert telling(office, PERSON) == [] and verify_ledger(office) == []
    assert rebuild(office, check_only=True).differing == (), "its rows are carried over as they are"
    lake_file(office, result.submission).unlink()
    assert "原件已不保存" in "".join(rebuild(office, check_only=True).differing)


def test_a_household_goes_from_editions_and_documents_too(office: Settings) -> None:
    document = office.reports / "2018-07" / "体检.csv"
    document.parent.mkdir(parents=True)
    document.write_text("户编号\nH1\n", encoding="utf-8-sig")
    document.with_suffix(".pdf").write_bytes(b"%PDF packed")
    (document.parent / "别户.csv").write_text("户编号\nH11\n", encoding="utf-8-sig")
    rows = counts(office)
    erased = erase(office, Whom("household", "H1"), "示例经办人", "2018-09-10 申请", lambda _: again(office))
    assert erased.editions == ("2018-07_0001",)
    assert [edition.edition_id for edition in list_editions(office)] == ["2018-07_0002"]
    assert sorted(Path(name).name for name in erased.documents) == ["体检.csv", "体检.pdf"]
    assert [path.name for path in (office.reports / "2018-07").iterdir()] == ["别户.csv"]
    assert counts(office) == rows
    with duckdb.connect(str(office.published / "2018-07_0002.duckdb"), read_only=True) as connection:
        codes = [c for (c,) in connection.execute("select household_id from fct_household").fetchall()]
    assert "H1" not in codes and sum(code.startswith(GONE) for code in codes) == 1
    assert verify_ledger(office) == [] and rebuild(office, check_only=True).differing == ()


def test_where_nothing_can_be_published_the_old_edition_stays_and_it_is_said(office: Settings) -> None:
    with pytest.raises(GuatuError, match=r"2018-07_0001 还在.*guatu run --period 2018-07"):
        erase(office, Whom("household", "H1"), "示例经办人", "2018-09-10 申请", lambda _: False)
    assert len(list_editions(office)) == 1


@pytest.mark.parametrize("stops_at", ["audit.write", "append"])
def test_broken_off_anywhere_it_is_done_by_the_next_try(
    office: Settings, monkeypatch: pytest.MonkeyPatch, stops_at: str
) -> None:
    def stop(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch, pytest.raises(OSError):
        patch.setattr(f"orchestration.upkeep.erase.{stops_at}", stop)
        erase_person(office)
    assert verify_ledger(office) == [], "what is not written down is not taken away"
    erased = erase_person(office)
    assert len(erased.originals) == 1 and telling(office, PERSON) == [] and verify_ledger(office) == []


@pytest.mark.parametrize("value", ["", "示例人", "4115211978"])
def test_what_is_no_number_is_refused(office: Settings, value: str) -> None:
    with pytest.raises(GuatuError, match="证件号码"):
        erase(office, Whom("person", value), "示例经办人", "申请", never)


def test_a_number_nobody_has_changes_nothing(office: Settings) -> None:
    with pytest.raises(GuatuError, match="都没有这个号码"):
        erase(office, Whom("person", "110101199001011234"), "示例经办人", "申请", never)
    assert not office.erasures.exists()


def test_the_same_file_sent_again_leaves_nothing_after_the_next_erasure(office: Settings) -> None:
    source = FILES / PERSONS
    erase_person(office)
    ingest(office, [source])
    assert telling(office, PERSON) != []  # the office sent it again: it is kept until the next request
    with pytest.raises(GuatuError, match="都没有这个号码"):
        erase_person(office)
    assert telling(office, PERSON) == []


def test_the_number_is_read_from_standard_input(office: Settings) -> None:
    from typer.testing import CliRunner

    from orchestration.cli import app

    command = ["erase", "--person", "示例经办人", "--reason", "本人申请", "--home", str(office.root)]
    result = CliRunner().invoke(app, command, input=f"{PERSON}\n")
    assert result.exit_code == 0, result.output
    assert "1 行" in result.output and PERSON not in result.output
    assert telling(office, PERSON) == []
