"""The catalogue held against what was copied out by hand: figures, thresholds, days and weights of the documents.

Most of it the second computation has written out for itself; the rest, which no mart of a month shows, stands here.
"""

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl

from second.actions import RULES
from second.cadences import CADENCES, validity
from second.details import FIGURES
from second.documents import IN_FORCE, milestones, targets
from second.outcomes import GRADES, MISSED, UNIT_RANKINGS, VETOES
from second.rankings import ROUNDS
from second.standards import standard_rows

Row = tuple[Any, ...]
SIGNS = {"<": "<", "≤": "<=", ">": ">", "≥": ">="}

# Numbers no ledger gives: scheme, figure, value.
STATED = (
    ("lingshan-2018", "integrated_fund_amount", 20000000),
    ("yueyang-2019", "exited_villages", 46),
    ("biyang-2016", "assessed_townships", 22),
    ("biyang-2016", "assessed_key_villages", 68),
    ("biyang-2016", "assessed_other_villages", 25),
    ("biyang-2016", "insurance_premium_subsidy", 150),
    ("biyang-2016", "supplementary_insurance_subsidy", 90),
    ("biyang-2016", "education_grant_from", 400),
    ("biyang-2016", "education_grant_to", 5000),
)

# 约谈 of a county: three months running among the last three (毕节). The others are RULES of the rounds.
LAGGING = ("bijie-2022", "monthly-expenditure", "BJ2022-54", "lagging", 3, 3, "unit_leaders", "interview", None)
GROUPS = {"top": ("top", 3), "bottom": ("last", 3), "last": ("last", 1)}

# parameter | value, each from the clause or custom its line in the catalogue names
PARAMETERS = """
labour_age_from 16
school_age_from 6
school_age_to 15
loan_age_from 18
loan_age_to 65
industry_orchard_mu_per_member 2
industry_sows 2
industry_pigs_per_member 3
industry_chickens 200
industry_greenhouses 1
industry_arch_sheds 2
dividend_amount 2000
income_drop_share 0.2
attendance_days 20
team_size_poor 3
team_size_non_poor 2
team_registered_persons 100
prompt_allocation_days 60
pair_fund_start_workdays 30
quick_clear_days 90
progress_payment_margin 0.3
count_jump_share 0.5
same_income_households 10
heaping_band 0.02
heaping_share 0.5
signal_households 10
digit_share 0.6
month_end_days 3
month_end_share 0.8
month_end_payments 5
shown_places 3
small_count 2
"""

# consequence | what absorbs it | how heavy | what bars it
CONSEQUENCES = """
reward                 money_up         1 -
deduction              money_down       1 -
commendation           honour           1 honours_barred
merit_citation         honour           2 honours_barred
priority               priority         1 honours_barred
public_criticism       personal         1 -
interview              personal         2 -
admonition             personal         3 -
organisational_measure personal         4 -
removal_proposal       personal         5 -
rectification_order    rectification    1 -
honours_barred         honours_barred   1 -
promotion_barred       promotion_barred 1 -
"""


def _lines(words: str) -> Iterator[list[str]]:
    return (line.split() for line in words.strip().split("\n"))


def _parameters() -> Iterator[Row]:
    return ((name, Fraction(value)) for name, value in _lines(PARAMETERS))


def _consequences() -> Iterator[Row]:
    for kind, group, weight, bar in _lines(CONSEQUENCES):
        yield kind, group, int(weight), None if bar == "-" else bar


def _standards() -> Iterator[Row]:
    for name, division, year, kind, value in standard_rows():
        yield name, division or None, year, kind or None, value


def _schemes() -> Iterator[Row]:
    return ((scheme, IN_FORCE[scheme][0], *validity(scheme)) for scheme in IN_FORCE)


def _targets() -> Iterator[Row]:
    for each in targets():
        bands = [part for band in (each.floor, each.target, each.stretch) for part in _band(band)]
        for level in each.levels:
            for kind in each.kinds:
                yield each.scheme, each.indicator, level, kind, *bands, each.clause


def _band(band: Any) -> tuple[str | None, Fraction | None]:
    return (None, None) if band is None else (SIGNS[band.sign], band.line)


def _milestones() -> Iterator[Row]:
    for each in milestones():
        sign = "<=" if each.at_most else ">="
        for level in each.levels:
            day = f"{each.checkpoint:%m-%d}"
            yield each.scheme, each.indicator, day, level, sign, each.threshold, each.benchmark, each.clause


