"""Backups: whole whatever is written meanwhile, restored into an empty directory, refused where anything is damaged."""

import json
import random
import shutil
import subprocess
import sys
import tarfile
from datetime import datetime
from pathlib import Path

import pytest

from orchestration.access import accounts
from orchestration.build import build
from orchestration.errors import GuatuError
from orchestration.intake import read_ledger, verify_ledger
from orchestration.records.journal import broken_at, entries
from orchestration.release import current_edition, open_edition, publish
from orchestration.settings import Settings, get_settings
from orchestration.upkeep.backup import MANIFEST, back_up
from orchestration.upkeep.restore import restore

WRITER = """
import sys
from pathlib import Path
from orchestration.intake import ingest
from orchestration.records.journal import append
from orchestration.settings import get_settings
settings = get_settings(Path(sys.argv[1]))
source = Path(sys.argv[2])
text = source.read_text(encoding="utf-8")
for number in range(10_000):
    copy = settings.inbox / source.name
    copy.parent.mkdir(exist_ok=True)
    copy.write_text(text + "\\n" * (number + 1), encoding="utf-8")
    submission = ingest(settings, [copy])[0].submission
    append(settings.audit, {"sees": submission.submission_id})
    print(submission.submission_id, flush=True)
"""


def content(root: Path) -> dict[str, bytes]:
    """Files by name, without locks, scratch, and what is not part of a backup."""
    left_out = {"work", "dagster", "plans", "logs"}
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file()
        and not path.is_symlink()
        and path.relative_to(root).parts[0] not in left_out
        and not path.name.startswith(".")
    }


def test_what_was_backed_up_comes_back_byte_for_byte(office: Settings, tmp_path: Path) -> None:
    (office.inbox / "待接收.csv").parent.mkdir(exist_ok=True)
    (office.inbox / "待接收.csv").write_text("a", encoding="utf-8")
    made = back_up(office, tmp_path / "backups", at=datetime(2026, 1, 2, 3, 4, 5))
    assert made.path.name == "guatu-20260102-030405.tar" and made.missing == ()
    assert made.path.stat().st_mode & 0o777 == 0o600
    empty = get_settings(tmp_path / "empty")
    restored = restore(empty, made.path)
    assert content(empty.root) == content(office.root)
    assert restored.submissions == len(read_ledger(office)) and restored.differing == ()
    assert verify_ledger(empty) == [] and broken_at(empty.decisions) is None
    assert set(accounts.accounts(empty)) == {"jia"}
    assert empty.access_folder.stat().st_mode & 0o777 == 0o700
    with open_edition(empty) as connection:
        assert connection.execute("select count(*) from dim_edition").fetchone() == (1,)


def test_a_restored_home_builds_the_same_edition(office: Settings, tmp_path: Path) -> None:
    before = current_edition(office)
    assert before is not None
    made = back_up(office, tmp_path / "backups", editions=False)
    home = get_settings(tmp_path / "empty")
    restore(home, made.path)
    assert current_edition(home) is None
    result = build(home, before.period, before.as_of, before.edition_id)
    assert result.ok, result.summary
    again = publish(home, result.database, before.period, before.as_of)
    assert again.logical_hash == before.logical_hash and again.table_hashes == before.table_hashes


def test_a_backup_taken_while_others_write_is_one_moment(office: Settings, tmp_path: Path) -> None:
    source = next(path for path in Path("tests/golden/files").resolve().iterdir() if "资金支付" in path.name)
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(office.root), str(source)], stdout=subprocess.PIPE)
    try:
        assert writer.stdout is not None
        for number in range(3):
            writer.stdout.readline()
            made = back_up(office, tmp_path / "backups", at=datetime(2026, 1, 1, 0, 0, number))
            assert made.missing == ()
            home = get_settings(tmp_path / f"copy{number}")
            restore(home, made.path)
            assert verify_ledger(home) == []
            lines = len(read_ledger(home))
            assert lines == made.submissions > 0
            seen = [record.get("sees", 0) for record in entries(home.audit)]
            assert broken_at(home.audit) is None and max(seen) <= lines, "nothing is spoken of that is not there"
        assert writer.poll() is None
    finally:
        writer.kill()
        writer.wait()


