"""Which figures everyone may see: ``seeds/reference/disclosure.csv`` says what is free and what is never published;
everything else counted in villages or in sampled households is protected (closed by default)."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from orchestration.reports.source import Edition
from orchestration.reports.suppression import published_together, withheld

FREE, NEVER = "free", "never"
PEOPLE_GRAINS = ("village", "inspection", "county")
"""Grains whose counts are persons or households unless the table says otherwise."""


@dataclass(frozen=True)
class Disclosure:
    """``hidden``: (indicator, division) not published; ``never``: indicators that are not published at all."""

    hidden: set[tuple[str, str]]
    never: set[str]

    def shows(self, indicator: str, division: str) -> bool:
        """Whether everyone may see this figure."""
        return indicator not in self.never and (indicator, division) not in self.hidden


def read_disclosure(edition: Edition, period: str, treatments: dict[str, str], small: int) -> Disclosure:
    """The pattern over the whole tree of the edition, so that every table cut from it withholds the same cells."""
    rows = edition.rows(
        """
        select fact.indicator_code, fact.division_code, fact.numerator, fact.denominator
        from marts.fct_indicator as fact
        inner join marts.dim_indicator as catalogue using (indicator_code)
        where fact.period = $1 and catalogue.grain in ('village', 'inspection', 'county')
        order by fact.indicator_code, fact.division_code
        """,
        period,
    )
    parents = {
        row["division_code"]: row["parent_code"]
        for row in edition.rows("select division_code, parent_code from marts.dim_division")
    }
    never = {code for code, treatment in treatments.items() if treatment == NEVER}
    counts: dict[str, list[dict[str, Decimal | None]]] = defaultdict(lambda: [{}])
    for row in rows:
        code, place = row["indicator_code"], row["division_code"]
        if treatments.get(code) in (FREE, NEVER) or row["numerator"] is None:
            continue
        counts[code][0][place] = row["numerator"]
        if row["denominator"] is not None:
            if len(counts[code]) == 1:
                counts[code] += [{}, {}]
            counts[code][1][place] = abs(row["denominator"] - row["numerator"])
            counts[code][2][place] = row["denominator"]
    hidden: set[tuple[str, str]] = set()
    for group in published_together(counts):
        places = withheld([count for code in group for count in counts[code]], parents, small)
        hidden |= {(code, place) for code in group for place in places}
    return Disclosure(hidden, never)
