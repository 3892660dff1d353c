"""The fewest single payments that add up to an amount: money already allocated first, then money not allocated yet."""

from collections.abc import Sequence
from decimal import Decimal

from orchestration.explain.model import Step


def fewest_payments(needed: Decimal, sources: Sequence[Step]) -> tuple[Step, ...]:
    """The set of payments, the last one in part; empty where all sources together are less than ``needed``.

    Largest first is the fewest of one kind; money without an allocation needs that first, so it is drawn on only when
    every unpaid allocation together would not do.
    """
    chosen: list[Step] = []
    missing = needed
    for source in sorted(sources, key=lambda one: (one.kind != "unpaid_allocation", -one.available, one.code)):
        if missing <= 0:
            break
        amount = min(missing, source.available)
        chosen.append(source.model_copy(update={"amount": amount}))
        missing -= amount
    return tuple(chosen) if missing <= 0 else ()
