"""An office with a small county, and short ways to hand files in and look at what became of them."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import polars as pl

from orchestration.intake import Submission, ingest
from orchestration.settings import Settings

SEEDS = Path(__file__).parents[2] / "seeds"
COUNTY, TOWN_A, TOWN_B = "411726000000", "411726100000", "411726101000"
VILLAGE_1, VILLAGE_2, VILLAGE_3 = "411726100201", "411726100202", "411726101201"
RECEIVED = datetime(2022, 7, 3, 9)
DIVISION_TITLES = ["区划代码", "区划名称", "级别", "上级代码", "村属性"]
DIVISION_TITLES += ["计划退出年度", "变更前代码", "生效日期", "失效日期"]
DIVISION_ROWS = [
    ["410000000000", "示例省", "省", "", "", "", "", "", ""],
    ["411700000000", "示例市", "市", "410000000000", "", "", "", "", ""],
    [COUNTY, "示例县", "县", "411700000000", "", "", "", "", ""],
    [TOWN_A, "甲镇", "乡", COUNTY, "", "", "", "", ""],
    [TOWN_B, "乙镇", "乡", COUNTY, "", "", "", "", ""],
    [VILLAGE_1, "一村", "村", TOWN_A, "贫困村", "", "", "", ""],
    [VILLAGE_2, "二村", "村", TOWN_A, "非贫困村", "", "", "", ""],
    [VILLAGE_3, "三村", "村", TOWN_B, "非贫困村", "", "", "", ""],
]
VISIT_TITLES = ["行政村代码", "走访编号", "户编号", "走访日期", "走访人身份", "走访人", "发现问题"]


def visit(number: int, village: str = VILLAGE_1, **changes: str) -> list[str]:
    """A row of 入户走访记录 that is in order, with the changes asked for."""
    row = dict(
        zip(VISIT_TITLES, [village, f"Z{number}", "H1", "2022-06-03", "驻村工作队", "示例人", "否"], strict=True)
    )
    return list((row | changes).values())


def csv_bytes(rows: Sequence[Sequence[str]], encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode(encoding)


@dataclass
class Office:
    """An installation with its divisions taken in for 2018-01, and a folder to write files to."""

    settings: Settings
    folder: Path

    def put(self, name: str, content: bytes | Sequence[Sequence[str]], folder: Path | None = None) -> Path:
        path = (folder or self.folder) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else csv_bytes(content))
        return path

    def take(self, *paths: Path, at: datetime = RECEIVED) -> list[Submission]:
        return [r.submission for r in ingest(self.settings, paths, received_at=at)]

    def hand_in(self, name: str, content: bytes | Sequence[Sequence[str]], at: datetime = RECEIVED) -> Submission:
        return self.take(self.put(name, content), at=at)[0]

    def rows(self, submission: Submission) -> pl.DataFrame:
        folder = self.settings.lake / str(submission.template) / f"period={submission.period}"
        return pl.read_parquet(folder / f"{submission.submission_id}.parquet")

    def problems(self, submission: Submission) -> list[tuple[int, str, str]]:
        path = self.settings.lake / "_problems" / f"{submission.submission_id}.parquet"
        if not path.exists():
            return []
        return list(pl.read_parquet(path).select("row_number", "field", "code").iter_rows())
