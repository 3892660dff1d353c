"""What a run says: work, what it is held against, goal, measured, ratio; its history, and the budget kept by it."""

import csv
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.chart import draw
from benchmarks.work import Cost
from orchestration.settings import PROJECT_ROOT

HISTORY = PROJECT_ROOT / "benchmarks" / "history.csv"
DOCUMENT = PROJECT_ROOT / "docs" / "performance.md"
PICTURE = PROJECT_ROOT / "docs" / "images" / "performance.svg"
COUNTED = ("rows_scanned", "models")
"""What does not depend on the machine or on who else uses it: the only work a budget is kept for."""
SLACK = 1.25
COLUMNS = ("commit", "scale", "months", "cpu", "floor_cpu", "rows_scanned", "bytes_read", "models", "peak_mb")


@dataclass(frozen=True)
class Row:
    """One line: ``measured`` and ``against`` in CPU seconds (or MB); ``goal`` None where none is set."""

    work: str
    held_against: str
    measured: float
    against: float
    goal: float | None
    unit: str = "秒 CPU"

    @property
    def ratio(self) -> float:
        return self.measured / self.against if self.against else float("nan")

    @property
    def ok(self) -> bool | None:
        return None if self.goal is None else self.ratio <= self.goal

    def cells(self) -> tuple[str, ...]:
        mark = {True: "是", False: "否", None: "—"}[self.ok]
        goal = "—" if self.goal is None else f"≤ {self.goal:.3g} 倍"
        return (
            self.work, self.held_against, goal,
            f"{self.measured:.2f} / {self.against:.2f} {self.unit}", f"{self.ratio:.2f}", mark,
        )  # fmt: skip


HEAD = ("工作", "对照", "目标", "实测 / 对照", "倍数", "达到")


def markdown(rows: Sequence[Row]) -> str:
    lines = ["| " + " | ".join(HEAD) + " |", "|" + "---|" * len(HEAD)]
    return "\n".join([*lines, *("| " + " | ".join(row.cells()) + " |" for row in rows)])


def commit() -> str:
    """The commit measured, with + where files were changed since."""
    try:
        return _git("rev-parse", "--short", "HEAD") + ("+" if _git("status", "--porcelain") else "")
    except (OSError, subprocess.SubprocessError):
        return "-"


def history(scale: str, months: int) -> list[dict[str, str]]:
    """Earlier runs of the size, oldest first."""
    if not HISTORY.exists():
        return []
    with HISTORY.open(encoding="utf-8", newline="") as lines:
        return [row for row in csv.DictReader(lines) if row["scale"] == scale and row["months"] == str(months)]


def over_budget(scale: str, months: int, product: Cost) -> list[str]:
    """Counted work more than a quarter above the last run kept, in Chinese; empty where nothing was kept."""
    before = history(scale, months)
    if not before:
        return []
    return [
        f"{name}:{getattr(product, name)},上次 {before[-1][name]}"
        for name in COUNTED
        if getattr(product, name) > SLACK * float(before[-1][name])
    ]


def record(scale: str, months: int, product: Cost, floor: Cost) -> None:
    """One more line of the history; a second run of one commit takes the place of the first."""
    counted = {name: str(getattr(product, name)) for name in ("rows_scanned", "bytes_read", "models", "peak_mb")}
    seconds = {"cpu": f"{product.cpu:.2f}", "floor_cpu": f"{floor.cpu:.2f}"}
    line = {"commit": commit(), "scale": scale, "months": str(months), **seconds, **counted}
    kept: list[dict[str, str]] = []
    if HISTORY.exists():
        with HISTORY.open(encoding="utf-8", newline="") as lines:
            kept = list(csv.DictReader(lines))
    key = ("commit", "scale", "months")
    kept = [row for row in kept if any(row[name] != line[name] for name in key)]
    with HISTORY.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows([*kept, line])


def document(scale: str, title: str, rows: Sequence[Row]) -> None:
    """Puts the table between the marks of its size in ``docs/performance.md`` and the history's below."""
    write_between(DOCUMENT, f"bench {scale}", f"### {title}(提交 {commit()})\n\n{markdown(rows)}")
    if HISTORY.exists():
        with HISTORY.open(encoding="utf-8", newline="") as lines:
            kept = list(csv.DictReader(lines))
        shown = ["| " + " | ".join(row[name] for name in COLUMNS) + " |" for row in kept]
        head = ["| " + " | ".join(COLUMNS) + " |", "|" + "---|" * len(COLUMNS)]
        write_between(DOCUMENT, "history", "\n".join(head + shown))
        draw(PICTURE, kept)


def _git(*arguments: str) -> str:
    command = ["git", "-C", str(PROJECT_ROOT), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def write_between(path: Path, name: str, text: str) -> None:
    """Replaces what stands between ``<!-- name -->`` and ``<!-- /name -->``; missing marks are added at the end."""
    start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    content = path.read_text(encoding="utf-8") if path.exists() else ""
    if start not in content:
        content = f"{content.rstrip()}\n\n{start}\n{end}\n"
    before, rest = content.split(start, 1)
    path.write_text(f"{before}{start}\n{text}\n{end}{rest.split(end, 1)[1]}", encoding="utf-8")
