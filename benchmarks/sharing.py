"""What sharing costs: ``python -m benchmarks.sharing``, with GUATU_SHARED_LAKE naming an empty PostgreSQL database.

Counties of one size share a month at once, one, two, four and eight of them, each in a process of its own; then a
province gathers all. CPU is that of guatu's processes; what PostgreSQL itself takes is not in it.
"""

import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from time import perf_counter

from benchmarks.divisions import CACHE
from benchmarks.scales import LAST_PERIOD, SCALES
from orchestration.build import build
from orchestration.intake.ledger import append, read_ledger
from orchestration.release import publish
from orchestration.settings import Settings, get_settings

WRITERS = (1, 2, 4, 8)


def main(arguments: list[str]) -> None:
    if arguments:
        work, home = arguments
        print(json.dumps(_counted(WORK[work], get_settings(Path(home)))))
        return
    from orchestration.sharing.lake import create

    with tempfile.TemporaryDirectory(prefix="guatu-sharing-") as folder:
        province = get_settings(Path(folder) / "province")
        create(province, f"{folder}/shared")
        first = 411600
        for writers in WRITERS:
            homes = [_county(Path(folder) / str(first + number), first + number) for number in range(writers)]
            first += writers
            for work in ("push", "edition"):
                _tell(f"{work} × {writers}", _at_once(work, homes))
            for home in homes:
                shutil.rmtree(home)
        _tell("gather", _at_once("gather", [province.root]))
        files = [path for path in (Path(folder) / "shared").rglob("*") if path.is_file()]
        print(f"数据文件 {len(files)} 个,{sum(path.stat().st_size for path in files) / 2**20:.1f} MB")


def push(settings: Settings) -> dict[str, float]:
    """Shares every submission of a county's home."""
    from orchestration.sharing.lake import open_lake
    from orchestration.sharing.push import push_submissions

    with open_lake(settings) as shared:
        pushed = push_submissions(settings, shared, f"{settings.root.name}000000")
    return {"submissions": pushed.submissions, "rows": pushed.rows}


def edition(settings: Settings) -> dict[str, float]:
    """Shares a county's edition."""
    from orchestration.sharing.lake import open_lake
    from orchestration.sharing.marts import push_edition

    with open_lake(settings) as shared:
        found = push_edition(settings, shared, f"{settings.root.name}000000")
    return {"parts": found.parts if found else 0}


def gather(settings: Settings) -> dict[str, float]:
    """Gathers everything shared into an empty home."""
    from orchestration.sharing.gather import gather as take_over
    from orchestration.sharing.lake import open_lake

    with open_lake(settings) as shared:
        found = take_over(settings, shared)
    return {"submissions": found.submissions, "rows": found.rows}


WORK: dict[str, Callable[[Settings], dict[str, float]]] = {"push": push, "edition": edition, "gather": gather}


def _counted(work: Callable[[Settings], dict[str, float]], settings: Settings) -> dict[str, float]:
    """The work's own answer with its CPU, the process's own start left out, and the process's peak memory."""
    before = resource.getrusage(resource.RUSAGE_SELF)
    found = work(settings)
    used = resource.getrusage(resource.RUSAGE_SELF)
    cpu = used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime
    peak = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text(encoding="utf-8"))
    return found | {"cpu": cpu, "peak_mb": int(peak[1]) / 1024 if peak else 0}


def _county(home: Path, code: int) -> Path:
    """The benchmark's county under another code, its month built and published once for all of them."""
    built = CACHE / "county-1"
    if not (built / "ledger.jsonl").exists():
        sys.exit("先运行 make bench SCALE=county BENCH=--counted")
    plain = Settings(home=built, seeds=built / "seeds", cache=CACHE / "plans")
    shared = home.with_name("published")
    if not shared.exists():
        scratch = plain.model_copy(update={"home": home.with_name("built")})
        shutil.copytree(built / "lake", scratch.lake)
        shutil.copy(built / "ledger.jsonl", scratch.ledger)
        at = datetime(2100, 1, 1)
        result = build(scratch, LAST_PERIOD, at, f"{LAST_PERIOD}_0001")
        publish(scratch, result.database, LAST_PERIOD, at, result.edition_id)
        shutil.move(scratch.published, shared)
        shutil.rmtree(scratch.root)
    settings = get_settings(home)
    shutil.copytree(built / "lake", settings.lake)
    shutil.copytree(shared, settings.published, symlinks=True)
    lines = []
    for line in read_ledger(plain):
        scope = str(line.scope_code).replace(SCALES["county"].root, str(code))
        lines.append(append(settings, replace(line, scope_code=scope), lines))
    return home


def _at_once(work: str, homes: list[Path]) -> list[dict[str, float]]:
    """The work in a process for each home, all at the same time."""
    begun = perf_counter()
    command = [sys.executable, "-m", "benchmarks.sharing", work]
    running = [subprocess.Popen([*command, str(home)], stdout=subprocess.PIPE, text=True) for home in homes]
    answers = []
    for process in running:
        said, _ = process.communicate()
        if process.returncode:
            sys.exit(f"{work} 没有成功")
        answers.append(json.loads(said.splitlines()[-1]))
    return [answer | {"wall": perf_counter() - begun} for answer in answers]


def _tell(title: str, answers: list[dict[str, float]]) -> None:
    total = {key: sum(answer[key] for answer in answers) for key in answers[0] if key not in ("wall", "peak_mb")}
    wall, peak = max(answer["wall"] for answer in answers), max(answer["peak_mb"] for answer in answers)
    print(
        title, json.dumps({key: round(value, 2) for key, value in total.items()}), f"{wall:.1f} 秒,峰值 {peak:.0f} MB"
    )


if __name__ == "__main__":
    os.environ.setdefault("GUATU_CACHE", str(CACHE / "plans"))
    main(sys.argv[1:])
