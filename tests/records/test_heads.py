"""The head beside a chain: lines cut off its end show, in every journal and in the ledger, and nothing is added."""

import json
from pathlib import Path

import pytest

from orchestration.access import audit
from orchestration.errors import GuatuError
from orchestration.intake.ledger import Submission, append, read_ledger, repair, verify_ledger
from orchestration.records import journal
from orchestration.records.chain import encode, link
from orchestration.records.heads import head_path, read_head
from orchestration.settings import Settings, now


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "home" / "decisions.jsonl"
    for name in ("甲", "乙", "丙"):
        journal.append(path, {"person": name})
    return path


def _lines(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines(keepends=True)


@pytest.mark.parametrize("kept", [0, 1, 2])
def test_lines_cut_off_the_end_show_and_nothing_is_added(book: Path, kept: int) -> None:
    cut = b"".join(_lines(book)[:kept])
    book.write_bytes(cut)
    assert journal.broken_at(book) == kept + 1
    with pytest.raises(GuatuError, match="末尾"):
        journal.append(book, {"person": "丁"})
    with pytest.raises(GuatuError, match="末尾"):
        journal.checked_entries(book)
    assert book.read_bytes() == cut


def test_a_journal_taken_away_whole_shows(book: Path) -> None:
    book.unlink()
    assert journal.broken_at(book) == 1
    with pytest.raises(GuatuError, match="末尾"):
        journal.append(book, {"person": "丁"})


def test_an_end_written_anew_with_a_good_chain_shows(book: Path) -> None:
    first, second, _ = (json.loads(line) for line in _lines(book))
    forged = {"entry": 3, "person": "戊"}
    forged["chain"] = link(forged, second["chain"])
    book.write_bytes(encode(first) + encode(second) + encode(forged))
    assert journal.broken_at(book) == 3
    with pytest.raises(GuatuError, match="末尾"):
        journal.append(book, {"person": "丁"})


@pytest.mark.parametrize("head", [b"", b"{", b"[]", b'{"lines": 3}'])
def test_a_head_that_cannot_be_read_fits_nothing(book: Path, head: bytes) -> None:
    head_path(book).write_bytes(head)
    assert journal.broken_at(book) is not None
    with pytest.raises(GuatuError, match="末尾"):
        journal.append(book, {"person": "丁"})


def test_a_head_left_behind_by_a_kill_is_taken_on_by_the_next_line(book: Path) -> None:
    before = head_path(book).read_bytes()
    journal.append_checked(book, lambda _: [{"person": "丁"}, {"person": "戊"}, {"person": "己"}])
    head_path(book).write_bytes(before)  # killed between the lines and the head
    assert journal.broken_at(book) is None
    journal.append(book, {"person": "庚"})
    assert read_head(book).lines == 7 and journal.broken_at(book) is None


def test_a_journal_from_before_there_were_heads_goes_on(book: Path) -> None:
    head_path(book).unlink()
    assert journal.broken_at(book) is None
    journal.append(book, {"person": "丁"})
    assert read_head(book).lines == 4


def test_a_byte_changed_without_changing_the_meaning_shows(book: Path) -> None:
    whole = book.read_bytes()
    for changed in (whole.replace(b'": "', b'":\t"', 1), whole[:-1] + b"x", whole.replace(b"}\n", b"}\r", 1)):
        book.write_bytes(changed)
        assert journal.broken_at(book) is not None


def _ledger(settings: Settings, count: int) -> None:
    taken: list[Submission] = []
    for number in range(1, count + 1):
        submission = Submission(number, "0" * 64, "a.csv", None, None, None, now(), "refused", reason="x")
        taken.append(append(settings, submission, taken))


def test_a_ledger_cut_off_shows_and_takes_nothing_in(settings: Settings) -> None:
    _ledger(settings, 4)
    settings.archive.mkdir()
    settings.ledger.write_bytes(b"".join(_lines(settings.ledger)[:2]))
    assert len(read_ledger(settings)) == 2
    assert any("第 3 行起" in problem for problem in verify_ledger(settings))
    with pytest.raises(GuatuError, match="丢了行"):
        repair(settings)


def test_an_audit_cut_off_is_named_and_lets_nothing_out(settings: Settings) -> None:
    for _ in range(3):
        audit.write(settings, "somebody", "township", "export")
    settings.audit.write_bytes(b"".join(_lines(settings.audit)[:1]))
    assert audit.broken_at(settings) == 2
    with pytest.raises(GuatuError, match="操作记录写不进去"):
        audit.write(settings, "somebody", "township", "export")
