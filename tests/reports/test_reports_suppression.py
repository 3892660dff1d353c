"""Small counts cannot be had back from the public tables: tried by linear algebra and by trying every whole number."""

from fractions import Fraction
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.reports.suppression import published_together, withheld

SMALL = 2
ROOT = "县"


@st.composite
def counties(draw: st.DrawFn) -> tuple[dict[str, int], dict[str, str | None]]:
    """Counts of villages, added up to townships and the county."""
    counts: dict[str, int] = {}
    parents: dict[str, str | None] = {ROOT: None}
    for number in range(draw(st.integers(1, 4))):
        township = f"乡{number}"
        parents[township] = ROOT
        villages = draw(st.lists(st.sampled_from([0, 0, 1, 1, 2, 2, 3, 5, 9, 40]), min_size=1, max_size=5))
        for place, count in enumerate(villages):
            counts[f"{township}村{place}"] = count
            parents[f"{township}村{place}"] = township
        counts[township] = sum(villages)
    counts[ROOT] = sum(count for place, count in counts.items() if parents[place] == ROOT)
    return counts, parents


def sums(parents: dict[str, str | None]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for place, parent in parents.items():
        if parent is not None:
            found.setdefault(parent, []).append(place)
    return found


def worked_out(hidden: set[str], counts: dict[str, int], parents: dict[str, str | None]) -> dict[str, Fraction]:
    """Hidden cells that the published ones determine: Gauss on 'parent = sum of children'."""
    cells = sorted(hidden)
    rows: list[list[Fraction]] = []
    for parent, children in sums(parents).items():
        row = [Fraction(0)] * (len(cells) + 1)
        for place, sign in [*((child, 1) for child in children), (parent, -1)]:
            if place in hidden:
                row[cells.index(place)] += sign
            else:
                row[-1] -= sign * counts[place]
        rows.append(row)
    pivots: dict[int, list[Fraction]] = {}
    for row in rows:
        for column, pivot in pivots.items():
            row = [a - row[column] * b for a, b in zip(row, pivot, strict=True)]
        column = next((i for i, a in enumerate(row[:-1]) if a), None)
        if column is None:
            continue
        row = [a / row[column] for a in row]
        pivots = {
            other: [a - pivot[column] * b for a, b in zip(pivot, row, strict=True)] for other, pivot in pivots.items()
        }
        pivots[column] = row
    return {cells[column]: row[-1] for column, row in pivots.items() if sum(1 for a in row[:-1] if a) == 1}


@given(counties())
@settings(max_examples=600, deadline=None)
def test_no_withheld_cell_can_be_worked_out(county: tuple[dict[str, int], dict[str, str | None]]) -> None:
    counts, parents = county
    hidden = withheld([counts], parents, SMALL)
    assert {place for place, count in counts.items() if 0 < count <= SMALL} <= hidden
    assert worked_out(hidden, counts, parents) == {}


@st.composite
def two_counts(draw: st.DrawFn) -> tuple[list[dict[str, int]], dict[str, str | None]]:
    """Two quantities of the same villages that say nothing about each other."""
    first, parents = draw(counties())
    second: dict[str, int] = {}
    for place in first:
        if place not in sums(parents):
            second[place] = draw(st.sampled_from([0, 1, 2, 3, 6, 50]))
    for place in [*(place for place in first if parents[place] == ROOT), ROOT]:
        second[place] = sum(second[child] for child in sums(parents)[place])
    return [first, second], parents


@given(two_counts())
@settings(max_examples=600, deadline=None)
def test_no_group_of_withheld_cells_adds_up_to_a_small_count(
    county: tuple[list[dict[str, int]], dict[str, str | None]],
) -> None:
    """The rest of a published sum is the sum of what is withheld in it, villages of a withheld township counted."""
    quantities, parents = county
    hidden = withheld(quantities, parents, SMALL)
    for counts in quantities:
        assert worked_out(hidden, counts, parents) == {}
        for parent, children in sums(parents).items():
            if parent in hidden:
                continue
            inside = [place for place in children if place in hidden]
            opened = [
                village
                for place in inside
                for village in ([v for v in sums(parents).get(place, []) if v in hidden] or [place])
            ]
            rest = sum(counts[place] for place in opened)
            assert not inside or (len(opened) > 1 and not 0 < rest <= SMALL)


@given(counties())
@settings(max_examples=100, deadline=None)
def test_two_quantities_read_together_are_withheld_together(
    county: tuple[dict[str, int], dict[str, str | None]],
) -> None:
    """A rate gives numerator and remainder: neither table may give the other's small cells back."""
    counts, parents = county
    rest = {place: 7 * count + 3 for place, count in counts.items() if place not in sums(parents)}
    for township in (place for place in counts if parents[place] == ROOT):
        rest[township] = sum(value for place, value in rest.items() if parents[place] == township)
    rest[ROOT] = sum(value for place, value in rest.items() if parents[place] == ROOT)
    hidden = withheld([counts, rest], parents, SMALL)
    assert worked_out(hidden, counts, parents) == {} and worked_out(hidden, rest, parents) == {}


def test_every_small_cell_keeps_more_than_one_possible_value() -> None:
    parents = {
        "县": None,
        "甲乡": "县",
        "乙乡": "县",
        "一": "甲乡",
        "二": "甲乡",
        "三": "甲乡",
        "四": "乙乡",
        "五": "乙乡",
    }
    counts = {"一": 1, "二": 4, "三": 6, "四": 5, "五": 9, "甲乡": 11, "乙乡": 14, "县": 25}
    hidden = withheld([counts], parents, SMALL)
    assert hidden == {"一", "二"}, "the smallest other village is withheld with it, the sums stay"
    known = counts["甲乡"] - counts["三"]
    fitting = [(a, b) for a, b in product(range(known + 1), repeat=2) if a + b == known]
    assert {a for a, _ in fitting} == set(range(known + 1))


def test_a_lone_village_takes_its_township_with_it_and_then_a_neighbour() -> None:
    parents = {"县": None, "甲乡": "县", "乙乡": "县", "丙乡": "县", "一": "甲乡", "二": "乙乡", "三": "丙乡"}
    counts = {"一": 2, "二": 8, "三": 30, "甲乡": 2, "乙乡": 8, "丙乡": 30, "县": 40}
    assert withheld([counts], parents, SMALL) == {"一", "甲乡", "乙乡", "二"}


def test_a_partner_that_did_not_report_the_other_figure_protects_nothing_there() -> None:
    parents = {"乡": None, "一": "乡", "二": "乡", "三": "乡"}
    poor = {"一": 1, "二": 4, "三": 9, "乡": 14}
    others = {"一": 10, "三": 30, "乡": 40}
    assert withheld([poor, others], parents, SMALL) == {"一", "二", "三"}


def test_nobody_is_no_secret_and_nothing_is_withheld_without_need() -> None:
    parents = {"县": None, "一": "县", "二": "县"}
    assert withheld([{"一": 0, "二": 7, "县": 7}], parents, SMALL) == set()
    assert withheld([{"一": 3, "二": 7, "县": 10}], parents, SMALL) == set()


def test_a_count_that_is_what_a_rate_lacks_is_withheld_with_the_rate() -> None:
    housing = [{"一": 9, "二": 4}, {"一": 1, "二": 0}, {"一": 10, "二": 4}]
    groups = published_together({"housing_rate": housing, "unsafe_houses": [{"一": 1}], "workers": [{"一": 5}]})
    assert ["housing_rate", "unsafe_houses"] in groups and ["workers"] in groups


def test_rates_over_the_same_households_are_not_tied_by_that() -> None:
    base = {"一": 10, "二": 4}
    groups = published_together(
        {"a_rate": [{"一": 9, "二": 1}, {"一": 1, "二": 3}, base], "b_rate": [{"一": 2}, {"一": 8, "二": 4}, base]}
    )
    assert sorted(groups) == [["a_rate"], ["b_rate"]]