@pytest.mark.parametrize("beside", [True, False])
def test_any_damage_is_found_and_named(office: Settings, tmp_path: Path, beside: bool) -> None:
    made = back_up(office, tmp_path / "backups", editions=False)
    sums = made.path.with_name(f"{made.path.name}.sha256")
    if not beside:
        sums.unlink()
    whole = made.path.read_bytes()
    with tarfile.open(made.path) as tar:
        places = [(m.name, m.offset_data, m.size) for m in tar.getmembers() if m.size and m.name != MANIFEST]
    chance = random.Random(5)
    for name, offset, size in chance.sample(places, 12):
        at = offset + chance.randrange(size)
        changed = bytearray(whole)
        changed[at] ^= 1 << chance.randrange(8)
        made.path.write_bytes(changed)
        with pytest.raises(GuatuError, match=r"已损坏.*没有恢复任何内容") as error:
            restore(get_settings(tmp_path / "empty"), made.path)
        assert error.value.code == "backup_damaged" and (beside or name in error.value.message_zh)
        assert not (tmp_path / "empty").exists()
    for cut in (0, 1, len(whole) // 2, len(whole) - 12_000):
        made.path.write_bytes(whole[:cut])
        with pytest.raises(GuatuError, match="已损坏"):
            restore(get_settings(tmp_path / "empty"), made.path)
        assert not (tmp_path / "empty").exists()


def test_it_never_overwrites(office: Settings, tmp_path: Path) -> None:
    made = back_up(office, tmp_path / "backups")
    with pytest.raises(GuatuError, match="不是空的"):
        restore(office, made.path)
    with pytest.raises(GuatuError, match="不能放在数据目录"):
        back_up(office, office.root / "backups")


def test_a_restore_that_was_killed_may_be_done_again(office: Settings, tmp_path: Path) -> None:
    made = back_up(office, tmp_path / "backups")
    home = get_settings(tmp_path / "empty")
    (home.root / ".restoring" / "archive").mkdir(parents=True)
    (home.root / ".restoring" / "archive" / "half").write_bytes(b"x")
    restore(home, made.path)
    assert content(home.root) == content(office.root)


def test_what_is_missing_already_is_named_and_the_rest_is_kept(office: Settings, tmp_path: Path) -> None:
    lost = office.archive / read_ledger(office)[2].sha256
    lost.unlink()
    made = back_up(office, tmp_path / "backups")
    assert made.missing == (f"archive/{lost.name}",)
    assert restore(get_settings(tmp_path / "empty"), made.path).missing == made.missing


def test_settings_that_differ_are_told_and_secrets_stay_out(
    office: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GUATU_NOTIFY", "mailto://nobody:secretword@example.org")
    monkeypatch.setenv("GUATU_OIDC_CLIENT_SECRET", "anothersecret")
    monkeypatch.setenv("GUATU_DUE_DAY", "8")
    made = back_up(get_settings(office.root), tmp_path / "backups")
    assert b"secretword" not in made.path.read_bytes() and b"anothersecret" not in made.path.read_bytes()
    monkeypatch.setenv("GUATU_DUE_DAY", "5")
    assert restore(get_settings(tmp_path / "empty"), made.path).differing == (("due_day", 8, 5),)


def test_a_backup_by_a_newer_program_is_left_alone(office: Settings, tmp_path: Path) -> None:
    made = back_up(office, tmp_path / "backups", editions=False)
    unpacked = tmp_path / "unpacked"
    with tarfile.open(made.path) as tar:
        tar.extractall(unpacked)
        names = tar.getnames()
    manifest = json.loads((unpacked / MANIFEST).read_text(encoding="utf-8")) | {"format": 99}
    (unpacked / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    newer = tmp_path / "newer.tar"
    with tarfile.open(newer, "w") as tar:
        for name in names:
            tar.add(unpacked / name, name)
    with pytest.raises(GuatuError, match="请先升级程序"):
        restore(get_settings(tmp_path / "empty"), newer)


@pytest.mark.skipif(not shutil.which("mount"), reason="a full disk is made with mount")
def test_a_full_disk_leaves_no_half_backup(office: Settings, tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(small)], capture_output=True).returncode:
        pytest.skip("not allowed to mount")
    try:
        with pytest.raises(GuatuError, match=r"备份没有写成.*磁盘空间"):
            back_up(office, small)
        assert list(small.iterdir()) == []
    finally:
        subprocess.run(["umount", str(small)], check=True)
