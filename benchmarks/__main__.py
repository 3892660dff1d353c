"""``python -m benchmarks SCALE``: makes the homes, measures, prints the table; ends with 1 past the budget."""

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from statistics import median_low

from benchmarks.divisions import CACHE, division_tree
from benchmarks.generate import HERE, correct_village, make_home
from benchmarks.scales import LAST_PERIOD, SCALES, Scale
from benchmarks.table import Row, document, markdown, over_budget, record
from benchmarks.work import Cost
from benchmarks.workbooks import write_large, write_workbooks
from orchestration.settings import PROJECT_ROOT, Settings

LARGE_ROWS = 100_000
"""Of the workbook whose intake is measured."""
GIVEN_BACK = {"DUCKDB_JE_MALLOC_CONF": "dirty_decay_ms:0,muzzy_decay_ms:0"}
"""What the engine frees goes back to the system at once: a fifth of a nation's peak is memory it would keep at hand."""
LARGE = ("province", "nation")
"""Where rows decide what a month costs: below, it is the number of statements."""


def main(arguments: list[str] | None = None) -> int:
    options = _options(arguments)
    scale = SCALES[options.scale]
    _, source = division_tree()
    home = _home(scale, options.months)
    print(f"{scale.title} {options.months} 个月,区划来源:{source}", file=sys.stderr)
    if options.counted:
        return _told(over_budget(scale.name, options.months, measure("sql", scale, home)))
    if options.months > 1:
        product, floor, rows = _history(scale, home, options)
    else:
        product, floor, rows = _month(scale, home, options.repeat)
    if options.months == 1 and scale.name == "county":
        rows += _county(scale, home, floor)
    if options.peers:
        from benchmarks.peers import compare

        rows += compare(scale, Settings(home=home, seeds=home / "seeds"), product.parts["peers"])
    print(markdown(rows))
    print(
        f"\n模型 {product.models} 个,扫描 {product.rows_scanned:,} 行,读取 {product.bytes_read:,} 字节,"
        f"内存峰值 {product.peak_mb} MB,{product.cpu:.2f} 秒 CPU"
    )
    exceeded = over_budget(scale.name, options.months, product)
    if options.record:
        record(scale.name, options.months, product, floor)
        months = "" if options.months == 1 else f" {options.months}"
        document(scale.name + months, scale.title + (f"{months} 个月" if months else ""), rows)
    return _told(exceeded)


def _told(exceeded: list[str]) -> int:
    """Names what is past the budget; the exit code."""
    for problem in exceeded:
        print(f"超出预算({problem})", file=sys.stderr)
    return 1 if exceeded else 0


def _month(scale: Scale, home: Path, repeat: int) -> tuple[Cost, Cost, list[Row]]:
    """The product's SQL of a month, the floors', and their rows; the floor counts only where its marts are equal."""
    product = measure("sql", scale, home, repeat)
    scan = measure("scan", scale, home, repeat)
    floor = measure("floor", scale, home, repeat)
    measure("equal", scale, home)
    alike_to = "手写 SQL(同样六张表,逐行相等)"
    by_hand, by_scan = (1.25, 2.2) if scale.name in LARGE else (None, None)
    rows = [
        Row("同样六张表及其上游的模型", alike_to, product.parts["alike"], floor.cpu, by_hand),
        Row("当期全部模型的 SQL", alike_to, product.cpu, floor.cpu, by_hand),
        Row("当期全部模型的 SQL", "读取每一列", product.cpu, scan.cpu, by_scan),
        Row("全部检查", "当期全部模型的 SQL", product.parts["checks"], product.cpu, None),
        Row("内存峰值", "1500 MB", product.peak_mb, 1500, 1 if scale.name == "nation" else None, "MB"),
    ]
    return product, floor, rows