def _rankings() -> Iterator[Row]:
    for each in ROUNDS:
        yield each.scheme, each.ranking, each.level, each.population, each.code
    for (scheme, year), ranking in UNIT_RANKINGS.items():
        yield scheme, ranking, "support_unit", IN_FORCE[scheme][0], str(year)
    yield "yueyang-2019", "townships-2020", "township", IN_FORCE["yueyang-2019"][0], "2020"
    yield "bijie-2022", "monthly-expenditure", "county", IN_FORCE["bijie-2022"][0], None


def _actions() -> Iterator[Row]:
    yield LAGGING
    for code, rules in RULES.items():
        for rule in rules:
            trigger, n = GROUPS[rule.group]
            amount = None if rule.amount is None else Fraction(rule.amount)
            yield "lingshan-2018", f"round-{code}", rule.clause, trigger, n, 1, rule.target, rule.kind, amount


def _outcomes() -> Iterator[Row]:
    for trigger, of in (("grade", GRADES), ("veto", VETOES), ("target_missed", MISSED)):
        for (scheme, code), rules in of.items():
            for rule in rules:
                amounts = (None if amount is None else Fraction(amount) for amount in (rule.amount, rule.amount_to))
                what = (scheme, trigger, code, rule.clause, rule.target, rule.kind)
                yield *what, *amounts, rule.years, rule.condition


def _cadences() -> Iterator[Row]:
    return ((each.scheme, each.code, each.level, each.every, each.times, each.clause) for each in CADENCES)


def _figures() -> Iterator[Row]:
    yield from ((scheme, figure, Fraction(value), *what) for scheme, figure, value, *what in FIGURES)
    yield from ((scheme, figure, Fraction(value), None, "value") for scheme, figure, value in STATED)


SIDES = ("scheme", "indicator_code", "level", "village_type", "floor_operator", "floor_value", "target_operator",
         "target_value", "stretch_operator", "stretch_value", "clause_id")  # fmt: skip
TABLES: dict[str, tuple[tuple[str, ...], Callable[[], Iterable[Row]]]] = {
    "parameters": (("parameter", "value"), _parameters),
    "consequences": (("kind", "consequence", "weight", "barred_by"), _consequences),
    "standards": (("standard", "division_code", "from_year", "class", "value"), _standards),
    "schemes": (("scheme", "division_code", "valid_from", "valid_to"), _schemes),
    "scheme_targets": (SIDES, _targets),
    "scheme_milestones": (
        ("scheme", "indicator_code", "checkpoint_md", "level", "operator", "threshold", "benchmark_level", "clause_id"),
        _milestones,
    ),
    "scheme_rankings": (("scheme", "ranking", "unit_level", "population_code", "round"), _rankings),
    "scheme_actions": (
        ("scheme", "ranking", "clause_id", "trigger", "n", "periods", "object", "kind", "amount"), _actions,
    ),
    "scheme_outcomes": (
        (
            "scheme", "trigger", "code", "clause_id", "object", "kind", "amount", "amount_to", "effect_years",
            "condition",
        ),
        _outcomes,
    ),
    "scheme_cadences": (("scheme", "cadence", "sender_level", "every", "times", "clause_id"), _cadences),
    "scheme_figures": (("scheme", "figure", "value", "indicator_code", "part"), _figures),
}  # fmt: skip


def _plain(name: str, value: Any) -> Any:
    """A cell as the transcript has it: numbers exact, a condition as whether there is one."""
    if name == "condition":
        return value is not None
    return Fraction(value) if hasattr(value, "as_tuple") else value


def catalogue_differences(folder: Path) -> Iterator[str]:
    """What a compiled catalogue says otherwise than the transcript, of the documents the random counties live under."""
    for table, (columns, transcribed) in TABLES.items():
        held = pl.read_parquet(folder / f"{table}.parquet")
        if "scheme" in columns:
            held = held.filter(pl.col("scheme").is_in(list(IN_FORCE)))
        theirs = {tuple(map(_plain, columns, row)) for row in held.select(columns).iter_rows()}
        mine = set(transcribed())
        yield from (f"{table}: 目录缺 {row}" for row in sorted(mine - theirs, key=str))
        yield from (f"{table}: 目录多 {row}" for row in sorted(theirs - mine, key=str))
