"""The benchmark of pages: it counts their queries, leaves the pages as they were, and says what is past its goal."""

import edition_files
import pytest

from benchmarks import pages
from dashboards import edition

MOST_QUERIES = 20


@pytest.mark.parametrize("page", ["overview", "funds"])
def test_a_page_asks_few_queries(home, page) -> None:
    edition_files.write_sample(home / "published")
    asked = edition._rows
    cost = pages.measure(page, reruns=2)
    assert edition._rows is asked
    assert 5 <= len(cost.queries) <= MOST_QUERIES
    assert 0 < cost.median <= cost.p95 and cost.fresh > 0
    assert page in pages.report([cost])


def test_a_cost_past_its_goal_is_marked() -> None:
    slow = pages.Cost("overview", 10, 20, 30, (("tiles", pages.QUERY_GOAL + 1),))
    assert not slow.is_within and "past its goal" in pages.report([slow])
    assert not pages.Cost("overview", 10, pages.RERUN_GOAL + 1, 30, ()).is_within


def test_a_page_with_an_error_is_not_measured(home) -> None:
    path = edition_files.write_edition(home / "published", {}, 1)
    path.write_bytes(b"not a database")
    with pytest.raises(RuntimeError, match="overview"):
        pages.measure("overview", reruns=1)
