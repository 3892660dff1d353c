"""A ratio is exact and cut after twelve places, whichever way the engine's macro takes."""

from decimal import Context, Decimal
from fractions import Fraction
from itertools import product
from math import trunc
from random import Random

import duckdb
from jinja2 import Environment

from orchestration.settings import PROJECT_ROOT

EXACT = Context(prec=60)
EDGES = ["0", "0.01", "-0.01", "1", "-1", "3", "8999999999999.99", "9000000000000", "9000000000000.01", "0.0000000001"]
SUMS = ["99999999999999999999999.99", "-12345678901234567890.07", "99999999999999999.99", "3", "0.01"]
"""What absurd amounts add up to."""


def _macro(name: str, *arguments: str) -> str:
    text = (PROJECT_ROOT / "dbt_project" / "macros" / "engine.sql").read_text(encoding="utf-8")
    module = Environment(extensions=["jinja2.ext.do"]).from_string(text).module
    return getattr(module, f"default__{name}")(*arguments)


def _cut(numerator: Decimal, denominator: Decimal) -> Decimal | None:
    """Twelve places by whole-number arithmetic."""
    if denominator == 0:
        return None
    return EXACT.scaleb(Decimal(trunc(Fraction(numerator) / Fraction(denominator) * 10**12)), -12)


def test_amounts_counts_and_finer_numbers_are_divided_exactly() -> None:
    random = Random(7)
    amounts = [Decimal(random.randint(-(10**9), 10**9)).scaleb(-random.choice([0, 2, 2, 4, 10])) for _ in range(80)]
    numbers = [*map(Decimal, EDGES), *amounts]
    pairs = [(n, d) for n in numbers for d in random.sample(numbers, 20)]
    pairs += product(map(Decimal, SUMS), repeat=2)
    with duckdb.connect() as connection:
        connection.execute("create table pairs (place integer, n decimal(38, 10), d decimal(38, 10))")
        connection.executemany("insert into pairs values (?, ?, ?)", [(i, n, d) for i, (n, d) in enumerate(pairs)])
        sql = f"select {_macro('exact_ratio', 'n', 'd')} from pairs order by place"
        found = [value for (value,) in connection.execute(sql).fetchall()]
        missing = connection.execute(
            f"select {_macro('exact_ratio', 'n', 'd')} from (values (null, 1.0), (1.0, null)) as pairs (n, d)"
        ).fetchall()
    assert found == [_cut(n, d) for n, d in pairs]
    assert missing == [(None,), (None,)]


def test_a_share_of_villages_is_exact() -> None:
    with duckdb.connect() as connection:
        share = _macro("exact_share", "part", "whole")
        sql = f"select part, whole, {share} from range(0, 60) as parts (part), range(0, 60) as wholes (whole)"
        rows = connection.execute(sql).fetchall()
    assert [value for *_, value in rows] == [_cut(Decimal(part), Decimal(whole)) for part, whole, _ in rows]
