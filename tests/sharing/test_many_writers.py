"""Counties submit, share and build at once, some are killed; the province builds, readers look all the time."""

import random
import signal
import time
from datetime import datetime
from pathlib import Path

import pytest
import sharing_office as offices
from hardness.office import watch

from orchestration.intake import ingest, read_ledger, verify_ledger
from orchestration.release import current_edition, list_editions
from orchestration.settings import Settings, get_settings
from orchestration.sharing.gather import gather
from orchestration.sharing.lake import open_lake
from orchestration.sharing.push import push_submissions

COUNTIES = ("411521", "411522", "411523", "411524")
POINTS = ("acknowledge", "commit", "edition", None)
ROUNDS = 2


def test_nothing_is_lost_or_doubled_and_the_province_equals_a_plain_home(
    lake: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = offices.forks()
    homes = {f"{county}000000": tmp_path / county for county in COUNTIES} | {offices.PROVINCE: tmp_path / "own"}
    files = {county: offices.county_files(tmp_path / f"{county}_files", county, COUNTIES) for county in COUNTIES}
    _province_shares_its_divisions(lake, tmp_path, files[COUNTIES[0]])
    watchers = []
    for target, *pause in ((offices.read_on,), (offices.read_on,), (offices.build_on,), (watch, 0.5)):
        ours, theirs = context.Pipe()
        work = (offices.own_settings(), target, lake.home, theirs, *pause)
        process = context.Process(target=offices.in_this_environment, args=work, daemon=True)
        process.start()
        watchers.append((ours, process))

    killed = _all_submit(context, files, tmp_path)
    time.sleep(0.5)
    answers = []
    for ours, process in watchers:
        ours.send("stop")
        answers.append(ours.recv())
        process.join()

    (reads, wrong), (more, also), (built, failed), watched = answers
    assert (wrong, also, failed, watched.errors) == ([], [], [], [])
    assert min(reads, more) > 3 and built >= 1 and killed >= 3
    found = offices.account(lake, homes)
    assert (found.lost, found.doubled) == ([], [])
    assert found.submissions == len(COUNTIES) * (9 + ROUNDS) + 1
    _equals_a_plain_home(lake, tmp_path, files, monkeypatch)


def _province_shares_its_divisions(lake: Settings, tmp_path: Path, files: Path) -> None:
    own = get_settings(tmp_path / "own")
    ingest(own, [files / offices.DIVISIONS], datetime(2018, 7, 1))
    with open_lake(lake) as shared:
        assert push_submissions(own, shared, offices.PROVINCE).submissions == 1


def _all_submit(context, files: dict[str, Path], tmp_path: Path) -> int:
    """Each county in a process of its own, taken up again wherever it was killed; how many were."""
    chance, killed = random.Random(7), 0
    working = {}
    for county, point in zip(COUNTIES, POINTS, strict=True):
        working[county] = _submit(context, files[county], tmp_path / county, county, chance.randrange(99), point)
    time.sleep(chance.uniform(1.0, 2.0))
    working[COUNTIES[-1]].kill()  # at no point in particular
    while working:
        for county, process in list(working.items()):
            process.join(timeout=0.05)
            if process.exitcode is None:
                continue
            if process.exitcode == 0:
                del working[county]
                continue
            assert process.exitcode == -signal.SIGKILL, f"{county} ended with {process.exitcode}"
            killed += 1
            working[county] = _submit(context, files[county], tmp_path / county, county, 0, None)
    return killed


def _submit(context, files: Path, home: Path, county: str, seed: int, point: str | None):
    work = (offices.own_settings(), offices.submit_on, home, files, county, range(ROUNDS), seed, point)
    process = context.Process(target=offices.in_this_environment, args=work)
    process.start()
    return process


def _equals_a_plain_home(
    lake: Settings, tmp_path: Path, files: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One directory that receives the same files in the order they were shared publishes the same, numbers and all."""
    with open_lake(lake) as shared:
        gather(lake, shared)
    offices.publish_month(lake)
    assert verify_ledger(lake) == []
    plain = get_settings(tmp_path / "plain")
    by_name = {path.name: path for folder in files.values() for path in folder.iterdir()}
    monkeypatch.setattr("orchestration.intake.taking.order_files", lambda files, _: files)
    first, *later = read_ledger(lake)
    ingest(plain, [by_name[first.file_name]], first.received_at)
    ingest(plain, [by_name[line.file_name] for line in later], offices.RECEIVED)
    offices.publish_month(plain)
    province, expected = current_edition(lake), current_edition(plain)
    assert province is not None and expected is not None
    assert province.logical_hash == expected.logical_hash
    assert province.tables["fct_household"] == 4 * 7
    assert len(list_editions(lake)) > 1
