"""The peers' SQL with an engine's own words in it. Nothing of the product is imported: it is not installed there."""

import re
import resource
from pathlib import Path

LAST_DAY = (2022, 6, 30)
VILLAGES = {
    "poor_members": ("poor_population", "numerator"),
    "exited_members": ("exited_population", "numerator"),
    "registered_net_income": ("income_per_capita", "numerator"),
    "registered_households": ("helper_rate", "denominator"),
    "monitored_households": ("monitored_households", "numerator"),
    "exit_standard_pass_households": ("exit_standard_rate", "numerator"),
    "exit_standard_known_households": ("exit_standard_rate", "denominator"),
    "labour_households": ("employed_household_rate", "denominator"),
    "employed_households": ("employed_household_rate", "numerator"),
    "housing_pass_households": ("housing_rate", "numerator"),
    "industry_pass_households": ("industry_rate", "numerator"),
}
"""Sums by village, and where the product's indicators show each of them."""


def statements(date: str, **names: str) -> dict[str, str]:
    """The statements by name; ``date`` is how the engine writes a day, ``names`` where its tables are."""
    year, month, day = LAST_DAY
    days = {f"born_{age}": date.format(f"{year - age}-{month:02d}-{day}") for age in (6, 16, 18, 66)}
    text = Path(__file__).with_name("month.sql").read_text(encoding="utf-8")
    parts = re.split(r"^-- statement: (\w+)\n", text, flags=re.MULTILINE)[1:]
    filled = {**days, **names, "last_day": date.format(f"{year}-{month:02d}-{day}")}
    return {name: sql.format(**filled) for name, sql in zip(parts[::2], parts[1::2], strict=True)}


def cpu() -> float:
    """CPU seconds of this process so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
