"""The fewest payments that add up, against trying every set."""

from decimal import Decimal
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from orchestration.explain.model import Step
from orchestration.explain.payments import fewest_payments


def payment(code: int, available: int, kind: str = "unpaid_allocation") -> Step:
    return Step(kind=kind, code=f"AP{code}", available=Decimal(available), amount=Decimal(0))


@given(st.lists(st.integers(1, 50), max_size=7), st.integers(1, 200))
def test_no_smaller_set_would_do(available: list[int], needed: int) -> None:
    chosen = fewest_payments(Decimal(needed), [payment(i, a) for i, a in enumerate(available)])
    fewest = next(
        (n for n in range(1, len(available) + 1) if any(sum(s) >= needed for s in combinations(available, n))), 0
    )
    assert len(chosen) == fewest
    assert sum(p.amount for p in chosen) == (needed if fewest else 0)
    assert all(0 < p.amount <= p.available for p in chosen)


def test_what_is_not_allocated_is_drawn_on_last() -> None:
    sources = [payment(1, 100, "unallocated_receipt"), payment(2, 30), payment(3, 20)]
    assert [p.code for p in fewest_payments(Decimal(50), sources)] == ["AP2", "AP3"]
    assert [p.code for p in fewest_payments(Decimal(60), sources)] == ["AP2", "AP3", "AP1"]
