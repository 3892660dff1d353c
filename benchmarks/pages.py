"""What each page of the dashboards costs on an edition: the CPU of a rerun, and of each query by itself.

``GUATU_HOME=<home> python -m benchmarks.pages [page …]``; exits non-zero where a page or a query is past its goal.
A rerun is what a reader waits for after touching a choice: the page's script once more in a warm process. "fresh" is
the same with every query asked anew, as for a month nobody has looked at yet. Queries: median of several runs.
"""

import argparse
import logging
import os
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

import streamlit as st
from streamlit.testing.v1 import AppTest

from dashboards import edition
from orchestration.settings import PROJECT_ROOT

APP = PROJECT_ROOT / "dashboards" / "app.py"
PAGES = (
    "overview", "ranking", "actions", "warnings", "unit", "submit", "review", "funds", "projects", "monitoring",
    "employment", "rectification", "assets", "quality", "trends", "dictionary", "schemes", "sql",
)  # fmt: skip
RERUNS, QUERY_RUNS = 20, 5
RERUN_GOAL, QUERY_GOAL = 250.0, 50.0
"""Milliseconds: CPU of a rerun at the 95th percentile (of a whole country's edition 500), and of one query."""


@dataclass(frozen=True)
class Cost:
    """One page: CPU milliseconds of a rerun (median, 95th percentile), of one without cached rows, of its queries."""

    page: str
    median: float
    p95: float
    fresh: float
    queries: tuple[tuple[str, float], ...]
    goal: float = RERUN_GOAL

    @property
    def slowest(self) -> tuple[str, float]:
        return max(self.queries, key=lambda query: query[1], default=("", 0.0))

    @property
    def is_within(self) -> bool:
        return max(self.p95, self.fresh) <= self.goal and self.slowest[1] <= QUERY_GOAL


def measure(page: str, reruns: int = RERUNS, goal: float = RERUN_GOAL) -> Cost:
    """Opens a page as a link would and runs it again. Raises RuntimeError where it shows an error."""
    asked: dict[tuple[str, str, tuple[tuple[str, object], ...]], None] = {}
    rows = edition._rows

    def noted(path: str, name: str, parameters: tuple[tuple[str, object], ...]) -> object:
        asked[path, name, parameters] = None
        return rows(path, name, parameters)

    edition._rows = noted
    try:
        app = AppTest.from_file(str(APP), default_timeout=120)
        if page != "overview":
            app.switch_page(f"app_pages/{page}.py")
        app.run()
        later = [_cpu(app) for _ in range(reruns)]
        st.cache_data.clear()
        fresh = _cpu(app)
    finally:
        edition._rows = rows
    if app.exception or app.error:
        raise RuntimeError(f"{page}: {[each.value for each in [*app.exception, *app.error]]}")
    queries = tuple((name, _query(path, name, dict(parameters))) for path, name, parameters in asked)
    p95 = sorted(later)[ceil(len(later) * 0.95) - 1]
    return Cost(page, statistics.median(later), p95, fresh, queries, goal)


def _cpu(app: AppTest) -> float:
    before = time.process_time()
    app.run()
    return (time.process_time() - before) * 1000


def _query(path: str, name: str, parameters: dict[str, object]) -> float:
    spent = []
    for _ in range(QUERY_RUNS):
        cursor = edition._database(path).cursor()
        before = time.process_time()
        cursor.execute(edition._statement(name), parameters).pl()
        spent.append((time.process_time() - before) * 1000)
        cursor.close()
    return statistics.median(spent)


def report(costs: Sequence[Cost]) -> str:
    """A table, one line a page."""
    lines = [f"{'page':<14}{'median':>8}{'p95':>8}{'fresh':>8}{'queries':>9}  slowest query"]
    for cost in costs:
        name, spent = cost.slowest
        mark = "" if cost.is_within else "  past its goal"
        lines.append(
            f"{cost.page:<14}{cost.median:>8.0f}{cost.p95:>8.0f}{cost.fresh:>8.0f}{len(cost.queries):>9}"
            f"  {name} {spent:.0f}{mark}"
        )
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("page", nargs="*", default=list(PAGES), help="pages to measure")
    parser.add_argument("--reruns", type=int, default=RERUNS)
    parser.add_argument(
        "--goal", type=float, default=RERUN_GOAL, help="milliseconds of a rerun; 500 for a whole country"
    )
    parser.add_argument("--queries", action="store_true", help="list every query")
    chosen = parser.parse_args(arguments)
    os.environ["GUATU_ACCESS"] = "open"  # no sign-in, and all of the edition
    logging.disable(logging.WARNING)
    costs = [measure(page, chosen.reruns, chosen.goal) for page in chosen.page]
    print(report(costs))
    if chosen.queries:
        for cost in costs:
            print("\n".join(f"  {cost.page:<14}{name:<28}{spent:>7.1f}" for name, spent in cost.queries))
    print(f"CPU milliseconds; goals: rerun p95 {chosen.goal:.0f}, query {QUERY_GOAL:.0f}")
    return 0 if all(cost.is_within for cost in costs) else 1


if __name__ == "__main__":
    sys.exit(main())