def _county(scale: Scale, home: Path, floor: Cost) -> list[Row]:
    """What is asked for of a county alone: the whole run, and one village's correction."""
    build = measure("build", scale, home)
    run_home, corrected_home = _fresh(home, "run"), _fresh(home, "corrected")
    received = Settings(home=run_home, seeds=run_home / "seeds")
    corrected = Settings(home=corrected_home, seeds=corrected_home / "seeds")
    _empty_lake(received, home)
    run = measure("run", scale, run_home)
    correction = correct_village(scale, corrected, LAST_PERIOD)
    again = measure("build", scale, corrected_home)
    write_workbooks(corrected, received.inbox, LAST_PERIOD, only=correction.submission_id)
    run_again = measure("run", scale, run_home)
    large = _fresh(home, "intake")
    write_large(Settings(home=home, seeds=home / "seeds"), large / "inbox", LAST_PERIOD, LARGE_ROWS)
    read, intake = measure("read", scale, large), measure("intake", scale, large)
    imports, dbt = measure("imports", scale, home), measure("dbt", scale, home)
    return [
        Row("构建并做全部检查", "手写 SQL 加导入", build.cpu, floor.cpu + imports.cpu, 3),
        Row("构建并做全部检查", "dbt 自己的命令,逐条检查", build.cpu, dbt.cpu, 0.4),
        Row("guatu run(18 个工作簿)", "仅构建", run.cpu, build.cpu, 2),
        Row("收下 10 万行 × 38 列(xlsx)", "同一个库只读一遍", intake.cpu, read.cpu, 2),
        Row("一个村更正后重建", "全县一个月", again.cpu, build.cpu, 0.3),
        Row("一个村更正后 guatu run(1 个工作簿)", "guatu run(18 个工作簿)", run_again.cpu, run.cpu, None),
    ]


def _history(scale: Scale, home: Path, options: argparse.Namespace) -> tuple[Cost, Cost, list[Row]]:
    """Many months in one build, held against one; the hand-written month knows first months only and is left out."""
    build = measure("build", scale, home)
    product = measure("sql", scale, home, options.repeat)
    first = _home(scale, 1)
    first_build = measure("build", scale, first)
    newest, imports = measure("newest", scale, _fresh(home, "newest")), measure("imports", scale, first)
    one = measure("sql", scale, first, options.repeat)
    rows = [
        Row(f"{options.months} 个月一并构建,全部模型的 SQL", "一个月", product.cpu, one.cpu, None),
        Row(f"{options.months} 个月一并构建并做全部检查", "一个月", build.cpu, first_build.cpu, 4),
        Row(
            f"{options.months} 个月历史上的最新一个月",
            "一个月(不含启动)",
            newest.cpu,
            first_build.cpu - imports.cpu,
            1.2,
        ),
    ]
    return product, Cost(), rows


def measure(kind: str, scale: Scale, home: Path, repeat: int = 1) -> Cost:
    """The median by CPU of ``repeat`` runs, each in a process of its own. Ends the benchmark where the work failed."""
    costs = []
    environment = os.environ | (GIVEN_BACK if scale.name == "nation" else {})
    for _ in range(repeat):
        command = [sys.executable, "-m", "benchmarks.work", kind, scale.name, str(home)]
        done = subprocess.run(command, cwd=PROJECT_ROOT, env=environment, check=False, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"{kind} 失败:\n{done.stderr[-3000:]}")
        costs.append(Cost(**json.loads(done.stdout.strip().splitlines()[-1])))
        if costs[-1].problem:
            raise SystemExit(f"{kind} 不成立:{costs[-1].problem}")
    chosen = median_low(cost.cpu for cost in costs)
    found = next(cost for cost in costs if cost.cpu == chosen)
    print(f"  {kind}: {found.cpu:.2f} 秒 CPU,{found.peak_mb} MB", file=sys.stderr)
    return found


def _home(scale: Scale, months: int) -> Path:
    """The home of a size, made when first asked for."""
    texts = [path.read_bytes() for name in ("*.sql", "scheme.yml", "generate.py") for path in sorted(HERE.glob(name))]
    digest = hashlib.sha256(b"".join(texts)).hexdigest()
    home = CACHE / f"{scale.name}-{months}"
    stamp = home / "made-by"
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != digest:
        make_home(scale, home, months)
        stamp.write_text(digest, encoding="utf-8")
    return home


def _fresh(home: Path, name: str) -> Path:
    copy = home.with_name(f"{home.name}-{name}")
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(home, copy, ignore=shutil.ignore_patterns("work"))
    return copy


def _empty_lake(settings: Settings, filled: Path) -> None:
    """A home that has received nothing, with the month's workbooks in its inbox."""
    write_workbooks(Settings(home=filled, seeds=filled / "seeds"), settings.inbox, LAST_PERIOD)
    shutil.rmtree(settings.lake)
    settings.ledger.unlink()


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks", description="四种规模的基准测试")
    parser.add_argument("scale", choices=list(SCALES))
    parser.add_argument("--months", type=int, default=1, help="历史月数,末月为 " + LAST_PERIOD)
    parser.add_argument("--repeat", type=int, default=3, help="每项重复次数,取中位数")
    parser.add_argument("--peers", action="store_true", help="同 Polars 等比较")
    parser.add_argument("--record", action="store_true", help="记入 benchmarks/history.csv 和 docs/performance.md")
    parser.add_argument("--counted", action="store_true", help="只核对与机器无关的计数是否超出预算")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
