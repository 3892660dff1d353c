"""Public counts of different indicators: none is the sum of two others, so a withheld one cannot be had by subtracting.

The suppression ties counts that are equal; a sum of two would need a tie of its own. A new indicator that makes one is
found here, on the demonstration's data.
"""

from itertools import combinations
from pathlib import Path

from orchestration.catalogue.indicators import load_reference
from orchestration.release import list_editions, open_edition
from orchestration.settings import PROJECT_ROOT, get_settings

PLACES = 8
"""So many divisions with something in all three, before an equality is taken for more than chance."""


def sums_of_two(counts: dict[str, dict[str, int]]) -> set[tuple[str, str, str]]:
    """(first, second, sum) where the sum holds wherever all three are known, and is no mere 'plus nothing'."""
    found = set()
    for first, second in combinations(sorted(counts), 2):
        both = {
            place: counts[first][place] + counts[second][place]
            for place in counts[first].keys() & counts[second].keys()
        }
        telling = sum(bool(counts[first][place]) and bool(counts[second][place]) for place in both)
        if telling < PLACES:
            continue
        for total in counts.keys() - {first, second}:
            if both.keys() <= counts[total].keys() and all(counts[total][place] == both[place] for place in both):
                found.add((first, second, total))
    return found


def test_a_sum_is_seen() -> None:
    parts = {"a": {str(n): n for n in range(20)}, "b": {str(n): 2 * n for n in range(20)}}
    assert sums_of_two(parts | {"c": {str(n): 3 * n for n in range(20)}}) == {("a", "b", "c")}


def test_no_public_count_is_the_sum_of_two_others(demo_home: Path) -> None:
    settings = get_settings(demo_home)
    free = {
        row["indicator_code"]
        for row in load_reference(PROJECT_ROOT / "seeds", "disclosure").iter_rows(named=True)
    }  # fmt: skip
    for edition in list_editions(settings):
        with open_edition(settings, edition.edition_id) as connection:
            rows = connection.execute(
                "select indicator_code, fact.division_code, fact.numerator from fct_indicator as fact "
                "inner join dim_indicator as catalogue using (indicator_code) "
                "where fact.period = $1 and fact.numerator is not null "
                "and catalogue.grain in ('village', 'inspection', 'county')",
                [edition.period],
            ).fetchall()
        counts: dict[str, dict[str, int]] = {}
        for code, place, count in rows:
            if code not in free:
                counts.setdefault(code, {})[place] = count
        assert len(counts) > 20
        assert sums_of_two(counts) == set(), edition.edition_id
