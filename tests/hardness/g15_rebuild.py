"""Rebuild from archive, ledger and repository alone gives the same logical hashes, in ten minutes at county size."""

import csv
import shutil
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from hardness.goal import Outcome, Size
from hardness.office import FILES
from orchestration.build import build
from orchestration.intake import ingest, read_ledger
from orchestration.intake.id_numbers import check_digit
from orchestration.release import Edition, publish
from orchestration.settings import Settings, get_settings
from orchestration.upkeep.rebuild import rebuild

LABEL = "G15"
COUNTY_HOUSEHOLDS = 15_000
"""Registered households of a county of about 60,000 submitted rows a month."""
SECONDS = 600
KEPT = ("archive", "ledger.jsonl")
PERIOD, RECEIVED, CORRECTED = "2018-07", datetime(2018, 8, 4, 9), datetime(2018, 8, 20, 9)
AS_OF = datetime(2018, 8, 31)
TOWN = "411521103000"
VILLAGES = tuple(f"411521103{number}" for number in range(201, 208))


def run(home: Path, size: Size) -> Outcome:
    """A county's month with a correction and refused files, everything but archive and ledger thrown away."""
    settings = get_settings(home / "county")
    files = home / "files"
    hand_in(settings, files, size.of(COUNTY_HOUSEHOLDS, 200))
    before = edition(settings)
    submissions = read_ledger(settings)
    lost = throw_away(settings)
    started = time.monotonic()
    rebuilt = rebuild(settings)
    after = edition(settings)
    seconds = time.monotonic() - started
    different = [name for name, found in after.table_hashes.items() if found != before.table_hashes[name]]
    same = len(after.table_hashes) - len(different)
    failures = [f"{name} 的逻辑校验值不同" for name in different]
    failures += rebuilt.differing
    if after.logical_hash != before.logical_hash:
        failures.append("版本的逻辑校验值不同")
    if seconds > SECONDS:
        failures.append(f"用了 {seconds:.0f} 秒,多于 {SECONDS} 秒")
    refused = sum(line.outcome == "refused" for line in submissions)
    return Outcome(
        f"{len(submissions)} submissions ({refused} refused), {rebuilt.rows} rows, {lost} files thrown away: "
        f"{same} of {len(after.table_hashes)} marts the same, {seconds:.0f} s",
        tuple(failures),
    )


def hand_in(settings: Settings, folder: Path, households: int) -> None:
    """The month's files, one that is refused, one sent twice, rows that are rejected, and later a correction."""
    folder.mkdir(parents=True)
    for path in FILES.iterdir():
        shutil.copy(path, folder)
    for name, rows in (("农户台账", _households(households)), ("家庭成员台账", _members(households))):
        with (folder / f"{name}_{TOWN}_{PERIOD}.csv").open("a", encoding="utf-8", newline="") as lines:
            csv.writer(lines, lineterminator="\n").writerows(rows)
    (folder / f"村情监测表_{TOWN}_{PERIOD}_错表.csv").write_text("甲,乙\n1,2\n", encoding="utf-8")
    outcomes = [result.submission.outcome for result in ingest(settings, [folder], RECEIVED)]
    payments = folder / f"资金支付台账_{TOWN}_{PERIOD}.csv"
    outcomes += [result.submission.outcome for result in ingest(settings, [payments], RECEIVED)]
    village = folder / f"农户台账_{VILLAGES[0]}_{PERIOD}.csv"
    header = (FILES / f"农户台账_{TOWN}_{PERIOD}.csv").read_text(encoding="utf-8").splitlines()[0]
    with village.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines, lineterminator="\n").writerows([header.split(","), *_households(len(VILLAGES))][:2])
    outcomes += [result.submission.outcome for result in ingest(settings, [village], CORRECTED)]
    if set(outcomes) != {"accepted", "partial", "refused", "duplicate"}:
        raise RuntimeError(f"the files were not judged as they are meant to be: {set(outcomes)}")


def _households(count: int) -> Iterator[list[str]]:
    """Rows under the titles of the golden sheet; every hundredth lies in another township, and is rejected."""
    for number in range(count):
        village = "411521104201" if number % 100 == 99 else VILLAGES[number % len(VILLAGES)]
        row = [village, f"N{number:06d}", f"示例户{number}", _id_number(number, 0), "脱贫户", "3", "2014", "2016"]
        money = [f"{5000 + number % 9000}.{number % 100:02d}", f"{number % 3000}", "0", "1000", "600"]
        yield [*row, *money, "是", "是", "是", "B", "不需要", "0", "0", "0", "0", "0", "0", "是", "是", "", "1", "", ""]


def _members(count: int) -> Iterator[list[str]]:
    for number in range(count):
        for member in range(3):
            who = [f"N{number:06d}", f"N{number:06d}-{member}", f"示例人{number}", _id_number(number, member)]
            rest = [f"{1960 + number % 40}-05-12", "男", "普通劳动力", "非在校生", "是", "无", "省外", ""]
            yield [VILLAGES[number % len(VILLAGES)], *who, *rest]


def _id_number(number: int, member: int) -> str:
    body = f"4115{21 + number // 1000 + 20 * member:02d}{1960 + number % 40}0512{number % 1000:03d}"
    return body + check_digit(body)


def edition(settings: Settings) -> Edition:
    """The month built with every check and published."""
    result = build(settings, PERIOD, AS_OF, f"{PERIOD}_0001")
    if not result.ok:
        raise RuntimeError(result.summary)
    return publish(settings, result.database, PERIOD, AS_OF, result.edition_id)


def throw_away(settings: Settings) -> int:
    """Removes everything but archive and ledger; returns how many files that were."""
    lost = 0
    for path in settings.root.iterdir():
        if path.name in KEPT:
            continue
        lost += sum(inner.is_file() for inner in path.rglob("*")) if path.is_dir() else 1
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    return lost
