"""The standards numbers are held against, by division, first year and class: written out from their documents."""

from fractions import Fraction
from functools import cache

from second.tree import Tree

# standard | division, . the whole country | from year | class | value
STANDARDS = """
income_line       .            2014 .           2800
income_line       .            2015 .           2855
income_line       .            2016 .           2952
income_line       .            2018 .           2995
income_line       .            2019 .           3218
income_line       .            2020 .           4000
income_line       411521103000 2018 .           3600
monitoring_line   .            2020 .           5000
monitoring_line   .            2021 .           6000
monitoring_line   520500000000 2022 .           6700
incidence_ceiling .            2014 .           0.02
incidence_ceiling 520000000000 2014 .           0.03
incidence_ceiling 610000000000 2014 .           0.03
incidence_ceiling 411521103000 2018 .           0.01
collective_income 411521103000 2018 poor        30000
collective_income 411521103000 2018 deeply_poor 30000
collective_income 411521103000 2018 non_poor    20000
"""


@cache
def standard_rows() -> tuple[tuple[str, str, int, str, Fraction], ...]:
    found = []
    for line in STANDARDS.strip().split("\n"):
        name, division, year, kind, value = line.split()
        found.append((name, division.strip("."), int(year), kind.strip("."), Fraction(value)))
    return tuple(found)


def standard(tree: Tree, name: str, code: str, year: int, kind: str = "") -> Fraction | None:
    """The latest row up to ``year`` of the nearest division upward that has one; None where none has."""
    for division in [*tree.reach(code), ""]:
        fitting = [
            (from_year, value)
            for its_name, place, from_year, its_kind, value in standard_rows()
            if (its_name, place, its_kind) == (name, division, kind) and from_year <= year
        ]
        if fitting:
            return max(fitting)[1]
    return None
