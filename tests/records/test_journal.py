"""The journal's safety: every change of a byte shows, a kill leaves nothing or all, and nothing is built on damage."""

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from orchestration.errors import GuatuError
from orchestration.records.journal import append, append_checked, broken_at, entries

WRITE = "from orchestration.records.journal import append; from pathlib import Path; import sys; [append(Path(sys.argv[1]), {'who': sys.argv[2], 'n': n}) for n in range(25)]"  # noqa: E501


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    path = tmp_path / "home" / "decisions.jsonl"
    for name in ("甲", "乙", "丙"):
        append(path, {"person": name, "reason": "核实无误"})
    return path


def test_entries_are_numbered_and_chained(journal: Path) -> None:
    records = entries(journal)
    assert [(r["entry"], r["person"]) for r in records] == [(1, "甲"), (2, "乙"), (3, "丙")]
    assert [list(r) for r in records] == [["entry", "person", "reason", "chain"]] * 3
    assert len({r["chain"] for r in records}) == 3
    assert broken_at(journal) is None


def test_a_journal_that_is_not_there_is_empty(tmp_path: Path) -> None:
    assert (entries(tmp_path / "no.jsonl"), broken_at(tmp_path / "no.jsonl")) == ([], None)


def test_every_flipped_byte_shows(journal: Path) -> None:
    whole = journal.read_bytes()
    ends = [at for at, byte in enumerate(whole) if byte == 10]
    chance = random.Random(7)
    # the last byte is the last line feed, which is restored by itself
    for position in chance.sample(range(len(whole) - 1), 80):
        flipped = bytearray(whole)
        flipped[position] ^= 1 << chance.randrange(8)
        journal.write_bytes(bytes(flipped))
        line = 1 + sum(end < position for end in ends)
        assert broken_at(journal) == line, position


def test_a_line_taken_out_shows(journal: Path) -> None:
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(lines[0] + lines[2])
    assert broken_at(journal) == 2
    with pytest.raises(GuatuError, match="校验链"):
        append(journal, {"person": "丁"})
    assert journal.read_bytes() == lines[0] + lines[2]


def test_a_forged_first_line_is_no_start(journal: Path) -> None:
    lines = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(lines[1])
    assert broken_at(journal) == 1
    with pytest.raises(GuatuError, match="校验链"):
        append(journal, {"person": "丁"})


@pytest.mark.parametrize("torn", [b'{"entry": 4, "per', b"{", b"\xe6\x8c"])
def test_a_torn_line_is_left_out_and_dropped_on_the_next_append(journal: Path, torn: bytes) -> None:
    whole = journal.read_bytes()
    journal.write_bytes(whole + torn)
    assert len(entries(journal)) == 3
    assert broken_at(journal) == 4
    assert append(journal, {"person": "丁"})["entry"] == 4
    assert broken_at(journal) is None
    assert journal.read_bytes().startswith(whole)


def test_a_line_that_lost_only_its_end_is_kept(journal: Path) -> None:
    journal.write_bytes(journal.read_bytes()[:-1])
    assert len(entries(journal)) == 3
    assert append(journal, {"person": "丁"})["entry"] == 4
    assert [r["person"] for r in entries(journal)] == ["甲", "乙", "丙", "丁"]
    assert broken_at(journal) is None


def test_an_unreadable_line_is_named_and_nothing_is_built_on_it(journal: Path) -> None:
    journal.write_bytes(journal.read_bytes() + b"5\n")
    assert broken_at(journal) == 4
    with pytest.raises(GuatuError, match="读不出来"):
        entries(journal)
    with pytest.raises(GuatuError, match="读不出来"):
        append(journal, {"person": "丁"})


def test_long_records_are_found_from_the_end(journal: Path) -> None:
    for _ in range(4):
        append(journal, {"reason": "长" * 60_000})
    assert broken_at(journal) is None
    assert [r["entry"] for r in entries(journal)] == list(range(1, 8))


def test_several_records_go_in_together_or_not_at_all(journal: Path) -> None:
    def refuse(records: list[dict[str, object]]) -> list[dict[str, object]]:
        raise GuatuError("no", f"已有 {len(records)} 条", "no")

    whole = journal.read_bytes()
    with pytest.raises(GuatuError, match="已有 3 条"):
        append_checked(journal, refuse)
    assert journal.read_bytes() == whole
    written = append_checked(journal, lambda records: [{"after": len(records)}, {"after": len(records)}])
    assert [r["entry"] for r in written] == [4, 5]
    assert broken_at(journal) is None


def test_two_processes_write_one_chain(journal: Path) -> None:
    writers = [subprocess.Popen([sys.executable, "-c", WRITE, str(journal), who]) for who in ("a", "b")]
    assert [writer.wait() for writer in writers] == [0, 0]
    assert len(entries(journal)) == 53
    assert broken_at(journal) is None


def test_a_record_is_readable_json_in_chinese(journal: Path) -> None:
    assert json.loads(journal.read_text("utf-8").splitlines()[0])["person"] == "甲"
    assert "核实无误" in journal.read_text("utf-8")
